"""Against the real library."""

import json
from pathlib import Path

import pytest
from small_library import make_folder, make_output

from engine.library.history_changes import add_entry, delete_entry
from engine.library.segments import open_history
from engine.library.set_changes import create_set, delete_set
from engine.library.set_files import add_file, remove_file
from engine.library.store import open_catalogue


@pytest.fixture
def sound(sda, tmp_path: Path) -> Path:
    """A deleted model, preset and output; the output's file."""
    file = tmp_path / "cloud.wav"
    file.write_bytes(b"sound")
    make_folder("0123456789ab", "sax")
    sda("models", "delete", "sax")
    sda("presets", "save", "dark", "--set", "density=8")
    sda("presets", "delete", "dark")
    history = open_history(print)
    delete_entry(history, add_entry(history, make_output(file)).id)
    return file


@pytest.mark.usefixtures("sound")
def test_what_would_go_is_shown_and_nothing_goes_unasked(sda):
    shown = sda("models", "purge")
    assert shown.status == 0
    assert "model sax (0123456789ab), " in shown.out
    assert "preset dark (" in shown.out
    assert "1 output of the history; the sound files stay" in shown.out
    assert shown.out.splitlines()[-2].startswith("Together ")
    assert shown.out.endswith("To remove it for good, add --yes.\n")
    assert sda("models", "restore", "sax").status == 0
    assert sda("presets", "restore", "dark").status == 0


def test_with_yes_the_trash_is_empty_and_sound_files_stay(sda, sound: Path):
    gone = json.loads(sda("models", "purge", "--yes", "--json").out)
    assert [model["name"] for model in gone["models"]] == ["sax"]
    assert [preset["name"] for preset in gone["presets"]] == ["dark"]
    assert (len(gone["history"]), gone["removed"]) == (1, True)
    assert gone["size_bytes"] == gone["models"][0]["size_bytes"] > 0
    assert sda("models", "list", "--deleted").out == "The trash is empty.\n"
    assert "nothing to remove" in sda("models", "purge", "--yes").out
    assert sound.read_bytes() == b"sound"


@pytest.mark.usefixtures("sound")
def test_what_is_newer_stays(sda):
    assert "nothing to remove" in sda("models", "purge", "--yes", "--older-than", "1").out
    assert sda("models", "restore", "sax").status == 0
    refused = sda("models", "purge", "--older-than", "-1")
    assert refused.status == 1
    assert "older_than_days = -1.0: must be a number from 0 to 36500" in refused.err


def test_a_blend_that_needs_what_would_go_is_named(sda):
    make_folder("0123456789ab", "sax")
    make_folder("ba9876543210", "tabla")
    assert sda("blend", "sax", "tabla=0.4", "--name", "half").status == 0
    sda("models", "delete", "tabla")
    assert "blend 'half' needs it" in sda("models", "purge").out


def test_data_sets_and_their_recordings_are_named_and_folders_of_the_person_stay(sda, tmp_path: Path):
    sound = tmp_path / "take.wav"
    sound.write_bytes(b"sound")
    catalogue = open_catalogue(print)
    gone, kept = create_set(catalogue, "kicks", folder=tmp_path), create_set(catalogue, "hats")
    delete_set(catalogue, gone.id)
    remove_file(kept, add_file(kept, sound, "take.wav").name)
    shown = sda("models", "purge")
    assert f"data set kicks ({gone.id})" in shown.out
    assert "1 recording removed from data sets" in shown.out
    removed = json.loads(sda("models", "purge", "--yes", "--json").out)
    assert [one["name"] for one in removed["sets"]] == ["kicks"]
    assert [one["name"] for one in removed["recordings"]] == ["take.wav"]
    assert sound.is_file()
    assert "nothing to remove" in sda("models", "purge", "--yes").out
