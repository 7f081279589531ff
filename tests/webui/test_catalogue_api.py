"""What else is kept: presets, blends, preferences, the trash, HRTFs; and what changes are told."""

from pathlib import Path

import pytest
from asking import Page, error_of
from small_library import SETTINGS, make_folder

from engine.library.outputs import HistoryEntry
from engine.paths import exports_folder, hrtfs_folder
from engine.studio.hrtfs import find_hrtf
from engine.studio.preferences import read_export_folder

BUNDLED_HRTF = Path(__file__).parents[2] / "engine" / "spatial" / "kemar_48k.sofa"


class TestPresets:
    def test_are_kept_and_listed(self, page: Page, model: str):
        made = page.post("/api/presets", {"name": "dark", "settings": SETTINGS, "model": model, "tags": ["night"]})
        assert made.status_code == 201
        assert page.get("/api/presets?words=night").get_json()["presets"] == [made.get_json()]
        assert "seed" not in made.get_json()["settings"]

    def test_of_an_output_begin_with_its_settings(self, page: Page, output: HistoryEntry):
        made = page.post(
            "/api/presets", {"name": "as it was", "output": output.id, "settings": {"density": 5}}
        ).get_json()
        assert (made["settings"]["density"], made["settings"]["novelty"]) == (5, 0.5)

    @pytest.mark.parametrize("settings", [{"density": 500}, {"sliders": {"brightness": 99}}, {"density": [[0]]}])
    def test_settings_outside_their_limits_are_422_and_named(self, page: Page, settings: dict):
        response = page.post("/api/presets", {"name": "loud", "settings": settings})
        assert response.status_code == 422
        assert error_of(response)["field"].partition(".")[0] in settings

    def test_one_of_the_same_name_is_replaced_only_where_that_is_said(self, page: Page):
        first = page.post("/api/presets", {"name": "dark", "settings": SETTINGS}).get_json()
        again = {"name": "Dark", "settings": {"density": 9}}
        assert error_of(page.post("/api/presets", again))["code"] == "preset_exists"
        assert page.post("/api/presets", again).status_code == 409
        assert page.post("/api/presets", {**again, "replace": True}).status_code == 201
        assert [one["id"] for one in page.get("/api/trash").get_json()["presets"]] == [first["id"]]

    def test_are_renamed_deleted_and_brought_back(self, page: Page):
        key = page.post("/api/presets", {"name": "dark", "settings": SETTINGS}).get_json()["id"]
        assert page.patch(f"/api/presets/{key}", {"name": "darker"}).get_json()["name"] == "darker"
        page.delete(f"/api/presets/{key}")
        assert page.get("/api/presets").get_json() == {"presets": []}
        page.post(f"/api/presets/{key}/restore")
        assert page.get("/api/presets").get_json()["presets"][0]["name"] == "darker"

    def test_fit_a_model_and_say_what_does_not(self, page: Page, model: str):
        make_folder("b1", "tabla")
        page.get("/api/models")
        key = page.post("/api/presets", {"name": "dark", "settings": SETTINGS, "model": "b1"}).get_json()["id"]
        applied = page.post(f"/api/presets/{key}/apply", {"model": model, "settings": {"density": 7}}).get_json()
        assert applied["settings"]["density"] == 7
        assert applied["settings"]["sliders"] == {"brightness": 5, "warmth": -2.5}
        assert "another model" in applied["notes"][0]


class TestBlends:
    @pytest.mark.parametrize(
        ("blend", "status"),
        [({}, 422), ({"b1": 1.5}, 422), ({"b1": -1}, 422), ({"nobody": 0.5}, 404), ({"a": "x"}, 422)],
    )
    def test_that_cannot_be_are_refused(self, page: Page, model: str, blend: dict, status: int):
        make_folder("b1", "tabla")
        assert page.post("/api/blends", {"name": "half", "model": model, "blend": blend}).status_code == status

    def test_of_itself_is_refused(self, page: Page, model: str):
        assert page.post("/api/blends", {"name": "half", "model": model, "blend": {model: 0.5}}).status_code == 422


