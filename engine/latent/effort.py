"""How much of a corpus is heard, and looked at for its chart: all that may be, or what there is time for."""

import time
from dataclasses import dataclass

import numpy as np

from engine.dataset.clips import Clip
from engine.dataset.corpus import Corpus
from engine.latent.encode import decode_mel, encode
from engine.latent.portraits import count_described
from engine.latent.tracks import HEARD_FRAMES, choose_speeds, count_frames
from engine.model.vae import Vae
from engine.properties.describing import describe
from engine.units import HOP, SAMPLE_RATE

TRIAL_SECONDS = 5.0  # heard to estimate how long the whole corpus takes
LISTENING_MARGIN = 1.5  # for resampling, searching and noise in the measurement
CLEARLY_LESS = 0.9  # times what was planned: the measurement is not exact
LEAST_FRAMES = 12_000  # that are heard however short the time is, two minutes
LEAST_DETAIL = 0.1  # of a chart, however short the time is


@dataclass(frozen=True)
class Effort:
    """How much listening a training does.

    Attributes:
        frames: Analysis frames that may be heard, at all speeds together.
        detail: Share of the portraits and moments that a chart has at most, 0 to 1.
    """

    frames: int = HEARD_FRAMES
    detail: float = 1.0


def limit_effort(corpus: Corpus, expected_seconds: float, most_seconds: float) -> Effort:
    """Return the effort that takes so many seconds at most, where all that may be heard is expected to take longer.

    Args:
        corpus: The recordings.
        expected_seconds: See `estimate_listening`.
        most_seconds: That listening may take.
    """
    if expected_seconds <= most_seconds:
        return Effort()
    share = max(0.0, most_seconds) / expected_seconds
    return Effort(max(LEAST_FRAMES, int(share * frames_to_hear(corpus))), max(LEAST_DETAIL, share))


def lessen_effort(planned: Effort, corpus: Corpus, expected_seconds: float, most_seconds: float) -> Effort:
    """Return the planned effort, or clearly less where that has come to take longer than there is time.

    Args:
        planned: Before the training.
        corpus: The recordings.
        expected_seconds: By the present pace, at full effort; see `estimate_listening`.
        most_seconds: That listening may take.
    """
    now = limit_effort(corpus, expected_seconds, most_seconds)
    frames, wanted = (frames_to_hear(corpus, one) for one in (now, planned))
    if frames >= CLEARLY_LESS * wanted and now.detail >= CLEARLY_LESS * planned.detail:
        return planned
    return Effort(min(planned.frames, now.frames), min(planned.detail, now.detail))


def frames_to_hear(corpus: Corpus, effort: Effort | None = None) -> int:
    """Return how many frames are heard of a corpus, at all its speeds."""
    return min(len(choose_speeds(corpus)) * count_frames(corpus), (effort or Effort()).frames)


def estimate_listening(vae: Vae, corpus: Corpus, clips: tuple[Clip, ...] = ()) -> float:
    """Return about how many seconds `listen` will take at full effort, from hearing a few seconds of the corpus.

    Args:
        vae: The network, where it will listen.
        corpus: The recordings.
        clips: Where their sounds are; without them the chart's part is left out.
    """
    piece = np.ascontiguousarray(corpus.samples[: round(TRIAL_SECONDS * SAMPLE_RATE)].mean(axis=1))
    hearing = describing = 0.0
    for _ in range(2):  # the first time is longer than all others
        begun = time.monotonic()
        decode_mel(vae, encode(vae, piece))
        heard = time.monotonic()
        describe(piece)
        hearing, describing = heard - begun, time.monotonic() - heard
    frames, seconds = frames_to_hear(corpus), count_described(corpus, clips) if clips else 0.0
    return LISTENING_MARGIN * (hearing * frames * HOP + describing * seconds * SAMPLE_RATE) / len(piece)
