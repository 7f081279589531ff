"""How fast the page is in Chromium, against the real server: the figures of `bench_app.py --page`.

Time is taken inside the page: from the event that a key or the mouse makes, to the moment for which sound is scheduled.
So neither the browser's driver counts, nor the loudspeakers' own latency. Chromium is that of SDA_CHROMIUM, or of the
system.
"""

import os
import random
import shutil
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

PROBE = (Path(__file__).parent / "bench_page.js").read_text(encoding="utf-8")
WINDOW = {"width": 1440, "height": 900}
ARGUMENTS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
PATIENCE_MS = 60_000
OPENINGS, CLICKS, SWITCHES = 5, 15, 12
SEEDS = (11, 12)
SLIDER = "brightness"
BLOCKED_MS, STEP_MS = 50.0, 100.0


@dataclass(frozen=True)
class Figure:
    """Something measured.

    Attributes:
        name: What it is.
        bar: That it should not be above; None where there is none.
        values: At least one.
        unit: Of bar and values.
        by_worst: Whether the highest value is held against the bar, rather than the median.
    """

    name: str
    bar: float | None
    values: list[float]
    unit: str = "ms"
    by_worst: bool = False

    @property
    def value(self) -> float:
        """Return the figure that is held against the bar."""
        return max(self.values) if self.by_worst else statistics.median(self.values)

    @property
    def verdict(self) -> str:
        """Whether the bar is met."""
        if self.bar is None:
            return ""
        return "[green]met[/green]" if self.value <= self.bar else "[red]missed[/red]"


def table_of_figures(title: str, figures: list[Figure]) -> Table:
    """Return figures beside their bars."""
    table = Table("what", "bar", "median", "worst", "of", "", title=f"{title} (load {os.getloadavg()[0]:.1f})")
    for one in figures:
        bar = "" if one.bar is None else f"{one.bar:.0f} {one.unit}"
        shown = f"{statistics.median(one.values):.0f}", f"{max(one.values):.0f}"
        table.add_row(one.name, bar, *shown, str(len(one.values)), one.verdict)
    return table


class Window:
    """A page of the program, watched by bench_page.js.

    Args:
        page: Playwright's.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        self.blocked: dict[str, float] = {}

    def role(self, role: str, name: str) -> Any:
        """Return what has a role and an accessible name."""
        return self.page.get_by_role(role, name=name, exact=True)

    def go(self, place: str) -> None:
        """Go to a place."""
        self.role("link", place).click()
        self.page.wait_for_selector(f"html[data-place={place.lower()}]", state="attached")

    def probe(self, what: str, *values: Any) -> Any:
        """Call a function of the probe."""
        return self.page.evaluate("([what, values]) => window.bench[what](...values)", [what, list(values)])

    def heard(self, act: Callable[[], Any], *, by: str = "heard", within_ms: float = PATIENCE_MS) -> float | None:
        """Do something, and return after how many milliseconds it is heard; None if it is not within a time."""
        self.probe("forget")
        act()
        return self.probe(by, within_ms)

    def pause(self, seconds: float) -> None:
        """Let the page go on for a while."""
        self.page.wait_for_timeout(1000 * seconds)

    @contextmanager
    def watching(self, what: str) -> Iterator[None]:
        """Note the longest time for which the main thread is blocked while the block runs."""
        self.probe("tasks")
        yield
        self.pause(0.3)
        self.blocked[what] = max([self.blocked.get(what, 0.0), *self.probe("tasks")])

    @property
    def blocking(self) -> list[Figure]:
        """How long the main thread was blocked at most; what lasts under 50 ms is not told, and counts as 0."""
        return [
            Figure(f"main thread blocked: {what}", BLOCKED_MS, [value], by_worst=True)
            for what, value in self.blocked.items()
        ]


@contextmanager
def chromium() -> Iterator[Any]:
    """Run a browser for as long as the block lasts."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("SDA_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def window(browser: Any, address: Callable[[], str]) -> Iterator[Window]:
    """Open the program in a browser that has nothing of it yet."""
    context = browser.new_context(viewport=WINDOW)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.add_init_script(PROBE)
    try:
        while (answer := page.goto(address())) is None or not answer.ok:
            page.wait_for_timeout(200)  # a late request of the window before used the address up
        page.wait_for_selector("html[data-begun]", state="attached")
        yield Window(page)
    finally:
        context.close()


