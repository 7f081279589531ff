from dataclasses import dataclass
from threading import Thread

import numpy as np

from engine.generation.event.recent import Recent


@dataclass
class Tone:
    samples: np.ndarray


def tone(values: int) -> Tone:
    return Tone(np.zeros((values // 2, 2), np.float32))


def test_what_is_kept_is_found_and_nothing_else():
    recent, one = Recent(100), tone(40)
    recent.keep("one", one)
    assert recent.find("one") is one
    assert recent.find("other") is None


def test_those_are_forgotten_that_were_asked_for_longest_ago():
    recent = Recent(100)
    for name in ("first", "second"):
        recent.keep(name, tone(40))
    assert recent.find("first")
    recent.keep("third", tone(40))
    assert [bool(recent.find(name)) for name in ("first", "second", "third")] == [True, False, True]


def test_what_is_too_large_is_not_kept_and_what_is_kept_twice_counts_once():
    recent = Recent(100)
    recent.keep("large", tone(102))
    assert recent.find("large") is None
    for _ in range(5):
        recent.keep("same", tone(60))
    recent.keep("other", tone(40))
    assert recent.find("same")
    assert recent.find("other")


def test_it_never_keeps_more_than_it_may_whoever_asks():
    recent = Recent(1_000)

    def explore(seed: int) -> None:
        random = np.random.default_rng(seed)
        for _ in range(500):
            key = int(random.integers(30))
            if recent.find(key) is None:
                recent.keep(key, tone(2 * int(random.integers(1, 100))))

    threads = [Thread(target=explore, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [found.samples.size for key in range(30) if (found := recent.find(key))]
    assert 800 < sum(kept) <= 1_000
