"""Programs killed while they fill a data set: no recording is half there, none that was confirmed is lost."""

import os
import random
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest
from confirming_writers import fill_until_killed

from engine.library.set_files import list_removed
from engine.library.sets import DataSet, list_sets
from engine.library.store import open_catalogue

KILLS = 40


def check(sets: dict[str, DataSet], log: Path) -> int:
    """Compare a set with what its writer confirmed, and return the number of its recordings."""
    lines = [line.partition(" ") for line in log.read_text().split("\n")[:-1]]
    words = {word: [rest for one, _, rest in lines if one == word] for word in ("set", "file", "removed", "left")}
    if not words["set"]:
        return 0
    one = sets[words["set"][0]]
    kept = [path.read_text() for path in one.recordings_folder.iterdir()]
    removed = [gone.path.read_text() for gone in list_removed(one)]
    assert set(words["file"]) <= set(kept)
    assert set(words["removed"]) <= set(removed)
    assert len(kept) + len(removed) <= len(words["file"]) + len(words["removed"]) + 1
    for content in {*kept, *removed} - {*words["file"], *words["removed"]}:  # done, and not confirmed any more
        assert content.startswith(f"{one.id}-{len(kept) + len(removed) - 1}-")
    last = int(words["left"][-1]) if words["left"] else -1
    assert one.left_out in [(f"{last}",) if last >= 0 else (), (f"{last + 1}",)]
    return len(kept)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_writers_killed_at_any_moment_leave_whole_recordings(
    data_home: Path, tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    context = get_context("forkserver")
    context.set_forkserver_preload(["pytest", "confirming_writers"])
    moments, logs = random.Random(3), []
    for turn in range(KILLS):
        log = tmp_path / f"w{turn}.log"
        writer = context.Process(target=fill_until_killed, args=(str(data_home), str(log), turn))
        writer.start()
        while not (log.exists() and log.read_text().count("\n") > turn % 9):
            assert writer.is_alive()
            time.sleep(0.001)
        time.sleep(moments.uniform(0.0, 0.03))
        assert writer.is_alive()
        writer.kill()
        writer.join()
        writer.close()
        logs.append(log)
    sets = {one.id: one for one in list_sets(open_catalogue(lines.append))}
    assert sum(check(sets, log) for log in logs) > KILLS / 2
    assert lines == []
