"""Nearer and farther: what distance does to level, treble, bass and the share of the room.

The slider stands for metres, in equal ratios. At 0 a sound is RECORDED_METRES away and passes to the bit. Beyond, the
sound itself falls against the room it is in, and the air takes treble. What the slider moves is the ratio of direct to
reverberant energy, in dB around 700 Hz; see `direct_to_reverberant_db`. Nearer than recorded there is no room to take
away: the bass rises, as it does in front of a microphone that is moved closer.

Where the distance moves, it is known at points HOP samples apart. Between two of them the sound is crossfaded from the
air of one to that of the other, and all levels go straight from one to the other. The points of a loop are about so far
apart: they fill it evenly, so that every round is the same.
"""

import math
from dataclasses import astuple, dataclass, fields
from functools import lru_cache
from itertools import pairwise

import numpy as np
import scipy  # its parts are loaded where they are used: scipy.signal takes more than half a second
from numpy.typing import NDArray

from engine.curves import breakpoints, is_zero, value_at
from engine.errors import ParameterError, ShapeError
from engine.settings import SpaceSettings
from engine.spatial.air import TAPS, air_response
from engine.spatial.motion import HOP
from engine.spatial.reverb import Reverb, tail_samples
from engine.spatial.stereo import side_gain, split
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

RECORDED_METRES = 1.0
NEAREST_METRES, FARTHEST_METRES = 0.4, 45.0  # at -10 and at 10
CRITICAL_METRES = 8.0  # where a large hall answers as loudly as the sound itself (0.057 √(volume / reverb seconds))
LEVEL_LAW = 0.3  # of the fall with distance there is in free air: far sounds are softer, not lost
SOUND_METRES_PER_SECOND = 343.0
DRY_DB = 60.0  # ratio of direct to reverberant energy that stands for "no room"
POINT_SECONDS = HOP / SAMPLE_RATE
NEAR_TAIL = SAMPLE_RATE // 33  # samples in which the bass filter falls by 80 dB
SETTLED = 1.5  # times a tail, after which it has fallen by 120 dB


def distance_to_metres(distance: float) -> float:
    """Convert the slider's position, -10 to 10, to metres.

    Raises:
        ParameterError: the position is outside its range.
    """
    if not -10.0 <= distance <= 10.0:
        raise ParameterError(f"distance = {distance:g}: must be from -10 to 10")
    end = FARTHEST_METRES if distance > 0.0 else NEAREST_METRES
    return float(RECORDED_METRES * (end / RECORDED_METRES) ** (abs(distance) / 10.0))


def direct_to_reverberant_db(metres: float) -> float:
    """Return the level of the sound itself over that of the room's answer at a distance.

    The direct sound falls with the distance, the answer does not. The recording counts as dry at RECORDED_METRES.
    """
    farther = max(metres - RECORDED_METRES, CRITICAL_METRES * 10.0 ** (-DRY_DB / 20.0))
    return 20.0 * math.log10(CRITICAL_METRES / farther)


@dataclass(frozen=True)
class Levels:
    """The effect of a distance on a sound.

    Attributes:
        direct: Gain of the sound itself.
        bass: Gain of what the bass filter has of it, see `bass_filter`.
        room: Gain of the room's answer.
        air_metres: Of air that it goes through.
    """

    direct: float
    bass: float
    room: float
    air_metres: float


AIR = [field.name for field in fields(Levels)].index("air_metres")


def distance_to_levels(distance: float) -> Levels:
    """Return what the slider's position, -10 to 10, does to a sound."""
    metres = distance_to_metres(distance)
    level = (RECORDED_METRES / metres) ** LEVEL_LAW
    if metres <= RECORDED_METRES:
        return Levels(level, level * (RECORDED_METRES / metres - 1.0), 0.0, 0.0)
    ratio = 10.0 ** (direct_to_reverberant_db(metres) / 10.0)  # energies: together as loud as `level` says
    direct, room = level * math.sqrt(ratio / (1.0 + ratio)), level / math.sqrt(1.0 + ratio)
    return Levels(direct, 0.0, room, metres - RECORDED_METRES)


@lru_cache
def bass_filter() -> tuple[Doubles, Doubles]:
    """Return numerator and denominator of what a pressure-gradient microphone has more of when it is closer.

    At a distance r its response to a small source is 1 + c / (j ω r). Divided by that at RECORDED_METRES it is 1 + g B
    with B = c / (j ω RECORDED_METRES + c) and g = RECORDED_METRES / r - 1: only the gain depends on the distance.
    """
    corner = SOUND_METRES_PER_SECOND / RECORDED_METRES
    numerator, denominator = scipy.signal.bilinear([corner], [1.0, corner], SAMPLE_RATE)
    return numerator, denominator


def lead_samples(settings: SpaceSettings) -> int:
    """Return how many samples before a passage have to be brought nearer or farther too, so that their tail is in it.

    Anything before them is 120 dB softer by then.
    """
    return TAPS + math.ceil(SETTLED * _tail_samples(settings)) if not is_zero(settings.distance) else 0


