"""A worker in a process of its own: asked, stopped, lost, ended."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from imitated_windows import needs_proc
from small_trades import learn_small

from engine.errors import DatasetError, EngineError, ParameterError
from engine.workers.link import Link
from engine.workers.reply import LOST, Reply

PATIENCE_SECONDS = 30.0


@pytest.fixture
def lost() -> list[Link]:
    return []


@pytest.fixture
def link(lost: list[Link]) -> Iterator[Link]:
    worker = Link(learn_small, lost.append)
    yield worker
    worker.close()


def eventually(what: Callable[[], bool]) -> bool:
    """Wait until something is so."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not what() and time.monotonic() < until:
        time.sleep(0.01)
    return what()


def ask(link: Link, task: str, **values: object) -> Reply:
    reply = Reply()
    link.ask(task, values, reply)
    return reply


def test_a_worker_answers_with_values_and_bytes(link: Link):
    result = ask(link, "echo", name="säx", path=Path("a.wav")).result(PATIENCE_SECONDS)
    assert (dict(result.values), result.payload) == ({"name": "säx", "path": "a.wav"}, b"raw bytes")


def test_an_error_comes_back_as_it_was_raised(link: Link):
    with pytest.raises(ParameterError, match="density = 0: must be more") as caught:
        ask(link, "refuse").result(PATIENCE_SECONDS)
    assert (caught.value.code, caught.value.field) == ("parameter.density", "density")


def test_an_error_of_a_modules_own_comes_back_as_the_public_one_it_is(link: Link):
    with pytest.raises(DatasetError, match=r"low\.wav: the file is damaged") as caught:
        ask(link, "refuse-recording").result(PATIENCE_SECONDS)
    assert caught.value.code == "dataset.not_audio"


def test_a_fault_is_told_without_a_traceback_and_the_worker_lives_on(link: Link, data_home: Path):
    with pytest.raises(EngineError, match="a fault of this program") as caught:
        ask(link, "fail").result(PATIENCE_SECONDS)
    assert caught.value.code == "internal"
    assert "Traceback" not in str(caught.value)
    assert len(list((data_home / "logs").glob("error-*.txt"))) == 1
    assert ask(link, "echo", a=1).result(PATIENCE_SECONDS).values == {"a": 1}


def test_an_unknown_task_is_refused(link: Link):
    with pytest.raises(EngineError, match="no task 'dance'"):
        ask(link, "dance").result(PATIENCE_SECONDS)


def test_sound_comes_in_order_and_no_faster_than_it_is_taken(link: Link):
    reply = Reply()
    number = link.ask("preview", {"blocks": 60}, reply)
    assert reply.head(PATIENCE_SECONDS) == {"channels": 1, "first": 0, "samples": None}
    time.sleep(0.3)
    assert not reply.ended  # 60 s of sound are more than the first credit
    heard = []
    for block in reply.blocks():
        heard.append(float(np.frombuffer(block, "<f4")[-1]))
        link.allow(number, len(block))
    assert heard == list(range(60))
    assert reply.values == {"sent": 60}


def test_cancelling_is_felt_by_one_who_waits_for_credit(link: Link):
    reply = Reply()
    number = link.ask("preview", {"blocks": 1000}, reply)
    reply.head(PATIENCE_SECONDS)
    link.cancel(number)
    with pytest.raises(EngineError, match="stopped"):
        reply.result(PATIENCE_SECONDS)


def test_cancelling_is_felt_at_the_next_step_and_before_the_first(link: Link):
    first, second = Reply(), Reply()
    numbers = [link.ask("export", {}, reply) for reply in (first, second)]
    for number in reversed(numbers):
        link.cancel(number)
    for reply in (first, second):
        with pytest.raises(EngineError, match="stopped"):
            reply.result(PATIENCE_SECONDS)


def test_lanes_do_not_wait_for_each_other(link: Link):
    busy = ask(link, "export")
    assert ask(link, "echo", a=1).result(PATIENCE_SECONDS).values == {"a": 1}
    assert not busy.ended


def test_a_worker_that_dies_is_noticed_and_everybody_who_waits_is_told(link: Link, lost: list[Link]):
    waiting = ask(link, "export")
    ask(link, "die")
    with pytest.raises(EngineError) as caught:
        waiting.result(PATIENCE_SECONDS)
    assert caught.value.code == LOST
    assert lost == [link]
    with pytest.raises(EngineError) as caught:
        ask(link, "echo").result(PATIENCE_SECONDS)
    assert caught.value.code == LOST


def test_who_waits_is_told_only_once_the_worker_is_replaced():
    order: list[str] = []
    link = Link(learn_small, lambda _: order.append("replaced"))
    reply = Reply()
    reply.when_ended(lambda _: order.append("told"))
    link.ask("export", {}, reply)
    os.kill(link.process_id, signal.SIGKILL)
    assert eventually(lambda: len(order) == 2)
    assert order == ["replaced", "told"]


def test_a_closed_worker_is_gone_and_is_not_lost(lost: list[Link]):
    link = Link(learn_small, lost.append)
    busy = ask(link, "export")
    link.ready.wait(PATIENCE_SECONDS)
    link.close()
    assert not psutil.pid_exists(link.process_id)
    with pytest.raises(EngineError):
        busy.result(PATIENCE_SECONDS)
    assert lost == []


def test_many_threads_may_ask_at_once(link: Link):
    answers: list[object] = []

    def ask_often(thread: int) -> None:
        replies = (ask(link, "echo", who=[thread, turn]) for turn in range(20))
        answers.extend(reply.result(PATIENCE_SECONDS).values["who"] for reply in replies)

    threads = [threading.Thread(target=ask_often, args=(thread,)) for thread in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(tuple, answers)) == [(thread, turn) for thread in range(6) for turn in range(20)]  # type: ignore[arg-type]


PARENT = """
import sys, time
sys.path.insert(0, {here!r})
from imitated_windows import needs_proc
from small_trades import learn_small
from engine.workers.link import Link
from engine.workers.reply import Reply

if __name__ == "__main__":
    link = Link(learn_small, lambda _: None)
    link.ask("export", {{}}, Reply())
    link.ready.wait()
    print(link.process_id, flush=True)
    time.sleep(600)
"""


def test_nothing_of_a_worker_lives_on_when_its_parent_is_killed(tmp_path: Path):
    program = tmp_path / "parent.py"
    program.write_text(PARENT.format(here=str(Path(__file__).parents[1])), "utf-8")
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        worker = psutil.Process(int(parent.stdout.readline()))
        family = [worker, *psutil.Process(parent.pid).children(recursive=True)]
        parent.kill()
    assert eventually(lambda: not any(one.is_running() and one.status() != "zombie" for one in family))


@needs_proc
def test_a_worker_hears_nothing_of_an_interrupt_from_its_first_moment_on(lost: list[Link]):
    link = Link(learn_small, lost.append)
    status = Path(f"/proc/{link.process_id}/status").read_text("ascii")
    blocked = int(next(line.split()[1] for line in status.splitlines() if line.startswith("SigBlk")), 16)
    assert blocked & 1 << (signal.SIGINT - 1)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    link.close()
    assert lost == []
