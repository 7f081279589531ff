from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
import soundfile
from asking import NearRoom, Page, error_of

from engine.studio import sets
from engine.studio.set_contents import recording_id

RATE = 44_100


def sound(seed: int = 0, seconds: float = 0.25) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.1, (round(seconds * RATE), 2))


def encoded(path: Path, seed: int = 0) -> bytes:
    soundfile.write(path, sound(seed), RATE, subtype="PCM_24")
    return path.read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the person: five takes, a copy, and a file that is no sound."""
    folder = tmp_path / "Täkes"
    folder.mkdir()
    for number in range(5):
        encoded(folder / f"take {number}.wav", number)
    (folder / "ü copy.wav").write_bytes((folder / "take 0.wav").read_bytes())
    (folder / "text.wav").write_text("no sound")
    return folder


@pytest.fixture
def linked(page: Page, folder: Path) -> str:
    """Id of the set of that folder, examined."""
    made = page.post("/api/sets", {"folder": str(folder)})
    assert made.status_code == 201
    sets.examine(made.json["id"])
    return made.json["id"]


@pytest.fixture
def own(page: Page, tmp_path: Path) -> str:
    """Id of a set that keeps its recordings, with two of them."""
    made = page.post("/api/sets", {"name": "Own"}).json["id"]
    for number in range(2):
        assert send(page, made, encoded(tmp_path / "upload.wav", number), f"take {number}.wav").status_code == 201
    return made


def send(page: Page, one: str, data: bytes, name: str):
    return page.send(f"/api/sets/{one}/files", data, name, method="PUT")


def test_a_folder_becomes_a_set_and_its_files_wait_for_the_doctor(page: Page, folder: Path):
    made = page.post("/api/sets", {"folder": str(folder)}).json
    assert (made["name"], made["folder"], made["examined"], made["examining"]) == ("Täkes", str(folder), None, None)
    assert {one["state"] for one in made["recordings"]} == {"unknown"}
    assert made["verdict"] == "7 recordings to be examined."
    assert page.get("/api/sets").json["sets"] == [
        {name: made[name] for name in ("id", "name", "folder", "created", "deleted", "files", "seconds", "problem")}
    ]


def test_what_the_doctor_found_is_shown_in_figures_and_words(page: Page, linked: str):
    shown = page.get(f"/api/sets/{linked}").json
    rows = {row["name"]: row for row in shown["recordings"]}
    assert [row["state"] for row in rows.values()] == ["usable"] * 5 + ["skipped", "usable"]
    assert (rows["take 0.wav"]["seconds"], rows["take 0.wav"]["sample_rate"]) == (0.25, RATE)
    assert rows["take 0.wav"]["stereo"] is True
    assert rows["ü copy.wav"]["duplicate_of"] == "take 0.wav"
    assert rows["ü copy.wav"]["notes"] == ["the same as take 0.wav: remove one"]
    assert "not an audio file" in rows["text.wav"]["reason"]
    assert rows["text.wav"]["seconds"] is None
    assert (shown["total_seconds"], shown["included_seconds"]) == (1.5, 1.5)
    assert shown["verdict"].startswith("Ready to train: 6 recordings, 1.5 s, stereo")


def test_the_button_of_an_advice_leaves_its_recordings_out(page: Page, linked: str):
    (action,) = [line["action"] for line in page.get(f"/api/sets/{linked}").json["advice"] if line["action"]]
    assert action == {"kind": "leave_out", "label": "Leave it out", "recordings": [recording_id("ü copy.wav")]}
    changed = page.patch(f"/api/sets/{linked}", {"left_out": action["recordings"]}).json
    assert [row["name"] for row in changed["recordings"] if not row["included"]] == ["ü copy.wav"]
    assert changed["included_seconds"] == 1.25
    assert not any(line["action"] for line in changed["advice"])
    assert page.patch(f"/api/sets/{linked}", {"left_out": []}).json["included_seconds"] == 1.5


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"folder": "/nowhere/at/all"}, 422, "dataset"),
        ({"folder": ""}, 422, "parameter"),
        ({"folder": "\0"}, 422, "dataset"),
        ({"folder": "/" + "x" * 300}, 422, "dataset.folder"),
        ({"folder": "~nobody-of-this-name/x"}, 422, "dataset"),
        ({"folder": "/dev/null/x"}, 422, "dataset"),
        ({"name": " "}, 422, "parameter"),
        ({"name": "own"}, 409, "set_exists"),
    ],
)
@pytest.mark.usefixtures("own")
def test_a_set_that_cannot_be_made_is_refused(page: Page, body: dict[str, str], status: int, code: str):
    response = page.post("/api/sets", body)
    assert (response.status_code, error_of(response)["code"]) == (status, code)
    assert len(page.get("/api/sets").json["sets"]) == 1


def test_recordings_are_sent_one_a_request_and_keep_their_names(page: Page, tmp_path: Path):
    one = page.post("/api/sets", {"name": "Own"}).json["id"]
    added = [send(page, one, encoded(tmp_path / "a.wav", seed), "Ünï 音.wav").json for seed in (0, 1, 0)]
    assert [row["name"] for row in added] == ["Ünï 音.wav", "Ünï 音 (2).wav", "Ünï 音.wav"]
    assert [row["known"] for row in added] == [False, False, True]
    assert added[0]["recording"] == added[2]["recording"] == recording_id("Ünï 音.wav")
    assert [row["name"] for row in page.get(f"/api/sets/{one}").json["recordings"]] == ["Ünï 音 (2).wav", "Ünï 音.wav"]


@pytest.mark.parametrize("name", ["../../../evil.wav", "..\\evil.wav", "/etc/evil.wav", "C:\\evil.wav"])
def test_a_name_never_leads_out_of_the_set(page: Page, own: str, data_home: Path, tmp_path: Path, name: str):
    added = send(page, own, encoded(tmp_path / "a.wav", 7), name)
    assert (added.status_code, added.json["name"]) == (201, "evil.wav")
    assert [path.parent for path in data_home.rglob("evil*")] == [data_home / "sets" / own / "files"]


@pytest.mark.parametrize(("name", "status"), [("con.wav", 201), ("a?.wav", 201), ("x" * 250 + ".wav", 201), ("", 422)])
def test_names_that_some_system_refuses_are_made_safe(page: Page, own: str, tmp_path: Path, name: str, status: int):
    added = send(page, own, encoded(tmp_path / "a.wav", 7), name)
    assert added.status_code == status
    if status == 201:
        assert added.json["name"] != name
        assert len(added.json["name"].encode()) <= 200


def test_what_is_no_recording_by_its_name_is_refused_and_any_bytes_wait_for_the_doctor(page: Page, own: str):
    response = send(page, own, b"text", "notes.txt")
    assert (response.status_code, error_of(response)["code"]) == (422, "dataset.format")
    bad = send(page, own, b"no sound at all", "bad.wav").json["recording"]
    sets.examine(own)
    rows = {row["id"]: row["state"] for row in page.get(f"/api/sets/{own}").json["recordings"]}
    assert (rows.pop(bad), set(rows.values())) == ("skipped", {"usable"})
    for what in ("sound", "peaks", "picture"):
        response = page.get(f"/api/sets/{own}/recordings/{bad}/{what}")
        assert (response.status_code, error_of(response)["code"]) == (422, "dataset.not_audio")


def test_nothing_is_put_into_or_taken_out_of_a_folder_of_the_person(page: Page, linked: str, folder: Path):
    before = sorted(path.name for path in folder.iterdir())
    refused = [
        send(page, linked, b"RIFF", "a.wav"),
        page.delete(f"/api/sets/{linked}/recordings/{recording_id('take 0.wav')}"),
    ]
    for response in refused:
        assert (response.status_code, error_of(response)["code"]) == (409, "set_of_folder")
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_removed_recording_comes_back_as_it_was(page: Page, own: str):
    sets.examine(own)
    before = page.get(f"/api/sets/{own}").json
    gone = page.delete(f"/api/sets/{own}/recordings/{recording_id('take 0.wav')}").json
    without = page.get(f"/api/sets/{own}").json
    assert [row["name"] for row in without["recordings"]] == ["take 1.wav"]
    assert without["removed"] == [gone]
    assert page.get("/api/trash").json["recordings"][0]["name"] == "take 0.wav"
    assert page.patch(f"/api/sets/{own}", {"restore": [gone["id"]]}).json == before
    response = page.patch(f"/api/sets/{own}", {"restore": [gone["id"]]})
    assert (response.status_code, error_of(response)["code"]) == (404, "recording_unknown")


def test_an_offset_is_mended_by_the_player(page: Page, own: str, tmp_path: Path, room: NearRoom):
    soundfile.write(tmp_path / "off.wav", sound() + 0.1, RATE)
    added = send(page, own, (tmp_path / "off.wav").read_bytes(), "off.wav").json["recording"]
    changed = page.patch(f"/api/sets/{own}", {"mend": [added]})
    assert room.asked == ["mend"]
    assert [gone["name"] for gone in changed.json["removed"]] == ["off.wav"]
    response = page.patch(f"/api/sets/{own}", {"mend": ["unknown"]})
    assert (response.status_code, error_of(response)["code"]) == (404, "recording_unknown")


def test_a_deleted_set_is_gone_and_comes_back(page: Page, own: str):
    before = page.get(f"/api/sets/{own}").json
    assert page.delete(f"/api/sets/{own}").json["deleted"]
    response = page.get(f"/api/sets/{own}")
    assert (response.status_code, error_of(response)["code"]) == (410, "set_deleted")
    assert page.get("/api/sets").json["sets"] == []
    assert [one["id"] for one in page.get("/api/trash").json["sets"]] == [own]
    assert page.post(f"/api/sets/{own}/restore").json == before
    page.delete(f"/api/sets/{own}")
    page.post("/api/trash/purge")
    response = page.post(f"/api/sets/{own}/restore")
    assert (response.status_code, error_of(response)["code"]) == (404, "set_unknown")


def test_one_doctor_at_a_time_looks_at_a_set(page: Page, own: str, linked: str):
    first = page.post(f"/api/sets/{own}/examine")
    assert (first.status_code, first.json["kind"], first.json["title"]) == (202, "examine", "Own")
    assert page.post(f"/api/sets/{own}/examine").json["id"] == first.json["id"]
    assert page.get(f"/api/sets/{own}").json["examining"] == first.json["id"]
    assert page.get(f"/api/sets/{linked}").json["examining"] is None


def test_a_recording_is_heard_and_seen_through_the_player(page: Page, own: str, room: NearRoom):
    at = f"/api/sets/{own}/recordings/{recording_id('take 0.wav')}"
    heard = page.get(f"{at}/sound?start=0.1")
    assert (heard.headers["X-Channels"], heard.headers["X-First-Sample"]) == ("2", "4800")
    assert len(heard.data) // 8 == 48_000 // 4 - 4_800
    peaks = page.get(f"{at}/peaks?points=100")
    assert (len(peaks.data), peaks.headers["X-Seconds"]) == (400, "0.25")
    picture = page.get(f"{at}/picture?columns=30&rows=20")
    assert len(picture.data) == 600
    assert room.asked == ["recording", "peaks", "picture"]


@pytest.mark.parametrize("wrong", ["unknown", "../../models", "..%2f..", "a" * 500])
def test_ids_lead_nowhere_else(page: Page, own: str, wrong: str):
    for response in (
        page.get(f"/api/sets/{wrong}"),
        page.get(f"/api/sets/{own}/recordings/{wrong}/sound"),
        page.delete(f"/api/sets/{own}/recordings/{wrong}"),
        page.delete(f"/api/sets/{wrong}"),
        page.post(f"/api/sets/{wrong}/examine"),
        send(page, quote(wrong), b"RIFF", "a.wav"),
    ):
        assert response.status_code in (404, 405)
    assert len(page.get(f"/api/sets/{own}").json["recordings"]) == 2


def test_changes_are_told_to_the_page(page: Page, own: str):
    def revision() -> int:
        return page.get("/api/state").json["revisions"]["sets"]

    def told(change) -> bool:
        before = revision()
        change()
        return revision() > before

    assert told(lambda: page.patch(f"/api/sets/{own}", {"name": "Other"}))
    assert told(lambda: send(page, own, b"RIFF", "a.wav"))
    assert told(lambda: page.delete(f"/api/sets/{own}"))
    assert not told(lambda: page.get("/api/sets"))


def test_the_demo_set_can_be_made_at_once(page: Page):
    made = page.post("/api/sets/demo")
    assert made.status_code == 201
    assert (made.json["name"], len(made.json["recordings"]), made.json["folder"]) == ("Demo", 12, None)


def test_a_set_in_a_folder_that_vanished_is_listed_with_the_reason(page: Page, linked: str, folder: Path):
    folder.rename(folder.with_name("away"))
    (card,) = page.get("/api/sets").json["sets"]
    assert (card["files"], card["seconds"]) == (0, 0.0)
    assert f"The folder {folder} is missing" in card["problem"]
    shown = page.get(f"/api/sets/{linked}").json
    assert {row["state"] for row in shown["recordings"]} == {"missing"}
    at = f"/api/sets/{linked}/recordings/{recording_id('take 0.wav')}"
    assert page.get(f"{at}/sound").status_code == 404


def test_a_name_that_is_no_text_is_shown_and_aborts_nothing(page: Page, folder: Path):
    raw = folder / "raw\udcff.wav"
    try:
        raw.write_bytes((folder / "take 1.wav").read_bytes())
    except OSError:
        pytest.skip("this file system takes text only")
    one = page.post("/api/sets", {"folder": str(folder)}).json["id"]
    sets.examine(one)
    rows = {row["name"]: row for row in page.get(f"/api/sets/{one}").json["recordings"]}
    assert "rename it" in rows[raw.name]["reason"]
    assert page.patch(f"/api/sets/{one}", {"left_out": [rows[raw.name]["id"]]}).status_code == 200
    assert page.get(f"/api/sets/{one}/recordings/{rows[raw.name]['id']}/sound").status_code == 422
