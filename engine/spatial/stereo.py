"""The stereo field: a place between two loudspeakers, and how wide the whole is.

Everything here changes the difference of the channels only. Their sum, which a mono loudspeaker plays, stays the sound
as it was but for one level for all frequencies: nothing is cancelled or coloured. The level keeps the energy of both
channels, so that wider is not louder; a mono sound made as wide as can be is, in mono again, 10 log10(1 + WIDEST) =
2.7 dB softer than it was.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy  # its parts are loaded where they are used: scipy.signal takes more than half a second
from numpy.typing import NDArray

from engine.errors import ParameterError, ShapeError
from engine.spatial.decorrelation import decorrelator
from engine.spatial.motion import HOP, count_points
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

LOW_DIFFERENCE, HIGH_DIFFERENCE = 0.35, 0.85  # of the channels, over their sum, fully to one side: 6 and 22 dB
DIFFERENCE_CORNER = 2_000.0  # radians per second between them; see `_difference_response`
PAN_TAPS = 192  # in which that filter falls by 70 dB
WIDEST = 0.85  # energy of the difference over that of the sum at width 10; at 1 the channels are unrelated
WIDER = 1.25  # what is recorded about as wide as that becomes wider by this factor instead
MONO_COMPATIBLE = 0.98  # up to this: played in mono, a sound is then 2.97 dB softer
SILENCE = 1e-30  # energy that nothing is divided by
MOST_SIDE_GAIN = 2.0  # of a recorded difference; what is missing to the width is made by decorrelation


@lru_cache
def _difference_response() -> Floats:
    """Return the filter from a sound to half the difference of its channels when it is fully to one side.

    D(s) = low + (high - low) s / (s + corner). Its real part is a difference of level, small at low frequencies where a
    head casts no shadow, large at high ones. Its imaginary part, (high - low) ω / corner at low frequencies, is one of
    time: the far channel is late by 2 (high - low) / corner = 0.5 ms, about as much as the far ear is. Above, where two
    late loudspeakers would only cancel, the delay vanishes.
    """
    numerator, denominator = scipy.signal.bilinear(
        [HIGH_DIFFERENCE, LOW_DIFFERENCE * DIFFERENCE_CORNER], [1.0, DIFFERENCE_CORNER], SAMPLE_RATE
    )
    impulse = np.zeros(PAN_TAPS)
    impulse[0] = 1.0
    return np.asarray(scipy.signal.lfilter(numerator, denominator, impulse), np.float32)


def pan(sound: Floats, sides: Doubles) -> Floats:
    """Place a mono sound between two loudspeakers, by level and, at low frequencies, by time.

    Both channels together have twice the energy of the sound, wherever it is.

    Args:
        sound: A whole sound, shape (samples,).
        sides: -1 left, 0 middle, 1 right: one for a sound that keeps still, or one every HOP samples.

    Returns:
        Left and right, shape (samples + PAN_TAPS - 1, 2). In the middle both are the sound.

    Raises:
        ShapeError: the sound has several axes, or there is another number of sides.
        ParameterError: a side is outside -1 to 1.
    """
    if sound.ndim != 1:
        raise ShapeError(f"a mono sound has the shape (samples,), this one {sound.shape}")
    points = count_points(len(sound))
    if sides.shape not in ((1,), (points,)):
        raise ShapeError(f"for {len(sound)} samples there are 1 or {points} sides, not {sides.shape}")
    if not (np.abs(sides) <= 1.0).all():
        raise ParameterError("a side is from -1, left, to 1, right")
    middle = np.pad(sound, (0, PAN_TAPS - 1))
    if not len(sound):
        return np.stack([middle, middle], axis=1)
    at = np.arange(len(middle)) / HOP
    side = np.interp(at, np.arange(points), np.broadcast_to(sides, (points,))).astype(np.float32)
    return _joined(middle, side * scipy.signal.oaconvolve(sound, _difference_response()), _energy(middle))


def widen(sound: Floats, widths: Doubles, rng: np.random.Generator) -> Floats:
    """Make a stereo sound narrower or wider, at the same energy.

    The energy of the difference of the channels, over that of their sum, goes from 0 at -10 by way of what it is at 0
    to WIDEST at 10, or a little beyond what it is if that is near WIDEST; what is recorded still wider stays so. These
    are energies of the whole sound, so that where a width that moves rests, the sound is as with that width throughout.

    Args:
        sound: A whole sound, shape (samples, 2).
        widths: -10 mono, 0 the sound itself, 10 wide: one for the whole sound, or one every HOP samples, the last of
            which holds on.
        rng: Random numbers for the decorrelation; not used where no width is above 0.

    Returns:
        Shape (samples, 2), or, where one is above 0, longer by the decorrelator's response.

    Raises:
        ShapeError: the sound has another shape, or the widths have several axes.
        ParameterError: a width is outside its range.
    """
    if sound.ndim != 2 or sound.shape[1] != 2:
        raise ShapeError(f"a stereo sound has the shape (samples, 2), this one {sound.shape}")
    if widths.ndim != 1 or not len(widths):
        raise ShapeError(f"widths have the shape (points,), these {widths.shape}")
    wrong = widths[~(np.abs(widths) <= 10.0)]
    if len(wrong):
        raise ParameterError(f"width = {wrong[0]:g}: must be from -10 to 10")
    middle, side = split(sound)
    sum_energy, side_energy = _energy(middle), _energy(side)
    opens = bool((widths > 0.0).any()) and sum_energy > 0.0
    if sum_energy + side_energy == 0.0 or not (opens or (widths < 0.0).any()):
        return sound
    response = decorrelator(rng) if opens else np.zeros(1, np.float32)
    middle, side = (np.pad(part, (0, len(response) - 1)) for part in (middle, side))
    other = scipy.signal.oaconvolve(middle, response)[: len(middle)]
    energies = _Energies(sum_energy, side_energy, _energy(other), float(np.vdot(side, other)))
    level, kept, added = (_along(gains, len(middle)) for gains in _gains(energies, widths))
    side = kept * side + added * other
    return np.stack([level * (middle - side), level * (middle + side)], axis=1)


@dataclass(frozen=True)
class _Energies:
    """Of half sum, half difference and decorrelated half sum, and the product of the last two."""

    middle: float
    side: float
    other: float
    common: float


def _gains(energies: _Energies, widths: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Return the level of the whole, the gain of the difference and that of the decorrelated sum, for each width.

    Above 0 the difference that there is is raised first, up to MOST_SIDE_GAIN; the decorrelated sum makes what is
    missing to an energy `share` of the way from what it is to the widest.
    """
    ratio = energies.side / max(energies.middle, SILENCE)
    widest = max(WIDEST, ratio, min(WIDER * ratio, MONO_COMPATIBLE))
    share = np.where(energies.middle > 0.0, np.maximum(widths, 0.0), 0.0) / 10.0
    wanted = ratio + share * (widest - ratio)
    raised = np.minimum(MOST_SIDE_GAIN, np.sqrt(wanted / ratio)) if ratio > 0.0 else np.ones(len(widths))
    kept = np.where(widths > 0.0, raised, side_gain(widths))
    missing = np.where(share > 0.0, np.maximum(0.0, wanted * energies.middle - kept**2 * energies.side), 0.0)
    common, other = kept * energies.common, max(energies.other, SILENCE)
    sign = np.where(common < 0.0, -1.0, 1.0)  # of the root that is nothing where nothing is missing
    added = sign * (np.sqrt(common**2 + other * missing) - np.abs(common)) / other  # |kept * side + added * other|²
    added = np.where(share > 0.0, added, 0.0)
    side = kept**2 * energies.side + 2.0 * common * added + added**2 * energies.other
    return _level(energies.middle + energies.side, energies.middle + side), kept, added


