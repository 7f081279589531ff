import math

import pytest
import torch

from engine.errors import ShapeError
from engine.features.mel import (
    analysis_window,
    log_mel,
    magnitude_to_log,
    magnitude_to_mel,
    mel_filters,
    mel_to_bin_weights,
    spectrum,
)
from engine.units import BINS, HOP, LOG_FLOOR, MEL_BANDS, MEL_HIGH_HZ, MEL_LOW_HZ, N_FFT, SAMPLE_RATE

INTERIOR = slice(N_FFT // HOP, -N_FFT // HOP)  # frames whose window lies inside the sound


def sine(bin_number, samples=SAMPLE_RATE // 4):
    time = torch.arange(samples, dtype=torch.float64)
    return torch.sin(2 * math.pi * bin_number / N_FFT * time).float()


@pytest.mark.parametrize("bin_number", [3, 50, 511, 1000])
def test_a_full_scale_sine_reads_one_at_its_bin_and_half_beside_it(bin_number: int):
    magnitude = spectrum(sine(bin_number)).abs()[:, INTERIOR]
    assert torch.allclose(magnitude[bin_number], torch.ones(()), atol=1e-4)
    assert torch.allclose(magnitude[[bin_number - 1, bin_number + 1]], torch.full((), 0.5), atol=1e-4)
    magnitude[bin_number - 1 : bin_number + 2] = 0
    assert magnitude.max() < 1e-4


@pytest.mark.parametrize("hop", [HOP, HOP // 2, 300])
def test_frame_t_is_centred_on_sample_t_times_hop(hop: int):
    impulse = torch.zeros(12_000)
    impulse[7 * hop] = 1.0
    magnitude = spectrum(impulse, hop).abs()
    peak = magnitude.sum(0).argmax()
    assert peak == 7
    assert torch.allclose(magnitude[:, 7], torch.full((BINS,), 4.0 / N_FFT), atol=1e-6)
    assert torch.allclose(magnitude[:, 7 - 1], magnitude[:, 7 + 1], atol=1e-6)


@pytest.mark.parametrize("samples", [1, 511, 512, 4095, 10_000])
def test_there_is_a_frame_for_every_whole_hop_and_one_more(samples: int):
    assert spectrum(torch.zeros(2, samples)).shape == (2, BINS, 1 + samples // HOP)


def test_a_frame_is_the_windowed_discrete_fourier_transform():
    sound = torch.randn(8192, generator=torch.Generator().manual_seed(0))
    piece = sound[5 * HOP - N_FFT // 2 : 5 * HOP + N_FFT // 2].double()
    wanted = torch.fft.rfft(piece * torch.hann_window(N_FFT, dtype=torch.float64)) * 4 / N_FFT
    assert torch.allclose(spectrum(sound)[:, 5].abs(), wanted.abs().float(), atol=1e-5)


def test_the_shifted_windows_square_to_a_constant():
    squares = analysis_window().square().reshape(-1, HOP).sum(0)
    assert torch.allclose(squares, torch.full((HOP,), 1.5), atol=1e-5)


def test_each_filter_sums_to_one_and_lies_inside_the_limits_of_hearing():
    filters = mel_filters()
    assert filters.shape == (MEL_BANDS, BINS)
    assert (filters >= 0).all()
    assert torch.allclose(filters.sum(1), torch.ones(MEL_BANDS), atol=1e-5)
    hertz = torch.arange(BINS) * SAMPLE_RATE / N_FFT
    heard = hertz[filters.sum(0) > 0]
    assert heard.min() >= MEL_LOW_HZ
    assert heard.max() <= MEL_HIGH_HZ


def test_the_centres_of_the_filters_rise():
    centres = (mel_filters() * torch.arange(BINS)).sum(1)
    assert (centres.diff() > 0).all()


def test_a_flat_spectrum_has_the_same_level_in_every_band():
    assert torch.allclose(magnitude_to_mel(torch.full((BINS, 3), 0.25)), torch.full((MEL_BANDS, 3), 0.25), atol=1e-6)


def test_the_way_from_bands_to_bins_averages():
    weights = mel_to_bin_weights()
    assert weights.shape == (BINS, MEL_BANDS)
    assert (weights >= 0).all()
    assert torch.allclose(weights.sum(1), torch.ones(BINS), atol=1e-5)


def test_a_slope_over_the_bands_stays_monotonous_over_the_bins():
    spread = mel_to_bin_weights() @ torch.arange(float(MEL_BANDS))
    assert (spread.diff() >= -1e-4).all()
    assert spread[0] == 0.0
    assert spread[-1] == MEL_BANDS - 1


def test_bins_outside_all_bands_take_the_nearest_band():
    weights = mel_to_bin_weights()
    outside = mel_filters().sum(0) == 0
    assert outside[0]
    assert outside[-1]
    low, high = weights[: BINS // 2][outside[: BINS // 2]], weights[BINS // 2 :][outside[BINS // 2 :]]
    assert (low[:, 0] == 1).all()
    assert (high[:, -1] == 1).all()


def test_what_is_computed_once_serves_training_even_if_playing_asked_first():
    kept = (analysis_window, mel_filters, mel_to_bin_weights)
    for make in kept:
        make.cache_clear()
    with torch.inference_mode():
        assert not any(make().is_inference() for make in kept)
    values = torch.zeros(MEL_BANDS, 2, requires_grad=True)
    (mel_to_bin_weights() @ values).sum().backward()
    assert values.grad.sum() == pytest.approx(2 * BINS, rel=1e-5)


def test_silence_reads_the_floor_and_full_scale_reads_zero():
    assert torch.allclose(log_mel(torch.zeros(4096)), torch.full((), math.log(LOG_FLOOR)), atol=1e-5)
    assert magnitude_to_log(torch.ones(())) == pytest.approx(0.0, abs=1e-5)


def test_twice_the_amplitude_is_the_logarithm_of_two_higher():
    noise = 0.1 * torch.randn(9600, generator=torch.Generator().manual_seed(1))
    difference = log_mel(2 * noise) - log_mel(noise)
    assert torch.allclose(difference, torch.full((), math.log(2)), atol=2e-3)


@pytest.mark.parametrize("shape", [(0,), (2, 0)])
def test_no_samples_are_refused(shape):
    with pytest.raises(ShapeError, match="no samples"):
        spectrum(torch.zeros(shape))


@pytest.mark.parametrize("bins", [BINS - 1, BINS + 1, MEL_BANDS])
def test_a_magnitude_with_another_number_of_bins_is_refused(bins: int):
    with pytest.raises(ShapeError, match=f"{BINS} bins, this one {bins}"):
        magnitude_to_mel(torch.zeros(bins, 4))
