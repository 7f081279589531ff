"""The benchmark's own parts: its command line, its watch on memory, its tables."""

from typing import get_args

import bench
import bench_tables
import numpy as np
import pytest
from memory_watch import MemoryWatch

from engine.training.events import Audition, Begun, Computing, Event, Measured, Notice, Progress, Stage


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing"], "missing is no folder"),
        ([], "give a FOLDER, or a --set"),
        (["--set", "wide"], "invalid choice"),
        ([".", "--events", "0"], "--events and --files start at 1"),
        ([".", ".", "--name", "x"], "--name can name a single FOLDER"),
        ([".", "--out", "nowhere/bench.json"], "must be a file in a folder that exists"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_trained(arguments, said, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["bench.py", *arguments])
    with pytest.raises(SystemExit):
        bench.parse_arguments()
    assert said in capsys.readouterr().err


EVENTS = (
    Stage("training"),
    Notice("only 4 files"),
    Computing("cpu", "no GPU", 1_500_000, 4),
    Progress(100, 0.5, 12.0, 0.2, None),
    Begun("run"),
    Audition("a.wav", np.zeros(4, np.float32), lambda: np.zeros(4, np.float32)),
    Measured("brightness", "certified"),
)


def test_every_event_of_a_training_can_be_told(capsys):
    assert {type(event) for event in EVENTS} == set(get_args(Event))
    for event in EVENTS:
        bench.tell_event(event)
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 4
    assert "step 100, 12 s left, mel 0.200" in said[3]


def test_the_memory_of_a_piece_of_work_is_seen():
    with MemoryWatch() as before:
        pass
    with MemoryWatch() as watch:
        held = np.ones(20_000_000)
        watch._look()
    assert watch.peak_bytes - before.peak_bytes > 0.8 * held.nbytes


def test_tables_are_markdown_with_a_row_a_folder_and_dashes_for_what_is_missing(capsys):
    mean = {"dac_mel": 1.014, "lsd": 0.561, "visqol": None}
    folder = {
        "name": "sax",
        "training": {"seconds": 180.4, "steps": 900, "peak_megabytes": 700},
        "render": {"times_real_time": 12.3, "one_shot_times_real_time": 9.9, "peak_megabytes": 720},
        "match": None,
        "flow": {"recordings": {"silent": 0.031, "stops_a_minute": 2.0}, "0.5": None},
        "sliders": [
            {"state": "certified", "seeds": 2, "spread": 0.3},
            {"state": "weak", "seeds": 5, "spread": None},
            {"state": "discovered", "seeds": 1, "spread": None},
        ],
        "resynthesis": {"training": {"program": {"mean": mean, "files": {"a": mean}}}, "held_out": {}},
    }
    bench_tables.print_tables([folder, {**folder, "name": "tabla"}])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| sax")]
    assert cells == [
        ["sax", "1", "1.01 / - / 0.56", "-", "-", "-"],
        ["sax", "0", "-", "-", "-", "-"],
        ["sax", "-", "-", "-", "180 s", "900", "700 MB", "12 ×", "10 ×", "720 MB"],
        ["sax", "0.03 / 2.0", "-"],
        ["sax", "1", "1", "0", "0", "2 to 5", "0.30"],
    ]
    assert sum(line.startswith("| tabla") for line in lines) == 5


def test_of_many_files_some_are_taken_evenly():
    assert bench.thin([str(number) for number in range(101)], 3) == ["0", "50", "100"]
    assert bench.thin(["a"], 3) == ["a"]
    assert bench.thin([], 3) == []
