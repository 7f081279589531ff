"""Drives the page by its keys, as a person without a mouse does."""

from page_driver import Driver
from playwright.sync_api import Locator, expect

MOST_STOPS = 150  # of Tab, until it is said that something cannot be reached


class Keys:
    """A person without a mouse."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.page = driver.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def has_focus(self, target: Locator) -> bool:
        return bool(target.count()) and bool(target.first.evaluate("node => node === document.activeElement"))

    def tab_to(self, target: Locator) -> None:
        """Press Tab until something has the focus."""
        expect(target.first).to_be_visible()
        for _ in range(MOST_STOPS):
            if self.has_focus(target):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    def type(self, target: Locator, text: str) -> None:
        """Put a text where another one stands."""
        self.tab_to(target)
        self.press("Control+a")
        self.page.keyboard.type(text)

    def open_and_close(self, opener: Locator, opened: Locator) -> None:
        """Open something by its button, close it, and be where one was."""
        self.tab_to(opener)
        self.press("Enter")
        expect(opened).to_be_visible()
        self.press("Escape")
        expect(opened).to_be_hidden()
        assert self.has_focus(opener)
