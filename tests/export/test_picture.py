import io

import numpy as np
import pytest
import torch
from PIL import Image

from engine.export import picture
from engine.export.picture import SIZE, Panorama, draw_spectrogram, make_palette, oklch_to_srgb
from engine.features.mel import log_mel
from engine.units import MEL_BANDS

TIME = np.arange(48_000 * 4) / 48_000


def cut(sound, size):
    return [sound[at : at + size] for at in range(0, len(sound), size)]


def columns(sound, size=48_000):
    panorama = Panorama()
    for block in cut(sound, size):
        panorama.update(block)
    return panorama.columns()


def lightness(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("L")).astype(float)


def test_a_short_sound_has_the_frames_of_its_log_mel():
    sound = np.random.default_rng(0).normal(0, 0.1, (10_000, 1)).astype(np.float32)
    expected = log_mel(torch.from_numpy(sound[:, 0]), picture.FIRST_STEP).numpy()
    found = columns(sound, 777)
    assert found.shape[1] == -(-10_000 // picture.FIRST_STEP)
    assert np.allclose(found, expected[:, : found.shape[1]], atol=1e-3)


def test_pieces_leave_no_seams():
    sound = np.sin(2 * np.pi * 1_000 * TIME)[:, None].astype(np.float32)
    peak = columns(sound)[:, 20:-20].max(axis=0)
    assert np.ptp(peak) < 0.01


@pytest.mark.parametrize("seconds", [0.001, 1, 4, 60])
def test_columns_cover_the_whole_sound_in_bounded_memory(seconds, monkeypatch):
    monkeypatch.setattr(picture, "FIRST_PIECE", 1 << 13)
    half = np.ones((round(seconds * 24_000), 1), np.float32) * np.float32(0.1)
    noise = half * np.random.default_rng(0).normal(size=half.shape).astype(np.float32)
    found = columns(np.concatenate([noise, 0 * noise]), 30_000)
    assert 1 <= found.shape[1] < 2 * SIZE
    loud = np.flatnonzero(found.mean(axis=0) > -9)
    assert loud[-1] / found.shape[1] == pytest.approx(0.5, abs=0.05 if seconds >= 1 else 0.6)


def test_the_result_does_not_depend_on_the_blocks():
    sound = np.random.default_rng(0).normal(0, 0.1, (200_000, 2)).astype(np.float32)
    assert np.array_equal(columns(sound, 1_111), columns(sound, 200_000))


def test_high_sounds_stand_above_low_ones_and_time_goes_to_the_right():
    low, high = (0.3 * np.sin(2 * np.pi * hz * TIME[:96_000]) for hz in (200, 5_000))
    light = lightness(draw_spectrogram(cut(np.concatenate([low, high])[:, None].astype(np.float32), 30_000)))
    assert light.shape == (SIZE, SIZE)
    left, right = light[:, 100].argmax(), light[:, -100].argmax()
    assert left > right + 100
    assert light[left, 100] > 200 > 60 > light[left, -100]


def test_silence_and_nothing_are_dark():
    for blocks in ([np.zeros((10_000, 2), np.float32)], []):
        assert lightness(draw_spectrogram(blocks)).max() < 30


def test_a_level_change_does_not_change_the_picture():
    sound = (0.2 * np.sin(2 * np.pi * 700 * TIME) + 0.05 * np.sin(2 * np.pi * 3_000 * TIME))[:, None].astype(np.float32)
    assert np.abs(lightness(draw_spectrogram([sound])) - lightness(draw_spectrogram([sound / 2]))).mean() < 3


def test_the_palette_grows_lighter_in_every_step():
    palette = make_palette().astype(float)
    assert (np.diff(palette @ [0.2126, 0.7152, 0.0722]) > 0).all()


def test_colours_without_chroma_are_grey_from_black_to_white():
    grey = oklch_to_srgb(np.array([0.0, 0.5998, 1.0]), np.zeros(3), np.zeros(3))
    assert grey.tolist() == [[0, 0, 0], [128, 128, 128], [255, 255, 255]]


def test_the_mel_bands_are_the_rows_before_they_are_stretched():
    assert columns(np.zeros((100, 1), np.float32)).shape[0] == MEL_BANDS
