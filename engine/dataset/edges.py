"""How a sound begins and ends in its recording: from nothing, gradually, or cut off in its middle.

A recording may begin in mid-sound, and a long one is cut where nothing begins. Nobody heard that cut when it was
recorded, so it is not to be heard in an output.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.dataset.clips import LONGEST_SECONDS, Clip, find_takes, frame_levels
from engine.units import LATENT_HOP, seconds_to_samples

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

STEP_SECONDS = 0.004  # of which levels are compared: the shortest rise of a blown or bowed note takes some of them
BEGUN_SECONDS = 0.15  # within which a sound that begins is loud
LATER_SECONDS = (0.3, 0.6)  # after its beginning, where a struck sound has decayed
LOUD_PERCENTILE = 95.0  # of the levels of a sound
NEAR_DB = 6.0  # below the loudest beginning: as loud
DECAYED_DB = 8.0  # below its beginning: a sound that was struck
RUNG_DB = 15.0  # from its first to its last quarter: a sound that was struck and rings
RISEN_DB = 9.0  # above what was there before: a sound begins
BEGUN_DB = 9.0  # below the loud moments: a sound that is this loud has begun
GONE_DB = 25.0  # below the loud moments: a sound that is this soft has ended
TAIL_SECONDS = 0.04  # at its end that are looked at
SILENCE_DB = 50.0  # below the loud moments: a sound that comes out of this and goes back into it is by itself
LONGEST_SINGLE_SECONDS = 30.0  # of a recording that is one event


Begin = Literal["onset", "swell", "cut"]
End = Literal["faded", "cut"]


@dataclass(frozen=True)
class Edges:
    """The edges of a clip.

    Attributes:
        begin: onset: a sound begins at once; swell: it begins gradually; cut: it was there before.
        end: faded: the sound ends; cut: it would go on.
    """

    begin: Begin
    end: End


def find_edges(recorded: Floats, clip: Clip) -> Edges:
    """Return how a clip begins and ends.

    Args:
        recorded: All of its recording, (samples, channels); it may be mapped.
        clip: Inside it.
    """
    first, last = clip.first * LATENT_HOP, min(len(recorded), clip.last * LATENT_HOP)
    inside = find_levels(recorded[first:last])
    loud = float(np.percentile(inside, LOUD_PERCENTILE))
    tail = max(1, round(TAIL_SECONDS / STEP_SECONDS))
    end: End = "cut" if inside[-tail:].mean() > loud - GONE_DB else "faded"
    before = find_levels(recorded[max(0, first - seconds_to_samples(BEGUN_SECONDS)) : first])
    return Edges(_find_inner(before, inside, loud) if len(before) else _find_first(inside, loud), end)


def is_single(recorded: Floats, edges: Edges) -> bool:
    """Return whether a recording is one event: one sound begins in it, and it is short or decays.

    A sound that swells is one where it comes out of silence and goes back into it, as a bowed note does and a stretch
    of a texture does not.

    Args:
        recorded: The recording, (samples, channels).
        edges: Of its first clip.
    """
    if edges.begin == "cut" or len(recorded) > seconds_to_samples(LONGEST_SINGLE_SECONDS):
        return False
    if edges.begin == "swell" and not _is_by_itself(find_levels(recorded)):
        return False
    level = frame_levels(recorded, -(-len(recorded) // LATENT_HOP))
    if len(find_takes(level, len(level))) > 1:
        return False
    quarter = -(-len(level) // 4)
    is_short = len(recorded) <= seconds_to_samples(LONGEST_SECONDS)
    return is_short or bool(level[-quarter:].mean() < level[:quarter].mean() - DECAYED_DB)


def _is_by_itself(levels: Doubles) -> bool:
    """Return whether a sound, by its levels, comes out of silence and goes back into it."""
    tail, silence = round(TAIL_SECONDS / STEP_SECONDS), float(np.percentile(levels, LOUD_PERCENTILE)) - SILENCE_DB
    return bool(max(levels[:tail].mean(), levels[-tail:].mean()) < silence)


def _find_inner(before: Doubles, inside: Doubles, loud: float) -> Begin:
    """Return how a sound begins that has something before it in its recording, whose levels are given."""
    top = float(inside[: round(BEGUN_SECONDS / STEP_SECONDS)].max())
    was = float(10 * np.log10((10 ** (before / 10)).mean()))
    if top > was + RISEN_DB and top > loud - BEGUN_DB:
        return "onset"
    return "cut" if was > loud - GONE_DB else "swell"


def _find_first(inside: Doubles, loud: float) -> Begin:
    """Return how a sound begins with which its recording begins."""
    top = float(inside[: round(BEGUN_SECONDS / STEP_SECONDS)].max())
    first, last = (round(seconds / STEP_SECONDS) for seconds in LATER_SECONDS)
    later = inside[first:last]
    quarter = -(-len(inside) // 4)
    rings = top > loud - 1.0 and float(inside[-quarter:].mean()) < float(inside[:quarter].mean()) - RUNG_DB
    if rings or len(later) == 0 or float(later.mean()) < top - DECAYED_DB:
        return "onset"
    if inside[0] > top - NEAR_DB:
        return "cut"
    return "onset" if top > loud - BEGUN_DB else "swell"


def find_levels(samples: Floats) -> Doubles:
    """Return the RMS level of every STEP_SECONDS of samples (samples, channels), dB; silence is -120 dB."""
    step = seconds_to_samples(STEP_SECONDS)
    count = len(samples) // step
    if not count:
        return np.full(min(1, len(samples)), -120.0)
    power = (samples[: count * step].astype(np.float64) ** 2).mean(1)
    found: Doubles = 10 * np.log10(power.reshape(count, step).mean(1) + 1e-12)
    return found
