"""Where the sounds of an output are around the listener, for a view from above; nothing is rendered."""

from dataclasses import dataclass

import numpy as np

from engine.curves import value_at
from engine.generation.score.composing import LONGEST_EVENT_SECONDS, SPAN, event_times
from engine.settings import GenerateSettings
from engine.spatial.motion import HOP, USUAL_METRES, trace
from engine.units import SAMPLE_RATE, seconds_to_samples

STEP_SECONDS = 0.1
MOST_SOUNDS = 400
POINTS_A_STEP = STEP_SECONDS * SAMPLE_RATE / HOP


@dataclass(frozen=True)
class PlacedSound:
    """One sound of an output.

    Attributes:
        start: In seconds of the output.
        azimuth_degrees: 0 ahead, positive to the right, every STEP_SECONDS; one number where the sound keeps still.
        metres: How far away it is, at the same times.
    """

    start: float
    seconds: float
    azimuth_degrees: tuple[float, ...]
    metres: tuple[float, ...]


@dataclass(frozen=True)
class Scene:
    """The sounds of a stretch of an output, in order of time.

    Attributes:
        step_seconds: Between two places of a sound.
        sounds: Those that begin in the stretch, or sound on in it; MOST_SOUNDS at most.
    """

    step_seconds: float
    sounds: tuple[PlacedSound, ...]


def describe_scene(settings: GenerateSettings, start: float, seconds: float) -> Scene:
    """Return where the sounds of a stretch of an output are.

    How long a sound lasts depends on its recording: it is taken to be drawn out as far as the score lets it.

    Args:
        settings: Of the output.
        start: Of the stretch, in seconds of the output.
        seconds: Length of the stretch.
    """
    sounds: list[PlacedSound] = []
    times = iter([(0, 0.0)]) if settings.one_shot else event_times(settings)
    for index, now in times:
        lasts = min(LONGEST_EVENT_SECONDS, SPAN / float(value_at(settings.density, now)))
        if now >= start + seconds or now >= settings.duration or len(sounds) == MOST_SOUNDS:
            break
        if now + lasts > start:
            sounds.append(_place(settings, index, now, lasts))
    return Scene(STEP_SECONDS, tuple(sounds))


def _place(settings: GenerateSettings, index: int, start: float, seconds: float) -> PlacedSound:
    """Return the way of one sound."""
    from engine.spatial.distance import RECORDED_METRES, distance_to_metres  # scipy.signal takes a second to load

    path = trace(settings, index, settings.seed, start, seconds_to_samples(seconds))
    count = len(path)
    kept = np.unique(np.minimum(np.round(np.arange(0, count, POINTS_A_STEP)).astype(int), count - 1))
    slider = float(value_at(settings.distance, start))
    away = distance_to_metres(slider) * RECORDED_METRES / USUAL_METRES
    return PlacedSound(
        start=round(start, 4),
        seconds=round(seconds, 4),
        azimuth_degrees=tuple(np.round(path.azimuth_degrees[kept], 1).tolist()),
        metres=tuple(np.round(path.distance_metres[kept] * away, 3).tolist()),
    )
