from pathlib import Path

import pytest

from engine.errors import ParameterError
from engine.library.preferences import LARGEST_PAGE, Preferences, change_preferences, read_preferences
from engine.library.store import Catalogue


def test_begin_with_none(store: Catalogue):
    assert read_preferences(store) == Preferences()


def test_are_changed_by_name(store: Catalogue, tmp_path: Path):
    change_preferences(store, {"theme": "dark", "zoom": 1.5}, tmp_path)
    change_preferences(store, {"zoom": None, "columns": ["name"]})
    assert read_preferences(store) == Preferences(str(tmp_path), {"theme": "dark", "columns": ["name"]})


def test_a_folder_is_forgotten(store: Catalogue, tmp_path: Path):
    change_preferences(store, {}, tmp_path)
    assert change_preferences(store, {}, forget_folder=True).export_folder is None


def test_are_one_record_however_often_they_change(store: Catalogue):
    for number in range(5):
        change_preferences(store, {"zoom": number})
    assert len(store.snapshot().table("preferences").all()) == 1


@pytest.mark.parametrize("value", ["x" * LARGEST_PAGE, float("nan"), {1, 2}, "\ud800", [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]])
def test_what_cannot_be_kept_is_refused_and_changes_nothing(store: Catalogue, value: object):
    change_preferences(store, {"theme": "dark"})
    with pytest.raises(ParameterError, match="page"):
        change_preferences(store, {"value": value})
    assert read_preferences(store).page == {"theme": "dark"}


@pytest.mark.parametrize("folder", ["nowhere", "relative/path", "a\0b", "/" + "x" * 5_000])
def test_a_folder_that_is_not_there_is_refused(store: Catalogue, folder: str):
    with pytest.raises(ParameterError, match="export_folder"):
        change_preferences(store, {}, Path(folder))


def test_a_damaged_record_counts_as_none_and_is_said(store: Catalogue, lines: list[str]):
    with store.transaction() as tables:
        tables.table("preferences").insert({"page": "dark"})
    assert read_preferences(store) == Preferences()
    assert "preferences" in lines[0]
    change_preferences(store, {"zoom": 2})
    assert read_preferences(store).page == {"zoom": 2}
