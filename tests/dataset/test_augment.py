import math
from pathlib import Path

import numpy as np
import pytest
import soxr
import torch
from small_corpus import make_corpus, noise, tone

from engine.dataset.augment import HELD_SEMITONES, VALIDATION, Augmentation, Reservoir
from engine.dataset.clips import find_clips
from engine.features.mel import mel_to_bin_weights
from engine.units import BINS, LOG_FLOOR, MEL_BANDS, N_FFT, SAMPLE_RATE

FRAMES = 64
UNBENT = Augmentation(1.0, (0.0, 4.0), 0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def reservoir_of(tmp_path: Path):
    """Make reservoirs over recordings given as mono samples."""

    def make(*sounds: np.ndarray, size: int = 6, seed: int = 0, bend: Augmentation | None = None) -> Reservoir:
        corpus = make_corpus(tmp_path, *sounds)
        return Reservoir(corpus, find_clips(corpus), frames=FRAMES, size=size, seed=seed, augmentation=bend)

    return make


def bin_tone(bin_number: int, seconds: float = 2.0) -> np.ndarray:
    return tone(bin_number * SAMPLE_RATE / N_FFT, seconds)


def loudest_bins(reservoir: Reservoir) -> set[int]:
    """Return the loudest bin of the middle frame of each excerpt."""
    return {int(fine[:, FRAMES // 2].argmax()) for _, fine in reservoir.excerpts}


def test_a_batch_holds_both_spectra_of_every_excerpt(reservoir_of):
    batch = reservoir_of(noise(1.0), bin_tone(50)).batch(5)
    assert batch.log_mel.shape == (5, MEL_BANDS, FRAMES)
    assert batch.fine.shape == (5, BINS, FRAMES)
    for part in (batch.log_mel, batch.fine):
        assert part.dtype == torch.float32
        assert torch.isfinite(part).all()
        assert part.min() >= math.log(LOG_FLOOR) - 1e-5


def test_the_same_seed_gives_the_same_material_and_another_does_not(reservoir_of):
    def material(seed: int) -> torch.Tensor:
        reservoir = reservoir_of(noise(1.0), bin_tone(50), seed=seed)
        drawn = [reservoir.batch(2).log_mel]
        reservoir.renew(3)
        return torch.cat([*drawn, reservoir.batch(2).log_mel])

    assert torch.equal(material(1), material(1))
    assert not torch.equal(material(1), material(2))


def test_renewing_replaces_at_most_so_many_excerpts(reservoir_of):
    reservoir = reservoir_of(noise(3.0), size=20)
    before = list(reservoir.excerpts)
    reservoir.renew(4)
    replaced = sum(old is not new for old, new in zip(before, reservoir.excerpts, strict=True))
    assert 1 <= replaced <= 4


@pytest.fixture
def speeds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The speeds at which recordings are played for a reservoir."""
    heard: list[float] = []
    resample = soxr.resample

    def listen(samples: np.ndarray, speed: float, rate: float, quality: str) -> np.ndarray:
        heard.append(speed)
        return resample(samples, speed, rate, quality=quality)

    monkeypatch.setattr("engine.dataset.augment.soxr.resample", listen)
    return heard


def test_training_never_hears_the_speeds_that_validation_is_measured_at(reservoir_of, speeds):
    reservoir_of(noise(0.1), size=300)
    semitones = 12 * np.abs(np.log2(speeds))
    low, high = HELD_SEMITONES
    assert len(speeds) > 100
    assert not ((low <= semitones) & (semitones <= high)).any()
    assert semitones.max() <= Augmentation().semitones[1]
    assert min(speeds) < 1 < max(speeds)


def test_validation_hears_only_held_speeds_up_and_down(reservoir_of, speeds):
    reservoir_of(noise(0.1), size=40, bend=VALIDATION)
    semitones = 12 * np.abs(np.log2(speeds))
    assert len(speeds) == 40
    assert (semitones >= HELD_SEMITONES[0] - 1e-9).all()
    assert (semitones <= HELD_SEMITONES[1] + 1e-9).all()
    assert min(speeds) < 1 < max(speeds)


def test_validation_neither_mixes_nor_colours_nor_changes_the_level(reservoir_of):
    reservoir = reservoir_of(noise(0.5), bin_tone(64), size=5, bend=VALIDATION)
    known = [torch.log(mel + LOG_FLOOR) for mel, _ in reservoir.excerpts]
    for drawn in reservoir.batch(12).log_mel:
        assert any(torch.equal(drawn, mel) for mel in known)


def test_playing_faster_raises_the_pitch_by_the_ratio(reservoir_of):
    octave = Augmentation(0.0, (12.0, 12.0), 0.0, 0.0, 0.0, 0.0)
    assert loudest_bins(reservoir_of(bin_tone(64), size=12, bend=octave)) == {32, 128}


def test_stretching_keeps_the_pitch_and_changes_the_pace(reservoir_of):
    stretched = Augmentation(0.0, (0.0, 0.0), 0.4, 0.0, 0.0, 0.0)
    assert loudest_bins(reservoir_of(bin_tone(64), size=12, bend=stretched)) == {64}
    decay = bin_tone(64) * np.exp(-np.arange(2 * SAMPLE_RATE) / 20_000)
    slopes = [
        float((fine[64, 20].float() / fine[64, 15].float()).log()) / 5
        for _, fine in reservoir_of(decay, size=12, bend=stretched).excerpts
        if fine[64, 15] > 0.01
    ]
    plain = -512 / 20_000
    assert min(slopes) < 1.05 * plain < 0.95 * plain < max(slopes)
    assert all(plain * 2**0.41 < slope < plain * 2**-0.41 for slope in slopes)


def test_plain_excerpts_have_the_level_of_the_recording(reservoir_of):
    reservoir = reservoir_of(bin_tone(64), bend=UNBENT, size=12)
    peaks = [float(fine[64].max()) for _, fine in reservoir.excerpts]
    assert max(peaks) == pytest.approx(0.5, rel=2e-3)
    assert all(peak <= 0.5 * 1.01 for peak in peaks)


def test_excerpts_begin_before_and_in_the_middle_of_sounds(reservoir_of):
    reservoir = reservoir_of(bin_tone(64), bend=UNBENT, size=40)
    heard = [(fine[64] > 0.2) for _, fine in reservoir.excerpts]
    assert any(frames.all() for frames in heard)
    assert any(frames[-1] and not frames[0] for frames in heard)


def known_reservoir(reservoir_of, bend: Augmentation) -> Reservoir:
    """Return a reservoir that holds a single excerpt: 0.02 in each band, 0.01 in each bin."""
    reservoir = reservoir_of(noise(0.2), size=1, bend=bend)
    reservoir.excerpts = [
        (torch.full((MEL_BANDS, FRAMES), 0.02), torch.full((BINS, FRAMES), 0.01, dtype=torch.float16))
    ]
    return reservoir


def test_mixing_adds_powers(reservoir_of):
    batch = known_reservoir(reservoir_of, Augmentation(1.0, (0.0, 4.0), 0.0, 0.0, 1.0, 0.0)).batch(3)
    assert torch.allclose(batch.log_mel, torch.full((), math.log(0.02 * math.sqrt(2))), atol=1e-4)
    assert torch.allclose(batch.fine, torch.full((), math.log(0.01 * math.sqrt(2))), atol=1e-3)


def test_a_change_of_level_is_the_same_for_both_spectra_and_within_its_range(reservoir_of):
    batch = known_reservoir(reservoir_of, Augmentation(1.0, (0.0, 4.0), 0.0, 1.0, 0.0, 0.0)).batch(40)
    gains = batch.log_mel[:, 0, 0] - math.log(0.02)
    assert torch.allclose(batch.log_mel - math.log(0.02), gains[:, None, None], atol=1e-3)
    assert torch.allclose(batch.fine - math.log(0.01), gains[:, None, None], atol=2e-3)
    assert gains.abs().max() <= 1.001
    assert gains.min() < -0.5 < 0.5 < gains.max()


def test_a_filter_colours_both_spectra_alike_and_every_frame_the_same(reservoir_of):
    batch = known_reservoir(reservoir_of, Augmentation(1.0, (0.0, 4.0), 0.0, 0.0, 0.0, 1.0)).batch(4)
    for mel, fine in zip(batch.log_mel, batch.fine, strict=True):
        curve = mel[:, 0].exp() / 0.02
        assert torch.allclose(mel, mel[:, :1].expand(-1, FRAMES), atol=1e-5)
        assert torch.allclose(fine[:, 0].exp() / 0.01, mel_to_bin_weights() @ curve, rtol=5e-3)
        assert curve.max() / curve.min() > 1.05


@pytest.mark.parametrize("seconds", [0.02, 0.03])
def test_a_corpus_of_the_shortest_recordings_gives_material_that_sounds(reservoir_of, seconds: float):
    reservoir = reservoir_of(*(noise(seconds, seed) for seed in range(3)), size=30)
    batch = reservoir.batch(30)
    assert torch.isfinite(batch.log_mel).all()
    assert (batch.log_mel.amax((1, 2)) > -7).float().mean() > 0.7


def test_every_recording_is_drawn_the_longer_ones_more_often(reservoir_of):
    sounds = [bin_tone(64, 0.1), bin_tone(128, 0.4), bin_tone(256, 3.0)]
    reservoir = reservoir_of(*sounds, size=300, bend=UNBENT)
    totals = torch.stack([fine.float().sum(1) for _, fine in reservoir.excerpts])
    drawn = torch.tensor([64, 128, 256])[totals[:, [64, 128, 256]].argmax(1)]
    counts = [int((drawn == number).sum()) for number in (64, 128, 256)]
    assert counts == sorted(counts)
    assert counts[0] > 20
