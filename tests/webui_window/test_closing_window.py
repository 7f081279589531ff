"""A window that is closed while a training is under way asks in the page what becomes of it."""

import threading
from collections.abc import Callable

from driven import Driven

Start = Callable[..., Driven]


def open_training(window: Start, **wishes: object) -> Driven:
    opened = window(**wishes)
    opened.read_until("arrived")
    opened.do("train")
    opened.ask("close")
    return opened


def test_the_page_is_asked_and_the_window_stays(window: Start):
    opened = open_training(window, answer=None)
    opened.read_until("answered")
    assert opened.do("look")["jobs"] == ["running"]
    opened.ask("close")
    assert opened.read_until("answered")["keep"] is None
    opened.process.terminate()
    assert opened.end() == 0


def test_what_was_learned_is_kept_before_it_closes(window: Start):
    opened = open_training(window, answer=True)
    assert opened.read_until("answered")["keep"] is True
    assert opened.read_until("closing_with")["jobs"] == ["cancelled"]
    assert opened.end() == 0


def test_it_closes_at_once_and_says_that_the_training_can_be_gone_on_with(window: Start):
    opened = open_training(window, answer=False)
    assert opened.read_until("closing_with")["jobs"] == ["running"]
    assert "can be gone on with" in opened.read_until("told")["line"]
    assert opened.end() == 0


def test_it_stays_as_long_as_the_page_asks(window: Start):
    opened = open_training(window, patience_seconds=3.0)
    threading.Event().wait(5.0)
    assert opened.do("look")["jobs"] == ["running"]
    opened.process.terminate()
    assert opened.end() == 0


def test_it_closes_when_the_page_gives_no_sign(window: Start):
    opened = open_training(window, looks=False)
    assert opened.read_until("closing_with")["jobs"] == ["running"]
    assert opened.end() == 0


def test_without_a_training_it_closes_at_once(window: Start):
    opened = window(answer=None)
    opened.read_until("arrived")
    opened.do("close")
    assert opened.end() == 0
