"""How large the window is, as it is kept."""

import time

import pytest

from engine.studio.preferences import change_preferences, read_preferences
from webui.window.size import SizeKeeper, WindowSize, read_size


@pytest.fixture
def keeper() -> SizeKeeper:
    return SizeKeeper(read_size(), lambda: None)


def test_at_first_it_is_as_the_program_wants():
    assert read_size() == WindowSize(1440, 900, False)


def test_a_size_is_kept_and_read_again(keeper: SizeKeeper):
    keeper.resize(1000, 700)
    keeper.keep()
    assert read_size() == WindowSize(1000, 700)
    assert read_preferences().page["window"]["width"] == 1000


def test_it_is_kept_by_itself_once_it_is_still(keeper: SizeKeeper):
    for width in range(1000, 1010):
        keeper.resize(width, 700)
    until = time.monotonic() + 30
    while read_size().width != 1009 and time.monotonic() < until:
        time.sleep(0.05)
    assert read_size() == WindowSize(1009, 700)


@pytest.mark.parametrize("first", ["resize", "maximize"])
def test_a_window_that_fills_the_screen_keeps_its_own_size(keeper: SizeKeeper, first: str):
    keeper.resize(1000, 700)
    keeper.keep()
    steps = {"resize": lambda: keeper.resize(3840, 2160), "maximize": lambda: keeper.maximize(True)}
    for name in sorted(steps, reverse=first == "resize"):
        steps[name]()
    keeper.keep()
    assert read_size() == WindowSize(1000, 700, maximized=True)
    keeper.maximize(False)
    keeper.keep()
    assert read_size() == WindowSize(1000, 700)


def test_nothing_is_written_for_a_size_that_is_kept_already():
    told = []
    keeper = SizeKeeper(WindowSize(1000, 700), lambda: told.append("kept"))
    keeper.resize(1000, 700)
    keeper.keep()
    assert told == []
    keeper.resize(1001, 700)
    keeper.keep()
    assert told == ["kept"]


@pytest.mark.parametrize("kept", [{"width": 3}, {"width": "wide"}, 7, {"width": 1e9}, {"height": None}])
def test_a_size_that_is_none_counts_as_none(kept: object):
    change_preferences({"window": kept})
    assert read_size() == WindowSize()
