import signal
import threading

import pytest

from engine.cli.interruption import stop_on_interrupt


def test_the_first_interrupt_only_asks_to_stop_and_says_so():
    told = threading.Event()
    with stop_on_interrupt(told.set) as should_stop:
        assert not should_stop()
        signal.raise_signal(signal.SIGINT)
        assert should_stop()
        assert told.wait(timeout=10)


def test_the_second_interrupt_stops_at_once():
    with stop_on_interrupt(lambda: None):
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_afterwards_interrupts_mean_what_they_meant_before():
    before = signal.getsignal(signal.SIGINT)
    with stop_on_interrupt(lambda: None):
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before
