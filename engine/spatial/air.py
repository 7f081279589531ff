"""Air takes highs from a sound on its way: ISO 9613-1, as a short filter."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from engine.errors import ParameterError
from engine.spatial.minimum_phase import minimum_phase
from engine.units import SAMPLE_RATE

Doubles = NDArray[np.float64]

TEMPERATURE_KELVIN = 293.15  # 20 °C
HUMIDITY_PERCENT = 50.0
TAPS = 64  # the curve is smooth: with them the filter is within 0.1 dB of it to 16 kHz
FFT = 2_048
FARTHEST_METRES = 50.0


def air_absorption_db(frequency_hz: Doubles) -> Doubles:
    """Return what a metre of air takes at each frequency, in dB, at 20 °C, 50 % humidity and sea level.

    ISO 9613-1:1993, equations 3 to 5, with the air pressure at its reference.
    """
    warmth = TEMPERATURE_KELVIN / 293.15
    saturation = 10.0 ** (-6.8346 * (273.16 / TEMPERATURE_KELVIN) ** 1.261 + 4.6151)
    water = HUMIDITY_PERCENT * saturation  # molar concentration in percent
    oxygen_hz = 24.0 + 4.04e4 * water * (0.02 + water) / (0.391 + water)
    nitrogen_hz = warmth**-0.5 * (9.0 + 280.0 * water * math.exp(-4.17 * (warmth ** (-1.0 / 3.0) - 1.0)))
    squared = np.asarray(frequency_hz, np.float64) ** 2
    oxygen = 0.01275 * math.exp(-2239.1 / TEMPERATURE_KELVIN) / (oxygen_hz + squared / oxygen_hz)
    nitrogen = 0.1068 * math.exp(-3352.0 / TEMPERATURE_KELVIN) / (nitrogen_hz + squared / nitrogen_hz)
    return 8.686 * squared * (1.84e-11 * warmth**0.5 + warmth**-2.5 * (oxygen + nitrogen))


def air_response(metres: float) -> NDArray[np.float32]:
    """Return the impulse response, TAPS samples long and without delay, of so much air.

    Raises:
        ParameterError: the distance is below 0 or above FARTHEST_METRES.
    """
    if not 0.0 <= metres <= FARTHEST_METRES:
        raise ParameterError(f"{metres:g} metres of air: must be from 0 to {FARTHEST_METRES:g} metres")
    loss_db = air_absorption_db(fft.rfftfreq(FFT, 1 / SAMPLE_RATE)) * metres
    return np.asarray(minimum_phase(10.0 ** (-loss_db / 20.0))[:TAPS], np.float32)
