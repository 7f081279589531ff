"""Data sets as the front doors use them, against the real doctor on computed sounds."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.dataset import health
from engine.errors import Cancelled, DatasetError, LibraryError
from engine.library.set_reports import REPORT_FILE
from engine.studio import set_recordings, sets
from engine.studio.mending import mend_recordings
from engine.studio.models import library_notices
from engine.studio.set_contents import SetContents, recording_id

RATE = 48_000


def tone(hz: float = 200.0, seconds: float = 0.5, seed: int = 0) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(seed).normal(0, 0.02, len(time))
    return (0.3 * np.sin(2 * np.pi * hz * time) + noise).astype(np.float32)


def write(path: Path, sound: np.ndarray | None = None, seed: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tone(150 + 40 * seed, seed=seed) if sound is None else sound, RATE, subtype="PCM_24")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the person: six good takes, a copy of one, one that cannot be read, a REX loop and a text."""
    folder = tmp_path / "Täkes"
    for seed in range(6):
        write(folder / f"good{seed}.wav", seed=seed)
    shutil.copy(folder / "good0.wav", folder / "ü copy.wav")
    (folder / "empty.wav").touch()
    (folder / "loop.rx2").touch()
    (folder / "notes.txt").touch()
    return folder


def examined(folder: Path) -> SetContents:
    one = sets.create_set(folder=folder)
    sets.examine(one.id)
    return sets.show_set(one.id)


def states(contents: SetContents) -> dict[str, str]:
    return {one.name: one.state for one in contents.recordings}


def find(contents: SetContents, name: str):
    return next(one for one in contents.recordings if one.name == name)


def leave_out(contents: SetContents, *names: str) -> SetContents:
    sets.change_set(contents.about.id, left_out=[recording_id(name) for name in names])
    return sets.show_set(contents.about.id)


def test_before_the_doctor_looked_everything_readable_is_unknown(folder: Path):
    contents = sets.show_set(sets.create_set(folder=folder).id)
    assert contents.about.name == "Täkes"
    assert set(states(contents).values()) == {"unknown", "skipped"}
    assert find(contents, "loop.rx2").reason.startswith("this is a REX loop, which cannot be read")
    assert contents.verdict == "8 recordings to be examined."
    assert (contents.advice, contents.examined, contents.ignored) == ((), None, ("notes.txt",))
    assert (contents.files, contents.total_seconds) == (8, 0.0)


def test_the_doctors_findings_are_kept_and_shown(folder: Path):
    contents = examined(folder)
    assert states(contents) == {
        **{f"good{seed}.wav": "usable" for seed in range(6)},
        "ü copy.wav": "usable",
        "empty.wav": "skipped",
        "loop.rx2": "skipped",
    }
    assert "0 bytes" in find(contents, "empty.wav").reason
    assert find(contents, "ü copy.wav").health.duplicate_of == "good0.wav"
    assert contents.verdict == "Ready to train: 7 recordings, 3.5 s, mono; 3 things worth a look."
    assert [line.text.split(" (")[0] for line in contents.advice] == [
        "2 files left out; the list says why",
        "only 3.5 s of sound in all: more would help",
        "1 file copied from others: remove them, or they count twice",
    ]
    assert contents.examined


def test_leaving_out_changes_totals_shares_and_advice_at_once(folder: Path):
    before = examined(folder)
    without = leave_out(before, "ü copy.wav", "empty.wav", "loop.rx2")
    assert without.verdict == "Ready to train: 6 recordings, 3.0 s, mono; one thing worth a look."
    assert (without.total_seconds, without.included_seconds, without.files) == (3.5, 3.0, 6)
    assert sum(one.health.share for one in without.recordings if one.counts) == pytest.approx(1.0)
    assert find(without, "ü copy.wav").health.notes == ("the same as good0.wav: remove one",)
    copy_alone = leave_out(before, "good0.wav")
    assert find(copy_alone, "ü copy.wav").health.notes == ()
    assert not any("copied" in line.text for line in copy_alone.advice)
    again = leave_out(before)
    assert (again.recordings, again.verdict, again.advice) == (before.recordings, before.verdict, before.advice)


