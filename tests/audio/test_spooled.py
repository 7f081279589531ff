"""A sound in one array: the same whether it is held or mapped, and a mapped one takes no memory and leaves no file."""

import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.audio import spooled
from engine.audio.spooled import is_doubled, spool

MEGABYTE = 2**20


def blocks(count: int, channels: int = 1) -> Iterator[np.ndarray]:
    for number in range(count):
        yield np.random.default_rng(number).standard_normal((4_800, channels)).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("most", [0, 9_600, 30_000, 2**24])
def test_all_samples_are_there_in_order(monkeypatch, channels: int, most: int):
    monkeypatch.setattr(spooled, "MOST_VALUES", most)
    found = spool(blocks(5, channels))
    assert np.array_equal(found, np.concatenate(list(blocks(5, channels))))
    assert found.dtype == np.float32
    assert isinstance(found, np.memmap) == (5 * 4_800 * channels > most)


def test_no_blocks_are_a_sound_without_samples():
    assert spool(iter(())).shape == (0, 1)


def test_nothing_is_left_behind(monkeypatch):
    monkeypatch.setattr(spooled, "MOST_VALUES", 0)
    found = spool(blocks(2))
    home = Path(os.environ["SDA_HOME"])
    assert len(found) == 9_600
    del found
    assert list(home.iterdir()) == []


def test_memory_does_not_follow_the_length(monkeypatch):
    monkeypatch.setattr(spooled, "MOST_VALUES", 2**18)
    tracemalloc.start()
    found = spool(blocks(2_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.nbytes > 30 * MEGABYTE
    assert peak < 4 * MEGABYTE


@pytest.mark.parametrize("piece", [10, 2**20])
def test_equal_channels_are_found_piece_by_piece(monkeypatch, piece: int):
    monkeypatch.setattr(spooled, "PIECE", piece)
    mono = np.arange(95, dtype=np.float32)[:, None]
    both = np.repeat(mono, 2, axis=1)
    other = both.copy()
    other[94, 1] += 1
    assert is_doubled(mono)
    assert is_doubled(both)
    assert not is_doubled(other)
