"""Against the real doctor, on computed signals."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.units import SAMPLE_RATE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good recordings, one of them clipped, and three files that are none."""
    folder = tmp_path / "takes"
    folder.mkdir()
    seconds = np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * 440 * seconds)
    soundfile.write(folder / "soft.wav", 0.2 * tone, SAMPLE_RATE)
    soundfile.write(folder / "loud.wav", np.clip(8 * tone, -1, 1), SAMPLE_RATE)
    (folder / "empty.wav").touch()
    (folder / "text.wav").write_text("not a sound")
    (folder / "notes.txt").write_text("nor this")
    return folder


def test_the_verdict_comes_first_and_every_file_is_accounted_for(sda, folder: Path):
    outcome = sda("inspect", folder)
    lines = outcome.out.splitlines()
    assert outcome.status == 0
    assert "2 recordings" in lines[0]
    for part in ("What to do:", "Left out:", "empty.wav", "text.wav", "soft.wav", "loud.wav", "notes.txt", "clipped"):
        assert part in outcome.out
    assert max(map(len, lines[:-1])) <= 80


def test_json_is_the_whole_report(sda, folder: Path):
    outcome = sda("inspect", folder, "--json")
    report = json.loads(outcome.out)
    assert outcome.err == ""
    assert [file["file"] for file in report["files"]] == ["loud.wav", "soft.wav"]
    assert {skipped["file"] for skipped in report["skipped"]} == {"empty.wav", "text.wav"}


def test_a_folder_that_is_not_there_is_one_line(sda, tmp_path: Path):
    outcome = sda("inspect", tmp_path / "nowhere")
    assert outcome.status == 1
    assert str(tmp_path / "nowhere") in outcome.err.splitlines()[-1]
    assert outcome.out == ""


def test_what_is_left_out_by_choice_is_listed_apart_and_goes_into_the_next_command(sda, folder: Path):
    outcome = sda("inspect", folder, "--leave-out", "text.wav", "--leave-out", "loud.wav")
    assert "Left out by you:\n  -  loud.wav\n  -  text.wav" in outcome.out
    assert "Left out:\n  empty.wav" in outcome.out
    assert "not an audio file" not in outcome.out
    assert outcome.out.endswith("--leave-out loud.wav --leave-out text.wav\n")
    report = json.loads(sda("inspect", folder, "--leave-out", "text.wav", "--json").out)
    assert report["left_out"] == ["text.wav"]
    assert [skipped["file"] for skipped in report["skipped"]] == ["empty.wav"]


def test_an_unknown_name_is_refused_with_the_way_out(sda, folder: Path):
    outcome = sda("inspect", folder, "--leave-out", "sofft.wav")
    assert outcome.status == 1
    assert "leave_out = 'sofft.wav'" in outcome.err
    assert "Did you mean 'soft.wav'? To see the names: sda inspect" in outcome.err


@pytest.mark.parametrize(
    "command", [("inspect", ""), ("train", ""), ("extend", "sax", ""), ("reconstruct", "sax", "", "--out", "x")]
)
def test_a_path_of_nothing_is_not_taken_for_the_present_folder(sda, command):
    outcome = sda(*command)
    assert outcome.status == 2
    assert "there is nothing between the quotation marks" in outcome.err
    assert outcome.out == ""


def test_the_person_says_what_the_channels_are(sda, folder: Path):
    tone = 0.2 * np.sin(np.arange(SAMPLE_RATE))
    soundfile.write(folder / "field.wav", np.stack([tone, tone, 0 * tone, 0 * tone], axis=1), SAMPLE_RATE)
    assert "1 file may be Ambisonics (AmbiX): field.wav" in sda("inspect", folder).out
    outcome = sda("inspect", folder, "--channels-in", "ambix")
    assert "AmbiX" not in outcome.out
    assert outcome.out.endswith(" --channels-in ambix\n")
    refused = sda("inspect", folder, "--channels-in", "middle")
    assert refused.status == 1
    assert "channels_in = 'middle'" in refused.err


def test_a_name_with_an_end_of_line_stays_in_its_line(sda, folder: Path):
    try:
        (folder / "soft.wav").rename(folder / "two\nlines.wav")
    except OSError:
        pytest.skip("this system takes no such names")
    assert "two\\nlines.wav " in sda("inspect", folder).out