def test_an_advice_names_the_recordings_that_its_button_leaves_out(folder: Path):
    contents = examined(folder)
    (line,) = [line for line in contents.to_dict()["advice"] if line["action"]]
    assert line["action"] == {
        "kind": "leave_out",
        "label": "Leave it out",
        "recordings": [recording_id("ü copy.wav")],
    }
    sets.change_set(contents.about.id, left_out=line["action"]["recordings"])
    assert sets.show_set(contents.about.id).about.left_out == ("ü copy.wav",)


def test_all_left_out_is_said(folder: Path):
    contents = examined(folder)
    nothing = leave_out(contents, *states(contents))
    assert nothing.verdict == "All recordings are left out: take some of them in."
    assert (nothing.files, nothing.included_seconds, nothing.total_seconds) == (0, 0.0, 3.5)


def test_an_unknown_recording_cannot_be_left_out(folder: Path):
    contents = examined(folder)
    with pytest.raises(LibraryError, match="has no recording '0123'") as caught:
        sets.change_set(contents.about.id, left_out=["0123"])
    assert caught.value.code == "recording_unknown"


def test_new_changed_and_missing_files_are_noticed_and_only_those_are_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    contents = examined(folder)
    write(folder / "new.wav", seed=9)
    write(folder / "good1.wav", tone(999, 0.7))
    (folder / "good2.wav").unlink()
    now = sets.show_set(contents.about.id)
    wanted = {"new.wav": "unknown", "good1.wav": "changed", "good2.wav": "missing", "good3.wav": "usable"}
    assert {name: states(now)[name] for name in wanted} == wanted
    assert now.verdict == "5 of 7 recordings examined; the others are new or changed."
    assert now.advice[0].text == "1 recording missing (good2.wav): bring back, or examine again"
    assert [line.action is None for line in now.advice] == [True, False]
    read = []
    monkeypatch.setattr(
        health, "examine", lambda path, name, *how, real=health.examine: (read.append(name), real(path, name, *how))[1]
    )
    sets.examine(contents.about.id)
    assert read == ["empty.wav", "good1.wav", "new.wav"]
    after = sets.show_set(contents.about.id)
    assert "missing" not in states(after).values()
    assert find(after, "good1.wav").health.seconds == pytest.approx(0.7)
    fresh = examined(shutil.copytree(folder, folder.with_name("copied")))
    assert [one.health for one in after.recordings] == [one.health for one in fresh.recordings]


def test_a_changed_time_alone_is_a_change(folder: Path):
    contents = examined(folder)
    os.utime(folder / "good0.wav", ns=(1, 1))
    assert states(sets.show_set(contents.about.id))["good0.wav"] == "changed"


def test_a_folder_that_vanished_is_said_and_nothing_is_lost(folder: Path):
    contents = leave_out(examined(folder), "good0.wav")
    away = folder.rename(folder.with_name("away"))
    gone = sets.show_set(contents.about.id)
    assert gone.verdict == gone.problem
    assert gone.problem.startswith(f"The folder {folder} is missing. Connect its disk")
    assert set(states(gone).values()) == {"missing"}
    assert (gone.advice, gone.files) == ((), 0)
    with pytest.raises(DatasetError, match="is missing"):
        sets.set_to_training(contents.about.id)
    with pytest.raises(DatasetError, match="does not exist"):
        sets.examine(contents.about.id)
    assert sets.list_sets()[0].to_dict()["problem"] == gone.problem
    away.rename(folder)
    assert sets.show_set(contents.about.id) == contents


def test_a_training_gets_the_folder_and_what_is_left_out_of_it(folder: Path):
    contents = leave_out(examined(folder), "good0.wav", "loop.rx2", "good1.wav")
    (folder / "good1.wav").unlink()
    assert sets.set_to_training(contents.about.id) == (folder, ("good0.wav", "loop.rx2"))


