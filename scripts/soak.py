#!/usr/bin/env python3
"""Use the program for a long time in one process: python scripts/soak.py [--minutes M] [--train-minutes T] [--seed N].

A model is trained once, handed on and taken back as a second one. Then outputs are rendered, blended, packed, replayed
and exported at random, as a person does in a long evening. Memory is printed again and again, and at the end what was
left behind, and whether the history is whole. The exit status is 0 where memory, open files and threads stayed flat, no
file was left, and the history has every output.
"""

import argparse
import gc
import os
import random
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from engine.dataset.synthesis import write_demo_recordings
from engine.errors import EngineError
from engine.paths import HOME_VARIABLE, data_folder, import_folder, runs_folder
from engine.settings import ExportSettings, GenerateSettings, PackSettings, TrainSettings
from engine.studio.arrivals import import_model
from engine.studio.blends import save_blend
from engine.studio.delivery import Delivery, Written
from engine.studio.exchange import export_model
from engine.studio.export import export_output
from engine.studio.history import list_outputs
from engine.studio.models import library_notices
from engine.studio.opening import Opener
from engine.studio.pack import make_pack
from engine.studio.render import generate, write_output
from engine.studio.replay import replay_output
from engine.studio.train import train

LOOK_SECONDS = 15.0  # between two looks
FEWEST_LOOKS = 8  # from which on growth is judged
MOST_GROWTH_MB = 100.0  # of the median of the last quarter of all looks over that of the second
MOST_MORE = 8  # open files or threads at the end, over the first look
KEPT_FILES = 20  # sound files that are kept; a person tidies up too
FORMATS = ("wav", "flac", "ogg", "mp3")
REMAINS = (".part", ".partial", ".new")  # endings of names under which files are written
SPACE = {"width", "distance"}
SLIDERS = ("brightness", "warmth", "roughness", "tension", "attack", "motion", "texture", "register", *sorted(SPACE))


@dataclass(frozen=True)
class Look:
    """This process at one moment: memory of its own in MB, open files, threads."""

    seconds: float
    memory_mb: float
    files: int
    threads: int


