import math

import numpy as np
import pytest
import torch

from engine.errors import ParameterError, ShapeError
from engine.features.mel import spectrum
from engine.units import BINS, HOP, SAMPLE_RATE
from engine.vocoder import pghi
from engine.vocoder.griffin_lim import refine_phase, spectrum_to_samples
from engine.vocoder.pghi import (
    FINE_HOP,
    JOIN_SAMPLES,
    KNOWN_FINE_FRAMES,
    OVERLAP_FRAMES,
    block_spectrum,
    interpolate,
    magnitude_to_samples,
    phase_from_magnitude,
)

EDGE = 8  # frames at both ends, where a window reaches beyond the sound
TIME = np.arange(SAMPLE_RATE) / SAMPLE_RATE


def sine(seconds=1.0, pitch_hz=1000.0):
    return 0.5 * np.sin(2.0 * np.pi * pitch_hz * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)


def impulses():
    samples = np.zeros(TIME.size)
    samples[3000::6000] = 1.0
    return samples


def chirp():
    return 0.5 * np.sin(2.0 * np.pi * (200.0 * TIME + 2000.0 * TIME**2))


def bar():
    partials = 220.0 * np.array([1.0, 2.756, 5.404, 8.933])
    return sum(np.sin(2.0 * np.pi * f * TIME + n) * np.exp(-(2 + n) * TIME) / (n + 1) for n, f in enumerate(partials))


def noise():
    return 0.1 * np.random.default_rng(0).standard_normal(TIME.size)


def as_tensor(samples):
    return torch.as_tensor(samples, dtype=torch.float32)


def convergence_db(found, wanted):
    """Spectral convergence on interior frames; 0 dB is an error as large as the sound."""
    a, b = (spectrum(x, FINE_HOP).abs()[:, EDGE:-EDGE] for x in (found, wanted))
    return 20.0 * math.log10(float((a - b).norm() / b.norm()))


SOUNDS = [(impulses, -28.0), (chirp, -33.0), (bar, -48.0), (noise, -16.0)]


def test_a_sine_comes_back_from_its_magnitude():
    wanted = as_tensor(sine())
    assert convergence_db(magnitude_to_samples(spectrum(wanted).abs(), wanted.shape[0]), wanted) < -60.0


@pytest.mark.parametrize("pitch_hz", [110.0, 440.0, 5003.0])
def test_sines_between_bins_come_back_before_any_iteration(pitch_hz):
    wanted = as_tensor(sine(pitch_hz=pitch_hz))
    assert convergence_db(magnitude_to_samples(spectrum(wanted).abs(), wanted.shape[0], 0), wanted) < -40.0


@pytest.mark.parametrize(("make", "limit_db"), SOUNDS)
def test_sounds_of_every_kind_come_back_far_better_than_with_random_or_no_phase(make, limit_db):
    wanted = as_tensor(make())
    magnitude = spectrum(wanted).abs()
    found = convergence_db(magnitude_to_samples(magnitude, wanted.shape[0]), wanted)
    assert found < limit_db
    fine = interpolate(magnitude, 0, magnitude.shape[1])
    for phase in (torch.zeros(fine.shape), random_phase(fine)):
        guess = spectrum_to_samples(torch.polar(fine, phase), FINE_HOP, wanted.shape[0])
        assert found < convergence_db(guess, wanted) - 10.0