def measure_opening(browser: Any, address: Callable[[], str]) -> list[Figure]:
    """Measure how soon the page is usable, and how much of it there is."""
    soon, blocked = [], []
    for _ in range(OPENINGS):
        with window(browser, address) as made:
            made.role("slider", SLIDER).wait_for()
            soon.append(made.probe("usable"))
            blocked += made.probe("tasks") or [0.0]
    with window(browser, address) as made:
        for place in ("Collect", "Train", "Library", "Play"):
            made.go(place)
            made.pause(0.5)
        for name in ("Export…", "Variations", "Help"):
            made.role("button", name).first.click()
            made.pause(0.5)
            made.page.keyboard.press("Escape")
        made.page.evaluate("location.hash = '#/welcome'")
        made.pause(0.5)
        kilobytes = made.probe("kilobytes")
    return [
        Figure("page usable after the server answers", 400, soon),
        Figure("all of the interface over the wire", 250, [kilobytes], "kB"),
        Figure("main thread blocked: page opened", BLOCKED_MS, blocked, by_worst=True),
    ]


def measure_sliders(made: Window, bars: tuple[float, float]) -> list[Figure]:
    """Measure how soon a slider that is moved while sound plays is heard.

    Args:
        made: In Play, with a model.
        bars: For what was not heard before, and for the rest, milliseconds.
    """
    first: list[float] = []
    cold: list[float] = []
    warm: list[float] = []
    press = made.page.keyboard.press
    with made.watching("slider moved while sound plays"):
        for seed in SEEDS:
            begin_loop(made, seed)
            made.role("slider", SLIDER).focus()
            for values, count in ((first, 1), (cold, 3)):
                for _ in range(count):
                    keep(values, made.heard(lambda: press("ArrowRight")))
                    made.pause(1.0)
            made.pause(5.0)
            for _ in range(4):
                keep(warm, made.heard(lambda: press("ArrowRight")))
                made.pause(1.0)
            pause = made.role("button", "Pause").first
            if pause.is_visible():
                pause.click()
    return [
        Figure("slider moved for the first time", None, first),
        Figure("slider moved on, sound not heard before", bars[0], cold),
        Figure("slider moved on, sound heard before", bars[1], warm),
    ]


def begin_loop(made: Window, seed: int) -> None:
    """Let eight seconds play round and round, without any slider."""
    made.role("button", "Reset all").click()
    for name, value in (("Duration", "8"), ("Seed", str(seed))):
        field = made.role("spinbutton", name)
        field.fill(value)
        field.press("Enter")
    box = made.role("checkbox", "Loop")
    if not box.is_checked():
        box.check(force=True)
    made.heard(made.role("button", "Play").first.click)
    made.pause(2.0)


def measure_map(made: Window) -> list[Figure]:
    """Measure how soon a moment of the map is heard that is clicked on."""
    place = made.role("application", "Map").bounding_box()
    rng, values = random.Random(1), []
    with made.watching("clicks on the map"):
        for _ in range(8 * CLICKS):
            at = [place[side] + place[size] * rng.uniform(0.1, 0.9) for side, size in (("x", "width"), ("y", "height"))]
            made.page.mouse.move(*at)
            keep(values, made.heard(lambda at=at: made.page.mouse.click(*at), within_ms=400))
            if len(values) == CLICKS:
                break
    return [Figure("click on the map to first sample", 60, values)]


def measure_switch(made: Window) -> list[Figure]:
    """Measure how soon the other one of two outputs is heard."""
    rows = made.page.get_by_role("list", name="History").get_by_role("listitem")
    while (count := rows.count()) < 2:
        made.role("button", "Make").click()
        rows.nth(count).wait_for()
    for place, letter in enumerate("ab"):
        rows.nth(place).focus()
        made.page.keyboard.press(letter)
    made.pause(3.0)
    values: list[float] = []
    switch = made.role("button", "Switch A/B").first
    made.heard(switch.click)
    with made.watching("A/B switched"):
        for _ in range(SWITCHES):
            made.pause(0.2)
            keep(values, made.heard(switch.click, by="switched", within_ms=2_000))
    return [Figure("switch A/B", 20, values)]


def keep(values: list[float], value: float | None) -> None:
    """Keep what was measured, if anything was."""
    if value is not None:
        values.append(value)


def measure_play(browser: Any, address: Callable[[], str], *, beside_training: bool = False) -> list[Figure]:
    """Measure Play: sliders, map and comparison."""
    bars = (1_000.0, 1_000.0) if beside_training else (500.0, 250.0)
    with window(browser, address) as made:
        made.go("Play")
        made.role("slider", SLIDER).wait_for()
        made.pause(2.0)
        figures = [*measure_sliders(made, bars), *measure_map(made), *measure_switch(made)]
        return figures + made.blocking
