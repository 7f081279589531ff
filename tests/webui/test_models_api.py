from pathlib import Path

import numpy as np
import pytest
from asking import NearRoom, Page, error_of
from small_corpus import noise, tone
from small_library import make_folder
from small_model import small_certificate, write_small_model

from engine.dataset.corpus import load_corpus
from engine.latent.certificate import SliderCertificate
from engine.library.entries import MODEL_FILE
from engine.units import SAMPLE_RATE


def samples_of(response) -> np.ndarray:
    """Return the sound of a response, (samples, channels)."""
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.content_type == "application/octet-stream"
    assert response.headers["X-Sample-Rate"] == str(SAMPLE_RATE)
    sound = np.frombuffer(response.get_data(), "<f4").reshape(-1, int(response.headers["X-Channels"]))
    assert len(sound) == int(response.headers["X-Samples"])
    return sound


def revision(page: Page, noun: str) -> int:
    return page.get("/api/state").get_json()["revisions"][noun]


class TestLibrary:
    def test_lists_what_a_card_shows(self, page: Page, model: str):
        (card,) = page.get("/api/models").get_json()["models"]
        assert (card["id"], card["name"], card["version"], card["current"]) == (model, "sax", 1, True)
        assert card["family"] == model
        assert card["sliders"]["brightness"] == "certified"
        assert card["minutes"] is None
        assert card["problem"] is None

    def test_words_choose(self, page: Page, model: str):
        assert page.get("/api/models?words=SAX").get_json()["models"][0]["id"] == model
        assert page.get("/api/models?words=tabla").get_json() == {"models": []}

    def test_a_detail_says_what_the_folder_says(self, page: Page, model: str):
        shown = page.get(f"/api/models/{model}").get_json()
        assert shown["recordings"] == ["0.wav", "1.wav"]
        assert [version["id"] for version in shown["versions"]] == [model]
        assert shown["described"]["format"]
        assert shown["folder"].endswith(model)

    def test_says_why_a_slider_is_off(self, page: Page, data_home: Path):
        off = SliderCertificate("tension", state="off", reason="one pitch only")
        write_small_model(data_home, small_certificate(off))
        shown = page.get("/api/models/0123456789ab").get_json()
        assert shown["sliders"]["tension"] == "off"
        assert shown["reasons"] == {"tension": "one pitch only"}

    def test_a_certificate_made_anew_is_read_anew(self, page: Page, data_home: Path, model: str):
        assert page.get("/api/models").get_json()["models"][0]["sliders"]["motion"] == "certified"
        (data_home / "models" / model / "certificate.json").write_text('{"sliders": {"motion": {"state": "weak"}}}')
        assert page.get("/api/models").get_json()["models"][0]["sliders"] == {"motion": "weak"}

    def test_labels_change_what_is_given_and_nothing_else(self, page: Page, model: str):
        before = revision(page, "models")
        page.patch(f"/api/models/{model}", {"note": "breathy", "tags": ["reed"]})
        card = page.patch(f"/api/models/{model}", {"name": "alto"}).get_json()
        assert (card["name"], card["note"], card["tags"]) == ("alto", "breathy", ["reed"])
        assert page.get("/api/models").get_json()["models"][0] == card
        assert revision(page, "models") > before

    def test_a_name_that_is_taken_is_409(self, page: Page, model: str):
        make_folder("b1", "tabla")
        response = page.patch(f"/api/models/{model}", {"name": "Tabla"})
        assert (response.status_code, error_of(response)["code"]) == (409, "model_name_taken")

    @pytest.mark.parametrize("labels", [{"name": ""}, {"name": "x" * 81}, {"tags": ["a,b"]}, {"note": "\x07"}])
    def test_a_label_that_is_not_allowed_is_422(self, page: Page, model: str, labels: dict):
        assert page.patch(f"/api/models/{model}", labels).status_code == 422

    def test_the_player_lets_go_of_a_model_before_it_is_moved(self, page: Page, room: NearRoom, model: str):
        page.delete(f"/api/models/{model}")
        assert room.asked == [f"let-go {model}"]

    def test_deleting_is_undone_by_restoring(self, page: Page, model: str):
        before = page.get("/api/models").get_json()
        gone = page.delete(f"/api/models/{model}").get_json()
        assert gone["model"]["deleted"]
        assert page.get("/api/models").get_json() == {"models": []}
        assert error_of(page.get(f"/api/models/{model}"))["code"] == "model_deleted"
        assert page.get(f"/api/models/{model}").status_code == 410
        assert [one["id"] for one in page.get("/api/trash").get_json()["models"]] == [model]
        assert page.post(f"/api/models/{model}/restore").status_code == 200
        assert page.get("/api/models").get_json() == before
        assert page.get("/api/trash").get_json()["models"] == []

    def test_deleting_says_which_blends_need_it(self, page: Page, model: str):
        make_folder("b1", "tabla")
        page.get("/api/models")
        made = page.post("/api/blends", {"name": "half", "model": model, "blend": {"b1": 0.5}})
        assert made.status_code == 201
        assert made.get_json()["kind"] == "blend"
        assert "half" in page.delete("/api/models/b1").get_json()["notes"][0]

    def test_using_a_version_makes_it_current(self, page: Page):
        make_folder("a1", "sax")
        make_folder("a2", "sax", version=2, family="a1")
        listed = page.get("/api/models?all_versions=1").get_json()["models"]
        assert {one["id"]: one["current"] for one in listed} == {"a1": False, "a2": True}
        assert page.post("/api/models/a1/use").get_json()["current"]
        listed = page.get("/api/models?all_versions=1").get_json()["models"]
        assert {one["id"]: one["current"] for one in listed} == {"a1": True, "a2": False}

    def test_a_damaged_model_is_listed_with_its_problem_and_422(self, page: Page, data_home: Path, model: str):
        page.get("/api/models")
        (data_home / "models" / model / MODEL_FILE).unlink()
        assert MODEL_FILE in page.get("/api/models").get_json()["models"][0]["problem"]
        assert error_of(page.get(f"/api/models/{model}"))["code"] == "model_damaged"

    def test_names_that_are_no_text_are_shown(self, page: Page, data_home: Path, model: str):
        listing = data_home / "models" / model / "corpus.json"
        listing.write_text(listing.read_text().replace("0.wav", "\\udcff.wav"))
        response = page.get(f"/api/models/{model}")
        assert response.get_json()["recordings"][0] == "\udcff.wav"


