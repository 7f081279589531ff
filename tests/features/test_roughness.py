import math

import numpy as np
import pytest

from engine.features.roughness import CHUNK, PARTIALS, pair_roughness, roughness_of_frames

HZ = np.arange(1_000) * 10.0


def frame(**amplitudes: float) -> np.ndarray:
    """Return magnitudes with single peaks: `at_44=1.0` is one of 1 at 440 Hz."""
    spectrum = np.zeros(len(HZ))
    for name, amplitude in amplitudes.items():
        spectrum[int(name.removeprefix("at_"))] = amplitude
    return spectrum


def vassilakis(a: float, b: float, low_hz: float, high_hz: float) -> float:
    s = 0.24 / (0.0207 * low_hz + 18.96) * (high_hz - low_hz)
    return (a * b) ** 0.1 * 0.5 * (2 * min(a, b) / (a + b)) ** 3.11 * (math.exp(-3.51 * s) - math.exp(-5.75 * s))


@pytest.mark.parametrize(("a", "b"), [(1.0, 1.0), (1.0, 0.3), (0.02, 0.7)])
@pytest.mark.parametrize(("low_hz", "gap_hz"), [(100.0, 20.0), (440.0, 30.0), (2_000.0, 700.0)])
def test_a_pair_is_as_rough_as_the_formula_says(a: float, b: float, low_hz: float, gap_hz: float):
    found = pair_roughness(*(np.array([value]) for value in (a, b, low_hz, gap_hz)))
    assert found == pytest.approx(vassilakis(a, b, low_hz, low_hz + gap_hz), rel=1e-9)


@pytest.mark.parametrize("low_hz", [110.0, 440.0, 3_000.0])
def test_a_pair_is_roughest_about_a_quarter_of_the_critical_band_apart(low_hz: float):
    gaps = np.arange(1.0, 1_000.0)
    rough = pair_roughness(np.ones(999), np.ones(999), np.full(999, low_hz), gaps)
    wanted = math.log(5.75 / 3.51) / (5.75 - 3.51) / 0.24 * (0.0207 * low_hz + 18.96)  # where the slope is 0
    assert gaps[rough.argmax()] == pytest.approx(wanted, abs=1.0)


def test_partials_together_or_silent_are_smooth():
    zero, one = np.zeros(1), np.ones(1)
    assert pair_roughness(one, one, 440 * one, zero) == 0.0
    assert pair_roughness(zero, one, 440 * one, 30 * one) == 0.0
    assert pair_roughness(zero, zero, 440 * one, 30 * one) == 0.0


def test_a_frame_is_the_sum_of_its_pairs():
    partials = {40: 1.0, 44: 0.5, 47: 0.8, 300: 0.9}
    wanted = sum(
        vassilakis(a, b, 10.0 * low, 10.0 * high)
        for low, a in partials.items()
        for high, b in partials.items()
        if low < high
    )
    spectrum = frame(**{f"at_{place}": value for place, value in partials.items()})
    assert roughness_of_frames(spectrum[None], HZ) == pytest.approx(wanted, rel=1e-9)


def test_roughness_does_not_depend_on_the_level():
    spectrum = frame(at_40=1.0, at_44=0.5)
    quiet, loud = roughness_of_frames(np.stack([spectrum * 1e-4, spectrum * 10]), HZ)
    assert quiet == pytest.approx(loud, rel=1e-9)


def test_peaks_a_hundredth_as_strong_as_the_strongest_are_no_partials():
    found = roughness_of_frames(np.stack([frame(at_40=1.0, at_44=0.0099), frame(at_40=1.0, at_44=0.0101)]), HZ)
    assert found[0] == 0.0
    assert found[1] > 0.0


def test_only_the_strongest_partials_are_compared():
    strong = {f"at_{100 + 3 * place}": 1.0 for place in range(PARTIALS)}
    with_more, without = roughness_of_frames(np.stack([frame(**strong, at_40=0.5, at_43=0.5), frame(**strong)]), HZ)
    assert with_more == pytest.approx(without, rel=1e-12)


def test_frames_without_two_partials_are_smooth():
    assert (roughness_of_frames(np.stack([frame(), frame(at_50=1.0), np.ones(len(HZ))]), HZ) == 0.0).all()


@pytest.mark.parametrize("frames", [1, CHUNK, CHUNK + 1])
def test_each_frame_is_measured_by_itself(frames: int):
    spectra = np.random.default_rng(0).random((frames, 80))
    together = roughness_of_frames(spectra, HZ[:80])
    single = [float(roughness_of_frames(one[None], HZ[:80])[0]) for one in spectra]
    assert together == pytest.approx(single, rel=1e-12)
