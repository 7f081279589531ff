from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from engine.errors import ExportError
from engine.export import spool as module
from engine.export.spool import Spool

SOUND = np.random.default_rng(0).normal(size=(2_500, 2)).astype(np.float32)


@contextmanager
def filled(tmp_path):
    with Spool(tmp_path / "a.wav", 2) as spool:
        spool.fill(SOUND[at : at + 777] for at in range(0, len(SOUND), 777))
        yield spool


def test_the_sound_can_be_read_again_and_again(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 1_000)
    with filled(tmp_path) as spool:
        assert spool.samples == 2_500
        for _ in range(2):
            blocks = list(spool.blocks())
            assert [len(block) for block in blocks] == [1_000, 1_000, 500]
            assert np.array_equal(np.concatenate(blocks), SOUND)


@pytest.mark.parametrize("lead", [1, 700, 6_000])
def test_a_loop_leads_into_itself(tmp_path, lead):
    with filled(tmp_path) as spool:
        found = np.concatenate(list(spool.blocks(lead)))
    assert np.array_equal(found, SOUND[np.arange(-lead, 2_500 + lead) % 2_500])


def test_nothing_remains(tmp_path):
    with filled(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_nothing_gives_nothing(tmp_path):
    with Spool(tmp_path / "a.wav", 1) as spool:
        spool.fill([])
        assert not list(spool.blocks())


def test_a_disk_that_takes_no_more_ends_in_one_line(tmp_path):
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, before[1]))
    try:
        with (
            pytest.raises(ExportError, match=r"a\.wav cannot be written: the disk holds no file of that size"),
            filled(tmp_path),
        ):
            pytest.fail("it was filled")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_missing_folder_is_told():
    with pytest.raises(ExportError, match=r"a\.wav cannot be written"):
        Spool(Path("nowhere/at/all/a.wav"), 1)


@pytest.mark.parametrize("lead", [0, 700])
def test_nothing_is_read_of_a_sound_without_samples(tmp_path, lead):
    with Spool(tmp_path / "a.wav", 2) as spool:
        spool.fill([])
        assert list(spool.blocks(lead)) == []
