"""Outputs made again or otherwise: blends, replays, settings taken back, variations, loops."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from conftest import copy_demo
from listening import Heard, hear
from numpy.typing import NDArray
from play_driver import LONG_MS, PlayDriver, playing, read_samples
from playwright.sync_api import Browser, Locator, expect

from engine.library.entries import BLEND, MODEL_FILE
from engine.paths import exports_folder
from engine.studio.history import find_output, list_outputs
from engine.studio.models import find_model, list_models
from engine.studio.passport import read_passport
from engine.studio.set_contents import recording_id
from engine.studio.sets import create_set
from engine.units import SAMPLE_RATE
from webui.server import Server

OTHER = "000000000001"  # id of a second model


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with two models: "demo", and the same once more as "other"."""
    home = copy_demo(demo_home, tmp_path_factory)
    (described,) = home.rglob(MODEL_FILE)
    folder = shutil.copytree(described.parent, described.parent.with_name("other"))
    card = json.loads((folder / MODEL_FILE).read_text("utf-8"))
    (folder / MODEL_FILE).write_text(json.dumps({**card, "id": OTHER, "name": "other"}), "utf-8")
    (folder / "card.json").unlink(missing_ok=True)
    return home


@pytest.fixture
def play(browser: Browser, server: Server) -> Iterator[PlayDriver]:
    with playing(browser, server) as driver:
        driver.role("combobox", "Model").select_option("demo")
        yield driver


def test_a_recording_is_played_through_a_model_as_the_sliders_stand(
    play: PlayDriver, few_recordings: Path, tmp_path: Path
):
    folder = shutil.copytree(few_recordings, tmp_path / "bowls")
    data_set = create_set("bowls", folder)
    recording = sorted(folder.iterdir())[0]
    play.set("brightness value", 6)
    play.press("Export…")
    sheet = play.role("dialog", "Export")
    sheet.get_by_role("radio", name="Recordings").check(force=True)
    sheet.get_by_role("combobox", name="Set").select_option(data_set.id)
    expect(sheet.get_by_text("brightness +6")).to_be_visible()
    sheet.get_by_role("combobox", name="Recordings").select_option(recording_id(recording.name))
    play.check_accessibility()
    sheet.get_by_role("button", name="Write file").click()
    expect(sheet.get_by_text("demo reconstructed, 1 recording")).to_be_visible(timeout=LONG_MS)
    (written,) = exports_folder().glob("demo reconstructed/*")
    assert written.stem == recording.stem
    assert soundfile.info(written).frames == soundfile.info(recording).frames
    made = read_passport(written).settings
    assert (made["recording"], made["sliders"], made["novelty"]) == (recording.name, {"brightness": 6.0}, 0.0)
    recording.unlink()
    play.expected = {404}
    sheet.get_by_role("button", name="Write file").click()
    expect(sheet.get_by_role("alert")).to_contain_text("has no recording")


def test_two_models_are_blended_and_kept_as_one(play: PlayDriver):
    alone = play.make()
    play.role("combobox", "Add a model").select_option("other")
    share = play.role("slider", "Share of other")
    expect(share).to_have_attribute("aria-valuenow", "0.3")
    share.press("PageUp")
    expect(share).to_have_attribute("aria-valuenow", "0.8")
    made = play.make()
    demo = find_model("demo")
    assert (made.model, dict(made.settings["blend"])) == (demo.id, {OTHER: 0.8})
    passport = read_passport(Path(made.file))
    assert {passport.model_name, *(one.model_name for one in passport.blended)} == {"demo", "other"}
    assert not np.array_equal(read_samples(made), read_samples(alone)), "the share is heard"
    play.choose("Blend", "Keep as a model…")
    play.role("textbox", "Name of the model").fill("both")
    play.page.keyboard.press("Enter")
    play.says("both is in your library")
    kept = find_model("both")
    assert (kept.kind, {one.id: one.weight for one in kept.parents}) == (
        BLEND,
        {demo.id: pytest.approx(0.2), OTHER: 0.8},
    )
    play.go("Library")
    card = play.page.get_by_role("article").filter(has=play.role("link", "both"))
    expect(card).to_contain_text("20 % demo and 80 % other")
    play.undo()
    play.until(lambda: {one.name for one in list_models()} == {"demo", "other"})


