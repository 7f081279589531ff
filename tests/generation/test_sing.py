import numpy as np
import pytest
from small_corpus import tone

from engine.generation.event import sing as singing
from engine.generation.event.sing import LOWEST_HZ, audible, one_frame_more, sing, sing_long
from engine.units import LATENT_HOP, LATENT_STRIDE, N_FFT, SAMPLE_RATE

EDGE = 2 * N_FFT  # samples over which windows and decoder have not settled


@pytest.mark.parametrize("recording", [0, 2, 4])
def test_the_track_of_a_recording_is_sung_as_that_recording(space, recording: int):
    sound = np.array(space.corpus.recorded(space.corpus.recordings[recording]))
    sung = sing(space, space.tracks[recording], 1.0)
    assert sung.shape == (len(space.tracks[recording]) * LATENT_HOP, 1)
    interior = slice(EDGE, len(sound) - EDGE)
    assert np.abs(sung[: len(sound)] - sound)[interior].max() < 0.01 * np.abs(sound).max()


@pytest.mark.parametrize("hz", [3.0, 10.0, 18.0, 30.0, 55.0, 440.0, 15_000.0])
def test_what_is_too_deep_to_be_heard_is_softer_by_a_law(hz: float):
    sine = np.sin(2 * np.pi * hz * np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)[:, None]
    settled = slice(SAMPLE_RATE, None)
    gain = np.std(audible(sine)[settled]) / np.std(sine[settled])
    assert gain == pytest.approx(1 / np.sqrt(1 + (LOWEST_HZ / hz) ** 4), rel=2e-3)


def test_nothing_is_heard_before_a_strike():
    strike = np.zeros((4_800, 2), np.float32)
    strike[2_400:] = np.sin(2 * np.pi * 50 * np.arange(2_400) / SAMPLE_RATE)[:, None]
    assert not audible(strike)[:2_401].any()


def test_each_channel_is_freed_of_an_offset_by_itself():
    sound = np.stack([tone(220, 2.0, 0.2) + 0.5, tone(330, 2.0, 0.1)], axis=1)
    left, right = audible(sound)[SAMPLE_RATE:].T
    assert abs(left.mean()) < 1e-3
    assert np.array_equal(right, audible(sound[:, 1:])[SAMPLE_RATE:, 0])


@pytest.mark.parametrize("source", [0.0, 0.1])
def test_dreamt_sound_has_the_length_and_is_the_same_for_the_same_seed(space, source: float):
    track = space.tracks[0] + 3 * space.spread * (-1.0) ** np.arange(len(space.spread), dtype=np.float32)
    first, second, other = (sing(space, track, source, seed) for seed in (1, 1, 2))
    assert first.shape == (len(track) * LATENT_HOP, 1)
    assert np.isfinite(first).all()
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("stretch", [13, 20, 29])
def test_a_long_track_in_stretches_is_sung_as_at_once(space, monkeypatch, stretch: int):
    track = space.tracks[4]
    at_once = sing(space, track, 1.0)
    monkeypatch.setattr(singing, "STRETCH_FRAMES", stretch)
    blocks = list(sing_long(space, track, 1.0))
    assert [len(block) for block in blocks[:-1]] == [stretch * LATENT_HOP] * (len(blocks) - 1)
    assert len(blocks) == -(-len(track) // stretch)
    joined = np.concatenate(blocks)
    assert joined.shape == at_once.shape
    assert np.abs(joined - at_once)[EDGE:-EDGE].max() < 1e-3


def test_a_track_shorter_than_a_stretch_is_sung_at_once(space):
    (block,) = sing_long(space, space.tracks[0], 1.0)
    assert np.array_equal(block, sing(space, space.tracks[0], 1.0))


def test_a_dreamt_sound_stands_where_its_recording_stood(make_space):
    left_heavy = np.stack([tone(330, 1.0, 0.2), 0.25 * tone(330, 1.0, 0.2)], axis=1)
    space = make_space(left_heavy)
    left, right = sing(space, space.tracks[0], source=0.0)[4096:-4096].T
    assert np.std(left) / np.std(right) == pytest.approx(4.0, rel=0.05)


@pytest.mark.parametrize("lift_db", [-10.0, 6.0])
def test_a_lift_of_a_dreamt_sound_is_its_level(space, lift_db: float):
    track = space.tracks[2]
    lift = np.full(LATENT_STRIDE * len(track), lift_db / 20 * np.log(10), np.float32)
    plain, lifted = sing(space, track, 0.0), sing(space, track, 0.0, lift=lift)
    assert 20 * np.log10(np.std(lifted) / np.std(plain)) == pytest.approx(lift_db, abs=0.1)


@pytest.mark.parametrize("source", [0.0, 0.5, 1.0])
def test_a_lift_of_nothing_changes_nothing(space, source: float):
    track = space.tracks[0]
    none = np.zeros(LATENT_STRIDE * len(track), np.float32)
    assert np.array_equal(sing(space, track, source, lift=none), sing(space, track, source))


def test_the_last_frame_is_held_for_one_more():
    spectrum = np.arange(12.0, dtype=np.float32).reshape(4, 3)
    assert one_frame_more(spectrum).tolist() == [*spectrum.tolist(), [9.0, 10.0, 11.0]]
