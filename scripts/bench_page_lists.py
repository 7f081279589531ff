"""How fast the page is with a history of 10,000 and a library of 1,000: opened, scrolled, searched."""

from collections.abc import Callable
from typing import Any

from bench_page import STEP_MS, Figure, Window, window

MODELS, HISTORY = "Models", "History"
HISTORY_STEP, MODELS_STEP = 2_200, 1_180  # pixels: fifty outputs, five rows of models
MOST_STEPS = 250
WORDS = {HISTORY: ["9", "98", "987", "model 7", "nothing 5", "5"], MODELS: ["7", "77", "777", "session 5", "model 12"]}
FLAT_MB = 2.0


def measure_lists(browser: Any, address: Callable[[], str]) -> list[Figure]:
    """Measure both lists."""
    figures: list[Figure] = []
    for place, name, step in (("Library", MODELS, MODELS_STEP), ("Play", HISTORY, HISTORY_STEP)):
        with window(browser, address) as made:
            made.go("Train")
            made.pause(2.0)
            figures += measure_list(made, place, name, step)
            figures += made.blocking
    return figures


def measure_list(made: Window, place: str, name: str, step: int) -> list[Figure]:
    """Measure one list."""
    words = name.lower()
    with made.watching(f"{words} opened"):
        opened = open_list(made, place, name)
        made.pause(2.0)
        again = []
        for _ in range(4):
            made.go("Train")
            made.pause(0.5)
            again.append(open_list(made, place, name))
    made.pause(2.0)
    with made.watching(f"{words} scrolled"):
        scrolled = scroll_all(made, name, step)
        once = heap_mb(made)
        scroll_all(made, name, step)
        twice = heap_mb(made)
    with made.watching(f"{words} searched"):
        searched = search(made, name)
    return [
        Figure(f"{words} opened, for the first time", None, [opened]),
        Figure(f"{words} opened", STEP_MS, again),
        Figure(f"{words} scrolled, a step", STEP_MS, scrolled),
        Figure(f"{words} searched, a key", STEP_MS, searched),
        Figure(f"{words}: memory of the page", None, [once], "MB"),
        Figure(f"{words}: what scrolling through it once more adds", FLAT_MB, [max(0.0, twice - once)], "MB"),
    ]


def open_list(made: Window, place: str, name: str) -> float:
    """Go to a list; return after how many milliseconds it is there."""
    made.probe("forgetList", name)
    made.role("link", place).click()
    return float(made.probe("listed", name, 10_000))


def scroll_all(made: Window, name: str, step: int) -> list[float]:
    """Scroll from the top as far as it goes; return how long each step took, milliseconds."""
    made.probe("top", name)
    steps: list[float] = []
    while len(steps) < MOST_STEPS and (took := made.probe("scroll", name, step)) is not None:
        steps.append(took)
    made.probe("top", name)
    return steps


def search(made: Window, name: str) -> list[float]:
    """Type some words, a key at a time; return how long each took until other things were listed."""
    field = made.page.get_by_role("searchbox").first
    found: list[float] = []
    for words in WORDS[name]:
        field.fill("")
        made.pause(0.6)
        for key in words:
            made.probe("forgetList", name)
            made.page.keyboard.press(key)
            took = made.probe("listed", name, 1_000)
            if took is not None:
                found.append(took)
    return found


def heap_mb(made: Window) -> float:
    """Return how much memory the page's objects take, without what is garbage."""
    session = made.page.context.new_cdp_session(made.page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return float(used) / 1e6
