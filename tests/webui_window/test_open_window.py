"""A window that is open: it keeps to its page, and has native dialogs."""

from pathlib import Path

import pytest
from driven import Driven


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:9/", "data:text/html,other"])
def test_nothing_leads_away_from_the_page(lasting: Driven, address: str):
    before = lasting.do("look")["address"]
    lasting.do("navigate", address)
    lasting.do("resize", 1000, 700)
    assert lasting.do("look")["address"] == before
    assert "Traceback" not in lasting.log.read_text()


def test_a_folder_is_chosen_in_a_native_dialog_one_at_a_time(lasting: Driven, tmp_path: Path):
    lasting.do("choose", "folder", "Where exports go")
    lasting.do("choose", "folder", "Another one")
    assert lasting.read_until("chosen")["found"] == "busy"
    lasting.do("answer", "Where exports go", "accept", str(tmp_path))
    assert lasting.read_until("chosen")["found"] == str(tmp_path)
    lasting.do("choose", "folder", "")
    lasting.do("answer", "Open folder", "reject")
    assert lasting.read_until("chosen")["found"] == "None"


def test_a_file_to_be_written_gets_an_ending_and_replaces_none_unasked(lasting: Driven, tmp_path: Path):
    (tmp_path / "sketch.wav").write_bytes(b"")
    lasting.do("choose", "target", "Write file", "sketch.wav")
    lasting.do("answer", "Write file", "accept", str(tmp_path / "sketch"))
    lasting.do("answer", "Replace", "reject")
    lasting.do("answer", "Write file", "accept", str(tmp_path / "other"))
    assert lasting.read_until("chosen")["found"] == str(tmp_path / "other.wav")


def test_files_are_chosen(lasting: Driven, tmp_path: Path):
    sound = tmp_path / "säx.wav"
    sound.write_bytes(b"")
    lasting.do("choose", "files", "Add recordings")
    lasting.do("answer", "Add recordings", "accept", str(sound))
    assert lasting.read_until("chosen")["found"] == [str(sound)]
