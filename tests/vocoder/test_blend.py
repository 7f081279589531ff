import numpy as np
import pytest

from engine.units import BINS, HOP, LOG_FLOOR
from engine.vocoder.blend import BEARABLE, cross_fade, dreamt_parts, fine_to_magnitude, trust
from engine.vocoder.search import Path


def path_of(misfit: np.ndarray) -> Path:
    return Path(np.arange(len(misfit)), misfit.astype(np.float32))


@pytest.mark.parametrize(("source", "share"), [(0.0, 0.0), (1.0, 1.0)])
def test_the_ends_of_source_trust_no_frame_or_every_frame(source: float, share: float):
    misfit = np.array([0.0, 1.0, 1e6, 1e-9])
    assert trust(path_of(misfit), source).tolist() == [share] * 4


def test_a_bearable_misfit_is_trusted_half_in_the_middle():
    assert trust(path_of(np.full(50, BEARABLE)), 0.5) == pytest.approx(0.5)


@pytest.mark.parametrize("source", [0.1, 0.5, 0.9])
def test_a_perfect_fit_is_trusted_and_a_bad_one_is_not(source: float):
    assert trust(path_of(np.zeros(30)), source) == pytest.approx(1.0)
    assert trust(path_of(np.full(30, 1e4)), source).max() < 1e-3


def test_trust_falls_with_misfit_and_rises_with_source():
    misfits = [trust(path_of(np.full(30, misfit)), 0.5)[0] for misfit in (0.05, 0.2, 0.8, 3.0)]
    sources = [trust(path_of(np.full(30, 0.3)), source)[0] for source in (0.0, 0.2, 0.3, 0.6, 0.8, 1.0)]
    assert misfits == sorted(misfits, reverse=True)
    assert sources == sorted(sources)
    assert len(set(misfits)) == 4
    assert len(set(sources)) == 6


def test_trust_changes_smoothly_and_stays_between_its_limits():
    share = trust(path_of(np.where(np.arange(60) < 30, 0.0, 100.0)), 0.5)
    assert np.abs(np.diff(share)).max() < 0.2
    assert share[0] == pytest.approx(1.0)
    assert share[-1] == pytest.approx(0.0, abs=1e-3)
    assert (share >= 0).all()
    assert (share <= 1 + 1e-6).all()


def unrelated(samples: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    return tuple(random.standard_normal((samples, 2)).astype(np.float32) for _ in range(2))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_unrelated_sounds_keep_their_power_in_any_mixture(share: float):
    recorded, dreamt = unrelated(200 * HOP)
    mixed = cross_fade(recorded, dreamt, np.full(201, share, np.float32))
    assert mixed.std() == pytest.approx(1.0, abs=0.01)
    recorded_gain, dreamt_gain = ((mixed * sound).mean() for sound in (recorded, dreamt))
    assert recorded_gain**2 + dreamt_gain**2 == pytest.approx(1.0, abs=0.02)


def test_the_gains_of_both_sounds_square_to_one_at_every_sample():
    ones, nothing = np.ones((20 * HOP, 1), np.float32), np.zeros((20 * HOP, 1), np.float32)
    share = np.linspace(0, 1, 21).astype(np.float32)
    recorded, dreamt = cross_fade(ones, nothing, share), cross_fade(nothing, ones, share)
    assert np.allclose(recorded**2 + dreamt**2, 1.0, atol=1e-6)
    assert (np.diff(recorded[:, 0]) >= -1e-6).all()
    assert np.abs(np.diff(recorded[:, 0])).max() < 2e-4


@pytest.mark.parametrize(("share", "alone"), [(1.0, 0), (0.995, 0), (0.0, 1), (0.005, 1)])
def test_where_one_sound_is_negligible_the_other_stands_alone(share: float, alone: int):
    sounds = unrelated(10 * HOP)
    mixed = cross_fade(*sounds, np.full(11, share, np.float32))
    assert np.allclose(mixed, sounds[alone], atol=1e-6)
    assert mixed.dtype == np.float32


def test_each_frames_share_counts_at_its_centre():
    ones, nothing = np.ones((8 * HOP, 1), np.float32), np.zeros((8 * HOP, 1), np.float32)
    share = np.array([0, 0, 0, 0.5, 1, 1, 1, 1, 1], np.float32)
    gain = cross_fade(ones, nothing, share)[:, 0]
    assert gain[2 * HOP] == pytest.approx(0.0, abs=1e-6)
    assert gain[3 * HOP] == pytest.approx(np.sqrt(0.5), abs=1e-5)
    assert gain[4 * HOP] == pytest.approx(1.0)


def test_fine_spectra_lose_their_logarithm_and_its_floor():
    fine = np.log(np.array([LOG_FLOOR, 0.5 + LOG_FLOOR, LOG_FLOOR / 2]))[:, None].repeat(BINS, 1).astype(np.float32)
    magnitude = fine_to_magnitude(fine, LOG_FLOOR)
    assert magnitude.shape == (BINS, 3)
    assert magnitude[7].numpy() == pytest.approx([0.0, 0.5, 0.0], abs=1e-6)


@pytest.mark.parametrize(
    ("carried", "parts"),
    [
        ([1.0] * 40, []),
        ([0.0] * 40, [(0, 39)]),
        ([1.0] * 18 + [0.5] * 3 + [1.0] * 19, [(14, 25)]),
        ([0.5] + [1.0] * 39, [(0, 5)]),
        ([1.0] * 39 + [0.5], [(35, 39)]),
        ([1.0] * 10 + [0.5] + [1.0] * 7 + [0.5] + [1.0] * 21, [(6, 23)]),
        ([1.0] * 10 + [0.5] + [1.0] * 18 + [0.5] + [1.0] * 10, [(6, 15), (25, 34)]),
    ],
)
def test_only_what_the_recordings_do_not_carry_alone_is_dreamt_and_a_window_around_it(carried, parts):
    assert dreamt_parts(np.array(carried, np.float32)) == parts


@pytest.mark.parametrize("frames", [2, 5, 9, 17])
def test_a_short_sound_that_needs_dreaming_is_dreamt_whole(frames: int):
    assert dreamt_parts(np.zeros(frames, np.float32)) == [(0, frames - 1)]
