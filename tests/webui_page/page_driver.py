"""Drives the page as a person does: by role and name, never by class."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, Route, expect

from webui.server import Server

PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
SERIOUS = ("serious", "critical")
SCREENS = {"large": (1440, 900), "small": (1024, 640)}


class Driver:
    """A page of the program.

    Args:
        browser: Chromium.
        server: The program.
        theme: dark or light, as the system asks for it.
        screen: From SCREENS.
        script: Runs in the page before its own.

    Attributes:
        complaints: What the console said, and which requests failed.
        expected: Statuses of answers that the test provokes.
        asked: Every request so far, as "POST /api/previews".
    """

    def __init__(
        self, browser: Browser, server: Server, *, theme: str = "dark", screen: str = "large", script: str = ""
    ) -> None:
        width, height = SCREENS[screen]
        self.server = server
        self.complaints: list[str] = []
        self.expected: set[int] = set()
        self.asked: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, accept_downloads=False
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(script)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("response", self._look)
        self.page.on("request", lambda one: self.asked.append(f"{one.method} {urlsplit(one.url).path}"))
        self.page.goto(server.start_address())

    def close(self) -> None:
        """Leave, and complain about what the page complained about."""
        self.context.close()
        assert not self.complaints, self.complaints

    def role(self, role: Any, name: str, *, exact: bool = True) -> Locator:
        """Return what has a role and an accessible name."""
        return self.page.get_by_role(role, name=name, exact=exact)

    def press(self, name: str) -> None:
        """Press a button."""
        self.role("button", name).click()

    def go(self, place: str) -> None:
        """Go to a place."""
        self.role("link", place).click()
        expect(self.role("link", place)).to_have_attribute("aria-current", "page")

    def says(self, words: str) -> None:
        """Wait until the page says something."""
        expect(self.page.get_by_role("status").filter(has_text=words).first).to_be_visible(timeout=PATIENCE_MS)

    def hold(self, pattern: str) -> list[Route]:
        """Hold back what is asked for, until `let_go`; return what is held."""
        held: list[Route] = []

        def keep(route: Route) -> None:  # Playwright marks a handler, which it cannot do to a method of a list
            held.append(route)

        self.page.route(pattern, keep)
        return held

    def let_go(self, pattern: str, held: list[Route]) -> None:
        """Let go what was held."""
        for route in held:
            route.continue_()
        self.page.unroute(pattern)

    def until(self, what: Callable[[], bool], seconds: float = PATIENCE_MS / 1000) -> None:
        """Wait until something is so."""
        for _ in range(int(seconds * 10)):
            if what():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("it did not come to that")

    def ask(self, path: str) -> Any:
        """Ask the program, as the page does."""
        return self.page.evaluate("path => fetch(path, {headers: {'X-SDA': '1'}}).then(answer => answer.json())", path)

    def check_accessibility(self) -> None:
        """Fail on what a screen reader, or an eye that sees less contrast, would stumble over."""
        found = Axe().run(self.page).response["violations"]
        serious = [
            f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
            for one in found
            if one["impact"] in SERIOUS
        ]
        assert serious == []

    def _hear(self, message: ConsoleMessage) -> None:
        provoked = message.text.startswith("Failed to load resource") and self.expected
        if message.type in ("error", "warning") and not provoked:
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _look(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")