def _along(points: Doubles, samples: int) -> Floats | np.float32:
    """Return values every HOP samples as one for each sample, joined by straight lines; a single one stays alone."""
    if len(points) == 1:
        return np.float32(points[0])
    return np.interp(np.arange(samples) / HOP, np.arange(len(points)), points).astype(np.float32)


def split(sound: Floats) -> tuple[Floats, Floats]:
    """Return half the sum of the channels of a sound (samples, 2), and half of right minus left."""
    half = np.float32(0.5)
    return half * (sound[:, 1] + sound[:, 0]), half * (sound[:, 1] - sound[:, 0])


def side_gain(widths: Doubles) -> Doubles:
    """Return what the difference of the channels is multiplied by: 0 at width -10, 1 from 0 on.

    The square makes the steps even in dB, as far as that is possible on the way to nothing.
    """
    return np.minimum(1.0, 1.0 + widths / 10.0) ** 2


def _joined(middle: Floats, side: Floats, energy: float) -> Floats:
    """Return the channels (samples, 2) of half sums and half differences, at a level that gives both this energy."""
    level = np.float32(_level(energy, np.array(_energy(middle) + _energy(side))))
    return np.stack([level * (middle - side), level * (middle + side)], axis=1)


def _level(energy: float, found: Doubles) -> Doubles:
    """Return the gain from an energy to another, at most √2: what is left when channels cancel is not raised fully."""
    return np.sqrt(np.minimum(2.0, energy / np.maximum(found, SILENCE)))


def _energy(samples: Floats) -> float:
    """Return the sum of the squares of samples."""
    return float(np.vdot(samples, samples))
