"""The page of specimens in a browser, served with the program's own content security policy."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from webui import pages
from webui.security import HEADERS

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


class Specimens(SimpleHTTPRequestHandler):
    """Serves the static files, and the specimens where the program has them."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012, the base class's own way

    def translate_path(self, path: str) -> str:
        """Return the file of an address."""
        address = path.split("?")[0]
        return super().translate_path("/specimens.html" if address == "/specimens" else address.removeprefix("/static"))

    def end_headers(self) -> None:
        """Add the program's headers."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def specimens_address() -> Iterator[str]:
    """Where the page of specimens is."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Specimens, directory=str(Path(pages.STATIC))))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/specimens"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_page(browser: Any, specimens_address: str) -> Iterator[Any]:
    """A function that opens the specimens in a theme; any error on the console fails the test."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def open_in(theme: str = "dark") -> Any:
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{specimens_address}?theme={theme}")
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_in
    for context in contexts:
        context.close()
    assert not wrong
