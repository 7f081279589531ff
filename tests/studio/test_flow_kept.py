"""Flow in what is kept: figures in passports and the history, and what was kept before there was flow."""

import re
from pathlib import Path

import pytest

from engine.checking import checked
from engine.settings import GenerateSettings, as_kept
from engine.studio.opening import Opener
from engine.studio.passport import read_passport
from engine.studio.presets import apply_preset, find_preset, save_preset
from engine.studio.render import generate
from engine.studio.replay import replay_output, replay_passport


def made(folder: Path, name: str, **settings):
    given = checked(GenerateSettings, {"duration": 2.0, "density": 1.0, "device": "cpu", **settings})
    (file,) = generate("sax", folder / name, given).files
    return file


@pytest.fixture
def flowing(library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the recordings of the model be of one unbroken sound, so that auto is not what older programs did."""
    monkeypatch.setattr("engine.generation.renderer.measure_flow", lambda *_: 1.0)
    return library


def without_flow(file: Path) -> None:
    """Let a file say what an older program would have written."""
    content = file.read_bytes()
    assert content.count(b'"flow": 0.0,') == 1
    file.write_bytes(content.replace(b'"flow": 0.0,', b" " * 12))


def test_a_passport_has_the_flow_that_auto_came_to(library: Path, tmp_path: Path):  # noqa: ARG001
    file = made(tmp_path, "a.wav")
    flow = read_passport(tmp_path / "a.wav").settings["flow"]
    assert flow == Opener("cpu").open("sax").flow(GenerateSettings())
    assert made(tmp_path, "b.wav", flow=flow).fingerprint == file.fingerprint
    assert replay_output(file.history, device="cpu").same is True


@pytest.mark.parametrize("flow", [0.0, 0.5, [[0, 0], [2, 1]]])
def test_an_output_with_flow_is_replayed_to_the_sample(library: Path, tmp_path: Path, flow):  # noqa: ARG001
    file = made(tmp_path, "a.wav", flow=flow)
    assert replay_passport(tmp_path / "a.wav", tmp_path / "again.wav", device="cpu").same is True
    assert replay_output(file.history, tmp_path / "too.wav", device="cpu").same is True


def test_flow_is_heard(library: Path, tmp_path: Path):  # noqa: ARG001
    assert made(tmp_path, "a.wav", flow=0).fingerprint != made(tmp_path, "b.wav", flow=1).fingerprint


def test_an_older_passport_is_replayed_without_flow(flowing: Path, tmp_path: Path):  # noqa: ARG001
    made(tmp_path, "a.wav", flow=0.0)
    without_flow(tmp_path / "a.wav")
    assert read_passport(tmp_path / "a.wav").settings["flow"] == 0.0
    assert replay_passport(tmp_path / "a.wav", tmp_path / "again.wav", device="cpu").same is True


def test_an_older_entry_of_the_history_is_replayed_without_flow(flowing: Path, tmp_path: Path):
    file = made(tmp_path, "a.wav", flow=0.0)
    (segment,) = (flowing / "history").glob("*.json")
    content = segment.read_bytes()
    assert content.count(b'"flow":') == 1
    segment.write_bytes(re.sub(rb'"flow": ?0.0,', b"", content))
    assert b"flow" not in segment.read_bytes()
    assert replay_output(file.history, tmp_path / "again.wav", device="cpu").same is True


def test_an_older_preset_has_no_flow_and_a_new_one_leaves_it_to_the_recordings(library: Path):  # noqa: ARG001
    save_preset("new", {"density": 4})
    assert find_preset("new").settings["flow"] is None
    assert apply_preset("new", "sax", {}).settings.flow is None
    assert as_kept({"density": 4})["flow"] == 0.0
    assert as_kept({"flow": None})["flow"] is None


@pytest.mark.parametrize("given", ["auto", None])
def test_flow_may_be_left_to_the_recordings(given):
    assert checked(GenerateSettings, {"flow": given}).flow is None
