"""There is one window: a second start hands over its files, and the first comes to the front."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from driven import Driven

Start = Callable[..., Driven]


def test_a_second_start_hands_over_its_files_and_ends(window: Start, data_home: Path, tmp_path: Path):
    first = window()
    first.read_until("arrived")
    kept = data_home / "app.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    first.do("minimize")
    names = ["a.wav", "säx.sda", "notes.txt"]
    for name in names:
        (tmp_path / name).write_bytes(b"")
    second = window(files=[str(tmp_path / name) for name in names])
    assert "notes.txt" in second.read_until("told")["line"]
    assert second.read_until("outcome")["outcome"] == "forwarded"
    assert second.end() == 0
    seen = first.do("look")
    assert seen["opened"] == ["a.wav", "säx.sda"]
    assert seen["minimized"] is False
    first.do("close")
    assert first.end() == 0


def test_two_starts_at_once_end_as_one_window(window: Start):
    starts = [window(), window()]
    ends = []
    for one in starts:
        while (said := one.read()).get("event") not in ("arrived", "outcome"):
            assert said, one.log.read_text()
        ends.append(said.get("outcome", "arrived"))
    assert sorted(ends) == ["arrived", "forwarded"]


def no_process() -> int:
    found = os.fork()
    if found == 0:
        os._exit(0)
    os.waitpid(found, 0)
    return found


@pytest.mark.parametrize("pid", [no_process, os.getppid], ids=["of nobody", "of another program"])
def test_a_file_that_another_start_left_is_replaced(window: Start, data_home: Path, pid: Callable[[], int]):
    data_home.mkdir()
    left = data_home / "app.json"
    left.write_text(json.dumps({"pid": pid(), "port": 9, "secret": "x"}))
    opened = window()
    opened.read_until("arrived")
    assert json.loads(left.read_text())["pid"] == opened.process.pid
