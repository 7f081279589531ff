"""Waiting for the page: it is there, or somebody is told that it is not."""

import threading

from webui.window.arrival import Arrival

PATIENCE_SECONDS = 30.0
AT_ONCE, LONG = 0.01, 600.0


def test_a_page_that_does_not_come_is_told_once_the_window_is_there():
    absent = threading.Event()
    arrival = Arrival(absent.set, shown_seconds=LONG, arrived_seconds=AT_ONCE)
    arrival.begin()
    assert not absent.wait(0.2)
    arrival.show()
    assert absent.wait(PATIENCE_SECONDS)


def test_a_window_that_does_not_come_is_told_too():
    absent = threading.Event()
    Arrival(absent.set, shown_seconds=AT_ONCE, arrived_seconds=AT_ONCE).begin()
    assert absent.wait(PATIENCE_SECONDS)


def test_a_page_that_came_is_not_missed():
    absent = threading.Event()
    arrival = Arrival(absent.set, shown_seconds=LONG, arrived_seconds=AT_ONCE)
    arrival.settle()
    arrival.begin()
    assert not absent.wait(0.2)
