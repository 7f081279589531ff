#!/usr/bin/env python3
"""Measure memory against length: python scripts/bench_memory.py [--minutes 30] [--files 1] [--train-minutes 3].

Writes a set of synthetic sound to a temporary folder, and trains, reconstructs and generates with a library of its
own there. Prints for each the seconds it took and the peaks of memory in MB: anonymous, which is what a program needs;
and resident, in which pages of mapped files are counted as well that the system takes back when it wants them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import soundfile

from engine.units import SAMPLE_RATE

ROOT = Path(__file__).parents[1]
BLOCK_SECONDS = 10
LOOK_SECONDS = 0.05
MEGABYTE = 1e6
PROGRAM = "from engine.cli.main import main; main()"


@dataclass(frozen=True)
class Peaks:
    """The cost of a command: seconds, and highest memory in MB, its own and with mapped files."""

    seconds: float
    anonymous: float
    resident: float


def main() -> int:
    """Write the set and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0, help="of sound in the set (default 30)")
    parser.add_argument("--files", type=int, default=1, help="that share it (default 1)")
    parser.add_argument("--train-minutes", type=float, default=3.0, help="of the training (default 3)")
    parser.add_argument("--only", choices=["train", "all"], default="all", help="train alone, or all (default)")
    parser.add_argument("--folder", type=Path, help="where the set and the library go and stay (default: temporary)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        recordings = folder / "recordings"
        if not recordings.is_dir():
            write_set(recordings, arguments.minutes, arguments.files)
        measure_all(folder, recordings, arguments)
    return 0


def measure_all(folder: Path, recordings: Path, arguments: argparse.Namespace) -> None:
    """Train on a set, reconstruct it and generate, and print what each took."""
    commands = {"train": ["train", str(recordings), "--name", "bench", "--minutes", str(arguments.train_minutes)]}
    if arguments.only == "all":
        commands["reconstruct"] = ["reconstruct", "bench", str(recordings), "--out", str(folder / "reconstructed")]
        commands["generate"] = ["generate", "bench", "--duration", "30", "--out", str(folder / "bench.wav")]
    print(f"{arguments.minutes:g} minutes in {arguments.files} files", flush=True)
    for name, command in commands.items():
        found = watch([sys.executable, "-c", PROGRAM, *command], folder / "library")
        memory = f"anonymous {found.anonymous:6.0f} MB   resident {found.resident:6.0f} MB"
        print(f"{name:12}{found.seconds:7.0f} s   {memory}", flush=True)


def write_set(folder: Path, minutes: float, files: int) -> None:
    """Write recordings of tones, noise and strikes that never repeat, each a share of the minutes."""
    folder.mkdir(parents=True)
    blocks = max(1, round(60 * minutes / BLOCK_SECONDS / files))
    for number in range(files):
        rng = np.random.default_rng(number)
        with soundfile.SoundFile(folder / f"{number:03}.wav", "w", SAMPLE_RATE, 1, "PCM_16") as out:
            for _ in range(blocks):
                out.write(make_block(rng))


def make_block(rng: np.random.Generator) -> np.ndarray:
    """Return ten seconds of sound, (samples,)."""
    time_axis = np.arange(BLOCK_SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    base = 2.0 ** rng.uniform(6.0, 10.0)
    partials = sum(rng.uniform(0, 1) / k * np.sin(2 * np.pi * base * k * time_axis) for k in range(1, 9))
    strikes = np.exp(-rng.uniform(1, 12) * (time_axis % rng.uniform(0.4, 4.0)))
    noise = rng.uniform(0.0, 0.5) * np.convolve(
        rng.standard_normal(len(time_axis)), np.ones(rng.integers(1, 9)), "same"
    )
    mixed = strikes * (partials + noise)
    return 0.3 * mixed / np.abs(mixed).max()


def watch(command: list[str], library: Path) -> Peaks:
    """Run a command with a library of its own and return what it took.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    begun = time.monotonic()
    anonymous = resident = 0.0
    environment = {**os.environ, "SDA_HOME": str(library)}
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL) as running:
        watched = psutil.Process(running.pid)
        while running.poll() is None:
            try:
                memory = watched.memory_info()
            except psutil.Error:
                break
            anonymous = max(anonymous, memory.rss - getattr(memory, "shared", 0))
            resident = max(resident, memory.rss)
            time.sleep(LOOK_SECONDS)
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command)
    return Peaks(time.monotonic() - begun, anonymous / MEGABYTE, resident / MEGABYTE)


if __name__ == "__main__":
    sys.exit(main())
