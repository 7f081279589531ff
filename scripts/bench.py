#!/usr/bin/env python3
"""Train on folders of recordings and measure what comes out: python scripts/bench.py FOLDER [FOLDER ...] [--set long].

For each folder a model is trained in a library of its own, which is thrown away. Then it is measured how close its
resynthesis is to recordings it learned and to ones it did not, whether single events match the corpus, how outputs flow
beside the recordings, what is known of the sliders, how fast it renders, and what it costs in time and memory. `--set`
makes a set that anyone can make: 500 short sounds, or one recording of twenty minutes. Everything is stored as JSON,
and shown as tables that can be pasted into a Markdown file.
"""

from engine import __version__  # the engine comes before torch: it says how torch's threads wait

# isort: split
import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import asdict
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from bench_sets import SETS
from bench_tables import print_tables
from corpus_match import match
from flow import Flow, average_flow, measure_flow
from measures import average, load_visqol, read_mono
from memory_watch import MemoryWatch
from resynthesis import WAYS, Floats, measure_all, play_all

from engine.audio.limiter import TruePeakLimiter
from engine.checking import checked
from engine.device import count_cores
from engine.errors import EngineError
from engine.generation.render import render
from engine.generation.renderer import Renderer
from engine.paths import HOME_VARIABLE
from engine.settings import GenerateSettings, TrainSettings
from engine.studio.opening import open_renderer
from engine.studio.train import Computing, Event, Notice, Progress, Stage, TrainReport, train
from engine.units import SAMPLE_RATE

RENDER_SECONDS = 30.0
FIRST_SEED = 1
DENSITIES = (0.2, 0.5, 1.0, 2.0)  # at which flow is measured
NO_VISQOL = "ViSQOL is not installed and is left out; get it with: python -m pip install visqol-python"


def main() -> int:
    """Read the command line, measure every folder, write and show the results; return the exit status."""
    chosen = parse_arguments()
    if load_visqol() is None and chosen.visqol:
        tell(NO_VISQOL)
    settings = checked(TrainSettings, {"minutes": chosen.minutes, "hold_out": chosen.hold_out})
    results: dict[str, Any] = {"machine": describe_machine(), "ways": WAYS, "folders": []}
    for one in (*chosen.folders, *chosen.sets):
        with tempfile.TemporaryDirectory(prefix="sda-bench-", ignore_cleanup_errors=True) as home:
            os.environ[HOME_VARIABLE] = home
            folder = one if isinstance(one, Path) else make_set(one, Path(home) / one)
            results["folders"].append(measure_folder(folder, chosen.name or folder.resolve().name, settings, chosen))
        chosen.out.write_text(json.dumps(results, indent=1, allow_nan=False), encoding="utf-8")
    print_tables(results["folders"])
    tell(f"Everything measured is in {chosen.out}")
    return 0


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    defaults = {name: field.default for name, field in TrainSettings.model_fields.items()}
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER", help="of recordings")
    parser.add_argument(
        "--set", dest="sets", action="append", default=[], choices=SETS, help="a set to be made as well"
    )
    parser.add_argument("--minutes", type=float, default=defaults["minutes"], help="of training (%(default)s)")
    parser.add_argument("--hold-out", type=int, default=6, help="every N-th file is not learned (%(default)s)")
    parser.add_argument("--name", help="of the row and the model (the folder's name)")
    parser.add_argument("--events", type=int, default=60, help="single events matched with the corpus (%(default)s)")
    parser.add_argument("--files", type=int, default=60, help="of a group that are resynthesised (%(default)s)")
    parser.add_argument("--visqol", type=int, default=12, help="files a group that ViSQOL judges (%(default)s)")
    parser.add_argument("--out", type=Path, default=Path("bench.json"), help="where to store (%(default)s)")
    chosen = parser.parse_args()
    if chosen.events < 1 or chosen.files < 1 or chosen.visqol < 0:
        parser.error("--events and --files start at 1, --visqol at 0")
    if not chosen.folders and not chosen.sets:
        parser.error("give a FOLDER, or a --set to be made")
    if chosen.name and len(chosen.folders) + len(chosen.sets) > 1:
        parser.error("--name can name a single FOLDER or --set only")
    for folder in chosen.folders:
        if not folder.is_dir():
            parser.error(f"{folder} is no folder; give one that holds recordings")
    if chosen.out.is_dir() or not chosen.out.absolute().parent.is_dir():
        parser.error(f"--out {chosen.out}: must be a file in a folder that exists")
    return chosen


