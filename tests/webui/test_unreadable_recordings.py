"""Recordings that nobody has examined yet and that cannot be read: the player, a process of its own, says why."""

from collections.abc import Iterator

import pytest
from asking import PORT, SECRET, Page, error_of

from engine.workers import looking
from engine.workers.room import EngineRoom
from engine.workers.worker import Task, Trade
from webui.app import create_app

FILES = {
    "broken.wav": (b"RIFF\x24\x00\x00\x00WAVEjunk", "dataset.not_audio", "the file is damaged"),
    "empty.wav": (b"", "dataset.empty", "the file is empty"),
}


def learn_to_look() -> Trade:
    """Return what the player does with recordings; it needs no torch."""
    tasks = {"picture": looking.draw_picture, "peaks": looking.draw_peaks, "recording": looking.play_recording}
    return Trade("player", {name: Task("looking", work) for name, work in tasks.items()})


@pytest.fixture(scope="module")
def looking_room() -> Iterator[EngineRoom]:
    made = EngineRoom(learn_to_look)
    yield made
    made.close()


@pytest.mark.parametrize("what", ["picture", "peaks", "sound"])
@pytest.mark.parametrize("name", FILES)
def test_what_cannot_be_read_is_said_of_the_file_and_is_no_fault(looking_room: EngineRoom, name: str, what: str):
    content, code, reason = FILES[name]
    page = Page(create_app(looking_room, secret=SECRET, port=PORT))
    one = page.post("/api/sets", {"name": "Own"}).json["id"]
    recording = page.send(f"/api/sets/{one}/files", content, name, method="PUT").json["recording"]
    assert page.get(f"/api/sets/{one}").json["verdict"] == "1 recording to be examined."
    answer = page.get(f"/api/sets/{one}/recordings/{recording}/{what}")
    error = error_of(answer)
    assert (answer.status_code, error["code"]) == (422, code)
    assert error["message"].startswith(f"{name}: {reason}")
