import weakref
from collections.abc import Iterator

import numpy as np
import pytest
from small_corpus import noise, tone

from engine.errors import ParameterError
from engine.studio.pictures import (
    DEPTH_DB,
    FULL_SCALE,
    HIGH_HZ,
    LOW_HZ,
    WINDOW,
    draw_log_picture,
    measure_peaks,
)
from engine.units import SAMPLE_RATE


def column(sound: np.ndarray) -> np.ndarray:
    """Return (samples,) as a mono sound (samples, 1)."""
    return sound.astype(np.float32)[:, None]


def cut(sound: np.ndarray, size: int) -> Iterator[np.ndarray]:
    return (sound[at : at + size] for at in range(0, len(sound), size))


def row_of(pitch_hz: float, rows: int) -> int:
    return int(rows * np.log(pitch_hz / LOW_HZ) / np.log(HIGH_HZ / LOW_HZ))


class TestPeaks:
    def test_are_the_extremes_of_each_part(self):
        sound = column(noise(1.0))
        peaks = measure_peaks([sound], len(sound), 100)
        parts = sound.reshape(100, -1)
        np.testing.assert_array_equal(peaks[:, 0], np.rint(parts.min(axis=1) * FULL_SCALE))
        np.testing.assert_array_equal(peaks[:, 1], np.rint(parts.max(axis=1) * FULL_SCALE))

    @pytest.mark.parametrize("size", [1, 7, 999, 48_000])
    @pytest.mark.parametrize("points", [1, 3, 500])
    def test_do_not_depend_on_the_blocks(self, size: int, points: int):
        sound = column(noise(0.1))
        np.testing.assert_array_equal(
            measure_peaks(cut(sound, size), len(sound), points), measure_peaks([sound], len(sound), points)
        )

    def test_are_of_the_channels_mixed(self):
        sound = np.stack([np.full(100, 0.8), np.full(100, -0.4)], axis=1).astype(np.float32)
        assert measure_peaks([sound], 100, 2).tolist() == [[round(0.2 * FULL_SCALE)] * 2] * 2

    def test_a_short_sound_has_as_many_as_samples(self):
        assert measure_peaks([column(np.array([0.5, -0.5]))], 2, 100).shape == (2, 2)

    def test_what_is_missing_is_silent_and_what_is_too_much_left_out(self):
        sound = column(np.full(100, 0.5))
        assert measure_peaks([sound], 200, 2)[1].tolist() == [0, 0]
        assert measure_peaks([sound, -sound], 100, 1)[0, 0] > 0
        assert measure_peaks([], 0, 4).tolist() == [[0, 0]]

    def test_are_clipped_at_full_scale(self):
        assert measure_peaks([column(np.array([7.0, -7.0]))], 2, 1).tolist() == [[-FULL_SCALE, FULL_SCALE]]


class TestPicture:
    @pytest.mark.parametrize("pitch_hz", [60.0, 220.0, 1_000.0, 4_000.0, 15_000.0])
    def test_a_tone_is_in_its_row(self, pitch_hz: float):
        sound = column(tone(pitch_hz, 1.0))
        picture = draw_log_picture([sound], len(sound), 40, 64)
        assert abs(int(picture[:, 20].argmax()) - row_of(pitch_hz, 64)) <= 1

    def test_a_level_is_a_shade(self):
        """Ten times softer is 20 dB of DEPTH_DB darker."""
        loud, soft = tone(1_000, 1.0, 0.5), tone(1_000, 1.0, 0.05)
        sound = column(np.concatenate([loud, soft]))
        picture = draw_log_picture([sound], len(sound), 20, 64)
        row = int(picture[:, 4].argmax())
        assert picture[row, 4] == 255
        assert abs(int(picture[row, 15]) - 255 * (1 - 20 / DEPTH_DB)) <= 1

    def test_a_time_is_a_column(self):
        sound = np.zeros((SAMPLE_RATE, 1), np.float32)
        sound[36_000:37_000] = column(noise(1_000 / SAMPLE_RATE))
        picture = draw_log_picture([sound], len(sound), 48, 16)
        heard = np.flatnonzero(picture.max(axis=0))
        assert heard.min() >= (36_000 - WINDOW / 2) / 1_000 - 1
        assert heard.max() <= (37_000 + WINDOW / 2) / 1_000 + 1
        assert picture[:, 36].max() == 255

    def test_white_noise_has_the_same_shade_in_every_row(self):
        """Rows are a mean of power, not a sum: wide rows are not lighter than narrow ones."""
        sound = column(noise(20.0))
        picture = draw_log_picture([sound], len(sound), 1, 16).astype(float)
        assert np.ptp(picture[:, 0]) < 255 * 6 / DEPTH_DB

    def test_channels_against_each_other_do_not_cancel(self):
        wave = tone(1_000, 0.5)
        sound = np.stack([wave, -wave], axis=1).astype(np.float32)
        assert draw_log_picture([sound], len(sound), 10, 32).max() == 255

    @pytest.mark.parametrize("size", [1_000, 4_096, 50_000])
    def test_does_not_depend_on_the_blocks(self, size: int):
        sound = column(noise(2.0))
        np.testing.assert_array_equal(
            draw_log_picture(cut(sound, size), len(sound), 30, 20), draw_log_picture([sound], len(sound), 30, 20)
        )

    def test_silence_is_dark(self):
        sound = np.zeros((48_000, 2), np.float32)
        assert not draw_log_picture([sound], len(sound), 8, 8).any()
        assert not draw_log_picture([], 0, 8, 8).any()

    def test_a_click_is_seen(self):
        sound = np.zeros((10, 1), np.float32)
        sound[5] = 1.0
        assert draw_log_picture([sound], 10, 4, 4).shape == (4, 4)

    def test_blocks_are_let_go_as_they_are_read(self):
        """A sound of any length needs no more than a few blocks at once."""
        alive: set[int] = set()
        most = 0

        def blocks() -> Iterator[np.ndarray]:
            nonlocal most
            for number in range(60):
                block = np.ones((SAMPLE_RATE, 1), np.float32)
                alive.add(number)
                weakref.finalize(block, alive.discard, number)
                most = max(most, len(alive))
                yield block

        draw_log_picture(blocks(), 60 * SAMPLE_RATE, 50, 16)
        measure_peaks(blocks(), 60 * SAMPLE_RATE, 50)
        assert most <= 4


@pytest.mark.parametrize(("columns", "rows"), [(0, 8), (8, 0), (2_001, 8), (8, 513), (-1, 8)])
def test_sizes_have_limits(columns: int, rows: int):
    with pytest.raises(ParameterError, match="must be a whole number"):
        draw_log_picture([], 0, columns, rows)
    with pytest.raises(ParameterError, match="points"):
        measure_peaks([], 0, 4_001)
