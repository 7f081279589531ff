"""The program's own page in the real window."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from driven import Driven

from engine.studio.preferences import change_preferences

Start = Callable[..., Driven]


def test_it_arrives_and_nothing_in_it_is_refused(window: Start):
    opened = window(own_page=True)
    assert opened.read_until("arrived")["way"] == "graphics"
    opened.do("close")
    assert opened.end() == 0
    assert [line for line in opened.log.read_text().splitlines() if "violates" in line or "Uncaught" in line] == []


@pytest.mark.parametrize(
    ("label", "keep", "states"),
    [("Close and go on later", False, ["running"]), ("Keep and close", True, ["cancelled"])],
)
def test_it_asks_what_becomes_of_a_training(window: Start, label: str, keep: bool, states: list[str]):
    opened = window(own_page=True)
    opened.read_until("arrived")
    opened.do("train")
    opened.ask("close")
    opened.do("press", "Stay")
    assert opened.read_until("answered")["keep"] is None
    opened.ask("close")
    opened.do("press", label)
    assert opened.read_until("answered")["keep"] is keep
    assert opened.read_until("closing_with")["jobs"] == states
    assert opened.end() == 0


def test_it_takes_files_that_were_given_to_the_program(window: Start, tmp_path: Path):
    sound = tmp_path / "säx.wav"
    soundfile.write(sound, np.zeros(4_800), 48_000)
    opened = window(own_page=True, files=[str(sound)])
    opened.read_until("arrived")
    opened.do("wait_until_taken")
    assert sound.exists()


def test_it_looks_as_it_was_left_though_the_window_forgets(window: Start):
    change_preferences({"theme": "dark", "zoom": 1.25})
    opened = window(own_page=True)
    opened.read_until("arrived")
    script = "`${document.documentElement.dataset.theme} ${document.documentElement.style.zoom}`"
    assert opened.do("evaluate", script)["value"] == "dark 1.25"
    assert opened.do("look")["background"] == "#101215"
