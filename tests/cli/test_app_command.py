"""sda app where no window can open, or should not."""

import json

import pytest


@pytest.fixture
def headless(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")


@pytest.mark.usefixtures("headless")
def test_without_a_screen_it_says_how_the_page_can_be_had(sda):
    outcome = sda("app")
    assert outcome.status == 1
    assert outcome.out == ""
    assert outcome.err == (
        "sda: There is no screen to show a window on. sda app --browser serves the same page for a browser.\n"
    )
    assert json.loads(sda("app", "--json").out)["error"]["code"] == "no_window"


@pytest.mark.parametrize("wrong", [("--no-open",), ("--port", "65536"), ("--port", "-1"), ("--browser", "--port", "x")])
def test_wrong_usage_is_refused(sda, wrong: tuple[str, ...]):
    outcome = sda("app", *wrong)
    assert outcome.status == 2
    assert outcome.out == ""