def test_a_missing_file_stays_left_out_when_others_are_taken_in(folder: Path):
    contents = leave_out(examined(folder), "good0.wav", "good1.wav")
    away = (folder / "good0.wav").rename(folder.parent / "good0.wav")
    sets.examine(contents.about.id)
    assert leave_out(contents).about.left_out == ("good0.wav",)
    away.rename(folder / "good0.wav")
    assert not find(sets.show_set(contents.about.id), "good0.wav").included


def test_a_folder_is_opened_again_as_the_set_that_it_is(folder: Path):
    first = sets.create_set(folder=folder)
    assert sets.create_set(folder=folder) == first
    assert sets.create_set("other", folder).name == "other"
    elsewhere = shutil.copytree(folder, folder.parent / "deep" / folder.name)
    assert sets.create_set(folder=elsewhere).name == "Täkes 2"


@pytest.mark.parametrize(
    ("called", "name"),
    [("太鼓\u3000一\n", "太鼓 一"), ("x" * 120, "x" * 75), ("\u200d", "Recordings"), (".takes", ".takes")],
)
def test_a_folder_of_any_name_can_be_opened(tmp_path: Path, called: str, name: str):
    write(tmp_path / called / "a.wav")
    assert sets.create_set(folder=tmp_path / called).name == name


@pytest.mark.parametrize("kind", ["missing", "file", "without"])
def test_a_folder_that_holds_nothing_to_learn_from_is_refused(tmp_path: Path, kind: str):
    path = tmp_path / kind
    if kind == "file":
        path.touch()
    if kind == "without":
        path.mkdir()
        (path / "notes.txt").touch()
    with pytest.raises(DatasetError, match=str(path)):
        sets.create_set(folder=path)
    assert sets.list_sets() == []


def test_what_is_put_in_is_examined_removed_and_put_back(folder: Path):
    one = sets.create_set()
    assert sets.show_set(one.id).verdict == "There are no recordings here."
    for name in ("good0.wav", "good1.wav"):
        set_recordings.add_recording(one.id, folder / name, name)
    sets.examine(one.id)
    before = sets.show_set(one.id)
    assert set(states(before).values()) == {"usable"}
    before = leave_out(before, "good0.wav")
    removed = set_recordings.remove_recording(one.id, recording_id("good0.wav"))
    without = sets.show_set(one.id)
    assert list(states(without)) == ["good1.wav"]
    assert without.removed == (removed,)
    assert sets.set_to_training(one.id)[1] == ()
    assert set_recordings.restore_recording(one.id, removed.id) == recording_id("good0.wav")
    assert sets.show_set(one.id) == before


def test_another_file_of_a_left_out_name_is_included(folder: Path):
    one = sets.create_set("own")
    added = set_recordings.add_recording(one.id, folder / "good0.wav", "take.wav")
    sets.change_set(one.id, left_out=[added.id])
    assert set_recordings.add_recording(one.id, folder / "good0.wav", "again.wav") == set_recordings.Added(
        added.id, "take.wav", known=True
    )
    assert not find(sets.show_set(one.id), "take.wav").included
    set_recordings.remove_recording(one.id, added.id)
    set_recordings.add_recording(one.id, folder / "good1.wav", "take.wav")
    assert find(sets.show_set(one.id), "take.wav").included


@pytest.mark.parametrize(
    ("name", "why"), [("notes.txt", "by its name it is no recording"), ("loop.rx2", "a REX loop, which cannot be read")]
)
def test_by_its_name_no_recording_is_refused(folder: Path, name: str, why: str):
    one = sets.create_set("own")
    with pytest.raises(DatasetError, match=rf"{name}: .*{why}") as caught:
        set_recordings.add_recording(one.id, folder / "good0.wav", name)
    assert caught.value.code == "dataset.format"
    assert sets.show_set(one.id).recordings == ()


