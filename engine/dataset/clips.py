"""Where the sounds are: each recording cut into clips, the events that a score can play.

A short recording is one clip, from its first to its last audible moment. A long one is cut where its level rises
steeply after a lull, or, where nothing ever starts, into stretches of a few seconds.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.dataset.corpus import Corpus
from engine.units import LATENT_HOP, SAMPLE_RATE

AUDIBLE_DB = 50.0  # below the loudest moment of the recording: where a sound starts and ends
LONGEST_SECONDS = 8.0  # a longer recording is cut
SHORTEST_SECONDS = 0.25  # a cut leaves no less than this
ONSET_RISE_DB = 9.0  # rise over three latent frames that counts as a new sound
SUSTAIN_DB = 12.0  # below the peak: how far a sustained sound may sink
SUSTAINED_SHARE = 0.6  # of a clip that must stay above that
PIECE_FRAMES = 128  # latent frames of which levels are measured at once, 5.5 seconds


@dataclass(frozen=True)
class Clip:
    """One sound of the corpus, on the grid of latent frames.

    Attributes:
        recording: Index of the recording.
        first: First latent frame inside the recording.
        last: One past its last latent frame.
        sustained: Whether the sound holds its level, so that it may be made longer without becoming another sound.
        peak: Highest absolute sample.
    """

    recording: int
    first: int
    last: int
    sustained: bool
    peak: float

    @property
    def frames(self) -> int:
        """Return the length in latent frames."""
        return self.last - self.first

    @property
    def seconds(self) -> float:
        """Return the length in seconds."""
        return self.frames * LATENT_HOP / SAMPLE_RATE


def find_clips(corpus: Corpus) -> tuple[Clip, ...]:
    """Cut every recording of a corpus into clips; each recording yields at least one."""
    clips = []
    for index, recording in enumerate(corpus.recordings):
        samples = corpus.recorded(recording)
        level = frame_levels(samples, recording.latent_frames)
        for first, last in _cut(level):
            part = level[first:last]
            sustained = bool((part > part.max() - SUSTAIN_DB).mean() >= SUSTAINED_SHARE)
            peak = float(np.abs(samples[first * LATENT_HOP : last * LATENT_HOP]).max(initial=0.0))
            clips.append(Clip(index, first, last, sustained, peak))
    return tuple(clips)


def frame_levels(samples: NDArray[np.float32], frames: int) -> NDArray[np.float64]:
    """Return the RMS level in dB of the samples each latent frame is played for, (frames,); silence is -200 dB.

    The samples (samples, channels) may be mapped: a piece at a time is looked at.
    """
    pieces = [
        _piece_levels(
            samples[first * LATENT_HOP : (first + PIECE_FRAMES) * LATENT_HOP], min(PIECE_FRAMES, frames - first)
        )
        for first in range(0, frames, PIECE_FRAMES)
    ]
    return np.concatenate(pieces)


def _piece_levels(samples: NDArray[np.float32], frames: int) -> NDArray[np.float64]:
    """Return the levels of a piece of a recording that begins with a latent frame, (frames,)."""
    mono = samples.mean(axis=1, dtype=np.float64)
    padded = np.pad(mono, (0, frames * LATENT_HOP - len(mono)))
    return 10 * np.log10((padded.reshape(frames, LATENT_HOP) ** 2).mean(1) + 1e-20)


def _cut(level: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return first and one-past-last latent frame of each clip."""
    audible = np.flatnonzero(level > level.max() - AUDIBLE_DB)
    first, last = int(audible[0]), int(audible[-1]) + 1
    longest, shortest = (round(s * SAMPLE_RATE / LATENT_HOP) for s in (LONGEST_SECONDS, SHORTEST_SECONDS))
    if last - first <= longest:
        return [(first, last)]
    clips = []
    begin = first
    for onset in [*_onsets(level, first, last, shortest), last]:
        pieces = -(-(onset - begin) // longest)
        edges = np.linspace(begin, onset, pieces + 1).round().astype(int)
        clips += [(int(a), int(b)) for a, b in pairwise(edges)]
        begin = onset
    return [(a, b) for a, b in clips if level[a:b].max() > level.max() - AUDIBLE_DB]


def find_takes(level: NDArray[np.float64], longest: int) -> list[tuple[int, int, bool]]:
    """Cut a recording from its first to its last moment where sounds begin, and where a part would be too long.

    Args:
        level: Of each latent frame, see `frame_levels`.
        longest: Latent frames that a part may have.

    Returns:
        First and one-past-last latent frame of each part, and whether a sound begins there.
    """
    shortest = round(SHORTEST_SECONDS * SAMPLE_RATE / LATENT_HOP)
    edges = [0, *_onsets(level, 0, len(level), shortest), len(level)]
    takes = []
    for begin, end in pairwise(edges):
        pieces = np.linspace(begin, end, -(-(end - begin) // longest) + 1).round().astype(int).tolist()
        takes += [(first, last, first == begin) for first, last in pairwise(pieces)]
    return takes


def _onsets(level: NDArray[np.float64], first: int, last: int, shortest: int) -> list[int]:
    """Return the latent frames between `first` and `last` at which a new sound begins."""
    floor = np.maximum(level, level.max() - AUDIBLE_DB)
    rise, steps = floor[3:] - floor[:-3], np.diff(floor)
    found: list[int] = []
    for at in np.flatnonzero(rise > ONSET_RISE_DB):
        onset = int(at) + 1 + int(np.argmax(steps[at : at + 3] > ONSET_RISE_DB / 3))
        if onset - (found[-1] if found else first) >= shortest and last - onset >= shortest:
            found.append(onset)
    return found