def random_phase(magnitude):
    return 2.0 * math.pi * torch.rand(magnitude.shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(("make", "margin_db"), [(impulses, 10.0), (chirp, 15.0), (bar, 20.0), (noise, 4.0)])
def test_integration_beats_griffin_lim_of_as_many_rounds_from_random_phase(make, margin_db):
    wanted = as_tensor(make())
    magnitude = spectrum(wanted).abs()
    fine = interpolate(magnitude, 0, magnitude.shape[1])
    refined = refine_phase(torch.polar(fine, random_phase(fine)), FINE_HOP, 5)
    rival = convergence_db(spectrum_to_samples(refined, FINE_HOP, wanted.shape[0]), wanted)
    assert convergence_db(magnitude_to_samples(magnitude, wanted.shape[0], 5), wanted) < rival - margin_db


def test_blocks_join_without_a_click(monkeypatch):
    monkeypatch.setattr(pghi, "BLOCK_FRAMES", 40)
    wanted = as_tensor(sine(2.0))
    found = magnitude_to_samples(spectrum(wanted).abs(), wanted.shape[0])[4096:-4096]
    bend = (found[2:] - 2.0 * found[1:-1] + found[:-2]).abs().max()
    assert bend < 1.02 * 0.5 * (2.0 * math.pi * 1000.0 / SAMPLE_RATE) ** 2


@pytest.mark.parametrize("make", [chirp, noise])
def test_blocks_are_as_good_as_the_whole(monkeypatch, make):
    wanted = as_tensor(make())
    magnitude = spectrum(wanted).abs()
    whole = convergence_db(magnitude_to_samples(magnitude, wanted.shape[0]), wanted)
    monkeypatch.setattr(pghi, "BLOCK_FRAMES", 40)
    assert convergence_db(magnitude_to_samples(magnitude, wanted.shape[0]), wanted) < whole + 1.5


def test_two_blocks_have_the_same_samples_around_their_join():
    fine = interpolate(spectrum(as_tensor(noise())).abs(), 0, 94)
    first = block_spectrum(fine[:, :100], None, 5, 0)
    shared = first[:, -2 * OVERLAP_FRAMES :][:, :KNOWN_FINE_FRAMES]
    second = block_spectrum(fine[:, 100 - 2 * OVERLAP_FRAMES :], shared, 5, 1)
    start = (100 - 2 * OVERLAP_FRAMES) * FINE_HOP
    around = slice(JOIN_SAMPLES - FINE_HOP, JOIN_SAMPLES + FINE_HOP)
    before = spectrum_to_samples(first, FINE_HOP, 99 * FINE_HOP)[start:]
    after = spectrum_to_samples(second, FINE_HOP, 99 * FINE_HOP)
    torch.testing.assert_close(before[around], after[around], atol=1e-6, rtol=0)
    assert not torch.allclose(before[3500:4000], after[3500:4000], atol=1e-3)


def test_the_same_seed_gives_the_same_samples_and_another_does_not():
    magnitude = spectrum(as_tensor(bar())).abs()
    first, again, other = (magnitude_to_samples(magnitude, SAMPLE_RATE, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_integration_carries_known_phases_on():
    exact = spectrum(as_tensor(sine()), FINE_HOP)
    known = torch.zeros(exact.shape, dtype=torch.bool)
    known[:, 20:30] = True
    turned = exact.angle() + 1.0
    phase = phase_from_magnitude(exact.abs(), FINE_HOP, torch.where(known, turned, 0.0), known)
    difference = torch.polar(torch.ones(()), phase - turned)
    assert (difference[known] - 1.0).abs().max() < 1e-4
    assert (difference[42:44, EDGE:-EDGE] - 1.0).abs().max() < 0.25


def test_known_phases_at_both_sides_of_a_gap_are_kept():
    exact = spectrum(as_tensor(noise()), FINE_HOP)
    known = torch.ones(exact.shape, dtype=torch.bool)
    known[:, 80:100] = False
    phase = phase_from_magnitude(exact.abs(), FINE_HOP, exact.angle(), known)
    assert (torch.polar(torch.ones(()), phase - exact.angle())[known] - 1.0).abs().max() < 1e-4


def test_interpolated_frames_are_near_the_analysed_ones_and_the_others_equal():
    samples = as_tensor(chirp())
    fine, exact = interpolate(spectrum(samples).abs(), 0, 94), spectrum(samples, FINE_HOP).abs()
    torch.testing.assert_close(fine[:, ::2], exact[:, ::2])
    middle = slice(EDGE, -EDGE)
    assert float((fine - exact)[:, middle].norm() / exact[:, middle].norm()) < 0.05


def test_silence_stays_silence():
    assert torch.equal(magnitude_to_samples(torch.zeros(BINS, 20), 5000), torch.zeros(5000))


def test_one_frame_makes_a_sound_of_up_to_one_hop():
    found = magnitude_to_samples(torch.full((BINS, 1), 0.01), 300)
    assert found.shape == (300,)
    assert bool(found.isfinite().all())
    assert float(found.abs().max()) > 0.0


def test_wrong_shapes_are_refused():
    with pytest.raises(ShapeError, match="1025 bins"):
        magnitude_to_samples(torch.ones(513, 10), 100)
    with pytest.raises(ShapeError, match="1 to 5120 samples, not 6000"):
        magnitude_to_samples(torch.ones(BINS, 10), 6000)
    known = torch.ones(BINS, 3, dtype=torch.bool)
    with pytest.raises(ShapeError, match="known"):
        phase_from_magnitude(torch.ones(BINS, 4), HOP, torch.zeros(BINS, 3), known)


def test_contradicting_requests_are_refused():
    with pytest.raises(ParameterError, match="hop = 2048"):
        phase_from_magnitude(torch.ones(BINS, 4), 2048)
    with pytest.raises(ParameterError, match="belong together"):
        phase_from_magnitude(torch.ones(BINS, 4), HOP, known=torch.ones(BINS, 4, dtype=torch.bool))
