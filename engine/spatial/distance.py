"""Nearer and farther: what distance does to level, treble, bass and the share of the room.

The slider stands for metres, in equal ratios. At 0 a sound is RECORDED_METRES away and passes to the bit. Beyond, the
sound itself falls against the room it is in, and the air takes treble. What the slider moves is the ratio of direct to
reverberant energy, in dB around 700 Hz; see `direct_to_reverberant_db`. Nearer than recorded there is no room to take
away: the bass rises, as it does in front of a microphone that is moved closer.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.signal import bilinear, lfilter

from engine.errors import ParameterError, ShapeError
from engine.settings import SpaceSettings
from engine.spatial.air import air_response
from engine.spatial.convolution import BlockConvolver
from engine.spatial.reverb import Reverb, tail_samples
from engine.spatial.stereo import side_gain, split
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]

RECORDED_METRES = 1.0
NEAREST_METRES, FARTHEST_METRES = 0.4, 45.0  # at -10 and at 10
CRITICAL_METRES = 8.0  # where a large hall answers as loudly as the sound itself (0.057 √(volume / reverb seconds))
LEVEL_LAW = 0.3  # of the fall with distance there is in free air: far sounds are softer, not lost
SOUND_METRES_PER_SECOND = 343.0
DRY_DB = 60.0  # ratio of direct to reverberant energy that stands for "no room"
NEAR_TAIL = SAMPLE_RATE // 33  # samples in which the bass filter falls by 80 dB


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


class Distance:
    """Brings consecutive blocks of a stereo or binaural output nearer or farther, in constant memory.

    Args:
        settings: Distance, reverberation time, and width, which the room follows up to its natural one.
    """

    def __init__(self, settings: SpaceSettings) -> None:
        metres = distance_to_metres(settings.distance)
        level = (RECORDED_METRES / metres) ** LEVEL_LAW
        self._is_far, self._is_near = metres > RECORDED_METRES, metres < RECORDED_METRES
        self._tail = tail_samples(settings.reverb_seconds) if self._is_far else NEAR_TAIL if self._is_near else 0
        if self._is_far:
            ratio = 10.0 ** (direct_to_reverberant_db(metres) / 10.0)  # energies: together as loud as `level` says
            air = level * math.sqrt(ratio / (1.0 + ratio)) * air_response(metres - RECORDED_METRES)
            self._air = BlockConvolver(np.stack([air, air], axis=1).astype(np.float32))
            self._reverb = Reverb(settings.reverb_seconds)
            self._middle_gain = np.float32(level / math.sqrt(1.0 + ratio))
            self._side_gain = self._middle_gain * side_gain(settings.width)
        if self._is_near:
            self._bass = proximity_filter(metres, level)
            self._state = np.zeros((1, 2))

    def process(self, block: Floats) -> Floats:
        """Take a block (samples, 2), return as many samples; at distance 0 the block itself.

        Raises:
            ShapeError: the block has another shape.
        """
        if block.ndim != 2 or block.shape[1] != 2:
            raise ShapeError(f"a block has the shape (samples, 2), this one {block.shape}")
        if not len(block):
            return block
        if self._is_far:
            return self._air.process(block) + self._room(block)
        if self._is_near:
            nearer, self._state = lfilter(*self._bass, block, axis=0, zi=self._state)
            return np.asarray(nearer, np.float32)
        return block

    def flush(self) -> Floats:
        """Return what sounds on after the last block, (samples, 2); the object is used up afterwards."""
        return self.process(np.zeros((self._tail, 2), np.float32))

    def _room(self, block: Floats) -> Floats:
        """Return the room's answer, as wide as the settings say."""
        answer = self._reverb.process(block)
        middle, side = split(answer)
        middle, side = self._middle_gain * middle, self._side_gain * side
        return np.stack([middle - side, middle + side], axis=1)


def proximity_filter(metres: float, level: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return numerator and denominator of what a pressure-gradient microphone does that is moved closer.

    At a distance r its response to a small source is 1 + c / (j ω r); divided by that at RECORDED_METRES it rises by
    RECORDED_METRES / r towards low frequencies.

    Args:
        metres: The new distance.
        level: Gain at high frequencies.
    """
    near, recorded = SOUND_METRES_PER_SECOND / metres, SOUND_METRES_PER_SECOND / RECORDED_METRES
    numerator, denominator = bilinear([level, level * near], [1.0, recorded], SAMPLE_RATE)
    return numerator, denominator