def measure_folder(folder: Path, name: str, settings: TrainSettings, chosen: argparse.Namespace) -> dict[str, Any]:
    """Train on a folder and return everything measured, as plain values for JSON."""
    tell(f"{name}: training on {folder}")
    with MemoryWatch() as training_memory:
        report = train(folder, name, settings, on_event=tell_event, should_stop=lambda: False)
    renderer = open_renderer(report.model, settings.device)
    with MemoryWatch() as render_memory:
        events, event_speed = render_events(renderer, chosen.events)
        speed = measure_speed(renderer)
        flow = measure_flows(renderer, [folder / file for file in report.used])
    tell(f"{name}: matching {len(events)} events with the corpus")
    found = match((read_mono(folder / file) for file in report.used), (one.mean(axis=1) for one in events))
    with ProcessPoolExecutor(count_cores(), mp_context=get_context("spawn")) as workers:
        resynthesis = {
            group: measure_group(renderer, folder, thin(names, chosen.files), chosen.visqol, workers)
            for group, names in (("training", report.used), ("held_out", report.held_out))
        }
    return {
        "name": name,
        "settings": settings.model_dump(),
        "training": describe_training(report, training_memory.peak_bytes),
        "render": {
            "times_real_time": speed,
            "one_shot_times_real_time": event_speed,
            "peak_megabytes": round(render_memory.peak_bytes / 1e6),
        },
        "match": asdict(found) if found else None,
        "flow": flow,
        "sliders": [asdict(slider) for slider in report.sliders],
        "resynthesis": resynthesis,
    }


def make_set(name: str, folder: Path) -> Path:
    """Write the set of a name from SETS into a folder, and return that."""
    tell(f"{name}: making the set")
    SETS[name](folder)
    return folder


def thin(names: Sequence[str], most: int) -> list[str]:
    """Return so many names at most, evenly taken."""
    places = np.linspace(0, len(names) - 1, min(most, len(names))).round().astype(int) if names else ()
    return [names[place] for place in places]


def measure_flows(renderer: Renderer, recordings: Sequence[Path]) -> dict[str, Any]:
    """Return the flow of the recordings together, and of an output at each of DENSITIES with default settings."""
    sounds = (read_mono(path) for path in recordings)
    learned = average_flow((measure_flow(sound, SAMPLE_RATE), len(sound) / SAMPLE_RATE) for sound in sounds)
    found: dict[str, Flow | None] = {"recordings": learned}
    for density in DENSITIES:
        settings = GenerateSettings(duration=RENDER_SECONDS, density=density, channels="mono", seed=FIRST_SEED)
        found[f"{density:g}"] = measure_flow(render_limited(renderer, settings)[:, 0], SAMPLE_RATE)
    return {name: asdict(flow) if flow else None for name, flow in found.items()}


def measure_group(
    renderer: Renderer, folder: Path, names: list[str], judged: int, workers: Executor
) -> dict[str, dict[str, Any]]:
    """Return, for each way, the mean distance of recordings to their originals, and that of each file."""
    tell(f"measuring the resynthesis of {len(names)} recordings")
    by_way = measure_all(play_all(renderer.space, folder, names), judged, workers)
    return {
        way: {
            "mean": asdict(mean) if (mean := average(list(files.values()))) else None,
            "files": {file: asdict(distance) for file, distance in files.items()},
        }
        for way, files in by_way.items()
    }


def render_events(renderer: Renderer, count: int) -> tuple[list[Floats], float]:
    """Return single events of as many seeds, and how many times faster than real time they were rendered."""
    begun = time.monotonic()
    events = [
        render_limited(renderer, GenerateSettings(one_shot=True, seed=seed))
        for seed in range(FIRST_SEED, FIRST_SEED + count)
    ]
    return events, sum(map(len, events)) / SAMPLE_RATE / (time.monotonic() - begun)


def measure_speed(renderer: Renderer) -> float:
    """Return how many times faster than real time a mono output with default settings is rendered."""
    begun = time.monotonic()
    output = render_limited(renderer, GenerateSettings(duration=RENDER_SECONDS, channels="mono"))
    return len(output) / SAMPLE_RATE / (time.monotonic() - begun)


def render_limited(renderer: Renderer, settings: GenerateSettings) -> Floats:
    """Render an output as it would be written, (samples, channels)."""
    blocks = render(renderer, settings)
    first = next(blocks)
    limiter = TruePeakLimiter(first.shape[1])
    limited = [limiter.process(first), *(limiter.process(block) for block in blocks)]
    return np.concatenate([*limited, limiter.flush()])


def describe_training(report: TrainReport, peak_bytes: int) -> dict[str, Any]:
    """Return what a training was and cost."""
    keys = ("seconds", "steps", "device", "device_reason", "loss")
    return {
        **{key: getattr(report, key) for key in keys},
        "files": len(report.used),
        "held_out": list(report.held_out),
        "skipped": [asdict(skipped) for skipped in report.skipped],
        "peak_megabytes": round(peak_bytes / 1e6),
    }


def describe_machine() -> dict[str, Any]:
    """Return what the numbers were measured on."""
    return {
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": count_cores(),
        "python": platform.python_version(),
        "torch": version("torch"),
        "program": __version__,
        "visqol": load_visqol() is not None,
    }


def tell_event(event: Event) -> None:
    """Show the parts of a training that matter here."""
    if isinstance(event, Stage):
        if not event.detail:  # else one file of many
            tell(f"  {event.name}")
    elif isinstance(event, Notice):
        tell(f"  {event.text}")
    elif isinstance(event, Computing):
        tell(f"  on {event.device}: {event.reason}; {event.parameters / 1e6:.1f} M parameters, batch {event.batch}")
    elif isinstance(event, Progress) and event.step % 100 == 0:
        tell(f"  step {event.step}, {event.seconds_left:.0f} s left, mel {event.loss:.3f} neper")


def tell(line: str) -> None:
    """Tell the person what happens, apart from the results."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EngineError as error:
        tell(f"bench.py: {error.message}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