def test_an_output_whose_file_is_gone_is_made_again_sample_by_sample(play: PlayDriver):
    play.set("warmth value", -6)
    play.set("Seed", 41)
    made = play.make()
    before = read_samples(made)
    expect(play.output(made).get_by_role("img", name=f"Picture of output {made.number}")).to_be_visible()
    Path(made.file).unlink()  # now that nothing asks for its picture any more
    play.set("warmth value", 0)
    play.set("Seed", 5)
    play.page.reload()
    more = f"More about output {made.number}"
    expect(play.role("button", more)).to_be_visible()
    play.choose(more, "Make it again")
    play.says(f"Output {made.number} is made again: it is the same, sample by sample")
    again = list_outputs().entries[0]
    assert (Path(again.file).exists(), again.fingerprint) == (True, made.fingerprint)
    assert np.array_equal(read_samples(again), before)
    assert not find_output(made.id).missing
    play.choose(more, "Take its settings")
    expect(play.role("slider", "warmth")).to_have_attribute("aria-valuenow", "-6")
    expect(play.role("spinbutton", "Seed")).to_have_value("41")
    same = play.make()
    assert same.fingerprint == made.fingerprint
    play.undo()
    expect(play.role("spinbutton", "Seed")).to_have_value("5")


def tiles(play: PlayDriver) -> Locator:
    return play.role("region", "Variations").get_by_role("button", name=re.compile(r"^Variation \d"))


def offered(play: PlayDriver, rounds: int) -> list[dict[str, Any]]:
    """Wait until nine variations were asked for so many times, and return the settings of the last nine."""
    play.until(lambda: len(play.previews) == 9 * rounds, seconds=LONG_MS / 1000)
    return [one["settings"] for one in play.previews[-9:]]


def test_a_variation_that_is_taken_becomes_the_state(play: PlayDriver):
    play.press("Lock warmth")
    play.previews.clear()
    play.press("Variations")
    first = offered(play, 1)
    expect(tiles(play)).to_have_count(9)
    assert len({json.dumps(one) for one in first}) == 9
    assert not any("warmth" in one["sliders"] for one in first), "it is locked"
    tiles(play).nth(4).click()
    play.says("Variation 5 is taken")
    assert not {json.dumps(one) for one in offered(play, 2)} & {json.dumps(one) for one in first}
    play.press("Close variations")
    made = play.make()
    taken = first[4]
    assert dict(made.settings["sliders"]) == taken["sliders"]
    assert (made.settings["density"], made.settings["novelty"]) == (taken["density"], taken["novelty"])
    play.undo()
    back = play.make()
    assert dict(back.settings["sliders"]) == {}


def seams(voice: Heard, loop: NDArray[np.float32]) -> list[float]:
    """Return how many samples lie between the end of a loop and its beginning, each time that a voice turns."""
    places = voice.follow(loop)
    ends = [place + len(piece) for place, piece in zip(places, voice.pieces, strict=bool(places))]
    turns = [at for at, end in enumerate(ends[:-1]) if end == len(loop) and places[at + 1] == 0]
    lengths = [len(voice.pieces[at]) / SAMPLE_RATE for at in turns]
    return [
        (voice.times[at + 1] - voice.times[at] - length) * SAMPLE_RATE
        for at, length in zip(turns, lengths, strict=True)
    ]


def test_a_loop_goes_round_without_a_gap(play: PlayDriver):
    play.role("checkbox", "Loop").check(force=True)
    made = play.make()
    assert made.settings["loop"]
    loop = read_samples(made)
    assert len(loop) == SAMPLE_RATE
    play.page.reload()  # from now on its file is heard
    play.output(made).click()
    play.until(lambda: any(len(seams(voice, loop)) >= 2 for voice in hear(play.page)))
    assert np.abs(seams(hear(play.page)[-1], loop)).min() < 0.01
    play.press("Pause")
    jump = abs(float(loop[0]) - float(loop[-1]))
    assert jump <= float(np.abs(np.diff(loop)).max()), "its end meets its beginning"
