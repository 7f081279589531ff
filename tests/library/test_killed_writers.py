"""Programs that are killed or write at the same time: nothing confirmed is lost."""

import os
import random
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest
from confirming_writers import add_outputs, write_until_killed

from engine.library.history import find_entry, list_entries
from engine.library.history_changes import add_entry
from engine.library.outputs import Output
from engine.library.preset_changes import save_preset
from engine.library.presets import list_deleted_presets, list_presets
from engine.library.segments import find_segments, open_history
from engine.library.storage import read_tables
from engine.library.store import open_catalogue
from engine.paths import history_folder

KILLS = 200
AT_ONCE = 2


class Confirmed:
    """What writers said was done, as their logs grow."""

    def __init__(self) -> None:
        self.outputs: set[str] = set()
        self.stars: set[str] = set()
        self.presets: set[str] = set()
        self.deleted: set[str] = set()

    def read(self, log: Path) -> None:
        kept = {"output": self.outputs, "star": self.stars, "preset": self.presets, "deleted": self.deleted}
        for line in log.read_text().split("\n")[:-1]:
            word, _, name = line.partition(" ")
            kept[word].add(name)


def check_library(confirmed: Confirmed, lines: list[str]) -> None:
    """Open the library as a program that starts now, and find everything that was confirmed."""
    catalogue, history = open_catalogue(lines.append), open_history(lines.append)
    present, deleted = ({preset.name for preset in found(catalogue)} for found in (list_presets, list_deleted_presets))
    assert confirmed.presets <= present | deleted
    assert confirmed.deleted <= deleted
    entries = {entry.id: entry for entry in list_entries(history, count=1_000_000).entries}
    assert confirmed.outputs <= set(entries)
    assert all(entries[key].star for key in confirmed.stars)
    assert sorted(entry.number for entry in entries.values()) == list(range(1, len(entries) + 1))
    assert lines == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_writers_killed_at_any_moment_lose_nothing_that_was_confirmed(
    data_home: Path, tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    context = get_context("forkserver")  # one process imports everything, and each writer starts at once from it
    context.set_forkserver_preload(["pytest", "confirming_writers"])
    moments, confirmed = random.Random(2), Confirmed()
    for turn in range(KILLS // AT_ONCE):
        logs = [tmp_path / f"t{turn}w{number}.log" for number in range(AT_ONCE)]
        writers = [
            context.Process(target=write_until_killed, args=(str(data_home), str(log), turn * AT_ONCE + place))
            for place, log in enumerate(logs)
        ]
        for writer in writers:
            writer.start()
        while not any(log.exists() and log.stat().st_size for log in logs):
            assert all(writer.is_alive() for writer in writers)
            time.sleep(0.001)
        for writer in writers:
            time.sleep(moments.uniform(0.0, 0.03))
            assert writer.is_alive()
            writer.kill()
        for writer, log in zip(writers, logs, strict=True):
            writer.join()
            writer.close()
            if log.exists():
                confirmed.read(log)
        check_library(confirmed, lines)
    assert len(confirmed.outputs) > KILLS / 4
    assert min(len(confirmed.stars), len(confirmed.presets), len(confirmed.deleted)) > 5
    assert all(read_tables(path) for path in history_folder().glob("*.json"))


def test_eight_programs_that_add_at_once_lose_nothing(data_home: Path, lines: list[str]):
    context = get_context("spawn")
    writers = [context.Process(target=add_outputs, args=(str(data_home), 50, f"program{n}")) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 8
    entries = list_entries(open_history(lines.append), count=1000).entries
    assert [entry.number for entry in entries] == list(range(400, 0, -1))
    assert len({entry.file for entry in entries}) == len({entry.id for entry in entries}) == 400
    assert find_segments(history_folder()) == [0, 1]
    assert lines == []


@pytest.mark.parametrize("kept", ["catalogue", "history"])
def test_a_file_cut_off_at_any_byte_opens_from_its_backup(
    data_home: Path, lines: list[str], kept: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("engine.library.durable.os.fsync", lambda _: None)  # no power is cut here
    catalogue, history = open_catalogue(lines.append), open_history(lines.append)
    for name in ("first", "last"):
        save_preset(catalogue, name, {"seed": 1})
        add_entry(history, small_output(name))
    path = data_home / ("library.json" if kept == "catalogue" else "history/000000.json")
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        lines.clear()
        again = open_catalogue(lines.append), open_history(lines.append)
        names = [preset.name for preset in list_presets(again[0])]
        outputs = [entry.model_name for entry in list_entries(again[1]).entries]
        expected = (["first"], ["last", "first"]) if kept == "catalogue" else (["last", "first"], ["first"])
        assert (names, outputs) == expected, length
        assert len(lines) == 1
        assert f"{path} was damaged" in lines[0]
        for aside in path.parent.glob("*.corrupt-*"):
            aside.unlink()
    assert find_entry(open_history(lines.append), "1").model_name == "first"


def small_output(name: str) -> Output:
    """Return an output with little in it."""
    return Output(
        file="/a.wav", fingerprint="0", kind="generated", model="a1", model_name=name, version=1, settings={}, seed=1,
        seconds=1.0, novelty={},
    )  # fmt: skip
