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


@pytest.mark.usefixtures("model")
def test_what_is_written_on_a_model_is_shown_and_finds_it(sda):
    assert sda("models", "tag", "my sax", "dry", "solo").out == "my sax: dry, solo\n"
    assert sda("models", "tag", "my sax", "Dry", "--remove").out == "my sax: solo\n"
    assert sda("models", "note", "my sax", "close", "--licence", "mine").out == "my sax: close; Recordings: mine\n"
    assert sda("models", "rename", "my sax", "sax").out == "It is called sax now.\n"
    assert [row.split()[0] for row in sda("models", "search", "SOLO", "clos").out.splitlines()] == ["Name", "sax"]
    assert json.loads(sda("models", "search", "nothing", "--json").out) == {"models": []}
    assert sda("models", "search", "nothing").out == "Nothing found.\n"
    shown = json.loads(sda("models", "show", "sax", "--json").out)
    assert (shown["note"], shown["tags"], shown["licence"]) == ("close", ["solo"], "mine")
    assert sda("models", "note", "sax").status == 2


def test_what_the_sliders_do_is_shown(sda, model: Path):
    states = {"brightness": {"state": "certified", "reason": ""}, "tension": {"state": "off", "reason": "one pitch"}}
    (model / "certificate.json").write_text(json.dumps({"sliders": states}), "utf-8")
    lines = sda("models", "show", "my sax").out.splitlines()
    assert lines[lines.index("sliders") + 1 :][:2] == ["  brightness  certified", "  tension     off: one pitch"]
    assert json.loads(sda("models", "show", "my sax", "--json").out)["sliders"] == states


@pytest.mark.usefixtures("model")
def test_the_family_tree_tells_where_each_version_came_from(sda, data_home: Path):
    folder = data_home / "models" / "second"
    folder.mkdir()
    child = {
        **DESCRIBED, "id": "ba9876543210", "version": 2, "family": DESCRIBED["id"], "synthetic_seconds": 20.0,
        "training": {"growth": {"drift_percent": 2.4}},
        "parents": [{"id": DESCRIBED["id"]}, {"id": "gone", "weight": 0.25}],
    }  # fmt: skip
    (folder / MODEL_FILE).write_text(json.dumps(child), "utf-8")
    rows = [row.rstrip() for row in sda("models", "show", "my sax").out.split("family\n")[-1].splitlines()]
    assert rows[0].split() == ["Version", "Made", "Recorded", "Fed", "back", "Drift", "From"]
    assert "+2 %" in rows[1]
    assert rows[-1].startswith("  Drift: farther (+) from your recordings")
    assert " ".join(rows[1].split()).endswith("my sax@1, gone in use")
    assert rows[2].strip() == "(gone) 25%"
    assert rows[3].split()[-2:] == ["none", "recordings"]
    assert "means version 1 now" in sda("models", "use", "my sax@1").out
    assert [entry["version"] for entry in json.loads(sda("models", "list", "--json").out)["models"]] == [1]
    assert "my sax@2" in sda("models", "list", "--all").out


def test_export_and_import_say_what_was_done(sda, studio, tmp_path: Path):
    from types import SimpleNamespace

    from small_library import make_entry

    exported = SimpleNamespace(path=tmp_path / "sax.sda", size_bytes=20_000_000, left_out=("notes.txt",))
    imported = SimpleNamespace(entry=make_entry("a1", "sax 2"), copy_of="sax")

    def do(result):
        def call(*_, on_progress, **__):
            on_progress(0.5)
            return result

        return call

    studio("exchange", export_model=do(exported))
    studio("arrivals", import_model=do(imported))
    outcome = sda("models", "export", "sax", "sax.sda")
    assert outcome.out == f"{tmp_path / 'sax.sda'} (20 MB)\n"
    assert "holds the recordings" in outcome.err
    assert outcome.err.splitlines()[-1].endswith("left out: notes.txt")
    assert json.loads(sda("models", "export", "sax", "sax.sda", "--json").out)["size_bytes"] == 20_000_000
    outcome = sda("models", "import", "sax.sda")
    assert outcome.out.splitlines()[0] == "sax 2 is in your library (model a1)."
    assert "both are kept" in outcome.err
    assert json.loads(sda("models", "import", "sax.sda", "--json").out)["copy_of"] == "sax"
