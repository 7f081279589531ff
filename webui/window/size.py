"""How large the window is, kept from one start to the next among the page's preferences."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from engine.errors import EngineError
from engine.studio.preferences import change_preferences, read_preferences

PREFERENCE = "window"
LEAST_WIDTH, LEAST_HEIGHT = 960, 600
STILL_SECONDS = 0.8  # without a change, until a size is kept


@dataclass(frozen=True)
class WindowSize:
    """How large the window is, in pixels of the page.

    Attributes:
        width: Without the frame.
        height: Without the frame.
        maximized: Whether it fills the screen; width and height are then those of before.
    """

    width: Annotated[int, Field(ge=LEAST_WIDTH, le=16_384)] = 1440
    height: Annotated[int, Field(ge=LEAST_HEIGHT, le=16_384)] = 900
    maximized: bool = False


_SIZE = TypeAdapter(WindowSize)


def read_size() -> WindowSize:
    """Return the size that the window had last."""
    with suppress(EngineError, ValidationError):
        return _SIZE.validate_python(read_preferences().page.get(PREFERENCE, {}))
    return WindowSize()


class SizeKeeper:
    """Follows the window's size, and keeps it once it is still for STILL_SECONDS.

    Args:
        size: At the start.
        on_kept: Called after a size was kept.
    """

    def __init__(self, size: WindowSize, on_kept: Callable[[], None]) -> None:
        self._kept = self._size = size
        self._on_kept = on_kept
        self._guard = threading.Lock()
        self._timer: threading.Timer | None = None

    @property
    def size(self) -> WindowSize:
        """Return the size as it is known."""
        return self._size

    def resize(self, width: int, height: int) -> None:
        """Take note of another size; that of a window that fills the screen is none of its own."""
        if not self._size.maximized:
            self._change(WindowSize(int(width), int(height)))

    def maximize(self, maximized: bool) -> None:
        """Take note of whether the window fills the screen."""
        self._change(WindowSize(self._kept.width, self._kept.height, maximized))

    def keep(self) -> None:
        """Keep the size now, if it is another one; a library that refuses costs only the memory of it."""
        with self._guard:
            size, before, self._kept = self._size, self._kept, self._size
        if size != before:
            with suppress(EngineError):
                change_preferences({PREFERENCE: asdict(size)})
                self._on_kept()

    def _change(self, size: WindowSize) -> None:
        with self._guard:
            self._size = size
            if self._timer:
                self._timer.cancel()
            self._timer = threading.Timer(STILL_SECONDS, self.keep)
            self._timer.daemon = True
            self._timer.start()
