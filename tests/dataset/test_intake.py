import unicodedata
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.dataset.folder import usable_recordings
from engine.dataset.health import inspect_folder
from engine.dataset.intake import choose_files
from engine.errors import Cancelled, DatasetError, EngineError, ParameterError

TONE = 0.3 * np.sin(np.arange(48_000) / 9)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three recordings, one of them damaged, and one in a format that cannot be read."""
    (tmp_path / "süb").mkdir()
    for name in ("a.wav", "süb/ü.wav"):
        soundfile.write(tmp_path / name, TONE, 48_000)
    (tmp_path / "bad.wav").write_bytes(b"RIFF, but no more")
    (tmp_path / "film.mp4").touch()
    return tmp_path


def test_what_is_left_out_is_neither_used_nor_skipped(folder: Path):
    chosen = choose_files(folder, ["bad.wav", "film.mp4", "a.wav"])
    assert [name for name, _ in chosen.recordings] == ["süb/ü.wav"]
    assert (chosen.skipped, chosen.left_out) == ((), ("a.wav", "bad.wav", "film.mp4"))


@pytest.mark.parametrize("read", [usable_recordings, inspect_folder])
def test_doctor_and_training_leave_the_same_out(folder: Path, read):
    found = read(folder, leave_out=["bad.wav"])
    assert found.left_out == ("bad.wav",)
    assert [one.file for one in found.skipped] == ["film.mp4"]
    assert len(found.files) == 2


@pytest.mark.parametrize("name", ["süb/ü.wav", unicodedata.normalize("NFD", "süb/ü.wav"), "./süb//ü.wav"])
def test_a_name_may_be_written_as_a_person_or_another_system_writes_it(folder: Path, name: str):
    assert choose_files(folder, [name, "süb/ü.wav"]).left_out == ("süb/ü.wav",)


@pytest.mark.parametrize("name", ["b.wav", "ü.wav", "", "/a.wav", "süb"])
def test_an_unknown_name_is_an_error_that_shows_the_way(folder: Path, name: str):
    with pytest.raises(ParameterError, match=r"has no recording of this name.*sda inspect") as caught:
        choose_files(folder, [name])
    assert caught.value.code == "dataset.leave_out"


def test_a_name_that_is_nearly_right_is_guessed(folder: Path):
    with pytest.raises(ParameterError, match=r"Did you mean 'süb/ü\.wav'\?"):
        choose_files(folder, ["süb/u.wav"])


def test_when_nothing_is_left_that_is_said(folder: Path):
    for read in (usable_recordings, inspect_folder):
        with pytest.raises(DatasetError, match=r"all recordings in .* are left out by you") as caught:
            read(folder, leave_out=["a.wav", "süb/ü.wav", "bad.wav", "film.mp4"])
        assert caught.value.code == "dataset.all_left_out"
        with pytest.raises(DatasetError, match=r"bad\.wav: .*; 2 left out by you"):
            read(folder, leave_out=["a.wav", "süb/ü.wav"])


def test_two_names_that_look_alike_are_two_files(tmp_path: Path):
    forms = [unicodedata.normalize(form, "é.wav") for form in ("NFC", "NFD")]
    for name in forms:
        soundfile.write(tmp_path / name, TONE, 48_000)
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this file system takes them for one")
    for name in forms:
        assert choose_files(tmp_path, [name]).left_out == (name,)


def test_the_doctor_stops_before_the_next_file_when_asked(folder: Path):
    seen: list[str] = []
    with pytest.raises(Cancelled):
        inspect_folder(folder, lambda _, __, name: seen.append(name), should_stop=lambda: len(seen) == 2)
    assert seen == ["a.wav", "bad.wav"]


def test_a_file_that_vanishes_while_the_doctor_looks_is_left_out_with_a_reason(folder: Path):
    def remove(_: int, __: int, name: str) -> None:
        if name == "a.wav":
            (folder / name).unlink()

    report = inspect_folder(folder, remove)
    assert [one.file for one in report.files] == ["süb/ü.wav"]
    assert "a.wav" in [one.file for one in report.skipped]
    with pytest.raises(EngineError):
        inspect_folder(folder / "nowhere")
