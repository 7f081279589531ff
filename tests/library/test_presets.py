from pathlib import Path

import pytest
from small_library import SETTINGS
from tinydb import where

from engine.errors import LibraryError, ParameterError
from engine.library.preset_changes import change_preset, delete_preset, restore_preset, save_preset
from engine.library.presets import PRESETS_TABLE, find_preset, list_deleted_presets, list_presets, search_presets
from engine.library.store import Catalogue, open_catalogue
from engine.settings import GenerateSettings


def names(presets) -> list[str]:
    return [preset.name for preset in presets]


def test_a_preset_is_found_as_it_was_saved_also_by_another_program(store: Catalogue):
    saved = save_preset(store, " Dark ", SETTINGS, model="a1", note="for the end", tags=["low", "Low"])
    assert (saved.name, saved.settings, saved.note, saved.tags) == ("Dark", SETTINGS, "for the end", ("low",))
    assert list_presets(store) == [saved]
    assert find_preset(store, "dark") == find_preset(store, saved.id) == saved


def test_everything_that_shapes_a_sound_comes_back(store: Catalogue):
    settings = GenerateSettings(duration=3.5, novelty=0.25, one_shot=True, channels="stereo")
    save_preset(store, "dark", settings.model_dump())
    assert GenerateSettings(**find_preset(store, "dark").settings) == settings


def test_presets_are_listed_for_all_or_for_a_model_the_last_saved_first(store: Catalogue):
    for name, model in (("general", None), ("mine", "a1"), ("other", "b2")):
        save_preset(store, name, SETTINGS, model=model)
    assert names(list_presets(store)) == ["other", "mine", "general"]
    assert names(list_presets(store, "a1")) == ["mine", "general"]
    assert names(list_presets(store, "c3")) == ["general"]


def test_a_name_is_unique_for_a_model_and_replacing_is_asked_for(store: Catalogue):
    first = save_preset(store, "dark", SETTINGS)
    with pytest.raises(LibraryError, match=r"preset 'dark' exists.*--force") as caught:
        save_preset(store, "DARK", {})
    assert caught.value.code == "preset_exists"
    assert list_presets(store) == [first]
    second = save_preset(store, "Dark", {"seed": 4}, force=True)
    assert list_presets(store) == [second]
    assert [preset.id for preset in list_deleted_presets(store)] == [first.id]


def test_what_was_replaced_can_be_brought_back(store: Catalogue):
    first = save_preset(store, "dark", SETTINGS)
    second = save_preset(store, "dark", {"seed": 4}, force=True)
    back = restore_preset(store, first.id)
    assert (back.name, back.settings) == ("dark 2", SETTINGS)
    delete_preset(store, second.id)
    assert names(list_presets(store)) == ["dark 2"]


def test_of_the_same_name_that_for_the_model_goes_first(store: Catalogue):
    general, mine, other = (save_preset(store, "dark", {"seed": n}, model=m) for n, m in enumerate((None, "a1", "b2")))
    assert find_preset(store, "dark", "a1") == mine
    assert find_preset(store, "dark", "b2") == other
    assert find_preset(store, "dark", "c3") == general
    with pytest.raises(LibraryError, match="3 presets 'dark'") as caught:
        find_preset(store, "dark")
    assert caught.value.code == "preset_ambiguous"
    assert all(preset.id in caught.value.message for preset in (general, mine, other))
    assert delete_preset(store, "dark", "a1").id == mine.id


def test_an_unknown_preset_is_an_error_that_suggests_close_names(store: Catalogue):
    with pytest.raises(LibraryError, match="There are none yet"):
        find_preset(store, "dark")
    save_preset(store, "darkness", SETTINGS)
    save_preset(store, "bright", SETTINGS, model="a1")
    with pytest.raises(LibraryError, match=r"no preset 'dark'. Did you mean 'darkness'\?") as caught:
        find_preset(store, "dark")
    assert caught.value.code == "preset_unknown"
    with pytest.raises(LibraryError, match="no preset 'bright'"):
        find_preset(store, "bright", "b2")