def _tail_samples(settings: SpaceSettings) -> int:
    """Return after how many samples the answer to a sound has fallen by 80 dB."""
    positions = [position for _, position in breakpoints(settings.distance)]
    return tail_samples(settings.reverb_seconds) if max(positions) > 0.0 else NEAR_TAIL if min(positions) < 0.0 else 0


class Distance:
    """Brings consecutive blocks of a stereo or binaural output nearer or farther, in constant memory.

    Args:
        settings: Distance, reverberation time, and width, which the room follows up to its natural one.
        first: Where the first sample is in the output; below 0 for what is heard before its beginning.
        period: Samples of a loop, after which distance and width begin again.
    """

    def __init__(self, settings: SpaceSettings, first: int = 0, period: int | None = None) -> None:
        self._distance, self._width = settings.distance, settings.width
        self._done, self._period = first, period
        self._hop = period / max(1, round(period / HOP)) if period else HOP
        positions = [position for _, position in breakpoints(settings.distance)]
        self._reverb = Reverb(settings.reverb_seconds) if max(positions) > 0.0 else None
        self._is_near = min(positions) < 0.0
        self._tail = _tail_samples(settings)
        self._bass_state = np.zeros((1, 2))
        self._heard = np.zeros((TAPS - 1, 2), np.float32)

    def process(self, block: Floats) -> Floats:
        """Take a block (samples, 2), return as many samples; at distance 0 the block itself.

        Raises:
            ShapeError: the block has another shape.
        """
        if block.ndim != 2 or block.shape[1] != 2:
            raise ShapeError(f"a block has the shape (samples, 2), this one {block.shape}")
        if not len(block):
            return block
        points, at = self._points(len(block))
        levels = self._levels(points)
        direct, bass, room, _ = (np.interp(at, points, level)[:, None].astype(np.float32) for level in levels.T)
        heard = direct * self._through_air(block, points, levels[:, AIR])
        if self._is_near:
            low, self._bass_state = scipy.signal.lfilter(*bass_filter(), block, axis=0, zi=self._bass_state)
            heard += bass * low.astype(np.float32)
        if self._reverb:
            heard += room * self._answer(self._reverb, block, points, at)
        self._done += len(block)
        return heard

    def flush(self) -> Floats:
        """Return what sounds on after the last block, (samples, 2); the object is used up afterwards."""
        return self.process(np.zeros((self._tail, 2), np.float32))

    def _points(self, samples: int) -> tuple[Doubles, Doubles]:
        """Return the points around the next samples, and where between them each sample is, in points."""
        at = (self._done + np.arange(samples)) / self._hop
        return np.arange(math.floor(at[0]), math.floor(at[-1]) + 2, dtype=np.float64), at

    def _seconds(self, points: Doubles) -> Doubles:
        """Return the time of points in the output, in one of its rounds if it is a loop."""
        if self._period is None:
            return points * POINT_SECONDS
        return points * self._hop % self._period / SAMPLE_RATE

    def _levels(self, points: Doubles) -> Doubles:
        """Return the levels at points, those of `distance_to_levels`, shape (points, 4)."""
        distances, where = np.unique(value_at(self._distance, self._seconds(points)), return_inverse=True)
        return np.array([astuple(distance_to_levels(distance)) for distance in distances.tolist()])[where]

    def _through_air(self, block: Floats, points: Doubles, metres: Doubles) -> Floats:
        """Return a block behind so much air at each point, crossfaded between them."""
        sound = np.concatenate([self._heard, block])
        self._heard = sound[len(block) :]
        through = np.empty_like(block)
        changes = np.flatnonzero(np.diff(metres)) + 1  # points that are not like the one before
        edges = sorted({0, *(changes - 1).tolist(), *changes.tolist(), len(points) - 1})
        for first, last in pairwise(edges):
            at = (math.ceil(points[edge] * self._hop) - self._done for edge in (first, last))
            begin, end = (min(max(sample, 0), len(block)) for sample in at)
            if begin == end:
                continue
            piece = sound[begin : end + TAPS - 1]
            here = _behind_air(piece, float(metres[first]))
            if metres[first] != metres[last]:
                share = ((self._done + np.arange(begin, end)) / self._hop - points[first])[:, None].astype(np.float32)
                here = here + share * (_behind_air(piece, float(metres[last])) - here)
            through[begin:end] = here
        return through

    def _answer(self, reverb: Reverb, block: Floats, points: Doubles, at: Doubles) -> Floats:
        """Return the room's answer, as wide as the settings say."""
        middle, side = split(reverb.process(block))
        widths = side_gain(value_at(self._width, self._seconds(points)))
        side = np.interp(at, points, widths).astype(np.float32) * side
        return np.stack([middle - side, middle + side], axis=1)


def _behind_air(sound: Floats, metres: float) -> Floats:
    """Return the part of a sound (samples, 2) behind so much air that lies behind its first TAPS - 1 samples."""
    if metres == 0.0:
        return sound[TAPS - 1 :]
    response = _air_response(metres)
    if len(sound) - TAPS < HOP:  # so short that products are faster
        return np.lib.stride_tricks.sliding_window_view(sound, TAPS, axis=0) @ response[::-1]
    return np.asarray(scipy.signal.oaconvolve(sound, response[:, None], mode="valid", axes=0), np.float32)


_air_response = lru_cache(maxsize=256)(air_response)
