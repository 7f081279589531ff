import errno

import mutagen
import pytest
import soundfile

from engine.errors import ExportError
from engine.export.target import check_place, check_target, explained, placed, placed_folder
from engine.settings import ExportSettings


def put(path, content=b"sound", **options):
    with placed(path, **options) as part:
        part.write_bytes(content)


def content_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_what_is_whole_takes_its_place_and_folders_are_made(tmp_path):
    put(tmp_path / "new" / "größe 日本" / "a.wav")
    assert content_of(tmp_path / "new" / "größe 日本") == {"a.wav": b"sound"}


def test_until_then_only_a_hidden_file_is_there(tmp_path):
    with placed(tmp_path / "a.wav") as part:
        assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [part.name]
        assert part.name.startswith(".")


def test_an_existing_file_is_refused_before_any_work_and_replaced_when_asked(tmp_path):
    put(tmp_path / "a.wav", b"precious")
    with pytest.raises(ExportError, match=r"a\.wav exists already; use --force"), placed(tmp_path / "a.wav"):
        pytest.fail("work began")
    assert content_of(tmp_path) == {"a.wav": b"precious"}
    put(tmp_path / "a.wav", force=True)
    assert content_of(tmp_path) == {"a.wav": b"sound"}


def test_a_file_that_appears_in_the_meantime_is_not_overwritten(tmp_path):
    with pytest.raises(ExportError, match="exists already"), placed(tmp_path / "a.wav"):
        (tmp_path / "a.wav").write_bytes(b"of another program")
    assert content_of(tmp_path) == {"a.wav": b"of another program"}


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_is_not_finished_leaves_nothing_and_harms_nothing(tmp_path, error):
    put(tmp_path / "a.wav", b"precious")

    def work():
        with placed(tmp_path / "a.wav", force=True) as part:
            part.write_bytes(b"half")
            raise error

    with pytest.raises(error):
        work()
    assert content_of(tmp_path) == {"a.wav": b"precious"}


def test_errors_of_the_work_itself_are_not_renamed(tmp_path):
    with pytest.raises(FileNotFoundError), placed(tmp_path / "a.wav"):
        (tmp_path / "recording").read_bytes()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("n" * 300 + ".wav", "the name is too long"),
        ("folder.wav", "is a folder"),
        ("file/a.wav", "is a file, not a folder"),
        (
            "take 3: dawn.wav",
            r"not every system takes a file with ':' in its name; choose another, such as take 3- dawn",
        ),
        ('"?".wav', r"such as ---\.wav"),
        ("two\nlines.wav", r"'\\n' in its name"),
        ("nothing\0.wav", r"'\\x00' in its name"),
    ],
)
def test_impossible_places_are_refused_in_one_line(tmp_path, name, reason):
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match=reason) as caught:
        check_place(tmp_path / name, force=True)
    assert "\n" not in caught.value.message.replace("two\nlines", "")
    assert len(caught.value.message) < len(str(tmp_path)) + 250


def test_settings_that_do_not_go_together_are_refused_before_any_work(tmp_path):
    with pytest.raises(ExportError, match="Opus holds 48000 Hz only"):
        check_target(tmp_path / "a.opus", ExportSettings(sample_rate=96_000))


def test_a_folder_without_permission_is_named(tmp_path, monkeypatch):
    def touch(*_args, **_options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pathlib.Path.touch", touch)
    with (
        pytest.raises(ExportError, match=r"a\.wav cannot be written: you have no permission"),
        placed(tmp_path / "a.wav"),
    ):
        pytest.fail("work began")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full; free some space"),
        (OSError(errno.EROFS, "Read-only file system"), "the disk is read-only"),
        (OSError(errno.EFBIG, "File too large"), "the disk holds no file of that size"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (soundfile.LibsndfileError(2), "the disk is gone, or limits the size of files"),
    ],
)
def test_what_the_system_says_becomes_what_to_do(tmp_path, error, said):
    with pytest.raises(ExportError, match=f"a.wav cannot be written: {said}"), explained(tmp_path / "a.wav"):
        raise error


def test_the_reason_behind_a_library_s_error_is_found(tmp_path):
    error = mutagen.MutagenError("cannot write")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(ExportError, match="the disk is full"), explained(tmp_path / "a.wav"):
        raise error


def test_a_folder_appears_when_it_is_whole(tmp_path):
    with placed_folder(tmp_path / "new" / "pack") as part:
        (part / "a.wav").write_bytes(b"sound")
        assert [path.name for path in (tmp_path / "new").iterdir()] == [part.name]
    assert content_of(tmp_path / "new" / "pack") == {"a.wav": b"sound"}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["pack"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_folder_that_is_not_finished_leaves_nothing_and_harms_nothing(tmp_path, error):
    put(tmp_path / "pack" / "a.wav", b"precious")

    def work():
        with placed_folder(tmp_path / "pack", force=True) as part:
            (part / "a.wav").write_bytes(b"half")
            raise error

    with pytest.raises(error):
        work()
    assert content_of(tmp_path / "pack") == {"a.wav": b"precious"}
    assert len(list((tmp_path / "pack").iterdir())) == 1


def test_a_folder_that_holds_something_is_only_added_to_when_that_is_asked_for(tmp_path):
    put(tmp_path / "pack" / "a.wav", b"precious")
    put(tmp_path / "pack" / "b.wav", b"old")
    with pytest.raises(ExportError, match="pack exists and is not empty"), placed_folder(tmp_path / "pack"):
        pytest.fail("work began")
    with pytest.raises(ExportError, match="is a file"), placed_folder(tmp_path / "pack" / "a.wav"):
        pytest.fail("work began")
    with placed_folder(tmp_path / "pack", force=True) as part:
        (part / "b.wav").write_bytes(b"new")
    assert content_of(tmp_path / "pack") == {"a.wav": b"precious", "b.wav": b"new"}


def test_what_goes_wrong_in_a_folder_is_told_of_its_real_name(tmp_path):
    def work():
        with placed_folder(tmp_path / "pack") as part, explained(part / "a.wav"):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ExportError, match=r"/pack/a\.wav cannot be written: the disk is full"):
        work()
