"""Whatever a file holds that a person drops on the window: it is answered, and nothing is touched but the library.

Some files of each kind as a rule; `SDA_FUZZ_FILES=500 pytest tests/webui/test_fuzzed_files.py` sends more. The same
numbers give the same files.
"""

import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import sofar
from asking import PORT, SECRET, Page, error_of
from damaged_files import ODD_NAMES, damage, damage_archive, make_sounds, twist, zip_files
from simple_head import simple_head
from small_model import write_whole_model
from werkzeug.test import TestResponse

from engine.audio.files import stream
from engine.export.master import write_sound
from engine.export.tags import Tags
from engine.library.archive import KNOWN_FILES
from engine.spatial.hrtf import even_vectors
from engine.workers.room import EngineRoom
from webui.app import create_app

FILES = int(os.environ.get("SDA_FUZZ_FILES", "16"))  # of each kind
HRTFS = max(1, FILES // 4)  # each of which is read by a process of its own
PATIENCE_SECONDS = 120.0
ANCESTOR = {
    "model": "0123456789ab", "model_name": "sax", "model_version": 1, "model_fingerprint": "0" * 64,
    "dataset_fingerprint": "0" * 64, "licence": "",
}  # fmt: skip
PASSPORT = {
    **ANCESTOR, "format": 2, "program": "Small DataSet Audio 0.1", "kind": "generated", "device": "cpu",
    "settings": {"duration": 0.2, "sliders": {"brightness": 2.0}, "density": [[0, 1], [5, 9]]},
    "export": {"format": "wav"}, "seed": 7, "seconds": 0.2, "fingerprint": "0" * 64, "hrtf_fingerprint": "",
    "novelty": {"nearest": "a.wav", "at": 0.1, "score": 0.5}, "blended": [ANCESTOR],
}  # fmt: skip


@dataclass
class Window:
    """The program as a person has it open: the app with a real player, its library, and what lies around that."""

    page: Page
    room: EngineRoom
    around: Path

    @property
    def home(self) -> Path:
        return self.around / "library"

    def list_files(self, folder: Path) -> dict[str, tuple[int, int]]:
        """Return size and time of change of all files of a folder; locks say nothing."""
        found = [path for path in folder.rglob("*") if path.suffix != ".lock" and not path.is_dir()]
        return {str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in found}

    def list_around(self) -> dict[str, tuple[int, int]]:
        """Return what lies outside the library, temporary files included."""
        home = f"{self.home}{os.sep}"
        return {path: seen for path, seen in self.list_files(self.around).items() if not path.startswith(home)}

    def job(self, response: TestResponse) -> dict[str, Any]:
        """Wait for the end of a job."""
        until = time.monotonic() + PATIENCE_SECONDS
        job = response.get_json()
        while job["ended"] is None and time.monotonic() < until:
            time.sleep(0.01)
            job = self.page.get(f"/api/jobs/{job['id']}").get_json()
        assert job["ended"], job
        return job


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> Iterator[Window]:
    around = tmp_path_factory.mktemp("around")
    write_whole_model(around / "library")
    (around / "temporary").mkdir()
    (around / "letter.txt").write_text("of the person")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SDA_HOME", str(around / "library"))
        patch.setenv("TMPDIR", str(around / "temporary"))
        patch.setattr(tempfile, "tempdir", None)
        room = EngineRoom()
        yield Window(Page(create_app(room, secret=SECRET, port=PORT)), room, around)
        room.close()


@pytest.fixture
def window(opened: Window, data_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:  # noqa: ARG001
    """The window, which lives on, and beside whose library nothing has changed."""
    monkeypatch.setenv("SDA_HOME", str(opened.home))
    assert opened.room.wait_until_ready(PATIENCE_SECONDS)
    opened.page.get("/api/models")
    before = opened.list_around()
    yield opened
    assert opened.list_around() == before
    assert not (opened.home / "logs").exists()
    assert opened.room.wait_until_ready(PATIENCE_SECONDS)
    assert {child.pid for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())} == {
        opened.room.describe()["player"]["pid"]
    }


def fuzz(window: Window, kind: str, send: Callable[[random.Random], bool], files: int = FILES) -> int:
    """Send files one after the other; return how many were accepted.

    Args:
        window: Where to.
        kind: Of the files, by which they differ from those of other kinds.
        send: Makes a file and sends it; says whether it was accepted.
        files: How many.
    """
    accepted = 0
    for number in range(files):
        before = window.list_files(window.home)
        taken = send(random.Random(f"{kind} {number}"))
        accepted += taken
        assert taken or window.list_files(window.home) == before, f"{kind} {number} was refused, and left something"
        assert not list((window.around / "temporary").iterdir()), f"{kind} {number} left a temporary file"
    return accepted


def is_good(response: TestResponse) -> bool:
    """Say whether a file was accepted; one that was not is answered with a reason that is the file's."""
    if response.status_code < 300:
        return True
    error = error_of(response)
    assert response.status_code < 500, error
    assert error["code"] != "internal", error
    return False


def test_damaged_recordings_never_abort_a_set(window: Window):
    sounds, page = make_sounds(), window.page
    one = page.post("/api/sets", {"name": "damaged"}).get_json()["id"]

    def send(rng: random.Random) -> bool:
        name = rng.choice(ODD_NAMES) if rng.random() < 0.3 else f"a{rng.randrange(10**9)}.wav"
        added = page.send(f"/api/sets/{one}/files", damage(rng.choice(sounds), rng), name, "PUT")
        if not is_good(added):
            return False
        path = f"/api/sets/{one}/recordings/{added.get_json()['recording']}"
        for what in ("sound", "peaks", "picture"):
            is_good(page.get(f"{path}/{what}"))
        return True

    accepted = fuzz(window, "recording", send)
    good = page.send(f"/api/sets/{one}/files", sounds[0], "good.wav", "PUT").get_json()["recording"]
    assert window.job(page.post(f"/api/sets/{one}/examine"))["state"] == "done"
    shown = page.get(f"/api/sets/{one}").get_json()["recordings"]
    assert 0 < accepted < len(shown) + 1
    assert all(row["state"] == "usable" or row["reason"] for row in shown)
    assert next(row["state"] for row in shown if row["id"] == good) == "usable"


def test_damaged_passports_are_read_or_refused(window: Window, tmp_path: Path):
    source = tmp_path / "source.wav"
    source.write_bytes(make_sounds()[0])

    def send(rng: random.Random) -> bool:
        said = json.dumps(twist(PASSPORT, rng) if rng.random() < 0.7 else PASSPORT)
        passport = "[" * 50_000 if rng.random() < 0.05 else said
        file = tmp_path / f"made{rng.choice(('.wav', '.flac', '.ogg', '.opus', '.mp3'))}"
        write_sound(stream(source), file, tags=Tags(title="Dusk", passport=passport), force=True)
        content = file.read_bytes()
        return is_good(
            window.page.send("/api/passports", damage(content, rng) if rng.random() < 0.6 else content, "a.wav")
        )

    assert fuzz(window, "passport", send) > 0


def test_damaged_hrtfs_are_kept_or_refused(window: Window, tmp_path: Path):
    content = make_sofa(tmp_path / "own.sofa")

    def send(rng: random.Random) -> bool:
        return is_good(window.page.send("/api/hrtfs", damage(content, rng), "own.sofa"))

    fuzz(window, "hrtf", send, HRTFS)
    assert is_good(window.page.send("/api/hrtfs", content, "own.sofa"))


def make_sofa(path: Path) -> bytes:
    vectors = even_vectors(40)
    sofa = sofar.Sofa("SimpleFreeFieldHRIR")
    sofa.Data_IR, sofa.Data_SamplingRate = simple_head(vectors, sample_rate=48_000.0), 48_000.0
    sofa.SourcePosition, sofa.SourcePosition_Type = vectors * (1.4, -1.4, 1.4), "cartesian"
    sofa.SourcePosition_Units = "metre"
    sofar.write_sofa(str(path), sofa)
    return path.read_bytes()


def test_damaged_models_are_refused_or_can_be_used(window: Window):
    page = window.page
    (model,) = page.get("/api/models").get_json()["models"]
    folder = window.home / "models" / model["id"]
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name in KNOWN_FILES}

    def send(rng: random.Random, archive: bytes | None = None) -> bool:
        job = window.job(page.send("/api/jobs/import", archive or damage_archive(files, rng), "sax.sda"))
        if job["state"] != "done":
            assert job["error"]["message"]
            assert job["error"]["code"] not in ("internal", "worker_lost"), job["error"]
            return False
        path = f"/api/models/{job['result']['model']}"
        for what in ("", "/map", "/sliders", "/recordings", "/moments/0/sound", "/recordings/0/peaks"):
            assert page.get(path + what).status_code < 500, what
        assert page.get("/api/models").status_code == 200
        assert page.delete(path).status_code == 200
        return True

    fuzz(window, "model", send)
    assert send(random.Random(0), zip_files(files))
