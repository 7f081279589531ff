"""The window of pywebview, with what the page asks of it; everything else goes over HTTP."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from engine.studio.preferences import read_preferences
from webui.window import toolkit
from webui.window.arrival import Arrival
from webui.window.closing import Closing
from webui.window.dialogs import Dialogs
from webui.window.restart import end_helpers, restart
from webui.window.session import Session
from webui.window.size import LEAST_HEIGHT, LEAST_WIDTH, SizeKeeper, read_size
from webui.window.ways import Way

TITLE = "Small DataSet Audio"
HUNG_SECONDS = 3.0  # that a window has to close, before the program is started anew over it
DARK, LIGHT = "#101215", "#faf9f6"  # surface-0 of static/css/tokens.css

Outcome = Literal["closed", "absent"]


class Frame:
    """The native window; `webui.context.Desktop` says what the page asks of it.

    Args:
        way: In which it opens.
        on_arrived: Called when its page is there, maybe more than once.
    """

    def __init__(self, way: Way, on_arrived: Callable[[], None]) -> None:
        self._way = way
        self._on_arrived = on_arrived
        self._kit = toolkit.choose_toolkit()
        self._arrival = Arrival(self._give_up)
        self._ended = threading.Event()
        self._outcome: Outcome = "closed"
        self._session: Session | None = None
        self._window: Any = None
        self._dialogs: Dialogs | None = None
        self._errand: Callable[[Callable[[], None]], None] | None = None
        self._closing = Closing(
            is_training=lambda: self._session is not None and self._session.find_training() is not None,
            keep_training=lambda: self._session.keep_training() if self._session else None,
            announce=self._announce_closing,
            close=self._destroy,
        )

    def run(self, session: Session) -> Outcome:
        """Show the window until it is closed; in the main thread.

        Returns:
            "closed"; or "absent": its page did not come, and another way is to be taken.
        """
        toolkit.prepare(self._way)
        import webview

        self._session = session
        for name in ("ALLOW_DOWNLOADS", "ALLOW_FILE_URLS", "OPEN_EXTERNAL_LINKS_IN_BROWSER"):
            webview.settings[name] = False
        keeper = SizeKeeper(read_size(), lambda: session.room.changed("preferences"))
        self._window = self._make_window(webview, session.start_address(), keeper)
        self._dialogs = Dialogs(self._window)
        self._arrival.begin()
        try:
            webview.start(gui=self._kit.gui, private_mode=self._kit.private, storage_path=self._kit.storage)
        finally:
            self._ended.set()
            self._arrival.settle()
            keeper.keep()
            end_helpers()
        return self._outcome

    def arrived(self) -> None:
        """Take note that the page is there."""
        self._arrival.settle()
        self._on_arrived()

    def choose_folder(self, title: str) -> Path | None:
        """Let the person choose a folder."""
        assert self._dialogs, "the page asks, so there is a window"
        return self._dialogs.choose_folder(title)

    def choose_files(self, title: str) -> Sequence[Path]:
        """Let the person choose files."""
        assert self._dialogs, "the page asks, so there is a window"
        return self._dialogs.choose_files(title)

    def choose_target(self, title: str, name: str) -> Path | None:
        """Let the person choose where a file is written."""
        assert self._dialogs, "the page asks, so there is a window"
        return self._dialogs.choose_target(title, name)

    def tell_closing(self) -> bool:
        """Say whether the page is to ask what becomes of the training."""
        return self._closing.tell()

    def answer_closing(self, keep: bool | None) -> None:
        """Take the answer."""
        self._closing.answer(keep)

    def come_forward(self) -> None:
        """Bring the window to the front; one that is not there yet comes by itself."""
        if self._errand:
            self._errand(lambda: toolkit.raise_window(self._window))

    def _make_window(self, webview: Any, address: str, keeper: SizeKeeper) -> Any:
        size = keeper.size
        window = webview.create_window(
            TITLE,
            address,
            width=size.width,
            height=size.height,
            min_size=(LEAST_WIDTH, LEAST_HEIGHT),
            maximized=size.maximized,
            background_color=choose_background(),
            text_select=True,
            zoomable=True,
        )
        window.events.initialized += self._accept
        window.events.before_show += self._adapt
        window.events.shown += self._arrival.show
        window.events.closing += self._closing.may_close
        window.events.resized += keeper.resize
        window.events.maximized += lambda: keeper.maximize(True)
        window.events.restored += lambda: keeper.maximize(False)
        return window

    def _accept(self, renderer: str) -> bool:
        """Say whether pywebview took what it was asked for; it falls back in silence. Otherwise it ends at once."""
        if renderer != self._kit.renderer:
            self._outcome = "absent"
        return renderer == self._kit.renderer

    def _adapt(self) -> None:
        """Set up what pywebview leaves open, in the thread of the window."""
        assert self._session
        background = self._window.background_color
        self._errand = toolkit.adapt(self._window, self._session.origin, background, self._closing.leave)

    def _announce_closing(self) -> None:
        if self._session:
            self._session.room.changed("workers")
        self.come_forward()

    def _destroy(self) -> None:
        if self._errand:
            self._errand(self._window.destroy)

    def _give_up(self) -> None:
        """Close a window whose page did not come; one that hangs is left behind, and the program starts anew."""
        self._outcome = "absent"
        self._closing.leave()
        if not self._ended.wait(HUNG_SECONDS):
            end_helpers()
            restart()


def choose_background() -> str:
    """Return the colour of the window until the page is there, by the person's theme or the system's."""
    theme = read_preferences().page.get("theme")
    light = theme == "light" or (theme != "dark" and toolkit.is_light())
    return LIGHT if light else DARK