def test_without_an_ending_the_content_tells(folder: Path):
    one = sets.create_set("own")
    assert set_recordings.add_recording(one.id, folder / "good0.wav", "take").name == "take"
    with pytest.raises(DatasetError, match="README: by its first bytes it is no recording"):
        set_recordings.add_recording(one.id, folder / "notes.txt", "README")
    assert [row.name for row in sets.show_set(one.id).recordings] == ["take"]


def test_a_file_that_is_no_sound_is_found_by_the_doctor_and_aborts_nothing(folder: Path):
    one = sets.create_set("own")
    good = set_recordings.add_recording(one.id, folder / "good0.wav", "good.wav")
    for name, content in (("text.wav", b"no sound"), ("cut.flac", b"fLaC\0\0"), ("zero.mp3", bytes(5_000))):
        path = folder.parent / name
        path.write_bytes(content)
        set_recordings.add_recording(one.id, path, name)
    sets.examine(one.id)
    contents = sets.show_set(one.id)
    assert {one.id for one in contents.recordings if one.state == "usable"} == {good.id}
    assert all(one.reason for one in contents.recordings if one.state == "skipped")
    assert len(contents.recordings) == 4


def test_a_recording_with_an_offset_is_mended_and_can_be_had_back(folder: Path):
    one = sets.create_set("own")
    for seed in range(6):
        set_recordings.add_recording(one.id, folder / f"good{seed}.wav", f"good{seed}.wav")
    source = write(folder / "off.wav", tone() + 0.1)
    added = set_recordings.add_recording(one.id, source, "off.wav")
    sets.examine(one.id)
    (line,) = [line for line in sets.show_set(one.id).advice if line.action]
    assert (line.action.kind, line.action.label, line.action.files) == ("mend", "Remove the offset", ("off.wav",))
    assert mend_recordings(one.id, [added.id]) == (added.id,)
    assert states(sets.show_set(one.id))["off.wav"] == "changed"
    sets.examine(one.id)
    mended = sets.show_set(one.id)
    assert not any(line.action for line in mended.advice)
    assert [gone.path.read_bytes() for gone in mended.removed] == [source.read_bytes()]
    assert find(mended, "off.wav").health.dc_offset == pytest.approx(0.0, abs=1e-6)


def test_mending_leaves_what_is_left_out_so_and_a_folder_of_the_person_alone(folder: Path):
    sound, _ = soundfile.read(write(folder / "off.wav", tone() + 0.1))
    soundfile.write(folder / "off.flac", sound, RATE, subtype="PCM_24")
    one = sets.create_set("own")
    added = set_recordings.add_recording(one.id, folder / "off.flac", "off.flac")
    sets.change_set(one.id, left_out=[added.id])
    (mended,) = mend_recordings(one.id, [added.id])
    (row,) = sets.show_set(one.id).recordings
    assert (row.id, row.name, row.included) == (mended, "off.wav", False)
    contents = examined(folder)
    assert {line.action.kind for line in contents.advice if line.action} == {"leave_out"}
    with pytest.raises(LibraryError, match="changes nothing"):
        mend_recordings(contents.about.id, [recording_id("off.wav")])


def test_a_set_of_which_nothing_can_be_used_is_examined_too(folder: Path):
    one = sets.create_set("own")
    set_recordings.add_recording(one.id, folder / "empty.wav", "empty.wav")
    sets.examine(one.id)
    contents = sets.show_set(one.id)
    assert (contents.verdict, states(contents)) == ("There is nothing to learn from.", {"empty.wav": "skipped"})
    assert [line.text for line in contents.advice] == ["1 file left out; the list says why"]


def test_stopping_the_doctor_leaves_the_last_report(folder: Path):
    contents = examined(folder)
    write(folder / "new.wav", seed=9)
    asked = iter((False, False, True))
    with pytest.raises(Cancelled):
        sets.examine(contents.about.id, should_stop=lambda: next(asked))
    assert sets.show_set(contents.about.id).examined == contents.examined
    assert states(sets.show_set(contents.about.id))["new.wav"] == "unknown"


