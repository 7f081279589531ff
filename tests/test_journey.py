"""One person's way through the whole program, by the command line alone, with the network that is shipped."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from small_corpus import noise, struck, tone, write_sounds

from engine.audio.files import read
from engine.audio.true_peak import true_peak_db
from engine.cli.main import run
from engine.training.schedule import Recipe
from engine.units import SAMPLE_RATE, TRUE_PEAK_DB

UNUSABLE = {"empty.wav", "silent.wav", "text.wav"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "my sounds"
    stereo = np.stack([tone(330, 0.4), struck(440, 0.4)], axis=1)
    write_sounds(folder, struck(220, 0.5), struck(330, 0.4, seed=1), stereo, noise(0.3))
    soundfile.write(folder / "surround.wav", np.tile(struck(500, 0.3)[:, None], 6), 96_000, subtype="PCM_24")
    soundfile.write(folder / "blip.wav", noise(0.03), SAMPLE_RATE)
    soundfile.write(folder / "silent.wav", np.zeros(9_600), SAMPLE_RATE)
    (folder / "empty.wav").write_bytes(b"")
    (folder / "text.wav").write_text("a shopping list", "utf-8")
    return folder


@pytest.fixture
def sda(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command line in `tmp_path` and return what it says as JSON."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("engine.studio.session.Recipe", lambda: Recipe(batch=2, reservoir=12, renewed=1))
    monkeypatch.setattr("engine.studio.session.VALIDATION_EXCERPTS", 4)

    def call(*arguments: object, status: int = 0) -> dict:
        found = run([*map(str, arguments), "--json"])
        said = capsys.readouterr().out
        assert found == status, said
        return json.loads(said)

    return call


def test_from_a_folder_of_recordings_to_sound_and_back(sda, folder: Path):
    health = sda("inspect", folder)
    assert {skipped["file"] for skipped in health["skipped"]} == UNUSABLE

    first = sda("train", folder, "--name", "Köln", "--steps", 6, "--seed", 3, "--device", "cpu")
    assert first["steps"] == 6
    assert first["files"]["used"] == 6
    assert {skipped["file"] for skipped in first["files"]["skipped"]} == UNUSABLE
    assert [model["name"] for model in sda("models", "list")["models"]] == ["Köln"]
    assert sda("models", "show", "Köln")["channels"] == 2

    settings = ("--duration", 1.3, "--density", 6, "--novelty", 0.6, "--device", "cpu")
    made = [
        Path(
            sda("generate", "köln", "--out", f"{name}.wav", "--seed", seed, *settings)["files"][0]["path"]
        ).read_bytes()
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    assert made[0] == made[1] != made[2]
    sound = read(Path("a.wav"))
    assert len(sound) == round(1.3 * SAMPLE_RATE)
    assert sound.std() > 1e-4
    assert true_peak_db(sound) <= TRUE_PEAK_DB

    hits = sda("generate", first["model"], "--out", "hits/hit.wav", "--one-shot", "--count", 2, "--source", 1)
    assert [Path(file["path"]).name for file in hits["files"]] == ["hit-01.wav", "hit-02.wav"]

    again = sda("reconstruct", "Köln", folder, "--out", "heard", "--source", 1, "--device", "cpu")
    assert {Path(skipped["file"]).name for skipped in again["skipped"]} == UNUSABLE - {"silent.wav"}
    original, heard = read(folder / "0.wav"), read(Path("heard/0.wav"))
    assert len(original) == len(heard)
    interior = slice(4096, -4096)
    error = heard.mean(1)[interior] - original.mean(1)[interior]
    assert error.std() < 0.02 * original.std()

    jobs = [{"model": "Köln", "file": "one.wav", "duration": 0.4}, {"model": "Köln", "file": "two.wav", "density": 0}]
    Path("jobs.jsonl").write_text("\n".join(map(json.dumps, jobs)), "utf-8")
    report = sda("batch", "jobs.jsonl", "--out", "batch", status=1)
    assert [Path(file["path"]).name for file in report["files"]] == ["one.wav"]
    assert [failed["line"] for failed in report["failed"]] == [2]
    assert "density = 0: must be a number from 0.1 to 20" in report["failed"][0]["message"]

    sda("models", "delete", "Köln")
    assert sda("models", "list")["models"] == []
    assert "trash" in sda("generate", "Köln", "--out", "d.wav", status=1)["error"]["message"]
    sda("models", "restore", "Köln")
    sda("generate", "Köln", "--out", "d.wav", "--seed", 1, *settings)
    assert Path("d.wav").read_bytes() == made[0]

    first_output = sda("history", "search", "a.wav", "Köln")["history"][-1]
    assert sda("history", "replay", first_output["id"], "--out", "again.wav", "--device", "cpu")["same"] is True
    assert Path("again.wav").read_bytes() == made[0]
    Path("a.wav").rename("moved.wav")
    passport = sda("passport", "moved.wav")
    assert (passport["model"], passport["seed"], passport["intact"]) == (first["model"], 1, True)
    sda("presets", "save", "mine", "--from", first_output["id"])
    sda("generate", "Köln", "--preset", "mine", "--seed", 1, "--out", "e.wav", "--device", "cpu")
    assert Path("e.wav").read_bytes() == made[0]
    compared = sda("history", "compare", "2", "3", "--out", "pair")
    assert compared["settings"] == {"seed": {"a": 1, "b": 2}}
    assert len(sda("pack", "Köln", "--out", "pack", "--count", 3, "--device", "cpu")["samples"]) == 3
    sda("models", "export", "Köln", "koeln.sda")
    assert sda("models", "import", "koeln.sda")["copy_of"] == "Köln"
