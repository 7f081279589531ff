"""A mapped sound is an array like any other, and what was read of it leaves memory."""

import sys
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.audio import mapped
from engine.audio.mapped import map_samples

MEGABYTE = 2**20


@pytest.fixture
def samples() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((50_000, 2)).astype(np.float32)


@pytest.fixture
def found(samples: np.ndarray, tmp_path: Path) -> np.ndarray:
    samples.tofile(tmp_path / "sound")
    return map_samples(tmp_path / "sound", 50_000, 2)


def test_every_part_is_as_written_however_often_pages_left(monkeypatch, samples, found):
    monkeypatch.setattr(mapped, "MOST_BYTES", 1_000)
    view, rows = found[10_000:], np.array([[3, 49_000], [7, 20_000]])
    for first in (0, 9_999, 30_000):
        assert np.array_equal(found[first : first + 5_000], samples[first : first + 5_000])
        assert np.array_equal(view[first : first + 5_000], samples[10_000:][first : first + 5_000])
    assert np.array_equal(found[rows], samples[rows])
    assert found[7, 1] == samples[7, 1]
    assert not found.flags.writeable


def test_views_stay_mapped_and_all_else_is_an_array_in_memory(samples, found):
    assert isinstance(found[5:10][1:], np.memmap)
    for plain in (found[np.array([1, 2])], found[3:9].mean(axis=1), found[:4] * 2.0, found.sum(axis=0)):
        assert type(plain) is np.ndarray
    assert type(found.max()) is np.float32
    assert np.array_equal(found[3:9].mean(axis=1), samples[3:9].mean(axis=1))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count no pages of mapped files, or keep them")
def test_memory_does_not_follow_the_part_that_was_read(monkeypatch, tmp_path):
    monkeypatch.setattr(mapped, "MOST_BYTES", 4 * MEGABYTE)
    (tmp_path / "sound").write_bytes(bytes(96 * MEGABYTE))
    found = map_samples(tmp_path / "sound", 24 * MEGABYTE, 1)
    recording = found[MEGABYTE:]
    process, most = psutil.Process(), 0
    before = process.memory_info().rss
    for first in range(0, len(recording), MEGABYTE // 4):
        assert recording[first : first + MEGABYTE // 4].sum() == 0.0
        most = max(most, process.memory_info().rss - before)
    assert most < 24 * MEGABYTE
