import numpy as np
import pytest
import torch
from small_corpus import noise, struck, tone
from torch import Tensor

from engine.errors import ShapeError
from engine.features.mel import spectrum
from engine.properties.describing import PROPERTIES
from engine.properties.roughness import roughness
from engine.properties.timbre import measure_timbre
from engine.sliders import TIMBRE
from engine.units import BINS, N_FFT, SAMPLE_RATE

HZ = np.arange(BINS) * SAMPLE_RATE / N_FFT
STEP = 3e-4  # small against the distance to the next kink, large against rounding
BRIGHTNESS, WARMTH, ROUGHNESS, TEXTURE = range(4)


def sawtooth(hz: float, fall: float = 1.0) -> np.ndarray:
    partials = range(1, int(20_000 / hz))
    return sum(tone(hz * order, 1.5, 0.3 / order**fall) for order in partials)


SOUNDS = {
    "tone": tone(440, 1.5),
    "sawtooth": sawtooth(110),
    "bright sawtooth": sawtooth(330, 0.5),
    "dark with hiss": sawtooth(110, 4.0) + noise(1.5, 1, 0.001),
    "chord": sum(tone(hz, 1.5, 0.2) for hz in (220, 247, 330, 440, 880)),
    "struck": struck(330, 1.5),
    "noise": noise(1.5),
}


def magnitude(sound: np.ndarray) -> Tensor:
    return spectrum(torch.from_numpy(sound.astype(np.float32))).abs().T


def timbre(sound: np.ndarray) -> np.ndarray:
    return measure_timbre(magnitude(sound)).numpy()


@pytest.mark.parametrize("name", SOUNDS)
def test_brightness_warmth_and_texture_are_those_of_the_sound(name: str):
    found = timbre(SOUNDS[name])
    for place, tolerance in ((BRIGHTNESS, 0.01), (WARMTH, 0.01), (TEXTURE, 0.5)):
        measured = PROPERTIES[TIMBRE[place]].measure(SOUNDS[name])
        assert found[place] == pytest.approx(measured, abs=tolerance), TIMBRE[place]


def test_roughness_orders_sounds_as_the_measure_on_sound_does():
    chords = [tone(440, 1.5, 0.3) + tone(440 * 2 ** (step / 12), 1.5, 0.3) for step in (12, 7, 4, 2)]
    mine, wanted = ([measure(chord) for chord in chords] for measure in (roughness_of, roughness))
    assert mine == sorted(mine)
    assert wanted == sorted(wanted)


def roughness_of(sound: np.ndarray) -> float:
    return float(timbre(sound)[ROUGHNESS])


def test_two_partials_on_bins_are_as_rough_as_vassilakis_says():
    spectrum_of_two = torch.zeros(1, 1, BINS)
    spectrum_of_two[..., [30, 34]] = 1.0
    low_hz, gap_hz = 30 * SAMPLE_RATE / N_FFT, 4 * SAMPLE_RATE / N_FFT
    s = 0.24 / (0.0207 * low_hz + 18.96) * gap_hz
    wanted = np.log10(0.5 * (np.exp(-3.51 * s) - np.exp(-5.75 * s)) + 1e-4)
    # what is no peak keeps a trace of 1e-9, whose tenth power is not nothing
    assert float(measure_timbre(spectrum_of_two)[0, ROUGHNESS]) == pytest.approx(wanted, abs=0.02)


@pytest.mark.parametrize("level_db", [-20.0, 20.0])
def test_timbre_does_not_depend_on_the_level(level_db: float):
    found = measure_timbre(magnitude(SOUNDS["dark with hiss"]) * 10 ** (level_db / 20)).numpy()
    assert found == pytest.approx(timbre(SOUNDS["dark with hiss"]), abs=0.02)


def test_many_sounds_are_measured_as_one_by_one():
    stacked = torch.stack([magnitude(sound) for sound in SOUNDS.values()])
    found = measure_timbre(stacked.reshape(7, 1, -1, BINS))
    assert found.shape == (7, 1, len(TIMBRE))
    assert np.allclose(found[:, 0].numpy(), [timbre(sound) for sound in SOUNDS.values()], atol=1e-4)


def slopes(place: int) -> np.ndarray:
    """Return how a descriptor of a noisy sawtooth answers to each bin, times what is in the bin, (bins,)."""
    start = magnitude(sawtooth(220) + noise(1.5, 1, 0.02))[40:60].requires_grad_()
    measure_timbre(start)[place].backward()
    return (start.grad * start).sum(0).detach().numpy()


@pytest.mark.parametrize("name", SOUNDS)
def test_slopes_are_finite_for_every_sound(name: str):
    start = magnitude(SOUNDS[name])[40:60].requires_grad_()
    measure_timbre(start).sum().backward()
    assert torch.isfinite(start.grad).all()
    assert start.grad.abs().max() > 0


def test_slopes_of_silence_are_finite():
    start = torch.zeros(4, BINS, requires_grad=True)
    measure_timbre(start).sum().backward()
    assert torch.isfinite(start.grad).all()


@pytest.mark.parametrize(
    ("place", "low_hz", "high_hz", "sign"),
    [
        (BRIGHTNESS, 8_000, 20_000, 1),
        (BRIGHTNESS, 100, 1_000, -1),
        (WARMTH, 90, 450, 1),
        (WARMTH, 1_000, 20_000, -1),
    ],
)
def test_slopes_have_the_sign_of_what_they_measure(place: int, low_hz: float, high_hz: float, sign: int):
    along = slopes(place)[(low_hz < HZ) & (high_hz > HZ)]
    assert along.sum() * sign > 0
    assert (along * sign >= -1e-9).mean() > 0.99


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("seed", range(3))
def test_slopes_are_the_differences_of_a_small_step(place: int, seed: int):
    start = magnitude(sawtooth(220) + noise(1.5, 1, 0.02))[40:60]
    random = torch.Generator().manual_seed(seed)
    direction = start * torch.randn(BINS, generator=random)  # some bins up, others down, by shares of themselves
    start.requires_grad_()
    measure_timbre(start)[place].backward()
    slope = float((start.grad * direction).sum())
    with torch.no_grad():
        ahead, behind = (float(measure_timbre(start + step * direction)[place]) for step in (STEP, -STEP))
    assert (ahead - behind) / (2 * STEP) == pytest.approx(slope, rel=0.1, abs=0.03)


@pytest.mark.parametrize("shape", [(BINS,), (3, BINS - 1), (BINS, 3)])
def test_spectra_of_another_shape_are_refused(shape):
    with pytest.raises(ShapeError, match=f"{BINS}"):
        measure_timbre(torch.zeros(shape))
