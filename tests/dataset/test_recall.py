from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.dataset import recall
from engine.dataset.health import Examined, compare, examine_files, make_report
from engine.dataset.intake import choose_files
from engine.dataset.recall import load_looks, save_looks

RATE = 44_100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six recordings, mono and stereo, with a copy."""
    folder = tmp_path / "takes"
    folder.mkdir()
    random = np.random.default_rng(0)
    for index in range(5):
        noise = random.normal(0, 0.1, (RATE // 4, 1 + index % 2))
        soundfile.write(folder / f"{index} ü.wav", noise, RATE, subtype="PCM_24")
    soundfile.write(folder / "copy.flac", soundfile.read(folder / "0 ü.wav")[0], RATE, subtype="PCM_24")
    return folder


@pytest.fixture
def looks(folder: Path) -> dict[str, Examined]:
    examined, _ = examine_files(choose_files(folder))
    return {f"state of {one.usable.name}": one for one in examined}


def test_what_was_measured_comes_back_and_the_doctor_says_the_same(tmp_path: Path, folder: Path, looks):
    save_looks(tmp_path / "looks", looks)
    again = load_looks(tmp_path / "looks", folder)
    assert list(again) == list(looks)
    assert [one.usable for one in again.values()] == [one.usable for one in looks.values()]
    assert compare(list(again.values())) == compare(list(looks.values()))


def test_what_is_recalled_is_not_read(folder: Path, looks):
    chosen = choose_files(folder)
    for name, path in chosen.recordings:
        path.write_bytes(b"changed behind the back of the doctor: " + name.encode())
    examined, skipped = examine_files(chosen, recall=lambda name: looks.get(f"state of {name}"))
    assert skipped == []
    report = make_report(folder, chosen, examined, skipped)
    assert len(report.files) == 6
    assert next(one for one in report.files if one.file == "copy.flac").duplicate_of == "0 ü.wav"


@pytest.mark.parametrize("content", [b"", b"{}", b"\x08\0\0\0\0\0\0\0{}      ", b"x" * 9_999])
def test_a_damaged_file_recalls_nothing(tmp_path: Path, folder: Path, content: bytes):
    path = tmp_path / "looks"
    path.write_bytes(content)
    assert load_looks(path, folder) == {}


def test_every_cut_of_a_file_recalls_nothing(tmp_path: Path, folder: Path, looks):
    path = tmp_path / "looks"
    save_looks(path, looks)
    whole = path.read_bytes()
    for length in range(0, len(whole), 997):
        path.write_bytes(whole[:length])
        assert load_looks(path, folder) == {}


def test_what_another_version_measured_is_measured_anew(tmp_path: Path, folder: Path, looks, monkeypatch):
    save_looks(tmp_path / "looks", looks)
    monkeypatch.setattr(recall, "__version__", "0.0.1")
    assert load_looks(tmp_path / "looks", folder) == {}


def test_nothing_is_kept_and_recalled_too(tmp_path: Path, folder: Path):
    save_looks(tmp_path / "looks", {})
    assert load_looks(tmp_path / "looks", folder) == {}


def test_a_name_that_is_no_text_is_kept(tmp_path: Path, folder: Path, looks):
    one = looks["state of copy.flac"]
    raw = replace(one, usable=replace(one.usable, name="raw\udcff.wav"))
    save_looks(tmp_path / "looks", {"state of raw\udcff.wav": raw})
    assert load_looks(tmp_path / "looks", folder)["state of raw\udcff.wav"].usable.name == "raw\udcff.wav"
