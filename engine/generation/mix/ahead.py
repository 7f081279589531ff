"""Events made side by side, a few ahead of what is heard, until nobody listens any more.

Each event needs one core, and none needs another. A thread makes one, or waits for a process that does. A listener
who stops waits for none of them: what has not been begun is not made; what has been begun is left at its next check.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event as Flag
from typing import TypeVar

from engine.device import count_cores
from engine.errors import Cancelled
from engine.latent.checks import Check

Asked = TypeVar("Asked")
Made = TypeVar("Made")

AHEAD = 2  # times as many sounds as there are cores: while one takes long, the others go on
POLL_SECONDS = 0.02  # between two questions whether to stop


def never() -> bool:
    """Return that nothing is to be stopped."""
    return False


def check_with(should_stop: Callable[[], bool]) -> Check:
    """Return a check that raises Cancelled as soon as it is time to stop."""

    def check() -> None:
        if should_stop():
            raise Cancelled("the sound is not wanted any more; it was stopped")

    return check


def ahead(
    asked: Iterable[Asked], make: Callable[[Asked, Check], Made], should_stop: Callable[[], bool] = never
) -> Generator[Made, None, None]:
    """Make sounds in order, on all cores; the first by itself, since somebody waits for it.

    Args:
        asked: What is to be made.
        make: Makes one of them; calls the check now and then.
        should_stop: Asked often, from several threads.

    Raises:
        Cancelled: it was time to stop.
    """
    left = Flag()
    check, workers = check_with(lambda: left.is_set() or should_stop()), count_cores()
    pool, begun = ThreadPoolExecutor(workers), False
    waiting: deque[Future[Made]] = deque()
    try:
        for one in asked:
            check()
            waiting.append(pool.submit(make, one, check))
            begun = begun or _wait(waiting[0], check)
            if len(waiting) > AHEAD * workers:
                yield _result(waiting.popleft(), check)
        while waiting:
            yield _result(waiting.popleft(), check)
    finally:
        left.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _result(future: Future[Made], check: Check) -> Made:
    _wait(future, check)
    return future.result()


def _wait(future: Future[Made], check: Check) -> bool:
    """Wait for a sound; return that it is there."""
    while not wait([future], POLL_SECONDS).done:
        check()
    return True
