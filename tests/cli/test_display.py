import io

import pytest

from engine.cli import display as displays
from engine.cli.display import LiveDisplay, LogDisplay, open_display, shorten
from engine.cli.output import Page


class Clock:
    """Time that passes when told to."""

    seconds = 100.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(displays, "time", clock)
    return clock


def terminal(width: int = 80) -> Page:
    page = Page(stderr=True)
    page.file = io.StringIO()
    page._force_terminal = True
    page.width = width
    return page


def test_a_log_gets_a_line_every_ten_seconds(clock: Clock, capsys: pytest.CaptureFixture[str]):
    log = LogDisplay(Page(stderr=True))
    for step in range(25):
        log.update("Learning", step / 25, f"step {step}")
        clock.seconds += 1.0
    assert capsys.readouterr().err.splitlines() == ["Learning", " 40%  step 10", " 80%  step 20"]


@pytest.mark.usefixtures("clock")
def test_a_log_names_each_new_stage_at_once(capsys: pytest.CaptureFixture[str]):
    log = LogDisplay(Page(stderr=True))
    for label in ("Reading", "Reading", "Learning", "Saving"):
        log.update(label)
    assert capsys.readouterr().err.splitlines() == ["Reading", "Learning", "Saving"]


def test_a_quiet_command_writes_nothing_into_a_log(capsys: pytest.CaptureFixture[str]):
    with open_display(quiet=True) as display:
        display.update("Learning", 0.5)
        display.tell("something")
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_share_and_detail_in_one_line():
    page = terminal()
    live = LiveDisplay(page)
    live.update("Learning", 0.42, "step 1,230  loss 0.412 (unheard 0.455)  1:43 left  cpu")
    page.print(live.progress.get_renderable())
    (line,) = page.file.getvalue().splitlines()
    assert "Learning" in line
    assert "42 %" in line
    assert "1:43 left  cpu" in line


def test_a_stage_of_unknown_length_shows_no_share_after_one_that_was_known():
    page = terminal()
    live = LiveDisplay(page)
    live.update("Learning", 1.0)
    live.update("Saving the model")
    page.print(live.progress.get_renderable())
    shown = page.file.getvalue()
    assert "Saving the model" in shown
    assert "Learning" not in shown
    assert "%" not in shown


def test_names_of_files_are_never_read_as_markup():
    page = terminal()
    live = LiveDisplay(page)
    live.update("Listening", 0.1, "take [bold].wav")
    page.print(live.progress.get_renderable())
    assert "take [bold].wav" in page.file.getvalue()


def test_a_long_label_is_cut_in_its_middle():
    assert shorten("abcdefghij", 10) == "abcdefghij"
    assert shorten("abcdefghijk", 10) == "abcd…ghijk"
