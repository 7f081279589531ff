"""The sound space of a model: its network, its recordings, and where each of them lies in the latent space.

This is what a model is once it is open: everything that generation needs, read from one folder and checked.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from engine.dataset.clips import Clip, find_clips
from engine.dataset.corpus import Corpus, Mixed
from engine.latent.certificate import Certificate, save_certificate, unmeasured
from engine.latent.chart import Chart, count_chart, draw_chart, save_chart
from engine.latent.checks import Check, carry_on
from engine.latent.choice import choose_parts
from engine.latent.description import DESCRIPTION_FILE, FORMAT, PARTLY_HEARD, WEIGHTS_FILE
from engine.latent.effort import Effort
from engine.latent.encode import decode_stretches, hear_stretches
from engine.latent.stored import load_stored
from engine.latent.tracks import (
    Parts,
    StrandPlace,
    join_tracks,
    must_choose,
    part_tracks,
    save_tracks,
    strand_places,
)
from engine.library.durable import write_durably
from engine.model.checkpoint import load_weights, save_weights
from engine.model.vae import Vae
from engine.units import LATENT_HOP, LATENT_STRIDE, MEL_BANDS
from engine.vocoder.search import Voice, build_voice
from engine.vocoder.strand import Strand

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class SoundSpace:
    """An open model.

    Attributes:
        vae: The network, ready for use, on its device.
        corpus: The recordings.
        clips: Where their sounds are.
        tracks: For each recording its latent means, (latent frames, latent); 0 where it was not heard.
        voice: The recordings as the vocoder plays them.
        chart: Its directions, its reach, its map.
        certificate: What its sliders do.
        parts: What was heard of large recordings; none where all was.
    """

    vae: Vae
    corpus: Corpus
    clips: tuple[Clip, ...]
    tracks: tuple[Floats, ...]
    voice: Voice
    chart: Chart
    certificate: Certificate
    parts: Parts = ()

    @property
    def frames(self) -> Floats:
        """Return the latent means of all that was heard, (latent frames, latent)."""
        return join_tracks(self.tracks, self.parts)

    @property
    def spread(self) -> Floats:
        """Return the standard deviation of each latent number over the corpus, (latent,)."""
        return self.frames.std(0)

    def track(self, clip: Clip) -> Floats:
        """Return the latent means of one clip, (latent frames, latent)."""
        return self.tracks[clip.recording][clip.first : clip.last]


def listen(
    vae: Vae,
    corpus: Corpus,
    on_recording: Callable[[str], None] | None = None,
    check: Check = carry_on,
    effort: Effort | None = None,
    clips: tuple[Clip, ...] = (),
) -> SoundSpace:
    """Hear the recordings through the network and lay out the sound space.

    Every recording is heard at several speeds, a large corpus as it was recorded. Of one that has more than may be
    heard, the part is heard that covers it best, see `choose_parts`.

    Args:
        vae: The network.
        corpus: The recordings.
        on_recording: Told the name of each before it is heard.
        check: Called often; may raise to stop.
        effort: How much may be heard and looked at; None is all that a model can have.
        clips: Where the sounds of all recordings are, where that is known already.
    """
    clips, effort = clips or find_clips(corpus), effort or Effort()
    parts: Parts = ()
    if must_choose(corpus, effort.frames):
        parts, clips = choose_parts(corpus, clips, effort.frames, check)
    strands, heard = _hear_all(vae, corpus, strand_places(corpus, parts), on_recording, check)
    tracks = part_tracks(heard, parts, corpus, vae.shape.latent) if parts else tuple(heard)
    chart = draw_chart(corpus, clips, tracks, check, effort.detail)
    return SoundSpace(vae, corpus, clips, tracks, build_voice(corpus.samples, strands), chart, unmeasured(), parts)


def _hear_all(
    vae: Vae,
    corpus: Corpus,
    places: Sequence[StrandPlace],
    on_recording: Callable[[str], None] | None,
    check: Check,
) -> tuple[list[Strand], list[Floats]]:
    """Return the strands at some places, and the latent means of those at speed 1, (latent frames, latent) each."""
    told = -1
    strands, tracks = [], []
    for place in places:
        recording = corpus.recordings[place.recording]
        if on_recording and place.recording != told:
            on_recording(recording.name)
        told = place.recording
        recorded, heard = (np.empty((place.frames, MEL_BANDS), np.float32) for _ in range(2))
        strands.append(place.to_strand(recorded, heard))
        track = _hear(vae, _played(corpus.mono(recording), place.speed), strands[-1], check)
        if place.speed == 1.0:
            tracks.append(track)
    return strands, tracks


def _hear(vae: Vae, sound: Floats | Mixed, strand: Strand, check: Check) -> Floats:
    """Fill a strand with what is recorded and what the network hears, and return its track, (latent frames, latent)."""
    first = strand.offset // LATENT_HOP
    tracks, done = [], 0
    for track, spectrum in hear_stretches(vae, sound, check, (first, first - (-len(strand.heard) // LATENT_STRIDE))):
        tracks.append(track)
        strand.recorded[done : done + len(spectrum)] = _as_stored(spectrum)
        done += len(spectrum)
    whole, done = np.concatenate(tracks), 0
    for decoded in decode_stretches(vae, whole, check):
        kept = decoded[: len(strand.heard) - done]
        strand.heard[done : done + len(kept)] = _as_stored(kept)
        done += len(kept)
    return whole


def save_space(folder: Path, space: SoundSpace, description: dict[str, Any]) -> None:
    """Write a model into the folder that already holds its corpus; the description goes last and completes it.

    Args:
        folder: Where `space.corpus` was written.
        space: The open model.
        description: What else is known of it; plain JSON values.
    """
    save_weights(folder / WEIGHTS_FILE, space.vae)
    save_tracks(folder, space.clips, space.tracks, space.parts, space.voice.heard, space.voice.recorded)
    save_chart(folder, space.chart)
    save_certificate(folder, space.certificate)
    counts: dict[str, Any] = {"clips": len(space.clips), "chart": count_chart(space.chart)}
    if space.parts:
        counts["parts"] = len(space.parts)
    number = PARTLY_HEARD if space.parts else FORMAT
    written = {"format": number, "shape": space.vae.shape.to_dict(), **counts, **description}
    text = json.dumps(written, ensure_ascii=False, indent=1, allow_nan=False)
    write_durably(folder / DESCRIPTION_FILE, text.encode())


def load_space(folder: Path, device: str = "cpu") -> SoundSpace:
    """Open a model.

    Args:
        folder: The folder of a finished model.
        device: Where the network is to compute.

    Raises:
        ModelError: something is missing, damaged, foreign or newer; nothing of it is used.
    """
    stored = load_stored(folder)
    corpus, heard = stored.corpus, stored.heard
    vae = load_weights(folder / WEIGHTS_FILE, stored.shape).to(device)
    built = build_voice(corpus.samples, heard.to_strands(corpus))
    voice = replace(built, heard=heard.heard, recorded=heard.recorded)  # the same, mapped
    return SoundSpace(vae, corpus, heard.clips, heard.tracks, voice, stored.chart, stored.certificate, heard.parts)


def _as_stored(spectrum: Floats) -> Floats:
    """Return a spectrum as it will be when it was saved and loaded: a new model sounds as it will sound later."""
    return spectrum.astype(np.float16).astype(np.float32)


def _played(mono: Mixed, speed: float) -> Floats | Mixed:
    """Return a recording at a speed, to the sample as long as `strand_frames` counts on."""
    if speed == 1.0:
        return mono
    played = soxr.resample(mono[:], speed, 1.0, quality="MQ").astype(np.float32)
    wanted = max(1, int(len(mono) / speed))
    return np.pad(played[:wanted], (0, max(0, wanted - len(played))))
