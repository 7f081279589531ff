"""A and B at one playhead, equally loud; the blind test, which hides which is which and counts honestly."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import copy_demo
from listening import Heard, count_drawn, forget, hear
from play_driver import PlayDriver, playing, read_samples
from playwright.sync_api import Browser, expect

from engine.studio.history import HistoryEntry, list_outputs
from webui.server import Server


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_demo(demo_home, tmp_path_factory)


@pytest.fixture
def play(browser: Browser, server: Server) -> Iterator[PlayDriver]:
    with playing(browser, server, seconds=2.0) as driver:
        yield driver


def keep_two(play: PlayDriver) -> list[HistoryEntry]:
    """Keep two loops as A and B; the first test makes them, the second one farther away and so less loud."""
    if not list_outputs().entries:
        play.role("checkbox", "Loop").check(force=True)
        play.make()
        play.set("distance value", 6)
        play.make()
    pair = sorted(list_outputs().entries, key=lambda entry: entry.number)
    for entry, side in zip(pair, "AB", strict=True):
        play.choose(f"More about output {entry.number}", f"Keep as {side}")
        play.says(f"Output {entry.number} is kept as {side}")
    expect(play.role("button", "Switch A/B")).to_be_enabled()
    return pair


def gains_of(play: PlayDriver, pair: list[HistoryEntry]) -> list[float]:
    """Return how much both sides are changed in level to be equally loud, in dB, as the program measured it."""
    call = """pair => fetch("/api/compare", {
        method: "POST", body: JSON.stringify(pair), headers: {"X-SDA": "1", "Content-Type": "application/json"}
    }).then(answer => answer.json())"""
    found = play.page.evaluate(call, {"a": pair[0].id, "b": pair[1].id})
    return [found[side]["gain_db"] for side in "ab"]


def voices_of(play: PlayDriver, pair: list[HistoryEntry]) -> list[Heard]:
    """Return the last voice of A and the last voice of B, told apart by their samples alone; none before both sound."""
    voices = hear(play.page)
    found = [[voice for voice in voices if voice.follow(read_samples(entry))] for entry in pair]
    return [side[-1] for side in found] if all(found) else []


def audible(play: PlayDriver, pair: list[HistoryEntry]) -> str:
    """Return the side that is loud; the other one is silent."""
    play.until(lambda: len(voices_of(play, pair)) == 2)
    levels = [voice.levels[-1][0] for voice in voices_of(play, pair)]
    assert sorted(level > 0 for level in levels) == [False, True]
    return "ab"[int(levels[1] > 0)]


def hear_side(play: PlayDriver, name: str) -> None:
    """Hear a side of the pair, and wait until it began: on a busy machine it may have ended by the time one looks."""
    before = len(hear(play.page))
    play.role("radio", name, exact=False).click(force=True)
    play.until(lambda: len(hear(play.page)) > before)


def test_switching_goes_on_at_the_same_playhead_equally_loud(play: PlayDriver):
    pair = keep_two(play)
    gains = gains_of(play, pair)
    assert max(gains) == 0.0
    assert min(gains) < -0.5
    quieter = gains.index(min(gains))
    panel = play.role("region", "A and B")
    expect(panel.get_by_text(f"{'AB'[quieter]} −{-gains[quieter]:.1f} dB")).to_be_visible()
    expect(panel.get_by_text("distance")).to_be_visible()
    hear_side(play, "Hear A")
    assert audible(play, pair) == "a"
    asked = len(play.asked)
    play.press("Switch A/B")
    assert audible(play, pair) == "b"
    a, b = voices_of(play, pair)
    assert a.levels[0][0] == pytest.approx(10 ** (gains[0] / 20))
    assert b.levels[-1][0] == pytest.approx(10 ** (gains[1] / 20))
    assert a.levels[-1][1] == b.levels[-1][1], "one goes down while the other comes up"
    here, there = (voice.follow(read_samples(entry)) for voice, entry in zip((a, b), pair, strict=True))
    assert dict(zip(a.times, here, strict=True)) == dict(zip(b.times, there, strict=True)), "one playhead"
    assert not any(one.endswith("/sound") for one in play.asked[asked:]), "both were there already"


def test_a_switch_draws_no_sound_again(play: PlayDriver):
    pair = keep_two(play)
    samples = [len(read_samples(entry)) for entry in pair]
    hear_side(play, "Hear A")
    play.until(lambda: count_drawn(play.page) >= samples[0])
    before = count_drawn(play.page)
    play.press("Switch A/B")
    play.until(lambda: count_drawn(play.page) >= before + samples[1])
    drawn = count_drawn(play.page)
    for side in "abab":
        play.press("Switch A/B")
        assert audible(play, pair) == side
    play.page.wait_for_timeout(300)  # longer than the feed waits for more
    assert count_drawn(play.page) == drawn


def test_the_blind_test_hides_which_is_which_and_counts_what_was_heard(play: PlayDriver):
    pair = keep_two(play)
    play.press("Blind test")
    panel = play.role("region", "A and B")
    seen: dict[str, str] = {}
    right = 0
    hear_side(play, "Hear X")
    for trial in range(1, 13):
        expect(play.role("button", "Pause")).to_be_visible()
        truth = audible(play, pair)
        play.press("Pause")
        forget(play.page)
        shown = play.page.get_by_role("main").aria_snapshot()
        seen[truth] = re.sub(r"X was .*", "", re.sub(r"0:0\d\.\d", "", shown))
        vote = "a" if trial % 3 else "b"
        right += vote == truth
        panel.get_by_role("button", name=f"X is {vote.upper()}").click()
        expect(panel.get_by_text(f"X was {truth.upper()}. {right} of {trial} right · by guessing")).to_be_visible()
    assert set(seen) == {"a", "b"}
    assert seen["a"] == seen["b"], "nothing on the page tells them apart"
    play.press("Blind test")
    expect(play.role("radio", f"Hear {audible(play, pair).upper()} ", exact=False)).to_be_checked()


def test_keys_that_keep_do_not_change_the_sides_of_a_blind_test(play: PlayDriver):
    keep_two(play)
    play.press("Blind test")
    hear_side(play, "Hear A")
    play.page.evaluate("document.activeElement.blur()")
    play.page.keyboard.press("b")
    play.says("End the blind test")
    expect(play.role("radio", "Hear X")).to_be_visible()
    play.press("Pause")