def test_progress_names_each_file(folder: Path):
    seen = []
    sets.examine(sets.create_set(folder=folder).id, lambda *step: seen.append(step))
    assert seen[0] == (0, 8, "empty.wav")
    assert [done for done, _, _ in seen] == list(range(8))


def test_a_damaged_report_is_said_once_and_the_set_is_examined_anew(folder: Path):
    contents = examined(folder)
    (contents.about.home / REPORT_FILE).write_bytes(b"{half")
    library_notices()
    sets.list_sets()
    sets.list_sets()
    (line,) = library_notices()
    assert line.startswith("the report on data set 'Täkes' is damaged")
    assert set(states(sets.show_set(contents.about.id)).values()) == {"unknown", "skipped"}
    sets.examine(contents.about.id)
    assert sets.show_set(contents.about.id).recordings == contents.recordings


def test_a_deleted_set_comes_back_with_report_and_choice(folder: Path):
    before = leave_out(examined(folder), "good0.wav")
    sets.delete_set(before.about.id)
    assert sets.list_sets() == []
    (gone,) = sets.list_sets(deleted=True)
    assert gone.to_dict()["deleted"]
    with pytest.raises(LibraryError, match="in the trash"):
        sets.show_set(before.about.id)
    sets.restore_set(before.about.id)
    assert sets.show_set(before.about.id) == before


def test_a_recording_is_found_by_its_id_and_ids_lead_nowhere_else(folder: Path):
    contents = examined(folder)
    for one in contents.recordings:
        assert set_recordings.find_recording(contents.about.id, one.id) == folder / one.name
    for wrong in ("../x", "", recording_id("nothing.wav")):
        with pytest.raises(LibraryError, match="has no recording"):
            set_recordings.find_recording(contents.about.id, wrong)
    (folder / "good0.wav").unlink()
    with pytest.raises(LibraryError, match=r"has no recording 'good0\.wav'"):
        set_recordings.find_recording(contents.about.id, recording_id("good0.wav"))


def test_recordings_are_chosen_by_id_or_as_far_as_they_are_not_left_out(folder: Path):
    contents = leave_out(examined(folder), "good0.wav")
    everything = set_recordings.choose_recordings(contents.about.id)
    assert all(path == folder / name for path, name in everything)
    assert {name.as_posix() for _, name in everything} == {one.name for one in contents.recordings} - {"good0.wav"}
    chosen = set_recordings.choose_recordings(contents.about.id, [recording_id("good0.wav")])
    assert chosen == [(folder / "good0.wav", Path("good0.wav"))]
    leave_out(contents, *(one.name for one in contents.recordings))
    with pytest.raises(DatasetError, match="are left out"):
        set_recordings.choose_recordings(contents.about.id)


def test_the_demo_set_is_twelve_recordings_to_learn_from():
    first, second = sets.create_demo_set(), sets.create_demo_set()
    assert (first.name, second.name) == ("Demo", "Demo 2")
    sets.examine(first.id)
    contents = sets.show_set(first.id)
    assert contents.verdict.startswith("Ready to train: 12 recordings")
    assert not contents.about.folder


def test_five_hundred_files_are_examined_and_listed(tmp_path: Path):
    folder = tmp_path / "many"
    for number in range(500):
        write(folder / f"{number:03}.wav", tone(100 + number, 0.03, number))
    contents = examined(folder)
    assert len(contents.recordings) == 500
    assert sum(one.state == "usable" for one in contents.recordings) == 500
    assert len({one.id for one in contents.recordings}) == 500
    half = leave_out(contents, *[f"{number:03}.wav" for number in range(250)])
    assert half.included_seconds == pytest.approx(7.5)
    assert len(sets.set_to_training(contents.about.id)[1]) == 250
