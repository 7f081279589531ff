import errno
import os
from pathlib import Path

import pytest

from engine.library import durable
from engine.library.durable import keep_durably, write_durably


def test_content_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path):
    target = tmp_path / "a.json"
    write_durably(target, b"a longer first content")
    write_durably(target, b"second")
    assert target.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [target]


def test_content_is_flushed_before_the_rename_and_the_folder_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "a.json"
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(descriptor: int) -> None:
        is_folder = os.path.samestat(os.fstat(descriptor), tmp_path.stat())
        steps.append("flush folder" if is_folder else "flush file")
        fsync(descriptor)

    def watched_replace(source: Path, wanted: Path) -> Path:
        steps.append("rename")
        return replace(source, wanted)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    write_durably(target, b"x")
    assert steps == ["flush file", "rename", "flush folder"] or (os.name == "nt" and steps == ["flush file", "rename"])


def test_a_full_disk_leaves_the_old_content_and_no_remains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "a.json"
    write_durably(target, b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_durably(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_windows_says_is_in_use_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "a.json"
    refusals = fail_renames(monkeypatch, times=3, winerror=32)
    write_durably(target, b"x")
    assert target.read_bytes() == b"x"
    assert refusals == [32, 32, 32]


def test_a_file_that_stays_in_use_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    refusals = fail_renames(monkeypatch, times=1000, winerror=5)
    with pytest.raises(PermissionError):
        write_durably(tmp_path / "a.json", b"x")
    assert len(refusals) == durable.ATTEMPTS


def test_a_forbidden_rename_elsewhere_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    refusals = fail_renames(monkeypatch, times=1000, winerror=None)
    with pytest.raises(PermissionError):
        write_durably(tmp_path / "a.json", b"x")
    assert len(refusals) == 1


def fail_renames(monkeypatch: pytest.MonkeyPatch, times: int, winerror: int | None) -> list[int | None]:
    """Make the next renames fail as Windows does, without waiting; returns the failures as they come."""
    refusals: list[int | None] = []
    replace = Path.replace

    class Refused(PermissionError):
        pass

    Refused.winerror = winerror  # type: ignore[attr-defined]

    def refusing(source: Path, target: Path) -> Path:
        if len(refusals) < times:
            refusals.append(winerror)
            raise Refused(errno.EACCES, "in use")
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", refusing)
    monkeypatch.setattr(durable.time, "sleep", lambda _: None)
    return refusals


@pytest.fixture(params=["linked", "copied"])
def keeping(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to keep a file: as on most file systems, and as where a file has one name only."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    if request.param == "copied":
        monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("keeping")
def test_what_is_kept_stays_when_the_file_is_replaced(tmp_path: Path):
    target, kept = tmp_path / "a.json", tmp_path / "a.json.bak"
    for content in (b"first", b"second", b"third"):
        if target.exists():
            keep_durably(target, kept)
        write_durably(target, content)
    assert (target.read_bytes(), kept.read_bytes()) == (b"third", b"second")
    assert sorted(tmp_path.iterdir()) == [target, kept]


@pytest.mark.usefixtures("keeping")
def test_keeping_again_what_is_kept_already_changes_nothing_and_leaves_nothing(tmp_path: Path):
    target, kept = tmp_path / "a.json", tmp_path / "a.json.bak"
    write_durably(target, b"x")
    (tmp_path / "a.json.bak.new").write_bytes(b"half of an ended wri")
    for _ in range(2):
        keep_durably(target, kept)
    assert kept.read_bytes() == b"x"
    assert sorted(tmp_path.iterdir()) == [target, kept]


def test_nothing_is_kept_of_a_missing_file(tmp_path: Path):
    write_durably(tmp_path / "kept", b"before")
    with pytest.raises(FileNotFoundError):
        keep_durably(tmp_path / "missing", tmp_path / "kept")
    assert (tmp_path / "kept").read_bytes() == b"before"
