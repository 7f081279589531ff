from pathlib import Path

import pytest

from engine.errors import ParameterError
from engine.library.hrtfs import add_hrtf, find_hrtf, hide_hrtf, list_hrtfs
from engine.library.store import Catalogue
from engine.paths import hrtfs_folder


@pytest.fixture
def sofa(tmp_path: Path) -> Path:
    path = tmp_path / "mine.sofa"
    path.write_bytes(b"directions")
    return path


def test_a_file_is_copied_under_an_id_of_ours(store: Catalogue, sofa: Path):
    kept = add_hrtf(store, sofa, "../mine.sofa", 710, "f" * 64)
    assert kept.path.parent == hrtfs_folder()
    assert kept.path.read_bytes() == b"directions"
    assert find_hrtf(store, kept.id) == kept
    assert sofa.is_file()


def test_the_same_file_is_kept_once(store: Catalogue, sofa: Path):
    first = add_hrtf(store, sofa, "mine.sofa", 710, "f" * 64)
    assert add_hrtf(store, sofa, "again.sofa", 710, "f" * 64) == first
    assert list_hrtfs(store) == [first]


def test_one_whose_file_is_gone_is_not_listed_and_can_come_again(store: Catalogue, sofa: Path):
    first = add_hrtf(store, sofa, "mine.sofa", 710, "f" * 64)
    first.path.unlink()
    assert list_hrtfs(store) == []
    with pytest.raises(ParameterError, match="none of this id") as refused:
        find_hrtf(store, first.id)
    assert (refused.value.code, refused.value.field) == ("hrtf_unknown", "hrtf")
    assert add_hrtf(store, sofa, "mine.sofa", 710, "f" * 64).id != first.id


def test_one_that_is_off_the_list_is_still_found_and_comes_back(store: Catalogue, sofa: Path):
    first, other = (add_hrtf(store, sofa, "mine.sofa", 710, letter * 64) for letter in "fe")
    gone = hide_hrtf(store, first.id)
    assert list_hrtfs(store) == [other]
    assert find_hrtf(store, first.id) == gone
    assert gone.path.read_bytes() == b"directions"
    assert hide_hrtf(store, first.id, hidden=False) == first
    assert list_hrtfs(store) == [other, first]
    hide_hrtf(store, first.id)
    assert add_hrtf(store, sofa, "again.sofa", 710, "f" * 64) == first
    assert list_hrtfs(store) == [other, first]
    with pytest.raises(ParameterError, match="none of this id"):
        hide_hrtf(store, "nobody")


@pytest.mark.parametrize("wanted", ["", "..", "../library", "nobody"])
def test_no_other_file_is_found(store: Catalogue, sofa: Path, wanted: str):
    add_hrtf(store, sofa, "mine.sofa", 710, "f" * 64)
    with pytest.raises(ParameterError):
        find_hrtf(store, wanted)


def test_a_damaged_record_is_left_out_and_said(store: Catalogue, lines: list[str]):
    with store.transaction() as tables:
        tables.table("hrtfs").insert({"name": "mine"})
    assert list_hrtfs(store) == []
    assert "mine" in lines[0]
