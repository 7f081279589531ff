import signal
import subprocess
import sys
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


def test_a_program_that_loaded_torch_ends_at_once_with_all_that_it_wrote():
    waits = "threading.Thread(target=threading.Event().wait).start()"
    program = (
        f"import threading, torch\nfrom engine.cli.main import leave\n{waits}\nprint('written', end='')\nleave(3)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=300, check=False)
    assert (ended.returncode, ended.stdout) == (3, b"written")
