"""From an empty library to the first sound, as a person does it who never saw the program."""

from page_driver import Driver
from playwright.sync_api import expect


def test_the_first_screen_offers_two_ways_to_begin(driver: Driver):
    expect(driver.role("button", "Add recordings")).to_be_visible()
    expect(driver.role("button", "Try the demo set")).to_be_visible()
    driver.check_accessibility()
