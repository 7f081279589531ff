from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest

from engine.once import built_once

BUILT: list[object] = []


@dataclass(frozen=True)
class Slow:
    number: int
    begun: Event
    may_end: Event

    @built_once
    def value(self) -> list[int]:
        """A value that takes time."""
        BUILT.append(self)
        self.begun.set()
        assert self.may_end.wait(60)
        return [self.number]


@pytest.fixture
def slow() -> Slow:
    BUILT.clear()
    return Slow(7, Event(), Event())


def test_threads_that_ask_at_once_share_one_value(slow: Slow):
    barrier, found = Barrier(6), []

    def ask() -> None:
        barrier.wait()
        found.append(slow.value)

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    assert slow.begun.wait(60)
    slow.may_end.set()
    for thread in threads:
        thread.join()
    assert len(BUILT) == 1
    assert len({id(one) for one in found}) == 1
    assert slow.value == [7]


def test_one_object_does_not_wait_for_another(slow: Slow):
    thread = Thread(target=lambda: slow.value)
    thread.start()
    assert slow.begun.wait(60)
    other = replace(slow, number=8, begun=Event(), may_end=Event())
    other.may_end.set()
    assert other.value == [8]
    slow.may_end.set()
    thread.join()


def test_a_failure_is_not_kept(slow: Slow):
    class Failing:
        tries = 0

        @built_once
        def value(self) -> int:
            self.tries += 1
            if self.tries == 1:
                raise OSError
            return self.tries

    one = Failing()
    with pytest.raises(OSError):  # noqa: PT011 - it has no text
        assert one.value
    assert one.value == 2
    assert slow not in BUILT


def test_what_was_built_counts_for_no_comparison_and_the_property_says_what_it_is(slow: Slow):
    slow.may_end.set()
    before = replace(slow)
    assert slow.value
    assert slow == before
    assert Slow.value.__doc__ == "A value that takes time."


def test_nothing_is_kept_in_a_way_that_lets_objects_wait_for_each_other():
    """One lock for all objects of a class, as Python 3.11 has it, stopped outputs for ever."""
    root = Path(__file__).parents[1]
    sources = [path for folder in ("engine", "webui") for path in (root / folder).rglob("*.py")]
    assert len(sources) > 100
    assert not [path for path in sources if "@cached_property" in path.read_text("utf-8")]
