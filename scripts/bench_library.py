#!/usr/bin/env python3
"""Measure how quick a large library is: python scripts/bench_library.py [--models N] [--entries N].

A library is made in a temporary folder, with model folders that hold the small files of real ones, and thrown away
afterwards. Every line is the median and the slowest of several runs, each with the library opened anew.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tinydb.table import Document

from engine.library.entries import MODEL_FILE, RECORDINGS_FILE
from engine.library.history import find_entry, find_output, list_entries
from engine.library.history_changes import add_entry, star_entry
from engine.library.labelling import label_model
from engine.library.models import find_model, list_models, search_models
from engine.library.outputs import HistoryEntry, Output, history_to_record
from engine.library.preset_changes import save_preset
from engine.library.segments import ENTRIES_TABLE, SEGMENT_SIZE, open_history
from engine.library.store import open_catalogue
from engine.paths import HOME_VARIABLE, models_folder
from engine.settings import GenerateSettings

RUNS = 15
ADDITIONS = SEGMENT_SIZE  # as many as fill a segment: an empty one is quicker to write than a full one
RECORDINGS = 30  # in each model
SLIDERS = ("brightness", "warmth", "roughness", "tension", "attack", "motion", "texture", "width", "distance")


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, make a library, print how long everything takes; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, default=1_000, help="in the library (%(default)s)")
    parser.add_argument("--entries", type=int, default=10_000, help="in the history (%(default)s)")
    chosen = parser.parse_args(arguments)
    if chosen.models < 2 or chosen.entries < 2:
        parser.error("there have to be two models and two entries at least")
    with tempfile.TemporaryDirectory(prefix="sda-bench-") as home:
        os.environ[HOME_VARIABLE] = home
        make_models(chosen.models)
        begun = time.perf_counter()
        list_models(open_catalogue(print))
        print(f"{chosen.models} models adopted from their folders: {time.perf_counter() - begun:.2f} s")
        make_history(chosen.entries)
        measure_models(chosen.models)
        measure_history(chosen.entries)
        print_sizes(Path(home))
    return 0


def make_models(count: int) -> None:
    """Write model folders as training leaves them, without weights and sound."""
    for number in range(count):
        folder = models_folder() / f"{number:012x}"
        folder.mkdir(parents=True)
        names = [f"take {place:03} of session {number}.wav" for place in range(RECORDINGS)]
        rows = [{"name": name, "start": 2048, "samples": 480_000} for name in names]
        (folder / RECORDINGS_FILE).write_text(json.dumps({"channels": 2, "recordings": rows}), encoding="utf-8")
        described = {
            "format": 1,
            "id": folder.name,
            "name": f"model {number}",
            "created": f"2026-{1 + number % 12:02}-{1 + number % 28:02}T12:00:00+00:00",
            "files": RECORDINGS,
            "seconds": 300.0,
            "channels": 2,
            "training": {"seconds": 180.0, "steps": 700, "device": "cpu", "stopped": False, "validation_neper": 0.3},
            "report": ["30 recordings, 5 minutes: enough for a model.", "3 files are 60 % of your audio."],
        }
        (folder / MODEL_FILE).write_text(json.dumps(described), encoding="utf-8")


def make_output(number: int) -> Output:
    """Return an output as rendering leaves it."""
    settings = GenerateSettings(seed=number).model_dump()
    return Output(
        file=f"/home/somebody/Music/Small DataSet Audio/model {number % 40}/output {number:05}.wav",
        fingerprint=f"{number:064x}",
        kind="generated",
        model=f"{number % 40:012x}",
        model_name=f"model {number % 40}",
        version=1,
        settings={**settings, "sliders": dict.fromkeys(SLIDERS, 2.5)},
        seed=number,
        seconds=10.0,
        novelty={"nearest": f"take {number % 30:03} of session 1.wav", "at": 12.5, "score": 0.42},
    )


def make_history(count: int, file: Path | None = None) -> None:
    """Write a history segment by segment; adding one by one would take minutes.

    Args:
        count: Of its outputs.
        file: Of all of them; None for files that do not exist.
    """
    history = open_history(print)
    for first in range(0, count + 1, SEGMENT_SIZE):
        with history.open_segment(first // SEGMENT_SIZE).transaction() as tables:
            numbers = range(max(1, first), min(first + SEGMENT_SIZE, count + 1))
            tables.table(ENTRIES_TABLE).insert_multiple(
                Document(make_record(number, file), number) for number in numbers
            )


def make_record(number: int, file: Path | None = None) -> dict[str, object]:
    """Return what the history stores of an output."""
    made = {**vars(make_output(number)), **({"file": str(file)} if file else {})}
    return history_to_record(HistoryEntry(**made, id=f"{number}-{number:06x}", created="2026-11-25T12:00:00+00:00"))


def measure_models(count: int) -> None:
    """Print how long it takes to list, find, search and describe models."""
    measure("list all models", lambda _: list_models(open_catalogue(print)))
    measure("find a model by name", lambda run: find_model(open_catalogue(print), f"model {run % count}"))
    measure("search models by a recording", lambda _: search_models(open_catalogue(print), f"session {count - 1}.wav"))
    measure("tag a model", lambda run: label_model(open_catalogue(print), f"model {run % count}", tags=[f"tag {run}"]))
    measure("save a preset", lambda run: save_preset(open_catalogue(print), f"preset {run}", {"seed": run}))


def measure_history(count: int) -> None:
    """Print how long it takes to list, find, search and change the history."""
    measure("list the newest 50 outputs", lambda _: list_entries(open_history(print)))
    measure("list 50 outputs in the middle", lambda _: list_entries(open_history(print), after=str(count // 2)))
    measure("search all outputs, none found", lambda _: list_entries(open_history(print), "nowhere"))
    measure("search all outputs, 50 found", lambda _: list_entries(open_history(print), "model 7"))
    measure("show an output", lambda run: find_entry(open_history(print), str(1 + run % count)))
    measure("find the oldest by fingerprint", lambda _: find_output(open_history(print), f"{1:064x}"))
    measure("add an output", lambda run: add_entry(open_history(print), make_output(count + run)), ADDITIONS)
    measure("star an output", lambda run: star_entry(open_history(print), str(1 + run % count)))


def measure(what: str, call: Callable[[int], object], runs: int = RUNS) -> None:
    """Call something several times, and print how long it took."""
    times = []
    for run in range(runs):
        begun = time.perf_counter()
        call(run)
        times.append(1000 * (time.perf_counter() - begun))
    print(f"{what:<32} {statistics.median(times):7.1f} ms, slowest {max(times):7.1f} ms")


def print_sizes(home: Path) -> None:
    """Print the room that the library's own files take."""
    segments = [path.stat().st_size for path in home.glob("history/*.json")]
    models = (home / "library.json").stat().st_size
    print(f"library.json {models / 1e6:.1f} MB, history {sum(segments) / 1e6:.1f} MB in {len(segments)} segments")


if __name__ == "__main__":
    raise SystemExit(main())
