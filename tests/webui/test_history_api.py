from pathlib import Path

import numpy as np
import pytest
import soundfile
from asking import Page, error_of
from made_outputs import make_history

from engine.library.outputs import HistoryEntry


def test_lists_pages_newest_first(page: Page, data_home: Path, model: str):
    made = [make_history(data_home, model, f"{number}.wav") for number in range(3)]
    first = page.get("/api/history?count=2").get_json()
    assert [one["id"] for one in first["history"]] == [made[2].id, made[1].id]
    rest = page.get(f"/api/history?count=2&after={first['next']}").get_json()
    assert [one["number"] for one in rest["history"]] == [1]
    assert rest["next"] is None


def test_finds_by_words_model_and_star(page: Page, data_home: Path, model: str, output: HistoryEntry):
    make_history(data_home, model, "cloud.wav")
    page.patch(f"/api/history/{output.id}", {"star": True})
    for query in ("words=sax-01", "starred=1", f"model={model}&words=sax-01"):
        assert [one["id"] for one in page.get(f"/api/history?{query}").get_json()["history"]] == [output.id], query
    assert page.get("/api/history?model=unknown").status_code == 404


def test_shows_what_an_output_was_made_with(page: Page, output: HistoryEntry):
    shown = page.get(f"/api/history/{output.id}").get_json()
    assert shown["file"] == output.file
    assert shown["file_name"] == "sax-01.wav"
    assert shown["settings"]["density"] == 2.0
    assert shown["missing"] is False


def test_labels_change_what_is_given(page: Page, output: HistoryEntry):
    page.patch(f"/api/history/{output.id}", {"star": True, "note": "keep"})
    changed = page.patch(f"/api/history/{output.id}", {"tags": ["dark"]}).get_json()
    assert (changed["star"], changed["note"], changed["tags"]) == (True, "keep", ["dark"])


def test_a_label_that_is_refused_changes_nothing(page: Page, output: HistoryEntry):
    assert page.patch(f"/api/history/{output.id}", {"star": True, "tags": ["a,b"]}).status_code == 422
    assert page.get(f"/api/history/{output.id}").get_json()["star"] is False


def test_deleting_is_undone_by_restoring(page: Page, output: HistoryEntry):
    page.delete(f"/api/history/{output.id}")
    assert page.get(f"/api/history/{output.id}").status_code == 410
    assert [one["id"] for one in page.get("/api/history?deleted=1").get_json()["history"]] == [output.id]
    page.post(f"/api/history/{output.id}/restore")
    assert page.get(f"/api/history/{output.id}").get_json()["deleted"] is None
    assert Path(output.file).is_file()


class TestFile:
    def test_is_sent_as_it_is(self, page: Page, output: HistoryEntry):
        with page.get(f"/api/history/{output.id}/file") as response:
            assert response.get_data() == Path(output.file).read_bytes()
            assert response.content_type == "audio/wav"
            assert "private" in response.headers["Cache-Control"]

    def test_a_part_of_it_is_sent(self, page: Page, output: HistoryEntry):
        with page.get(f"/api/history/{output.id}/file", headers={"Range": "bytes=4-7"}) as response:
            assert response.status_code == 206
            assert response.get_data() == Path(output.file).read_bytes()[4:8]

    def test_what_is_known_is_not_sent_again(self, page: Page, output: HistoryEntry):
        with page.get(f"/api/history/{output.id}/file") as response:
            tag = response.headers["ETag"]
        with page.get(f"/api/history/{output.id}/file", headers={"If-None-Match": tag}) as response:
            assert (response.status_code, response.get_data()) == (304, b"")

    def test_a_range_beyond_it_is_416(self, page: Page, output: HistoryEntry):
        response = page.get(f"/api/history/{output.id}/file", headers={"Range": "bytes=99999999-"})
        assert (response.status_code, error_of(response)["code"]) == (416, "range")

    @pytest.mark.parametrize("part", ["file", "sound", "peaks", "picture"])
    def test_one_that_is_missing_is_404(self, page: Page, output: HistoryEntry, part: str):
        Path(output.file).unlink()
        assert page.get(f"/api/history/{output.id}").get_json()["missing"]
        response = page.get(f"/api/history/{output.id}/{part}")
        assert (response.status_code, error_of(response)["code"]) == (404, "history_missing")


