"""Names and lengths of paths that Windows takes for something else, on every system."""

import errno
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.dataset import intake
from engine.dataset.intake import choose_files
from engine.errors import ExportError, LibraryError
from engine.export.target import check_folder, check_target, write_error
from engine.failures import describe_failure
from engine.library.archive import export_model
from engine.library.durable import disk_refusal
from engine.library.file_names import find_fault
from engine.library.store import open_catalogue
from engine.paths import is_too_long

LONG = Path("C:/") / "/".join(["folder" * 10] * 5) / "a.wav"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("con.wav", "a device; choose another, such as _con.wav"),
        ("NUL.flac", "a device; choose another, such as _NUL.flac"),
        ("com1.take.wav", "a device"),
    ],
)
def test_names_of_devices_are_refused_for_outputs(tmp_path: Path, name: str, said: str):
    with pytest.raises(ExportError, match=said):
        check_target(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["pads.", "pads ", "nul"])
def test_folders_of_packs_have_names_that_windows_keeps(tmp_path: Path, name: str):
    with pytest.raises(ExportError, match="such as"):
        check_folder(tmp_path / name)


@pytest.mark.parametrize("name", ["console.wav", "auxiliary", "a.con.wav", "..", "nul1.wav", "com.wav", ".hidden"])
def test_other_names_have_no_fault(name: str):
    assert find_fault(name) == ""


@pytest.mark.parametrize("name", ["aux.sda", "model.sda."])
def test_a_model_is_not_exported_under_such_a_name(tmp_path: Path, name: str):
    with pytest.raises(LibraryError, match="Choose another, such as"):
        export_model(open_catalogue(print), "sax", tmp_path / name)


def test_a_recording_that_windows_takes_for_a_device_is_left_out_there_and_used_elsewhere(tmp_path: Path, monkeypatch):
    for name in ("con.wav", "nul.wav", "a.wav"):
        soundfile.write(tmp_path / name, np.zeros(100), 48_000)
    assert len(choose_files(tmp_path).recordings) == 3
    monkeypatch.setattr(intake, "ON_WINDOWS", True)
    chosen = choose_files(tmp_path)
    assert [name for name, _ in chosen.recordings] == ["a.wav"]
    assert [(one.file, one.reason.partition(";")[0]) for one in chosen.skipped] == [
        ("con.wav", "Windows keeps this name for a device"),
        ("nul.wav", "Windows keeps this name for a device"),
    ]
    assert choose_files(tmp_path, ["nul.wav"]).left_out == ("nul.wav",)


def not_found(path: Path) -> FileNotFoundError:
    """Return what Windows says of a path that is longer than it takes."""
    error = FileNotFoundError(errno.ENOENT, "The system cannot find the path specified", str(path))
    error.winerror = 3  # type: ignore[attr-defined]
    return error


def test_a_path_that_is_too_long_is_called_so_in_one_line():
    assert len(str(LONG)) > 259
    for said in (
        describe_failure(not_found(LONG)).message,
        write_error(LONG, not_found(LONG)).message,
        disk_refusal(LONG, "written", not_found(LONG)).message,
    ):
        assert "the name is too long for this system" in said
        assert "\n" not in said


def test_a_short_path_that_is_missing_is_not_called_too_long():
    assert not is_too_long("C:/a.wav", not_found(Path("C:/a.wav")))
    assert not is_too_long(LONG, FileNotFoundError(errno.ENOENT, "No such file or directory"))
    assert is_too_long("a", OSError(errno.ENAMETOOLONG, "File name too long"))
