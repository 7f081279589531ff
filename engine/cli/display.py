"""A line that shows on standard error how far the work is: live on a terminal, now and then in a log."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TaskID, TextColumn
from rich.text import Text

from engine.cli.output import Page

LOG_EVERY_SECONDS = 10.0
BAR_WIDTH = 20
LABEL_WIDTH = 48  # columns; a longer label is cut in its middle


class Display(Protocol):
    """Shows work that is going on."""

    def update(self, label: str, share: float | None = None, detail: str = "") -> None:
        """Show what is being done, how much of it is done (0 to 1, None if unknown), and numbers."""

    def tell(self, text: str) -> None:
        """Leave a line above that stays."""


@contextmanager
def open_display(*, quiet: bool) -> Iterator[Display]:
    """Open the display that fits standard error, for the time of a `with` block.

    Args:
        quiet: Show nothing, except to a person at a terminal.
    """
    page = Page(stderr=True)
    if page.is_interactive:
        live = LiveDisplay(page)
        with live.progress:
            yield live
    else:
        yield SilentDisplay() if quiet else LogDisplay(page)


class LiveDisplay:
    """A moving bar on a terminal, gone when the work is done."""

    def __init__(self, page: Page) -> None:
        """Prepare the bar; it shows while `progress` is entered."""
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(BAR_WIDTH),
            ShareColumn(),
            TextColumn("{task.fields[detail]}", style="bright_black"),
            console=page,
            transient=True,
        )
        self._task = self._add("", visible=False)

    def update(self, label: str, share: float | None = None, detail: str = "") -> None:
        """Redraw the line; without a share the bar only shows that something happens."""
        if label != self._label:
            self.progress.remove_task(self._task)
            self._task = self._add(label)
        total = None if share is None else 1.0
        self.progress.update(self._task, total=total, completed=share or 0.0, detail=escape(detail), visible=True)

    def _add(self, label: str, *, visible: bool = True) -> TaskID:
        """Return a new bar, of which no share is known yet: rich never takes a total back."""
        self._label = label
        return self.progress.add_task(escape(shorten(label, LABEL_WIDTH)), total=None, visible=visible, detail="")

    def tell(self, text: str) -> None:
        """Write a line above the bar."""
        self.progress.console.print(text)


class ShareColumn(ProgressColumn):
    """The share in per cent, and nothing while it is not known."""

    def render(self, task: Task) -> Text:
        """Return "42 %"."""
        return Text("" if task.total is None else f"{task.percentage:3.0f} %")


class LogDisplay:
    """Plain lines: each new label, and its state every LOG_EVERY_SECONDS."""

    def __init__(self, page: Page) -> None:
        """Write to `page`, standard error."""
        self._page = page
        self._label = ""
        self._due_seconds = 0.0

    def update(self, label: str, share: float | None = None, detail: str = "") -> None:
        """Write the label when it is new, and share and detail when they are due."""
        now_seconds = time.monotonic()
        if label != self._label:
            self._label, self._due_seconds = label, now_seconds + LOG_EVERY_SECONDS
            self._page.print(label)
        elif share is not None and now_seconds >= self._due_seconds:
            self._due_seconds = now_seconds + LOG_EVERY_SECONDS
            self._page.print("  ".join(filter(None, [f"{share:4.0%}", detail])))

    def tell(self, text: str) -> None:
        """Write a line."""
        self._page.print(text)


class SilentDisplay:
    """Shows nothing."""

    def update(self, label: str, share: float | None = None, detail: str = "") -> None:
        """Do nothing."""

    def tell(self, text: str) -> None:
        """Do nothing."""


def shorten(text: str, width: int) -> str:
    """Cut a text in its middle, where a path matters least."""
    if len(text) <= width:
        return text
    front = (width - 1) // 2
    return f"{text[:front]}…{text[len(text) - (width - 1 - front) :]}"