class TestSlidersAndMap:
    def test_sliders_are_those_of_the_certificate_the_discovered_ones_last(self, page: Page, model: str):
        found = page.get(f"/api/models/{model}/sliders").get_json()
        names = [slider["name"] for slider in found["sliders"]]
        assert names[0] == "brightness"
        assert names[-2:] == ["discovered 1", "discovered 2"]
        assert found["sliders"][0]["range"] == [8.0, 9.0, 10.0]
        assert found["seeds"] == 4

    def test_map_has_every_moment(self, page: Page, model: str):
        found = page.get(f"/api/models/{model}/map").get_json()
        assert [moment["file"] for moment in found["moments"]] == ["0.wav"] * 2 + ["1.wav"] * 3
        assert found["moments"][0]["x"] == -1.0
        assert found["x"][0]["name"] == "brightness"

    def test_a_blend_has_no_map(self, page: Page, model: str):
        make_folder("b1", "tabla")
        page.get("/api/models")
        blend = page.post("/api/blends", {"name": "half", "model": model, "blend": {"b1": 0.5}}).get_json()["id"]
        response = page.get(f"/api/models/{blend}/map")
        assert (response.status_code, error_of(response)["code"]) == (422, "model_is_blend")
        assert page.get(f"/api/models/{blend}/recordings").status_code == 422


