"""From latent tracks to sound: decode, let the recordings speak, dream what they lack."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.audio.ends import lengthened
from engine.audio.sections import SectionFilter, section
from engine.latent.encode import decode
from engine.latent.space import SoundSpace
from engine.units import HOP, LATENT_HOP, LOG_FLOOR, N_FFT, SAMPLE_RATE
from engine.vocoder.blend import cross_fade, dreamt_parts, fine_to_magnitude, trust
from engine.vocoder.corpus import ALIGN_SAMPLES, best_slide, channel_balance, recorded_spectra, speak, spread
from engine.vocoder.pghi import magnitude_to_samples
from engine.vocoder.search import Path, find_path

Floats = NDArray[np.float32]
Find = Callable[[Floats], Path]


class Sounding(Protocol):
    """The sound that a track is to have, as `Decoded` has it."""

    log_mel: Floats

    def fine(self) -> Floats:
        """Return the fine log-magnitude, (frames, bins), neper."""


STRETCH_FRAMES = 512  # latent frames of a long track that are sung at once, 22 seconds
SEAM_FRAMES = 24  # latent frames (1 s) that two stretches share; they are joined in its middle
JOIN_SAMPLES = 2 * HOP  # over which they are cross-faded
LOWEST_HZ = 18.0  # -3 dB here, -0.5 dB at 30 Hz, -11 dB at 10 Hz
LOW_CUT = np.array([section(SAMPLE_RATE, LOWEST_HZ, math.sqrt(0.5), (1.0, 0.0, 0.0))])  # Butterworth, second order


@dataclass(frozen=True)
class Sung:
    """A track that was sung.

    Attributes:
        samples: Shape (latent frames * LATENT_HOP, channels of the corpus).
        path: Which recorded frames carry it.
        wanted: What it was to sound like, log-mel, (frames, mels), neper.
    """

    samples: Floats
    path: Path
    wanted: Floats


def sing(
    space: SoundSpace,
    track: Floats,
    source: float,
    seed: int = 0,
    lift: Floats | None = None,
    decoded: Sounding | None = None,
    find: Find | None = None,
) -> Floats:
    """Turn a latent track into sound, (latent frames * LATENT_HOP, channels of the corpus); see `sing_along`."""
    return sing_along(space, track, source, seed, lift, decoded, find).samples


def sing_along(
    space: SoundSpace,
    track: Floats,
    source: float,
    seed: int = 0,
    lift: Floats | None = None,
    decoded: Sounding | None = None,
    find: Find | None = None,
) -> Sung:
    """Turn a latent track into sound, and say which recorded frames carry it.

    Args:
        space: The open model.
        track: Shape (latent frames, latent).
        source: 1 the recordings carry the sound, 0 it is dreamt; between, they carry it where they fit.
        seed: Of what is random in dreamt phases.
        lift: Added to the level of each decoded frame, (4 * latent frames,), neper.
        decoded: Of the track, where that is known already.
        find: Finds what the recordings sing of it; None is what is most like it.
    """
    heard_as: Sounding = decoded or decode(space.vae, track)
    raised = np.zeros((1, 1), np.float32) if lift is None else lift[:, None]
    wanted = one_frame_more(heard_as.log_mel + raised)
    path = find(wanted) if find else find_path(space.voice, wanted)
    share, spectra = trust(path, source), recorded_spectra(space.voice, path)
    recorded = speak(space.voice, path, wanted, spectra)
    parts = dreamt_parts(share)
    if not parts:
        return Sung(recorded, path, wanted)
    magnitude = fine_to_magnitude(one_frame_more(heard_as.fine() + raised), LOG_FLOOR)
    dreamt = np.zeros_like(recorded)
    for first, last in parts:
        part, samples = magnitude[:, first : last + 1], (last - first) * HOP
        mono = magnitude_to_samples(part, samples, seed=seed).numpy()
        is_mono = recorded.shape[1] == 1
        heard = mono[:, None] if is_mono else spread(mono, channel_balance(spectra[first : last + 1]))
        dreamt[first * HOP : last * HOP] = heard
    return Sung(cross_fade(recorded, dreamt, share), path, wanted)


def audible(sung: Floats) -> Floats:
    """Return a sound (samples, channels) without what is too deep to be heard, and takes room from what is.

    Many recordings have some of it, and where low bands are raised it is raised with them. The filter does not look
    ahead: what it would lay before a strike is where the sound has not begun.
    """
    return SectionFilter(LOW_CUT, sung.shape[1]).process(sung.T).T.astype(np.float32)


def one_frame_more(spectrum: Floats) -> Floats:
    """Return a spectrum (frames, bands) with its last frame held: the last sample needs a frame on its other side."""
    return np.concatenate([spectrum, spectrum[-1:]])


def sing_long(space: SoundSpace, track: Floats, source: float, seed: int = 0) -> Iterator[Floats]:
    """Turn a latent track of any length into blocks of sound.

    Neighbouring stretches share SEAM_FRAMES. Each is slid so that its wave meets the wave of the one before: a
    stretch whose search began elsewhere sings the same frames, but may sing them some milliseconds apart.
    """
    tail = np.zeros((0, space.corpus.channels), np.float32)
    half = SEAM_FRAMES // 2
    for first in range(0, len(track), STRETCH_FRAMES):
        last = min(len(track), first + STRETCH_FRAMES)
        low, high = max(0, first - half), min(len(track), last + half)
        sung = sing(space, track[low:high], source, seed)
        begin = (first - low) * LATENT_HOP
        if len(tail):
            begin += best_slide(tail, sung[begin - ALIGN_SAMPLES :][: N_FFT + 2 * ALIGN_SAMPLES]) - ALIGN_SAMPLES
        body = (last - first) * LATENT_HOP
        sung = lengthened(sung[begin:], body)
        if len(tail):
            fade = np.linspace(0, 1, JOIN_SAMPLES, dtype=np.float32)[:, None]
            sung[:JOIN_SAMPLES] = tail[:JOIN_SAMPLES] * (1 - fade) + sung[:JOIN_SAMPLES] * fade
        yield sung[:body]
        tail = lengthened(sung[body : body + N_FFT], N_FFT) if last < len(track) else tail[:0]
