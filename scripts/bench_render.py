#!/usr/bin/env python3
"""Measure how fast outputs are made: python scripts/bench_render.py MODEL [MODEL ...] [--seconds 30] [--old FOLDER].

How many times faster than real time, with a slider of timbre and without: on one core, with a thread for each core, and
with further processes; when the first block is there, warm; and the memory that each further process has for itself.
Each figure is the median of outputs that were not heard before, the same ones each way. CPU seconds stand beside, of
all processes and of the busiest, which other programs change less: with processes an output takes hardly longer than
the busiest. --old runs the same with the code of another checkout.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from engine.device import count_cores, set_threads
from engine.generation.mix.output import Output, play
from engine.settings import GenerateSettings
from engine.studio.opening import Opened, Opener

ROOT = Path(__file__).parents[1]
KINDS = {"without": {}, "with brightness": {"brightness": 4.0}}
FIRST_SEED = 1_000
PATIENCE_SECONDS = 120.0  # for processes to start


def main() -> int:
    """Measure the models that are named, with this code and perhaps with that of another checkout."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", help="names or ids of models in the library")
    parser.add_argument("--seconds", type=float, default=30.0, help="length of each output (default 30)")
    parser.add_argument("--repeats", type=int, default=3, help="outputs of each kind (default 3)")
    parser.add_argument("--most", type=int, help="further processes (default: one less than there are cores)")
    parser.add_argument("--old", type=Path, help="folder of another checkout, measured first")
    parser.add_argument("--json", action="store_true", help="print figures only")
    arguments = parser.parse_args()
    if arguments.old:
        print_all("old", run_other(arguments))
    found = [measure(name, arguments) for name in arguments.models]
    print(json.dumps(found)) if arguments.json else print_all("new" if arguments.old else "", found)
    return 0


def run_other(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the figures of the code of another checkout, by its own benchmark where it has one: names have moved."""
    own = arguments.old / "scripts" / Path(__file__).name
    program = str(own if own.exists() else __file__)
    command = [sys.executable, program, *arguments.models, "--json", "--seconds", str(arguments.seconds)]
    command += ["--repeats", str(arguments.repeats)]
    environment = {**os.environ, "PYTHONPATH": str(arguments.old)}
    done = subprocess.run(command, env=environment, cwd=arguments.old, check=True, stdout=subprocess.PIPE, text=True)
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(name: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of one model."""
    set_threads(1)
    found: dict[str, Any] = {"model": name, "rows": []}
    ways: dict[str, Callable[[Output[Any, Any]], Iterator[Any]]] = {
        "one core": lambda output: play(output, one_core=True),
        "threads": lambda output: play(replace(output, elsewhere=None)),
    }
    makers = start_makers(open_anew(name), arguments)
    if makers:
        found["processes"] = len(makers.process_ids)
        ways["processes"] = play
    for kind, sliders in KINDS.items():
        asked = GenerateSettings(duration=arguments.seconds, sliders=sliders)
        rows: dict[str, list[tuple[float, ...]]] = {way: [] for way in ways}
        for repeat in range(arguments.repeats):  # one of each way after the other: what else runs slows all alike
            settings = asked.model_copy(update={"seed": FIRST_SEED + repeat})
            for way, made in ways.items():
                rows[way].append(time_one(made(open_anew(name).output(settings)), makers))
        for way, times in rows.items():
            wall, cpu, busiest, first = (median(column) for column in zip(*times, strict=True))
            row = {"kind": kind, "way": way, "speed": arguments.seconds / wall, "cpu": cpu, "busiest": busiest}
            row["first"] = first
            found["rows"].append(row)
    if makers:
        kept = open_anew(name)  # as the player has it: pages of the model's files belong to both then
        for _ in play(kept.output(GenerateSettings(duration=arguments.seconds)), one_core=True):
            pass
        found["own_mb"] = [round(psutil.Process(one).memory_full_info().uss / 1e6) for one in makers.process_ids]
        makers.close()
    return found


def open_anew(name: str) -> Opened:
    """Return a model that is warm and remembers no event."""
    opened = Opener("cpu").open(name)
    opened.warm()
    return opened


def start_makers(opened: Opened, arguments: argparse.Namespace) -> Any:
    """Return makers that are warm; None where this code knows none, or there are to be none."""
    try:
        from engine.studio.sharing import lend
        from engine.workers.makers import Makers
    except ImportError:
        return None
    wanted = count_cores() - 1 if arguments.most is None else arguments.most
    if wanted < 1:
        return None
    makers = Makers(most=wanted, earned_seconds=0.0)
    lend(makers)
    until = time.monotonic() + PATIENCE_SECONDS
    while makers.ready < wanted and time.monotonic() < until:
        for _ in play(opened.output(GenerateSettings(duration=2.0, seed=round(time.monotonic() * 100)))):
            pass
        time.sleep(0.2)
    return makers


def time_one(blocks: Iterator[Any], makers: Any) -> tuple[float, ...]:
    """Return the seconds of an output, CPU of all processes and of the busiest, and until its first block is there."""
    before, begun = spent(makers), time.perf_counter()
    next(blocks)
    first = time.perf_counter() - begun
    for _ in blocks:
        pass
    used = [after - earlier for earlier, after in zip(before, spent(makers), strict=True)]
    return time.perf_counter() - begun, sum(used), max(used), first


def spent(makers: Any) -> list[float]:
    """Return the seconds of CPU that this process and each of its makers have taken."""
    processes = [psutil.Process(), *(psutil.Process(one) for one in (makers.process_ids if makers else ()))]
    return [sum(process.cpu_times()[:2]) for process in processes]


def print_all(label: str, found: list[dict[str, Any]]) -> None:
    """Print the figures of all models."""
    for one in found:
        own = f"; {one['processes']} processes with {one['own_mb']} MB of their own" if "own_mb" in one else ""
        print(f"\n{label + ' ' if label else ''}{one['model']}{own}")
        print(f"{'sliders':18}{'way':12}{'× real time':>12}{'CPU s':>8}{'busiest':>9}{'first block s':>15}")
        for row in one["rows"]:
            figures = f"{row['speed']:12.1f}{row['cpu']:8.2f}{row['busiest']:9.2f}{row['first']:15.2f}"
            print(f"{row['kind']:18}{row['way']:12}{figures}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
