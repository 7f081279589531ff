"""Sets of hundreds of recordings fill no wall of lines: the first are named, and how many more there are."""

import json
from pathlib import Path

import numpy as np
import pytest
from small_corpus import noise, write_sounds

from engine.cli.health import ROWS_SHOWN
from engine.cli.library import NAMES_SHOWN
from engine.cli.words import few
from engine.library.entries import MODEL_FILE
from engine.settings import TrainSettings
from engine.studio.run import Run
from engine.studio.train import MOST_TOLD, tell_intake
from engine.training.events import Notice

FILES = ROWS_SHOWN + 20


def test_a_few_lines_and_the_number_of_the_rest():
    assert few(["a", "b", "c"], 2) == ["a", "b", "c"]  # the line that says so would take as much
    assert few(list("abcdefgh"), 2) == ["a", "b", "and 6 more"]


def test_the_doctor_names_the_first_of_many_and_all_as_json(sda, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")
    sounds = (noise(0.1, seed, level=0.02) for seed in range(FILES))
    write_sounds(tmp_path / "set", *(np.pad(sound, 2_400) for sound in sounds))
    lines = sda("inspect", str(tmp_path / "set")).out.splitlines()
    assert f"and {FILES - ROWS_SHOWN} more: --json names all" in lines
    assert sum(".wav" in line for line in lines) < 3 * ROWS_SHOWN
    assert max(len(line) for line in lines if not line.startswith("To learn")) <= 80
    assert len(json.loads(sda("inspect", str(tmp_path / "set"), "--json").out)["files"]) == FILES


def test_a_model_of_many_recordings_names_the_first(sda, data_home: Path):
    names = [f"{number:03}.wav" for number in range(500)]
    folder = data_home / "models" / "0123456789ab"
    folder.mkdir(parents=True)
    described = {"format": 1, "id": folder.name, "name": "many", "left_out": names, "skipped": [["c.wav", "empty"]]}
    (folder / MODEL_FILE).write_text(json.dumps(described), "utf-8")
    shown = sda("models", "show", "many").out
    assert f"{names[NAMES_SHOWN - 1]}, and {500 - NAMES_SHOWN} more" in shown
    assert names[NAMES_SHOWN] not in shown
    assert "c.wav: empty\n" in shown
    assert json.loads(sda("models", "show", "many", "--json").out)["left_out"] == names


def test_a_training_tells_the_first_of_many_that_are_left_out():
    skipped = tuple((f"{number:02}.wav", "empty") for number in range(MOST_TOLD + 7))
    told: list[str] = []
    run = Run("0123456789ab", "many", "", TrainSettings(), skipped=skipped, warnings=("only 1 file",))
    tell_intake(run, lambda event: told.append(event.text) if isinstance(event, Notice) else None)
    assert told[0] == "only 1 file"
    assert told[MOST_TOLD] == f"{MOST_TOLD - 1:02}.wav is left out: empty"
    assert told[MOST_TOLD + 1 :] == ["7 more files are left out: sda inspect names them"]
