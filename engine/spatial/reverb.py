"""A room: a feedback delay network (Jot and Chaigne 1991), streamed block by block in constant memory.

Sixteen delays feed each other through a Hadamard matrix, which keeps energy, so that the only losses are those of the
filter behind each delay. It takes what the reverberation time asks for the length of its delay, more at high
frequencies. A burst of noise before the delays makes the first echoes as dense as the later ones.
"""

import math

import numpy as np
import scipy  # its parts are loaded where they are used: scipy.signal takes more than half a second
from numpy.typing import NDArray
from scipy.linalg import hadamard

from engine.errors import ParameterError, ShapeError
from engine.spatial.convolution import BlockConvolver
from engine.spatial.decorrelation import flat_noise
from engine.units import SAMPLE_RATE, seconds_to_samples

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

LINES = 16
SHORTEST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 0.03, 0.12  # the sound's way between walls 10 to 41 metres apart
HIGH_SHARE = 0.35  # of the reverberation time that is left at the highest frequencies, where air and walls absorb
CORNER_HZ = 4_000.0  # where the loss in dB is half way between those of low and of high frequencies
MIDDLE_HZ = 707.0  # between the octaves of 500 and 1000 Hz, by which rooms are compared (ISO 3382)
SHORTEST_REVERB_SECONDS, LONGEST_REVERB_SECONDS = 0.8, 12.0  # delays this long cannot make a smaller room
SIGN_SEED, BURST_SEED = 11, 9
FIRST_ECHO_SAMPLES = 96  # 2 ms: the first wall is not at the source
BURST_SECONDS, BURST_DECAY_SECONDS = 0.032, 0.02  # until the first delay is over
MEMORY = 1 << 15  # samples written before what the delays still need is moved to the start of their memory


def prime_delays() -> NDArray[np.intp]:
    """Return LINES primes, in samples, spread evenly in pitch: without common factors echoes hardly ever coincide."""
    wanted = np.geomspace(SHORTEST_DELAY_SECONDS, LONGEST_DELAY_SECONDS, LINES) * SAMPLE_RATE
    return np.array([next_prime(round(samples)) for samples in wanted], np.intp)


def next_prime(number: int) -> int:
    """Return the first prime that is not below `number`, which is 2 or more."""
    while any(number % divisor == 0 for divisor in range(2, math.isqrt(number) + 1)):
        number += 1
    return number


