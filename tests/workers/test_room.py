"""The engine room: previews overtake each other, jobs wait for their turn, and what dies is replaced."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from small_trades import learn_small

from engine.errors import DatasetError, EngineError, ParameterError
from engine.workers.job import Job
from engine.workers.jobs import MOST_KEPT, MOST_WAITING
from engine.workers.room import REPLACED, TRAINER_LOST, EngineRoom

PATIENCE_SECONDS = 30.0


@pytest.fixture
def room() -> Iterator[EngineRoom]:
    made = EngineRoom(learn_small, learn_small, learn_small)
    yield made
    made.close()


def eventually(what: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while not what() and time.monotonic() < until:
        time.sleep(0.01)
    return what()


def ended(job: Job) -> bool:
    return eventually(lambda: job.has_ended)


def kill(room: EngineRoom, worker: str) -> None:
    os.kill(room.describe()[worker]["pid"], signal.SIGKILL)


def test_the_player_is_asked_and_its_errors_are_raised(room: EngineRoom):
    assert room.ask("echo", {"a": 1}) == {"a": 1}
    assert room.ask_bytes("echo", {}) == ({}, b"raw bytes")
    with pytest.raises(ParameterError, match="density"):
        room.ask("refuse", {})


def test_an_answer_that_takes_too_long_is_not_waited_for(room: EngineRoom):
    with pytest.raises(EngineError) as caught:
        room.ask("export", {}, timeout_seconds=0.2)
    assert caught.value.code == "worker_slow"


def test_what_is_read_apart_is_answered_and_its_errors_are_raised(room: EngineRoom):
    assert room.ask_apart("echo", {"a": 1}, "own.sofa") == {"a": 1}
    with pytest.raises(ParameterError, match="density"):
        room.ask_apart("refuse", {}, "own.sofa")


@pytest.mark.parametrize(
    ("task", "seconds", "why"), [("die", 30.0, "ended unexpectedly"), ("export", 3.0, "came to no end")]
)
def test_a_file_that_ends_or_holds_up_its_reader_is_named_and_costs_no_player(
    room: EngineRoom, task: str, seconds: float, why: str
):
    assert room.wait_until_ready(PATIENCE_SECONDS)
    player = room.describe()["player"]["pid"]
    with pytest.raises(DatasetError, match=rf"own\.sofa could not be read: .* {why}") as caught:
        room.ask_apart(task, {}, "own.sofa", timeout_seconds=seconds)
    assert caught.value.code == "dataset.unreadable"
    assert room.describe()["player"]["pid"] == player
    assert room.ask("echo", {"a": 1}) == {"a": 1}
    assert room.notices() == []


def test_a_stream_is_heard_to_its_end(room: EngineRoom):
    stream = room.stream("preview", {"blocks": 5}, page="a", number=1)
    assert stream.head["channels"] == 1
    assert [float(np.frombuffer(block, "<f4")[0]) for block in stream] == [0, 1, 2, 3, 4]


def test_a_later_preview_of_a_page_overtakes_an_earlier_one(room: EngineRoom):
    first = room.stream("preview", {"blocks": 100_000}, page="a", number=1)
    second = room.stream("preview", {"blocks": 3}, page="a", number=2)
    assert len(list(second)) == 3
    assert len(list(first)) < 100_000
    with pytest.raises(ParameterError) as caught:
        room.stream("preview", {"blocks": 3}, page="a", number=1)
    assert caught.value.code == "overtaken"


def test_pages_do_not_overtake_each_other(room: EngineRoom):
    first = room.stream("preview", {"blocks": 3}, page="a", number=1)
    second = room.stream("preview", {"blocks": 4}, page="b", number=1)
    assert (len(list(first)), len(list(second))) == (3, 4)


def test_a_stream_that_nobody_hears_any_more_lets_the_player_stop(room: EngineRoom):
    room.stream("preview", {"blocks": 100_000}, page="a", number=1).close()
    assert len(list(room.stream("preview", {"blocks": 2}, page="b", number=1))) == 2


def test_jobs_of_one_queue_run_one_after_the_other(room: EngineRoom):
    jobs = [room.jobs.submit("export", f"export {number}", {"steps": 3}) for number in range(3)]
    assert [job.state for job in jobs][1:] == ["waiting", "waiting"]
    assert all(map(ended, jobs))
    assert [job.state for job in jobs] == ["done"] * 3
    assert [job.result for job in jobs] == [{"steps": 3}] * 3
    assert [job.id for job in room.jobs.list()] == [job.id for job in reversed(jobs)]
    starts = [job.started for job in jobs]
    assert starts == sorted(starts)  # type: ignore[type-var]


def test_a_queue_that_is_full_refuses_and_says_who_is_first(room: EngineRoom):
    for number in range(MOST_WAITING + 1):
        room.jobs.submit("export", f"export {number}", {})
    with pytest.raises(ParameterError, match="export 0 is still under way") as caught:
        room.jobs.submit("export", "one more", {})
    assert caught.value.code == "busy"


def test_there_is_one_training_at_a_time(room: EngineRoom):
    first = room.jobs.submit("train", "sax", {})
    with pytest.raises(ParameterError, match="sax is still under way"):
        room.jobs.submit("train", "drums", {})
    assert room.jobs.submit("export", "a file", {"steps": 1}).state == "running"
    room.jobs.cancel(first.id)
    assert ended(first)
    assert room.jobs.submit("train", "drums", {"steps": 1}).kind == "train"


def test_progress_is_followed(room: EngineRoom):
    job = room.jobs.submit("train", "sax", {})
    assert eventually(lambda: bool(job.curve) and job.share is not None)
    told = job.to_dict()
    assert (told["stage"], told["words"], told["run"]) == ("training", "Learning", "run-1")
    assert told["curve"] == [{"step": 1, "loss": None}]


def test_cancelling_ends_a_job_and_what_waits_goes_on(room: EngineRoom):
    first, second, third = (room.jobs.submit("export", name, {}) for name in "abc")
    assert room.jobs.cancel(second.id).state == "cancelled"
    assert room.jobs.cancel(first.id).state in ("stopping", "cancelled")
    assert ended(first)
    assert first.state == "cancelled"
    assert eventually(lambda: third.state == "running")
    room.jobs.cancel(third.id)
    assert ended(third)
    assert room.jobs.cancel(third.id).state == "cancelled"


def test_a_render_is_heard_while_it_is_made_and_afterwards(room: EngineRoom):
    job = room.jobs.submit("render", "sound", {}, heard=True)
    assert job.sound
    assert ended(job)
    for first in (0, 8):
        data = b"".join(job.sound.read(first))
        assert data == np.arange(8, dtype="<f4").tobytes()[first:]
    assert job.sound.head == {"channels": 2, "first": 0, "samples": 4}


def test_a_player_that_dies_is_replaced_and_its_other_work_goes_on(room: EngineRoom):
    busy, waiting = room.jobs.submit("export", "a", {}), room.jobs.submit("export", "b", {"steps": 2})
    before = room.describe()["player"]["pid"]
    kill(room, "player")
    assert ended(busy)
    assert (busy.state, (busy.error or {})["code"]) == ("failed", "worker_lost")
    assert ended(waiting)
    assert (waiting.state, waiting.result) == ("done", {"steps": 2})
    assert room.describe()["player"]["pid"] != before
    assert room.notices() == [REPLACED]
    assert room.notices() == []
    assert room.ask("echo", {"a": 1}) == {"a": 1}


def test_what_was_lost_is_begun_again(room: EngineRoom):
    lost = room.jobs.submit("export", "a", {"steps": 500})
    kill(room, "player")
    assert ended(lost)
    again = room.jobs.again(lost.id)
    assert (again.kind, again.values) == ("export", {"steps": 500})
    with pytest.raises(ParameterError, match="nothing to begin anew"):
        room.jobs.again(again.id)


def test_a_trainer_that_dies_leaves_an_interrupted_training_that_goes_on_from_what_was_saved(
    room: EngineRoom, monkeypatch: pytest.MonkeyPatch
):
    job = room.jobs.submit("train", "sax", {})
    assert eventually(lambda: job.run is not None)
    kill(room, "trainer")
    assert ended(job)
    assert job.state == "interrupted"
    assert eventually(lambda: room.describe()["trainer"] is None)
    assert TRAINER_LOST in room.notices()
    anew = room.jobs.again(job.id)  # it was lost before anything was saved
    assert (anew.kind, anew.values) == ("train", {})
    room.jobs.cancel(anew.id)
    assert ended(anew)
    monkeypatch.setattr("engine.workers.jobs.unfinished_runs", lambda: (SimpleNamespace(id="run-1"),))
    again = room.jobs.again(job.id)
    assert (again.kind, again.values) == ("resume", {"run": "run-1"})


def test_a_training_that_nobody_wants_is_cancelled_and_leaves_nothing(
    room: EngineRoom, monkeypatch: pytest.MonkeyPatch
):
    runs, gone = [SimpleNamespace(id="run-1"), SimpleNamespace(id="run-2")], []
    monkeypatch.setattr("engine.workers.jobs.unfinished_runs", lambda: runs)
    monkeypatch.setattr("engine.workers.jobs.discard_run", gone.append)
    job = room.jobs.submit("train", "sax", {})
    assert eventually(lambda: job.run is not None)
    room.jobs.cancel(job.id, keep=False)
    assert ended(job)
    assert (job.state, job.error and job.error["code"]) == ("cancelled", "cancelled")
    assert gone == runs[:1]
    assert eventually(lambda: room.describe()["trainer"] is None)
    assert room.notices() == []


def test_a_trainer_ends_with_its_training(room: EngineRoom):
    job = room.jobs.submit("train", "sax", {"steps": 1})
    assert ended(job)
    assert eventually(lambda: room.describe()["trainer"] is None)
    assert room.notices() == []


def test_a_job_is_forgotten_when_asked_and_when_there_are_many(room: EngineRoom):
    jobs = []
    for _ in range(MOST_KEPT + 3):
        jobs.append(room.jobs.submit("render", "sound", {}))
        assert ended(jobs[-1])
    assert len(room.jobs.list()) == MOST_KEPT + 1
    room.jobs.remove(jobs[-1].id)
    with pytest.raises(ParameterError) as caught:
        room.jobs.get(jobs[-1].id)
    assert caught.value.code == "job_unknown"


def test_changes_are_counted_by_noun(room: EngineRoom):
    version, before = room.changes.look()
    room.changes.touch("models")
    later, after = room.changes.look()
    assert later > version
    assert after == {**before, "models": before["models"] + 1}
    assert room.changes.look() == (later, after)


def test_closing_leaves_no_worker(room: EngineRoom):
    room.jobs.submit("train", "sax", {})
    assert eventually(lambda: room.describe()["trainer"] is not None)
    links = [room._player, room._trainer]
    room.close()
    assert not any(link and link._process.is_alive() for link in links)
