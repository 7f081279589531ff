"""Shaping after the decoder: closes the error that steering left between the timbre that was wanted and what is heard.

Roughness is changed first (`engine.generation.beating`), then the colour and the grain of the spectrum
(`engine.generation.colouring`), each only as far as the error asks for.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.audio.loudness import loudness_lufs
from engine.features.timbre import TIMBRE
from engine.generation.beating import change_roughness, measure_roughness
from engine.generation.colouring import COLOURED, LIMITS, Means, colour, colour_of, find_means, spectra_of
from engine.units import HOP, db_to_amplitude

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

ROUGH, TEXTURE = TIMBRE.index("roughness"), TIMBRE.index("texture")
PLACES = [TIMBRE.index(name) for name in COLOURED]
HOLD = 0.3  # weight of a descriptor that is held, against 1 for one that is to move
TEXTURE_HOLD = 0.6  # the same while texture moves: its means colour the sound most
ROUGHENED_LIMITS = np.array([0.1, 0.1, 0.3])  # of the means where only roughness moves: partials keep their balance
HOLDING_LIMITS = np.array([9.0, 2.0, 0.5])  # of the means where brightness, warmth and texture are only held
NEGLIGIBLE = 0.02  # of a descriptor's span: not worth shaping
LOOKED_AT = 16  # frames on which the error is measured
QUIETEST = 1e-6  # of the energy of the loudest frame: softer ones are not looked at


@dataclass(frozen=True)
class Wanted:
    """What a sound is to become at some moments.

    Attributes:
        timbre: In the order of TIMBRE, (moments, 4).
        direction: Which way each descriptor is to move, -1 or 1; 0 where it is held, (moments, 4).
        strength: Share of the error that is closed at each moment, 0 to 1, (moments,).
        at_samples: The middle of each moment, rising, (moments,).
    """

    timbre: Floats
    direction: Doubles
    strength: Doubles
    at_samples: Doubles


@dataclass(frozen=True)
class Shaped:
    """A sound after shaping.

    Attributes:
        sound: Shape (samples, channels).
        before: Its timbre before, (moments, 4).
    """

    sound: Floats
    before: Floats


def shape(sound: Floats, wanted: Wanted, spans: Floats, seed: int) -> Shaped:
    """Bring a sound to a wanted timbre, at the loudness that it has.

    Args:
        sound: Shape (samples, channels).
        wanted: Its timbre at some moments.
        spans: The corpus's range of each descriptor, (4,).
        seed: Of the noise that fills valleys.
    """
    before = _look_along(sound, wanted.at_samples)
    moved = wanted.direction != 0
    beyond = moved & ((before - wanted.timbre) * wanted.direction > 0)  # farther than was wanted: not to be undone
    aim = before + wanted.strength[:, None] * np.where(beyond, 0.0, wanted.timbre - before)
    shaped = _roughened(sound, aim[:, ROUGH], (aim - before)[:, ROUGH] * moved[:, ROUGH] / spans[ROUGH])
    shaped = _coloured(shaped, aim, wanted.at_samples / HOP, _weights(moved, spans), moved, seed)
    if shaped is not sound:
        shaped = shaped * np.float32(db_to_amplitude(loudness_lufs(sound) - loudness_lufs(shaped)))
    return Shaped(shaped, before.astype(np.float32))


def look_at(sound: Floats) -> Doubles:
    """Return the timbre of a sound (samples, channels) as shaping sees it, (4,), in the order of TIMBRE."""
    mono = np.abs(spectra_of(sound.mean(1)))
    timbre = np.zeros(len(TIMBRE))
    timbre[PLACES] = colour_of(mono[_loud_frames(mono, 0, len(mono))])
    timbre[ROUGH] = measure_roughness(sound)
    return timbre


def _look_along(sound: Floats, at_samples: Doubles) -> Doubles:
    """Return the timbre of a sound around each of some moments, (moments, 4)."""
    if len(at_samples) == 1:
        return look_at(sound)[None]
    half = int((at_samples[1] - at_samples[0]) / 2)
    return np.stack([look_at(sound[max(0, int(at) - half) : int(at) + half + 1]) for at in at_samples])


def _weights(moved: NDArray[np.bool_], spans: Floats) -> Doubles:
    """Return what a unit of each descriptor counts at each moment, (moments, 4).

    While roughness alone moves, brightness and warmth are free: holding them would undo what was softened.
    """
    weights = np.where(moved, 1.0, np.where(moved[:, [TEXTURE]], TEXTURE_HOLD, HOLD))
    free = moved[:, [ROUGH]] & ~moved
    free[:, [ROUGH, TEXTURE]] = False
    weights[free] = 0.0
    return weights / np.maximum(spans, 1e-6)


def _roughened(sound: Floats, aim: Doubles, error: Doubles) -> Floats:
    """Bring a sound to the roughness of the moment at which it is farthest from it."""
    farthest = int(np.argmax(np.abs(error)))
    return sound if abs(error[farthest]) <= NEGLIGIBLE else change_roughness(sound, float(aim[farthest]))


def _coloured(
    sound: Floats, aim: Doubles, centres: Doubles, weights: Doubles, moved: NDArray[np.bool_], seed: int
) -> Floats:
    """Bring brightness, warmth and texture of a sound to an aim (moments, 4) at frames (moments,)."""
    spectra = np.stack([spectra_of(channel) for channel in sound.T])
    mono = np.abs(spectra.mean(0))
    edges = np.concatenate([[0.0], (centres[1:] + centres[:-1]) / 2, [len(mono)]]).astype(int)
    means = np.stack(
        [
            find_means(
                mono[_loud_frames(mono, edges[place], edges[place + 1])],
                aim[place, PLACES],
                weights[place, PLACES],
                _limits(moved[place]),
            )
            for place in range(len(centres))
        ]
    )
    if (np.abs(means) <= NEGLIGIBLE * LIMITS).all():
        return sound
    frames = np.arange(len(mono))
    along: Means = np.stack([np.interp(frames, centres, column) for column in means.T], axis=1)
    channels = [colour(channel, along, [seed, place], len(sound)) for place, channel in enumerate(spectra)]
    return np.stack(channels, axis=1)


def _limits(moved: NDArray[np.bool_]) -> Doubles:
    """Return how far each means may go where some descriptors (4,) are to move and the others are held."""
    if moved[PLACES].any():
        return LIMITS
    return ROUGHENED_LIMITS if moved[ROUGH] else HOLDING_LIMITS


def _loud_frames(mono: Doubles, first: int, last: int) -> NDArray[np.int64]:
    """Return some frames that stand for those from `first` to `last`: loud ones, LOOKED_AT at most, evenly chosen."""
    low = min(first, len(mono) - 1)
    part = np.arange(low, max(low + 1, min(last, len(mono))))
    energy = (mono[part] ** 2).sum(1)
    loud = part[energy >= energy.max() * QUIETEST]
    return loud[np.unique(np.linspace(0, len(loud) - 1, min(len(loud), LOOKED_AT)).round().astype(int))]