class TestPreferences:
    def test_begin_with_nothing(self, page: Page):
        assert page.get("/api/preferences").get_json() == {
            "export_folder": str(exports_folder()),
            "chosen": False,
            "page": {},
        }

    def test_change_by_name(self, page: Page):
        page.patch("/api/preferences", {"page": {"theme": "dark", "columns": {"name": 80}}})
        changed = page.patch("/api/preferences", {"page": {"theme": None, "zoom": 1.2}}).get_json()
        assert changed["page"] == {"columns": {"name": 80}, "zoom": 1.2}
        assert page.get("/api/preferences").get_json() == changed

    def test_hold_up_to_their_limit(self, page: Page):
        assert page.patch("/api/preferences", {"page": {"a": "x" * 16_000}}).status_code == 200
        response = page.patch("/api/preferences", {"page": {"b": "x" * 1_000}})
        assert (response.status_code, error_of(response)["field"]) == (422, "page")
        assert set(page.get("/api/preferences").get_json()["page"]) == {"a"}

    def test_the_export_folder_is_one_that_is_there(self, page: Page, tmp_path: Path):
        assert page.patch("/api/preferences", {"export_folder": str(tmp_path)}).get_json()["chosen"]
        assert read_export_folder() == tmp_path
        for wrong in (str(tmp_path / "nowhere"), "relative", "a\0b"):
            response = page.patch("/api/preferences", {"export_folder": wrong})
            assert (response.status_code, error_of(response)["field"]) == (422, "export_folder")
        assert read_export_folder() == tmp_path

    def test_what_is_left_out_stays_and_null_forgets(self, page: Page, tmp_path: Path):
        page.patch("/api/preferences", {"export_folder": str(tmp_path)})
        assert page.patch("/api/preferences", {"page": {"zoom": 1}}).get_json()["export_folder"] == str(tmp_path)
        assert page.patch("/api/preferences", {"export_folder": None}).get_json()["chosen"] is False

    def test_a_chosen_folder_that_is_gone_is_not_used(self, page: Page, tmp_path: Path):
        folder = tmp_path / "exported"
        folder.mkdir()
        page.patch("/api/preferences", {"export_folder": str(folder)})
        folder.rmdir()
        assert page.get("/api/preferences").get_json()["export_folder"] == str(exports_folder())


class TestTrash:
    @pytest.fixture
    def full(self, page: Page, output: HistoryEntry, model: str) -> None:
        key = page.post("/api/presets", {"name": "dark", "settings": SETTINGS}).get_json()["id"]
        for path in (f"/api/presets/{key}", f"/api/history/{output.id}", f"/api/models/{model}"):
            assert page.delete(path).status_code == 200

    @pytest.mark.usefixtures("full")
    def test_holds_what_was_deleted(self, page: Page):
        trash = page.get("/api/trash").get_json()
        assert {name: len(trash[name]) for name in ("models", "presets", "history", "sets")} == {
            "models": 1, "presets": 1, "history": 1, "sets": 0,
        }  # fmt: skip
        assert trash["size_bytes"] > 0

    @pytest.mark.usefixtures("full")
    def test_is_emptied_of_one_kind(self, page: Page):
        gone = page.post("/api/trash/purge", {"models": False, "history": False, "sets": False}).get_json()
        assert [one["name"] for one in gone["presets"]] == ["dark"]
        left = page.get("/api/trash").get_json()
        assert (len(left["presets"]), len(left["models"]), len(left["history"])) == (0, 1, 1)

    def test_is_emptied_of_everything_and_sounds_stay(self, page: Page, full: None, output: HistoryEntry):
        assert full is None
        page.post("/api/trash/purge")
        left = page.get("/api/trash").get_json()
        assert not any(left[name] for name in ("models", "presets", "history", "sets", "recordings"))
        assert Path(output.file).is_file()

    @pytest.mark.usefixtures("full")
    def test_what_was_deleted_now_is_not_a_day_old(self, page: Page):
        assert page.post("/api/trash/purge", {"older_than_days": 1}).get_json()["models"] == []


class TestPassports:
    def test_a_file_without_one_is_said_to_have_none(self, page: Page, output: HistoryEntry):
        found = page.send("/api/passports", Path(output.file).read_bytes(), "found.wav").get_json()
        assert (found["passport"], found["model"], found["unchanged"]) == (None, None, None)
        assert found["notes"][0].startswith("found.wav ")

    def test_the_name_is_never_a_path(self, page: Page, output: HistoryEntry):
        found = page.send("/api/passports", Path(output.file).read_bytes(), "../../etc/a.wav").get_json()
        assert found["notes"][0].startswith("a.wav ")

    def test_what_is_no_sound_is_refused(self, page: Page):
        response = page.send("/api/passports", b"nothing", "found.wav")
        assert response.status_code in (409, 422)
        assert "found.wav" in error_of(response)["message"]
        assert "upload" not in error_of(response)["message"]


