import numpy as np
import pytest

from engine.errors import ParameterError
from engine.spatial.air import FARTHEST_METRES, TAPS, air_absorption_db, air_response
from engine.units import SAMPLE_RATE


# ISO 9613-1:1993, table 1, 20 °C and 50 % humidity, in dB a kilometre
@pytest.mark.parametrize(
    ("hz", "per_kilometre_db"), [(250, 1.31), (500, 2.73), (1_000, 4.66), (2_000, 9.86), (4_000, 29.4), (8_000, 104.0)]
)
def test_the_air_is_that_of_the_standard(hz, per_kilometre_db):
    # the table's frequencies are exact thirds of an octave: 7943 Hz is called 8000
    exact = 1000 * 10 ** (0.3 * np.log2(hz / 1000))
    assert 1000 * air_absorption_db(np.array([exact]))[0] == pytest.approx(per_kilometre_db, rel=0.01)


@pytest.mark.parametrize("metres", [0.0, 1.0, 20.0, FARTHEST_METRES])
def test_the_filter_follows_the_curve(metres):
    hz = np.fft.rfftfreq(2_048, 1 / SAMPLE_RATE)
    gain_db = 20 * np.log10(np.abs(np.fft.rfft(air_response(metres).astype(float), 2_048)))
    assert np.abs(gain_db + metres * air_absorption_db(hz))[hz < 16_000].max() < 0.1


def test_it_comes_at_once():
    response = air_response(44.0)
    assert response.shape == (TAPS,)
    assert np.abs(response).argmax() <= 1
    assert air_response(0.0)[0] == pytest.approx(1.0)
    assert np.abs(air_response(0.0)[1:]).max() < 1e-6


@pytest.mark.parametrize("metres", [-1.0, 51.0, float("nan")])
def test_other_distances_are_refused(metres):
    with pytest.raises(ParameterError, match="from 0 to 50 metres"):
        air_response(metres)
