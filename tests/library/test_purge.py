import shutil
from pathlib import Path

import pytest
from small_library import make_folder, make_model, make_output

from engine.errors import LibraryError, ParameterError
from engine.library import trash
from engine.library.history import list_entries
from engine.library.history_changes import add_entry, delete_entry
from engine.library.models import list_models
from engine.library.preset_changes import delete_preset, save_preset
from engine.library.presets import list_deleted_presets, list_presets
from engine.library.purge import list_trash, purge_trash
from engine.library.segments import History
from engine.library.shelf import MODELS_TABLE
from engine.library.store import Catalogue, open_catalogue
from engine.library.trash import delete_model, list_deleted_models, restore_model
from engine.paths import models_folder, trash_folder

OLD, NEW = "2020-01-01T00:00:00+00:00", "2099-01-01T00:00:00+00:00"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """Return a function that lets everything that follows be deleted at a time."""

    def set_time(time: str) -> None:
        for module in ("trash", "preset_changes", "history_changes", "shelf"):
            monkeypatch.setattr(f"engine.library.{module}.now_iso", lambda: time)

    return set_time


def test_what_was_deleted_long_ago_goes_and_the_rest_stays(store: Catalogue, history: History, tmp_path: Path, at):
    sound = tmp_path / "kept.wav"
    sound.write_bytes(b"sound")
    for key, when in (("a1", OLD), ("b2", NEW)):
        at(when)
        make_model(store, key, f"model {key}")
        delete_model(store, key)
        save_preset(store, f"preset {key}", {})
        delete_preset(store, f"preset {key}")
        delete_entry(history, add_entry(history, make_output(sound, model=key)).id)
    make_model(store, "c3", "here")
    save_preset(store, "here", {})
    add_entry(history, make_output(sound))
    shown = list_trash(store, history, 30)
    purged = purge_trash(store, history, 30)
    assert shown == purged
    assert shown
    assert not list_trash(store, history, 30)
    assert [entry.id for entry in purged.models] == ["a1"]
    assert [preset.name for preset in purged.presets] == ["preset a1"]
    assert [entry.model for entry in purged.entries] == ["a1"]
    assert purged.size_bytes == 100
    assert sound.is_file()
    assert [path.name for path in trash_folder().iterdir()] == ["b2"]
    assert [entry.name for entry in list_models(store)] == [preset.name for preset in list_presets(store)] == ["here"]
    assert len(list_entries(history).entries) == 1
    for left in (list_deleted_models(store), list_deleted_presets(store), list_entries(history, deleted=True).entries):
        assert len(left) == 1
    assert restore_model(store, "b2").id == "b2"


def test_nothing_is_purged_twice(store: Catalogue, history: History, at):
    at(OLD)
    make_model(store, "a1", "sax")
    delete_model(store, "sax")
    assert len(purge_trash(store, history, 1).models) == 1
    again = purge_trash(store, history, 1)
    assert (again.models, again.presets, again.entries) == ((), (), ())


def test_nought_days_empty_the_trash(store: Catalogue, history: History):
    make_model(store, "a1", "sax")
    delete_model(store, "sax")
    assert [entry.name for entry in purge_trash(store, history, 0).models] == ["sax"]
    assert list(trash_folder().iterdir()) == []
    assert list_deleted_models(store) == []


@pytest.mark.parametrize("days", [-1, float("nan"), float("inf"), 1e6])
def test_a_senseless_number_of_days_is_refused(store: Catalogue, history: History, days: float):
    with pytest.raises(ParameterError, match="from 0 to 36500"):
        purge_trash(store, history, days)


def test_a_model_of_which_the_time_of_deletion_was_lost_counts_as_deleted_now(
    data_home: Path, history: History, lines: list[str]
):
    store = open_catalogue(lines.append)
    make_model(store, "a1", "sax")
    delete_model(store, "sax")
    make_model(store, "b2", "crashed")
    shutil.move(models_folder() / "b2", trash_folder() / "b2")  # a crash before the record was written
    assert purge_trash(store, history, 1).models == ()
    assert all(record["deleted"] for record in store.snapshot().table(MODELS_TABLE))
    for file in data_home.glob("library.json*"):
        file.unlink()
    again = open_catalogue(lines.append)
    assert purge_trash(again, history, 1).models == ()
    assert len(purge_trash(again, history, 0).models) == 2


def test_a_model_in_use_stays_in_the_trash(store: Catalogue, history: History, monkeypatch: pytest.MonkeyPatch):
    make_model(store, "a1", "sax")
    delete_model(store, "sax")

    def in_use(source: Path, _: Path) -> None:
        raise PermissionError(13, "in use", str(source))

    with monkeypatch.context() as windows:
        windows.setattr(trash, "replace_durably", in_use)
        with pytest.raises(LibraryError, match="Close what uses the model"):
            purge_trash(store, history, 0)
    assert [entry.name for entry in list_deleted_models(store)] == ["sax"]
    assert restore_model(store, "sax").path.is_dir()


def test_what_an_ended_purge_left_is_no_model_and_goes_with_the_next(store: Catalogue, history: History):
    remains = make_folder("a1", "sax")
    remains.rename(remains.parent / "moving")
    trash_folder().mkdir()
    (models_folder() / "moving").rename(trash_folder() / f"{trash.PURGED}a1")
    assert list_deleted_models(store) == []
    purge_trash(store, history, 30)
    assert list(trash_folder().iterdir()) == []


def test_a_model_restored_by_another_program_meanwhile_is_not_purged(
    store: Catalogue, history: History, monkeypatch: pytest.MonkeyPatch
):
    make_model(store, "a1", "sax")
    delete_model(store, "sax")
    listed = list_deleted_models(store)
    restore_model(store, "sax")
    monkeypatch.setattr(trash, "list_deleted_models", lambda _: listed)
    assert purge_trash(store, history, 0).models == ()
    assert [entry.name for entry in list_models(store)] == ["sax"]
