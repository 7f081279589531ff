"""Jobs through the API, in workers of their own whose tasks take no time."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from asking import ORIGIN, OURS, PORT, SECRET, error_of
from small_trades import learn_small
from werkzeug.test import TestResponse

from engine.library.outputs import HistoryEntry
from engine.paths import import_folder
from engine.studio.sets import create_set
from engine.workers.room import EngineRoom
from webui.app import create_app

PATIENCE_SECONDS = 30.0


class Client:
    def __init__(self, room: EngineRoom) -> None:
        self.client = create_app(room, secret=SECRET, port=PORT).test_client()
        self.client.set_cookie(f"sda_{PORT}", SECRET, domain="127.0.0.1")

    def ask(self, method: str, path: str, **given: Any) -> TestResponse:
        return self.client.open(path, method=method, base_url=ORIGIN, headers=OURS, **given)

    def post(self, path: str, values: Any) -> TestResponse:
        return self.ask("POST", path, json=values)

    def json(self, path: str) -> Any:
        return self.ask("GET", path).get_json()


@pytest.fixture
def workers(data_home: Path) -> Iterator[EngineRoom]:  # noqa: ARG001 - the workers are of this test's library
    made = EngineRoom(learn_small, learn_small)
    yield made
    made.close()


@pytest.fixture
def client(workers: EngineRoom) -> Client:
    return Client(workers)


def eventually(what: Callable[[], Any]) -> Any:
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := what()) and time.monotonic() < until:
        time.sleep(0.02)
    assert found
    return found


def ended(client: Client, job: str) -> Any:
    return eventually(lambda: (found := client.json(f"/api/jobs/{job}"))["ended"] and found)


def test_a_render_is_asked_for_followed_and_heard(client: Client, model: str):
    answer = client.post("/api/jobs/render", {"model": model, "settings": {"duration": 2.0}})
    assert answer.status_code == 202
    job = ended(client, answer.get_json()["id"])
    assert (job["kind"], job["state"], job["share"]) == ("render", "done", 1.0)
    sound = client.ask("GET", f"/api/jobs/{job['id']}/sound?from=1")
    assert (sound.headers["X-Channels"], sound.headers["X-First-Sample"]) == ("2", "1")
    assert np.frombuffer(sound.data, "<f4").tolist() == [2, 3, 4, 5, 6, 7]
    assert [one["id"] for one in client.json("/api/jobs")["jobs"]] == [job["id"]]
    assert client.ask("DELETE", f"/api/jobs/{job['id']}").status_code == 200
    assert client.json("/api/jobs") == {"jobs": []}


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"settings": {"density": 0}}, 422, "density"),
        ({"settings": {"tempo": 3}}, 422, "tempo"),
        ({"settings": {"sliders": {"brightnes": 3}}}, 422, None),
        ({"settings": {"hrtf": "../../etc/passwd"}}, 404, None),
        ({"count": 0}, 422, "count"),
        ({"export": {"format": "tape"}}, 422, "format"),
        ({"tags": {"title": 3}}, 422, "title"),
        ({"model": "nobody"}, 404, None),
        ({"settings": {"blend": {"nobody": 0.3}}}, 404, None),
    ],
)
def test_what_cannot_be_rendered_never_becomes_a_job(
    client: Client, model: str, body: dict[str, Any], status: int, field: str | None
):
    answer = client.post("/api/jobs/render", {"model": model, **body})
    assert answer.status_code == status, answer.get_data(as_text=True)
    if field:
        assert field in error_of(answer)["message"]
    assert client.json("/api/jobs") == {"jobs": []}


def test_a_training_is_begun_stopped_and_refused_while_another_runs(client: Client, tmp_path: Path):
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    (recordings / "a.wav").write_bytes(b"opened by the trainer only")
    data_set = create_set("mine", recordings).id
    asked = {"set": data_set, "name": "sax", "settings": {"minutes": 1}}
    first = client.post("/api/jobs/train", asked)
    assert first.status_code == 202
    second = client.post("/api/jobs/train", asked)
    assert (second.status_code, error_of(second)["code"]) == (409, "busy")
    job = first.get_json()["id"]
    assert client.post(f"/api/jobs/{job}/cancel", {}).get_json()["state"] in ("stopping", "cancelled")
    assert ended(client, job)["state"] == "cancelled"
    again = client.ask("POST", f"/api/jobs/{job}/again")
    assert (again.status_code, again.get_json()["kind"]) == (202, "train")


def test_a_training_without_a_set_or_with_wrong_minutes_is_refused(client: Client):
    assert client.post("/api/jobs/train", {"set": "none", "name": "sax"}).status_code == 404
    answer = client.post("/api/jobs/train", {"set": "none", "name": "sax", "settings": {"minutes": 0}})
    assert (answer.status_code, "minutes" in error_of(answer)["message"]) == (422, True)


def test_an_export_is_of_an_output_that_is_there(client: Client, output: HistoryEntry):
    assert client.post("/api/jobs/export", {"output": "9999"}).status_code == 404
    answer = client.post("/api/jobs/export", {"output": output.id, "export": {"format": "flac"}})
    assert answer.status_code == 202
    job = answer.get_json()["id"]
    client.post(f"/api/jobs/{job}/cancel", {})
    ended(client, job)


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({"set": "nothing"}, 404, "nothing"),
        ({"model": "nobody"}, 404, "nobody"),
        ({"recordings": ["0123"]}, 404, "has no recording"),
        ({"settings": {"density": 3}}, 422, "density"),
        ({"settings": {"sliders": {"brightnes": 3}}}, 422, "brightnes"),
        ({"export": {"format": "tape"}}, 422, "format"),
    ],
)
def test_recordings_that_cannot_be_played_through_a_model_never_become_a_job(
    client: Client, model: str, tmp_path: Path, body: dict[str, Any], status: int, word: str
):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.wav").write_bytes(b"opened by the player only")
    asked = {"model": model, "set": create_set("mine", tmp_path / "in").id}
    answer = client.post("/api/jobs/reconstruct", {**asked, **body})
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert word in error_of(answer)["message"]
    assert client.json("/api/jobs") == {"jobs": []}
    assert client.post("/api/jobs/reconstruct", asked).status_code == 202


def test_a_preview_is_heard_and_overtaken(client: Client, model: str, workers: EngineRoom):
    asked = {"page": "p1", "number": 1, "model": model, "settings": {"duration": 3.0}, "what": "from", "at": 1.0}
    with client.post("/api/previews", asked) as answer:
        assert (answer.status_code, answer.headers["X-Channels"], len(answer.data)) == (200, "1", 2 * 48_000 * 4)
    assert client.json("/api/previews/p1/1")["state"] == "done"
    late = client.post("/api/previews", {**asked, "number": 0})
    assert (late.status_code, error_of(late)["code"]) == (409, "overtaken")
    assert workers.find_stream("p1", 1) is not None
    assert client.json("/api/previews/p1/7")["error"]["code"] == "preview_unknown"


def test_state_is_short_where_nothing_has_changed(client: Client):
    first = client.json("/api/state")
    assert first["revisions"]
    assert first["jobs"] == []
    eventually(lambda: client.json("/api/state")["workers"]["player"]["state"] == "ready")
    version = client.json("/api/state")["version"]
    again = client.json(f"/api/state?since={version}")
    assert (again["version"], again["jobs"], again["revisions"]) == (version, None, None)


def test_a_model_that_is_no_model_is_refused_before_it_waits(client: Client):
    answer = client.ask(
        "POST", "/api/jobs/import", query_string={"name": "x.sda"}, data=b"no", content_type="application/octet-stream"
    )
    assert answer.status_code == 202  # the player looks into it
    assert ended(client, answer.get_json()["id"])["state"] == "failed"


def test_the_file_of_a_model_waits_where_no_other_import_clears_it_away(client: Client, workers: EngineRoom):
    answer = client.ask(
        "POST", "/api/jobs/import", query_string={"name": "x.sda"}, data=b"no", content_type="application/octet-stream"
    )
    waiting = Path(workers.jobs.get(answer.get_json()["id"]).values["path"])
    assert not waiting.is_relative_to(import_folder())
    ended(client, answer.get_json()["id"])
