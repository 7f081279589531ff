"""The real window on a screen without a monitor: it opens, its page arrives, it closes, and leaves nothing behind."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from driven import Driven

from engine.studio.preferences import read_preferences

Start = Callable[..., Driven]


def test_it_opens_without_torch_and_closes_with_status_0(window: Start, data_home: Path):
    opened = window()
    assert opened.read_until("arrived")["way"] == "graphics"
    seen = opened.do("look")
    assert seen["loaded"] == []  # nothing that takes long to load
    assert seen["address"].startswith("http://127.0.0.1:")
    assert seen["title"] == "Small DataSet Audio"
    assert len(opened.children) > 1
    opened.do("close")
    assert opened.read_until("outcome")["outcome"] == "closed"
    assert opened.end() == 0
    assert not (data_home / "app.json").exists()
    assert json.loads((data_home / "window.json").read_text())["arrived"] is True


def test_it_is_no_larger_than_the_screen_and_as_large_as_it_was_left(window: Start):
    first = window()
    first.read_until("arrived")
    width, height = first.do("look")["size"]
    assert width <= 1440
    assert height < 900
    first.do("resize", 1111, 666)
    first.do("close")
    assert first.end() == 0
    assert read_preferences().page["window"] == {"width": 1111, "height": 666, "maximized": False}
    second = window()
    second.read_until("arrived")
    assert second.do("look")["size"] == [1111, 666]


@pytest.mark.parametrize("given", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_status_0(window: Start, given: signal.Signals):
    opened = window()
    opened.read_until("arrived")
    opened.process.send_signal(given)
    assert opened.read_until("outcome")["outcome"] == "closed"
    assert opened.end() == 0


def test_nothing_lives_on_when_it_is_killed(window: Start):
    opened = window()
    opened.read_until("arrived")
    opened.process.kill()
    assert opened.end() == -signal.SIGKILL
    again = window()
    again.read_until("arrived")
    assert again.do("look")["loaded"] == []


def test_it_reloads_a_page_whose_process_ended(window: Start):
    opened = window()
    opened.read_until("arrived")
    os.kill(opened.do("look")["renderer"], signal.SIGKILL)
    assert opened.read_until("arrived")["way"] == "graphics"