@dataclass
class Soak:
    """A long use of one library.

    Attributes:
        folder: Of all files that are made.
        models: Ids of two models, and of a blend of both.
        rng: Of what is chosen.
        longest: Seconds of the longest output.
    """

    folder: Path
    models: tuple[str, str, str]
    rng: random.Random
    longest: float = 6.0
    opener: Opener = field(default_factory=lambda: Opener("cpu"))
    made: list[Written] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    looks: list[Look] = field(default_factory=list)

    def use(self, seconds: float) -> None:
        """Do everything once, and then something at random, until so many seconds have passed."""
        actions = (self.render, self.blend, self.pack, self.replay, self.export)
        begun = looked = time.monotonic()
        while len(self.done) < len(actions) or time.monotonic() - begun < seconds:
            once = next((one for one in actions if one.__name__ not in self.done), None)
            action = once or self.rng.choice(actions)
            action()
            self.done[action.__name__] += 1
            self._tidy()
            if len(self.looks) == 0 or time.monotonic() - looked > LOOK_SECONDS:
                looked = time.monotonic()
                self.look(looked - begun)
        self.look(time.monotonic() - begun)

    def render(self) -> None:
        """Make an output of a model that is kept open, as the window does."""
        opened = self.opener.open(self.rng.choice(self.models))
        self._keep(write_output(opened, self._settings(), self._new_file(), Delivery()))

    def blend(self) -> None:
        """Make an output of two models that are opened for it, as the command line does."""
        settings = self._settings(blend={self.models[1]: self.rng.uniform(0.1, 0.9)})
        self._keep(generate(self.models[0], self._new_file(), settings).files[0])

    def pack(self) -> None:
        """Make a sample pack over the one before."""
        settings = PackSettings(count=8, seed=self.rng.randrange(50), longest=1.0, device="cpu")
        make_pack(self.models[0], self.folder / "pack", settings, delivery=Delivery(force=True))

    def replay(self) -> None:
        """Make an output of the history again, perhaps one whose file is gone."""
        entry = self.rng.choice(self.made).history or ""
        self._keep(replay_output(entry, self._new_file(), device="cpu").file)

    def export(self) -> None:
        """Write an output into another file."""
        target = self._new_file()
        entry = self.rng.choice(self.made[-KEPT_FILES:]).history or ""
        export_output(entry, target, Delivery(ExportSettings(loudness=-20.0)))
        target.unlink()

    def look(self, seconds: float) -> None:
        """Take note of this process, and print it."""
        gc.collect()
        this = psutil.Process()
        files = len(this.open_files()) if os.name == "nt" else this.num_fds()
        found = Look(seconds, this.memory_full_info().uss / 1e6, files, this.num_threads())
        self.looks.append(found)
        numbers = f"{found.memory_mb:6.0f} MB  {files:3} open files  {found.threads:3} threads"
        print(f"{seconds:6.0f} s  {numbers}  {sum(self.done.values()):5} done", flush=True)

    def findings(self) -> list[str]:
        """Return what is wrong in the end, each in one line."""
        return [*self._grown(), *self._left_behind(), *self._missing(), *library_notices()]

    def _grown(self) -> list[str]:
        if len(self.looks) < FEWEST_LOOKS:
            return []
        quarter, first, last = len(self.looks) // 4, self.looks[0], self.looks[-1]
        early, late = (
            statistics.median(look.memory_mb for look in some)
            for some in (self.looks[quarter : 2 * quarter], self.looks[-quarter:])
        )
        print(f"memory: {early:.0f} MB in the second quarter, {late:.0f} MB in the last")
        found = [f"memory grew by {late - early:.0f} MB"] if late - early > MOST_GROWTH_MB else []
        if last.files > first.files + MOST_MORE or last.threads > first.threads + MOST_MORE:
            found.append(
                f"{last.files} open files and {last.threads} threads, {first.files} and {first.threads} before"
            )
        return found

    def _left_behind(self) -> list[str]:
        everything = [path for folder in (self.folder, data_folder()) for path in folder.rglob("*")]
        remains = [path for path in everything if path.name.startswith(".") or path.name.endswith(REMAINS)]
        remains += [path for folder in (runs_folder(), import_folder()) for path in folder.glob("*")]
        return [f"left behind: {path}" for path in remains]

    def _missing(self) -> list[str]:
        """Compare the history with what was made, page by page."""
        known, after = [], None
        while True:
            page = list_outputs(after=after)
            known += [entry.id for entry in page.entries]
            after = page.next
            if after is None:
                break
        wanted = [one.history for one in reversed(self.made)]
        print(f"history: {len(known)} entries, {len(wanted)} outputs were made")
        return [] if known == wanted else ["the history is not what was made, in this order"]

    def _settings(self, **more: object) -> GenerateSettings:
        sliders = {name: self.rng.uniform(-8, 8) for name in self.rng.sample(SLIDERS, self.rng.randrange(4))}
        made = {
            "duration": self.rng.uniform(0.5, self.longest),
            "density": self.rng.uniform(1, 8),
            "loop": self.rng.random() < 0.2,
            "channels": self.rng.choice(("stereo", "binaural") if SPACE & set(sliders) else ("mono", "stereo")),
            "seed": self.rng.randrange(10_000),
            "sliders": sliders,
            "device": "cpu",
        }
        return GenerateSettings(**{**made, **more})

    def _new_file(self) -> Path:
        return self.folder / f"{sum(self.done.values()):06}.{self.rng.choice(FORMATS)}"

    def _keep(self, written: Written) -> None:
        if written.history is None:
            raise EngineError(f"{written.path} is not in the history: {'; '.join(written.notes)}")
        self.made.append(written)

    def _tidy(self) -> None:
        for one in self.made[-2 * KEPT_FILES : -KEPT_FILES]:
            Path(one.path).unlink(missing_ok=True)


def prepare(folder: Path, minutes: float) -> tuple[str, str, str]:
    """Train a model on synthesised recordings, make a second one of its file, and keep a blend of both."""
    recordings = folder / "recordings"
    write_demo_recordings(recordings)
    settings = TrainSettings(minutes=minutes, device="cpu")
    first = train(recordings, "first", settings, on_event=lambda _: None, should_stop=lambda: False).model
    archive = export_model(first, folder / "first.sda").path
    second = import_model(archive).entry.id
    archive.unlink()
    return first, second, save_blend("both", first, {second: 0.5}).id


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, train, use what was trained, print what was found; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0, help="of use after the training (%(default)s)")
    parser.add_argument("--train-minutes", type=float, default=1.0, help="of the training (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of what is done (%(default)s)")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sda-soak-") as folder:
        home, files = Path(folder) / "home", Path(folder) / "files"
        files.mkdir()
        os.environ[HOME_VARIABLE] = str(home)
        soak = Soak(files, prepare(Path(folder), chosen.train_minutes), random.Random(chosen.seed))
        soak.use(60 * chosen.minutes)
        found = soak.findings()
    print(", ".join(f"{count} {name}" for name, count in sorted(soak.done.items())))
    print("\n".join(found) or "nothing was left behind, and nothing grew")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
