import numpy as np
import pytest

from engine.features.slaney import hz_to_mel, mel_to_hz, mel_triangles
from engine.features.torchaudio_loading import load_torchaudio
from engine.units import SAMPLE_RATE


def test_a_mel_is_two_hundred_thirds_of_a_hertz_below_the_bend_and_a_ratio_above():
    assert hz_to_mel(200.0) == pytest.approx(3.0)
    assert hz_to_mel(1_000.0) == pytest.approx(15.0)
    assert hz_to_mel(6_400.0) == pytest.approx(15.0 + 27.0)
    hz = np.array([30.0, 999.0, 1_000.0, 1_001.0, 16_000.0])
    assert mel_to_hz(np.array([hz_to_mel(one) for one in hz])) == pytest.approx(hz)


def test_every_triangle_has_the_same_area_where_bins_are_dense():
    areas = mel_triangles(100_001, 64, 50.0, 16_000.0).sum(0) * (SAMPLE_RATE / 2 / 100_000)
    assert areas == pytest.approx(1.0, abs=1e-3)


def test_nothing_is_heard_outside_of_the_lowest_and_the_highest():
    filters = mel_triangles(1_025, 64, 50.0, 16_000.0)
    hz = np.linspace(0.0, SAMPLE_RATE / 2, 1_025)
    assert not filters[(hz <= 50.0) | (hz >= 16_000.0)].any()
    assert (filters >= 0.0).all()


@pytest.mark.parametrize(("bins", "bands", "low", "high"), [(1_025, 64, 50.0, 16_000.0), (513, 20, 900.0, 1_500.0)])
def test_agrees_with_torchaudio(bins: int, bands: int, low: float, high: float):
    wanted = load_torchaudio().functional.melscale_fbanks(
        bins, low, high, bands, SAMPLE_RATE, norm="slaney", mel_scale="slaney"
    )
    assert mel_triangles(bins, bands, low, high) == pytest.approx(wanted.numpy(), abs=1e-4 * float(wanted.max()))
