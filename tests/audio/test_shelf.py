import os
import subprocess
import sys

from engine.audio.shelf import KEPT_FILES, Shelf, discard_own_files


def use(shelf: Shelf, key: str) -> bool:
    """Make the file of a key where it is not there; return whether it was made."""
    with shelf.use(key) as slot, slot.lock:
        is_new = not slot.path.is_file()
        slot.path.write_text(key) if is_new else None
        assert slot.path.read_text() == key
        return is_new


def test_a_file_is_made_once_and_the_last_few_are_kept():
    shelf = Shelf()
    assert [use(shelf, key) for key in "abcabc"] == [True] * KEPT_FILES + [False] * KEPT_FILES
    assert use(shelf, "d")
    assert [use(shelf, key) for key in "bcd"] == [False] * 3
    assert use(shelf, "a")


def test_what_is_in_use_stays():
    shelf = Shelf()
    with shelf.use("a") as slot:
        slot.path.write_text("a")
        for key in "bcdef":
            use(shelf, key)
        assert slot.path.read_text() == "a"
    use(shelf, "g")
    assert not slot.path.exists()


def test_files_lie_in_the_data_folder_and_go_with_the_program(data_home):
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    others = {name: data_home / "converted" / name for name in (str(ended.pid), str(os.getppid()), "notes")}
    for folder in others.values():
        folder.mkdir(parents=True)
    assert use(Shelf(), "a")
    own = data_home / "converted" / str(os.getpid())
    assert len(list(own.iterdir())) == 1
    assert [folder.exists() for folder in others.values()] == [False, True, True]
    discard_own_files()
    assert not own.exists()
    assert use(Shelf(), "a")