def test_a_preset_is_renamed_and_described(store: Catalogue):
    save_preset(store, "dark", SETTINGS, note="first", tags=["low"])
    changed = change_preset(store, "dark", name="darker", tags=["slow", "low"])
    assert (changed.name, changed.note, changed.tags) == ("darker", "first", ("slow", "low"))
    assert list_presets(store) == [changed]
    assert change_preset(store, "darker", name="DARKER", note="").name == "DARKER"
    save_preset(store, "dark", SETTINGS)
    with pytest.raises(LibraryError, match="exists"):
        change_preset(store, "dark", name="darker")
    assert names(list_presets(store)) == ["dark", "DARKER"]


def test_a_deleted_preset_comes_back_the_same(store: Catalogue):
    saved = save_preset(store, "dark", SETTINGS, tags=["low"])
    gone = delete_preset(store, "dark")
    assert gone.deleted
    assert (list_presets(store), list_deleted_presets(store)) == ([], [gone])
    with pytest.raises(LibraryError, match="no preset 'dark'"):
        delete_preset(store, "dark")
    assert restore_preset(store, "Dark") == saved
    assert (list_presets(store), list_deleted_presets(store)) == ([saved], [])
    with pytest.raises(LibraryError, match=r"in the trash\. To see what is there: sda presets list --deleted"):
        restore_preset(store, "dark")


def test_of_two_deleted_presets_with_one_name_the_last_deleted_comes_back(
    store: Catalogue, monkeypatch: pytest.MonkeyPatch
):
    for seed, hour in ((1, 1), (2, 3), (3, 2)):
        save_preset(store, "dark", {"seed": seed})
        monkeypatch.setattr("engine.library.preset_changes.now_iso", lambda hour=hour: f"2026-11-22T{hour:02}:00:00")
        delete_preset(store, "dark")
    assert restore_preset(store, "dark").settings == {"seed": 2}


def test_presets_are_found_by_words(store: Catalogue):
    save_preset(store, "Dämmerung", SETTINGS, note="for the end", tags=["slow"])
    save_preset(store, "noon", {"sliders": {"tension": 1}})
    for words in ("dammer", "END slow", "warmth", "for brightness"):
        assert names(search_presets(store, words)) == ["Dämmerung"], words
    assert names(search_presets(store, "tension")) == ["noon"]
    assert search_presets(store, "slow noon") == []
    assert names(search_presets(store, "", "a1")) == ["noon", "Dämmerung"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"name": ""}, "^name"), ({"tags": ["a,b"]}, "^tag"), ({"note": "\x00"}, "^note"), ({"model": "../a"}, "^model: "),
     ({"settings": {"sliders": [1, 2]}}, "^sliders"), ({"settings": {"seed": float("nan")}}, "^seed")],
)  # fmt: skip
def test_an_unusable_preset_is_refused_and_not_saved(store: Catalogue, fields: dict[str, object], reason: str):
    given = {"name": "dark", "settings": SETTINGS, **fields}
    with pytest.raises(ParameterError, match=reason):
        save_preset(store, given.pop("name"), given.pop("settings"), **given)
    assert list_presets(store) == []


def test_a_record_that_cannot_be_read_is_reported_and_the_others_are_listed(store: Catalogue, lines: list[str]):
    save_preset(store, "dark", SETTINGS)
    save_preset(store, "bright", SETTINGS)
    with store.transaction() as tables:
        tables.table(PRESETS_TABLE).update({"settings": "many"}, where("name") == "dark")
    assert names(list_presets(store)) == ["bright"]
    assert len(lines) == 1
    assert "record of preset 'dark' is damaged (settings: " in lines[0]


def test_presets_survive_a_damaged_catalogue(data_home: Path, lines: list[str]):
    store = open_catalogue(lines.append)
    save_preset(store, "dark", SETTINGS)
    save_preset(store, "bright", SETTINGS)
    (data_home / "library.json").write_bytes(b"{")
    assert names(list_presets(open_catalogue(lines.append))) == ["dark"]
    assert "Its backup is used" in lines[0]