class TestSound:
    def test_is_heard_as_floats(self, page: Page, output: HistoryEntry):
        response = page.get(f"/api/history/{output.id}/sound")
        heard = np.frombuffer(response.get_data(), "<f4").reshape(-1, 2)
        assert response.headers["X-Channels"] == "2"
        np.testing.assert_array_equal(heard, soundfile.read(output.file, dtype="float32")[0])

    def test_is_heard_from_a_second_on(self, page: Page, output: HistoryEntry):
        response = page.get(f"/api/history/{output.id}/sound?start=0.5")
        assert response.headers["X-First-Sample"] == "24000"
        heard = np.frombuffer(response.get_data(), "<f4").reshape(-1, 2)
        np.testing.assert_array_equal(heard, soundfile.read(output.file, dtype="float32")[0][24_000:])

    def test_is_seen(self, page: Page, output: HistoryEntry):
        peaks = page.get(f"/api/history/{output.id}/peaks?points=10")
        assert np.frombuffer(peaks.get_data(), "<i2").reshape(10, 2)[5, 1] > 12_000
        picture = page.get(f"/api/history/{output.id}/picture?columns=20&rows=16")
        assert np.frombuffer(picture.get_data(), np.uint8).reshape(16, 20).max() == 255

    def test_is_read_by_the_player_alone(self, page: Page, output: HistoryEntry, room):
        for part in ("sound", "peaks", "picture"):
            page.get(f"/api/history/{output.id}/{part}")
        assert room.asked == ["recording", "peaks", "picture"]


class TestLocate:
    def test_a_moved_file_is_found_again(self, page: Page, output: HistoryEntry, tmp_path: Path):
        moved = Path(output.file).rename(tmp_path / "moved.wav")
        found = page.post(f"/api/history/{output.id}/locate", {"file": str(moved)}).get_json()
        assert (found["file"], found["missing"]) == (str(moved), False)

    def test_another_sound_is_refused(self, page: Page, data_home: Path, model: str, output: HistoryEntry):
        other = make_history(data_home, model, "other.wav", pitch_hz=330.0)
        response = page.post(f"/api/history/{output.id}/locate", {"file": other.file})
        assert (response.status_code, error_of(response)["code"]) == (409, "history_other_file")

    @pytest.mark.parametrize("file", ["sax.wav", "../sax.wav", "/nowhere/a.wav", "/", "a\0b", "/" + "x" * 4_000])
    def test_no_file_is_422(self, page: Page, output: HistoryEntry, file: str, room):
        response = page.post(f"/api/history/{output.id}/locate", {"file": file})
        assert (response.status_code, error_of(response)["field"]) == (422, "file")
        assert room.asked == []

    def test_a_file_is_named_whole(
        self, page: Page, output: HistoryEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        Path(output.file).rename(tmp_path / "moved.wav")
        monkeypatch.chdir(tmp_path)
        assert page.post(f"/api/history/{output.id}/locate", {"file": "moved.wav"}).status_code == 422


def test_two_outputs_are_compared(page: Page, data_home: Path, model: str, output: HistoryEntry):
    other = make_history(data_home, model, "other.wav", pitch_hz=880.0)
    found = page.post("/api/compare", {"a": output.id, "b": other.id}).get_json()
    assert (found["a"]["id"], found["b"]["id"]) == (output.id, other.id)
    assert abs(found["descriptors"]["brightness"]["difference"] - 1.0) < 0.05  # octaves
    assert max(found["a"]["gain_db"], found["b"]["gain_db"]) == 0.0


def test_silence_has_no_loudness(page: Page, data_home: Path, model: str, output: HistoryEntry):
    silent = make_history(data_home, model, "silent.wav", pitch_hz=0.0)
    response = page.post("/api/compare", {"a": output.id, "b": silent.id})
    assert response.status_code == 200
    assert b"Infinity" not in response.get_data()
    assert b"NaN" not in response.get_data()