class TestRecordings:
    def test_are_listed(self, page: Page, model: str):
        listed = page.get(f"/api/models/{model}/recordings").get_json()["recordings"]
        assert listed == [
            {"index": 0, "name": "0.wav", "seconds": 1.0, "synthetic": False},
            {"index": 1, "name": "1.wav", "seconds": 1.5, "synthetic": False},
        ]

    def test_sound_is_the_recording_to_the_sample(self, page: Page, model: str):
        heard = samples_of(page.get(f"/api/models/{model}/recordings/1/sound"))
        np.testing.assert_array_equal(heard[:, 0], noise(1.5).astype(np.float32))

    def test_a_stretch_begins_and_ends_where_it_is_asked_to(self, page: Page, model: str):
        response = page.get(f"/api/models/{model}/recordings/0/sound?start=0.25&seconds=0.5")
        assert response.headers["X-First-Sample"] == "12000"
        whole = tone(440, 1.0).astype(np.float32)
        np.testing.assert_array_equal(samples_of(response)[:, 0], whole[12_000:36_000])

    def test_what_lies_behind_the_end_is_left_out(self, page: Page, model: str):
        assert len(samples_of(page.get(f"/api/models/{model}/recordings/0/sound?start=0.9&seconds=5"))) == 4_800
        assert len(samples_of(page.get(f"/api/models/{model}/recordings/0/sound?start=3"))) == 0

    def test_a_moment_is_heard_from_where_it_lies(self, page: Page, data_home: Path, model: str):
        found = page.get(f"/api/models/{model}/map").get_json()["moments"][3]
        response = page.get(f"/api/models/{model}/moments/3/sound?seconds=0.2")
        corpus = load_corpus(data_home / "models" / model)
        recording = next(one for one in corpus.recordings if one.name == found["file"])
        first = round(found["seconds"] * SAMPLE_RATE)
        assert response.headers["X-First-Sample"] == str(first)
        np.testing.assert_array_equal(samples_of(response), corpus.recorded(recording)[first : first + 9_600])

    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("moments/5/sound", "moment_unknown"),
            ("recordings/2/sound", "recording_unknown"),
            ("recordings/2/peaks", "recording_unknown"),
            ("recordings/9999999999/picture", "recording_unknown"),
        ],
    )
    def test_a_number_beyond_the_last_is_404(self, page: Page, model: str, path: str, code: str):
        response = page.get(f"/api/models/{model}/{path}")
        assert (response.status_code, error_of(response)["code"]) == (404, code)

    def test_peaks_are_pairs_at_full_scale(self, page: Page, model: str):
        response = page.get(f"/api/models/{model}/recordings/0/peaks?points=100")
        peaks = np.frombuffer(response.get_data(), "<i2").reshape(100, 2)
        assert response.headers["X-Points"] == "100"
        assert float(response.headers["X-Seconds"]) == 1.0
        assert abs(int(peaks[50, 1]) - 16_384) < 100
        assert abs(int(peaks[50, 0]) + 16_384) < 100

    def test_a_picture_has_its_loudest_row_at_the_tone(self, page: Page, model: str):
        response = page.get(f"/api/models/{model}/recordings/0/picture?columns=50&rows=64")
        picture = np.frombuffer(response.get_data(), np.uint8).reshape(64, 50)
        low, high = float(response.headers["X-Low-Hz"]), float(response.headers["X-High-Hz"])
        row = int(picture[:, 25].argmax())
        assert low * (high / low) ** (row / 64) <= 440 <= low * (high / low) ** ((row + 1) / 64)
        assert (response.headers["X-Columns"], response.headers["X-Rows"]) == ("50", "64")

    def test_nothing_is_asked_of_the_player(self, page: Page, model: str, room):
        for path in (
            "recordings",
            "recordings/0/sound",
            "recordings/0/peaks",
            "recordings/0/picture",
            "moments/0/sound",
        ):
            assert page.get(f"/api/models/{model}/{path}").status_code == 200
        assert room.asked == []