def mixing() -> tuple[Doubles, Doubles]:
    """Return how delays feed each other, (LINES, LINES), and how left and right enter them, (LINES, 2).

    The matrices keep energy. Random signs break up what is regular in a Hadamard matrix: of twenty draws this is the
    one in which single frequencies stood out least, 10 dB above the others after a second; in Gaussian noise it is 9.
    """
    rng = np.random.default_rng(SIGN_SEED)
    feedback = hadamard(LINES) * rng.choice([-1.0, 1.0], LINES)
    left = rng.choice([-1.0, 1.0], LINES)
    right = left * np.where(rng.permutation(LINES) < LINES // 2, 1.0, -1.0)  # half as left, half against it
    return feedback / math.sqrt(LINES), np.stack([left, right], axis=1) / math.sqrt(LINES)


DELAYS = prime_delays()
FEEDBACK, ENTRANCE = mixing()
EXIT = np.stack([np.tile([1.0, 0.0, -1.0, 0.0], LINES // 4), np.tile([0.0, 1.0, 0.0, -1.0], LINES // 4)])


def decay_filters(seconds: float) -> tuple[Doubles, Doubles]:
    """Return first-order shelves, numerators and denominators (LINES, 2), that take from each delay what it must lose.

    In `seconds` low frequencies fall by 60 dB, in HIGH_SHARE of that the highest. Each shelf's corner is shifted so
    that at CORNER_HZ its loss in dB is the mean of both; so all delays decay alike at every frequency (Jot 2015,
    "Proportional parametric equalizers").
    """
    low = 10.0 ** (-3.0 * DELAYS / SAMPLE_RATE / seconds)
    ratio = low ** (1.0 / HIGH_SHARE - 1.0)  # of the gain at high to that at low frequencies
    corner = np.sqrt(ratio) * math.tan(math.pi * CORNER_HZ / SAMPLE_RATE)
    numerators = low * np.stack([corner + ratio, corner - ratio]) / (1.0 + corner)
    denominators = np.stack([1.0 + corner, corner - 1.0]) / (1.0 + corner)
    return numerators.T, denominators.T


class Reverb:
    """The room's answer to consecutive blocks of one stereo sound.

    Around MIDDLE_HZ it has as much energy as what comes in, in both channels together.

    Args:
        seconds: Reverberation time at low frequencies, in which the answer falls by 60 dB.

    Raises:
        ParameterError: the time is outside SHORTEST_REVERB_SECONDS to LONGEST_REVERB_SECONDS.
    """

    def __init__(self, seconds: float) -> None:
        if not SHORTEST_REVERB_SECONDS <= seconds <= LONGEST_REVERB_SECONDS:
            raise ParameterError(
                f"a reverberation time of {seconds:g} s: must be from {SHORTEST_REVERB_SECONDS:g} to "
                f"{LONGEST_REVERB_SECONDS:g} seconds"
            )
        rng = np.random.default_rng(BURST_SEED)
        bursts = [flat_noise(rng, BURST_SECONDS, BURST_DECAY_SECONDS) for _ in range(2)]
        self._burst = BlockConvolver(np.pad(np.stack(bursts, axis=1), ((FIRST_ECHO_SAMPLES, 0), (0, 0))))
        self._numerators, self._denominators = decay_filters(seconds)
        self._states = np.zeros((LINES, 1))
        self._memory = np.zeros((LINES, DELAYS.max() + MEMORY))
        self._written = int(DELAYS.max())
        lost = 1.0 - 10.0 ** (-6.0 * SHORTEST_DELAY_SECONDS / seconds)  # energy of an answer without its beginning
        turn = np.exp(-2j * np.pi * MIDDLE_HZ / SAMPLE_RATE * np.arange(2))
        kept = np.abs(self._numerators @ turn) / np.abs(self._denominators @ turn)
        self._early_gain = np.float32(math.sqrt(lost))
        self._late_gain = math.sqrt((1.0 - lost) * (1.0 - float((kept**2).mean())))

    def process(self, block: Floats) -> Floats:
        """Take a block (samples, 2), return the room's answer of the same length, without the block itself.

        Raises:
            ShapeError: the block has another shape.
        """
        if block.ndim != 2 or block.shape[1] != 2:
            raise ShapeError(f"a block has the shape (samples, 2), this one {block.shape}")
        early = self._burst.process(block)
        answer = self._early_gain * early
        entering = ENTRANCE @ early.T
        step = int(DELAYS.min())
        for at in range(0, len(block), step):
            answer[at : at + step] += self._circulate(entering[:, at : at + step]).T
        return answer

    def _circulate(self, entering: Doubles) -> Doubles:
        """Let at most the shortest delay's length go in (LINES, samples), return what comes out, (2, samples)."""
        count = entering.shape[1]
        if self._written + count > self._memory.shape[1]:
            needed = int(DELAYS.max())
            self._memory[:, :needed] = self._memory[:, self._written - needed : self._written]
            self._written = needed
        leaving = np.empty((LINES, count))
        filtered = np.empty((LINES, count))
        for line, begin in enumerate(self._written - DELAYS):
            leaving[line] = self._memory[line, begin : begin + count]
            filtered[line], self._states[line] = scipy.signal.lfilter(
                self._numerators[line], self._denominators[line], leaving[line], zi=self._states[line]
            )
        self._memory[:, self._written : self._written + count] = FEEDBACK @ filtered + entering
        self._written += count
        return self._late_gain * (EXIT @ leaving)


def tail_samples(seconds: float) -> int:
    """Return after how many samples the answer of a room with this reverberation time has fallen by 80 dB."""
    return seconds_to_samples(seconds * 80.0 / 60.0 + LONGEST_DELAY_SECONDS)