class TestHrtfs:
    def test_one_is_kept_under_an_id_of_ours(self, page: Page):
        made = page.send("/api/hrtfs", BUNDLED_HRTF.read_bytes(), "mine.sofa")
        assert made.status_code == 201
        card = made.get_json()
        assert (card["name"], card["positions"]) == ("mine.sofa", 710)
        assert find_hrtf(card["id"]) == hrtfs_folder() / f"{card['id']}.sofa"
        assert page.get("/api/hrtfs").get_json() == {"hrtfs": [card]}

    def test_the_same_file_is_kept_once(self, page: Page):
        first = page.send("/api/hrtfs", BUNDLED_HRTF.read_bytes(), "mine.sofa").get_json()
        assert page.send("/api/hrtfs", BUNDLED_HRTF.read_bytes(), "again.sofa").get_json() == first
        assert len(list(hrtfs_folder().iterdir())) == 1

    def test_one_is_taken_off_the_list_and_put_back(self, page: Page):
        card = page.send("/api/hrtfs", BUNDLED_HRTF.read_bytes(), "mine.sofa").get_json()
        assert page.delete(f"/api/hrtfs/{card['id']}").get_json() == card
        assert page.get("/api/hrtfs").get_json() == {"hrtfs": []}
        assert find_hrtf(card["id"]).is_file()
        assert page.post(f"/api/hrtfs/{card['id']}/restore").get_json() == card
        assert page.get("/api/hrtfs").get_json() == {"hrtfs": [card]}
        assert page.delete("/api/hrtfs/nobody").status_code == 404

    def test_what_is_none_is_422_and_not_kept(self, page: Page):
        response = page.send("/api/hrtfs", b"nothing", "mine.sofa")
        assert (response.status_code, error_of(response)["code"]) == (422, "hrtf")
        assert not hrtfs_folder().exists()


class TestState:
    def test_says_what_is_new_and_then_nothing(self, page: Page, model: str):
        page.get("/api/models")
        state = page.get("/api/state").get_json()
        assert state["revisions"]["models"] >= 1
        assert state["jobs"] == []
        assert state["workers"]["player"]["state"] == "ready"
        again = page.get(f"/api/state?since={state['version']}").get_json()
        assert again == dict.fromkeys(state) | {"version": state["version"]}
        page.patch(f"/api/models/{model}", {"note": "x"})
        later = page.get(f"/api/state?since={state['version']}").get_json()
        assert later["revisions"]["models"] > state["revisions"]["models"]

    @pytest.mark.usefixtures("model")
    def test_what_was_found_damaged_is_said_once(self, page: Page, data_home: Path):
        version = page.get("/api/state").get_json()["version"]
        folder = data_home / "models" / "copy"
        folder.mkdir()
        (folder / "model.json").write_text("damaged")
        page.get("/api/models")
        (notice,) = page.get(f"/api/state?since={version}").get_json()["notices"]
        assert "copy" in notice
        assert page.get("/api/state").get_json()["notices"] == []

    def test_every_change_is_told(self, page: Page, room, model: str, output: HistoryEntry):
        """Each route that changes something raises the revision of what it changes."""
        preset = page.post("/api/presets", {"name": "dark", "settings": SETTINGS}).get_json()["id"]
        changes = {
            "models": [("PATCH", f"models/{model}", {"note": "x"}), ("POST", f"models/{model}/use", {}),
                       ("DELETE", f"models/{model}", None), ("POST", f"models/{model}/restore", {})],
            "history": [("PATCH", f"history/{output.id}", {"star": True}), ("DELETE", f"history/{output.id}", None),
                        ("POST", f"history/{output.id}/restore", {})],
            "presets": [("PATCH", f"presets/{preset}", {"note": "x"}), ("DELETE", f"presets/{preset}", None),
                        ("POST", f"presets/{preset}/restore", {})],
            "preferences": [("PATCH", "preferences", {"page": {"zoom": 1}})],
            "trash": [("POST", "trash/purge", {})],
        }  # fmt: skip
        for noun, requests in changes.items():
            for method, path, body in requests:
                before = room.changes.look()[1][noun]
                response = page.ask(method, f"/api/{path}", **({} if body is None else {"json": body}))
                assert response.status_code == 200, path
                assert room.changes.look()[1][noun] > before, (method, path)
