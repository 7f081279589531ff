"""A window that stays empty is opened in another way, in the end in the browser, and that is remembered."""

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path

from driven import PATIENCE_SECONDS, Driven

Start = Callable[..., Driven]


def test_it_goes_on_without_graphics_card_and_then_in_the_browser(window: Start):
    opened = window(arrives=False, arrived_seconds=1.0)
    assert "--disable-gpu" not in opened.read_until("opens")["flags"]
    assert "--disable-gpu" in opened.read_until("opens")["flags"]
    assert "opens in the browser instead" in opened.read_until("told")["line"]
    address = opened.read_until("browser")["address"]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(address, timeout=PATIENCE_SECONDS) as page:
        assert page.status == 200
    opened.process.terminate()
    assert opened.end() == 0
    again = window()
    assert again.read_until("browser")["address"] != address
    again.process.terminate()
    assert again.end() == 0


def test_a_way_that_works_is_kept(window: Start):
    first = window(arrives=False, arrived_seconds=1.0, arrives_plain=True)
    assert first.read_until("arrived")["way"] == "plain"
    first.do("close")
    assert first.end() == 0
    second = window()
    assert second.read_until("arrived")["way"] == "plain"


def test_a_window_that_hangs_is_left_behind(window: Start):
    opened = window(arrives=False, arrived_seconds=1.0, arrives_plain=True)
    opened.ask("hang")
    assert opened.read_until("arrived")["way"] == "plain"
    opened.do("close")
    assert opened.end() == 0


def test_a_window_that_was_closed_early_did_work(window: Start, data_home: Path):
    opened = window(arrives=False)
    opened.read_until("shown")
    opened.do("close")
    assert opened.end() == 0
    assert json.loads((data_home / "window.json").read_text())["arrived"] is True
