"""Against the real library."""

import json
from pathlib import Path

import pytest

from engine.library.entries import MODEL_FILE

DESCRIBED = {
    "format": 1,
    "id": "0123456789ab",
    "name": "my sax",
    "created": "2026-01-02T03:04:05+00:00",
    "files": 12,
    "seconds": 83.4,
    "channels": 2,
    "skipped": [["c.wav", "empty"]],
    "training": {"device": "cpu", "seconds": 170.123456, "stopped": False},
}


@pytest.fixture
def model(data_home: Path) -> Path:
    """A complete model folder that the library will find by itself."""
    folder = data_home / "models" / "0123456789ab"
    folder.mkdir(parents=True)
    (folder / MODEL_FILE).write_text(json.dumps(DESCRIBED), "utf-8")
    return folder


def test_an_empty_library_says_how_to_begin(sda):
    assert "sda train FOLDER --name NAME" in sda("models", "list").out
    assert json.loads(sda("models", "list", "--json").out) == {"models": []}


@pytest.mark.usefixtures("model")
def test_list_names_each_model_with_its_size_and_sound(sda):
    heading, row = sda("models", "list").out.splitlines()
    assert heading.split() == ["Name", "Id", "Files", "Sound", "Size", "Made"]
    assert row.startswith("my sax  0123456789ab     12  1 min 23 s")
    assert row.rstrip().endswith("2026-01-02")


def test_list_as_json_carries_id_name_and_path(sda, model: Path):
    (entry,) = json.loads(sda("models", "list", "--json").out)["models"]
    assert (entry["id"], entry["name"], entry["path"]) == ("0123456789ab", "my sax", str(model))


@pytest.mark.usefixtures("model")
def test_show_tells_what_the_model_knows_of_itself(sda):
    shown = sda("models", "show", "MY SAX").out
    assert "c.wav: empty" in shown
    assert "  seconds  170.1\n" in shown
    assert json.loads(sda("models", "show", "my sax", "--json").out)["training"] == DESCRIBED["training"]


def test_a_deleted_model_comes_back(sda, model: Path):
    deleted = sda("models", "delete", "my sax")
    assert (deleted.status, model.exists()) == (0, False)
    assert 'sda models restore "my sax"' in deleted.out
    assert json.loads(sda("models", "list", "--json").out) == {"models": []}
    assert "my sax" in sda("models", "list", "--deleted").out
    assert sda("models", "restore", "my sax").status == 0
    assert model.exists()


@pytest.mark.usefixtures("model")
def test_a_model_that_is_not_there_is_one_line_and_status_1(sda):
    outcome = sda("models", "show", "my sx")
    assert outcome.status == 1
    assert outcome.err.startswith("sda: there is no model 'my sx'. Did you mean 'my sax'?")
    assert len(outcome.err.splitlines()) == 1


def test_a_damaged_model_is_listed_with_its_reason(sda, model: Path):
    sda("models", "list")
    (model / MODEL_FILE).unlink()
    lines = sda("models", "list").out.splitlines()
    assert lines[1].startswith("my sax (damaged)")
    assert lines[2].startswith("my sax is damaged: ")


@pytest.mark.usefixtures("model")
def test_a_damaged_catalogue_is_told_beside_the_list(sda, data_home: Path):
    sda("models", "list")
    (data_home / "library.json").write_text("{", "utf-8")
    outcome = sda("models", "list", "--json")
    assert outcome.status == 0
    assert len(json.loads(outcome.out)["models"]) == 1
    assert outcome.err.startswith("Note: ")
