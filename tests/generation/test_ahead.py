import threading
import time
from itertools import count

import pytest

from engine.errors import Cancelled
from engine.generation.mix import ahead as making
from engine.generation.mix.ahead import ahead, check_with

PATIENCE = 10.0  # seconds, in which what should end has ended


def wait_for_workers() -> None:
    """Wait until all workers have ended; those of other tests end too."""
    for thread in threading.enumerate():
        if thread.name.startswith("ThreadPoolExecutor"):
            thread.join(PATIENCE)


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    monkeypatch.setattr(making, "count_cores", lambda: 2)


def test_sounds_come_in_order_whichever_is_made_first():
    later_is_made = threading.Event()

    def make(one: int, _) -> int:
        if one == 1:
            assert later_is_made.wait(PATIENCE)
        if one == 2:
            later_is_made.set()
        return one * one

    assert list(ahead(range(20), make)) == [one * one for one in range(20)]


def test_the_first_is_made_by_itself_for_somebody_waits_for_it():
    asked, at_its_end = [], []

    def make(one: int, _) -> int:
        if one == 0:
            time.sleep(0.05)  # in which another could be asked for
            at_its_end.extend(asked)
        return one

    made = ahead((asked.append(one) or one for one in count()), make)
    assert next(made) == 0
    assert at_its_end == [0]
    assert len(asked) > 1
    made.close()


def test_only_a_few_are_made_before_they_are_heard():
    asked = []
    made = ahead((asked.append(one) or one for one in count()), lambda one, _: one)
    assert [next(made) for _ in range(5)] == list(range(5))
    assert len(asked) == 9
    made.close()


def test_what_goes_wrong_in_one_is_heard_of_in_its_turn():
    def make(one: int, _) -> int:
        return 1 // (3 - one)

    made = ahead(range(9), make)
    assert [next(made) for _ in range(3)] == [0, 0, 1]
    with pytest.raises(ZeroDivisionError):
        next(made)


def test_who_stops_listening_waits_for_none():
    ended, may_end, begun = [], threading.Event(), threading.Semaphore(0)

    def make(one: int, _) -> int:
        if one:
            begun.release()
            may_end.wait(PATIENCE)
            ended.append(one)
        return one

    made = ahead(count(), make)
    assert next(made) == 0
    assert all(begun.acquire(timeout=PATIENCE) for _ in range(2))  # one that has not begun would be called off
    made.close()
    assert ended == []
    may_end.set()
    wait_for_workers()
    assert sorted(ended) == [1, 2]


def test_what_has_been_begun_is_left_at_its_next_check():
    begun, left = threading.Event(), threading.Semaphore(0)

    def make(one: int, check) -> int:
        if one == 0:
            return 0
        begun.set()
        try:
            while True:
                check()
        finally:
            left.release()

    made = ahead(range(2), make)
    assert next(made) == 0
    assert begun.wait(PATIENCE)
    made.close()
    assert left.acquire(timeout=PATIENCE)


def test_it_stops_when_it_is_told_to_though_nothing_is_ready_and_what_waits_is_not_made():
    last_waits, stopped, may_end = threading.Event(), threading.Event(), threading.Event()
    begun, ended = [], []

    def asked():
        yield from range(3)
        threading.Timer(0.05, last_waits.set).start()
        yield 3

    def make(one: int, _) -> int:
        begun.append(one)
        if one == 0:
            return one
        if last_waits.wait(PATIENCE):
            stopped.set()
        may_end.wait(PATIENCE)
        ended.append(one)
        return one

    made = ahead(asked(), make, stopped.is_set)
    with pytest.raises(Cancelled):
        list(made)
    assert ended == []
    may_end.set()
    wait_for_workers()
    assert sorted(begun) == [0, 1, 2]


def test_it_stops_while_the_first_is_made():
    begun, may_end = threading.Event(), threading.Event()

    def make(one: int, _) -> int:
        begun.set()
        may_end.wait(PATIENCE)
        return one

    made = ahead(count(), make, begun.is_set)
    with pytest.raises(Cancelled):
        next(made)
    may_end.set()
    wait_for_workers()


def test_nothing_is_begun_that_is_not_wanted_from_the_beginning():
    begun = []
    with pytest.raises(Cancelled):
        next(ahead(range(3), lambda one, _: begun.append(one), lambda: True))
    assert begun == []


def test_a_check_raises_as_soon_as_it_is_time():
    wanted = [False]
    check = check_with(lambda: wanted[0])
    check()
    wanted[0] = True
    with pytest.raises(Cancelled) as found:
        check()
    assert found.value.code == "cancelled"
