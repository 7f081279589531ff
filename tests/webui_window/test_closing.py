"""Whether a window may close, and what becomes of the question."""

import threading
import time
from collections.abc import Callable

import pytest

from webui.window.closing import Closing

PATIENCE_SECONDS = 30.0


class Around:
    """What a closing window has around it."""

    def __init__(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.training = True
        self.said: list[str] = []
        self.closed = threading.Event()
        self.closing = Closing(
            is_training=lambda: self.training,
            keep_training=lambda: self.said.append("kept"),
            announce=lambda: self.said.append("announced"),
            close=self.close,
            patience_seconds=patience_seconds,
        )

    def close(self) -> None:
        self.said.append("closed")
        self.closed.set()


@pytest.fixture
def around() -> Around:
    return Around()


def eventually(what: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while not what() and time.monotonic() < until:
        time.sleep(0.01)
    return what()


def test_without_a_training_it_may_close(around: Around):
    around.training = False
    assert around.closing.may_close()
    assert around.said == []
    assert not around.closing.tell()


def test_with_a_training_the_page_is_asked_once(around: Around):
    assert not around.closing.may_close()
    assert not around.closing.may_close()
    assert around.closing.tell()
    assert around.said == ["announced"]


def test_it_stays_open_when_the_person_says_so_and_asks_again_next_time(around: Around):
    around.closing.may_close()
    around.closing.answer(None)
    assert not around.closing.tell()
    assert not around.closing.may_close()
    assert around.closing.tell()
    assert not around.closed.is_set()


def test_it_closes_at_once(around: Around):
    around.closing.may_close()
    around.closing.answer(False)
    assert around.closed.is_set()
    assert around.closing.may_close()
    assert "kept" not in around.said


def test_it_keeps_first_and_then_closes(around: Around):
    around.closing.may_close()
    around.closing.answer(True)
    assert around.closed.wait(PATIENCE_SECONDS)
    assert around.said[-2:] == ["kept", "closed"]


def test_a_silent_page_is_not_waited_for():
    around = Around(patience_seconds=0.0)
    around.closing.may_close()
    assert around.closed.wait(PATIENCE_SECONDS)


def test_a_page_that_gives_signs_is_waited_for_and_then_not_any_more():
    around = Around(patience_seconds=3.0)
    around.closing.may_close()
    for _ in range(35):
        time.sleep(0.1)
        assert around.closing.tell()
    assert not around.closed.is_set()
    assert around.closed.wait(PATIENCE_SECONDS)


def test_leaving_asks_nobody(around: Around):
    around.closing.leave()
    assert around.closed.is_set()
    assert around.closing.may_close()
    assert "announced" not in around.said
