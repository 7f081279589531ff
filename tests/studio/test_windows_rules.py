"""Every use case that moves or removes files, under two rules of Windows."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from imitated_windows import held_paths, needs_proc, windows  # noqa: F401 - a fixture
from quick_training import forget, never, train_on
from small_corpus import noise, struck, write_sounds

from engine.errors import Cancelled, LibraryError
from engine.library.set_changes import create_set, delete_set
from engine.library.set_files import add_file, remove_file, restore_file
from engine.paths import models_folder, runs_folder, sets_folder, trash_folder
from engine.settings import GenerateSettings, GrowSettings, PackSettings
from engine.studio import session
from engine.studio.arrivals import import_model
from engine.studio.delivery import Delivery
from engine.studio.exchange import export_model
from engine.studio.export import export_output
from engine.studio.grow import extend, feed_back
from engine.studio.history import list_outputs
from engine.studio.models import delete_model, find_model, list_models, open_library, restore_model
from engine.studio.pack import make_pack
from engine.studio.render import generate
from engine.studio.replay import replay_output
from engine.studio.run import unfinished_runs
from engine.studio.train import resume
from engine.studio.trash import purge_trash
from engine.training.events import Notice, Progress

pytestmark = needs_proc

SHORT = GenerateSettings(duration=0.5, density=6.0, device="cpu")
GROW = GrowSettings(steps=2, device="cpu", measure=False, cap=0.5)


def files_left() -> list[str]:
    """Return what lies beside the models' own folders: remains, locks of runs, temporary files."""
    beside = [runs_folder(), trash_folder()]
    return [path.name for folder in beside if folder.is_dir() for path in folder.iterdir()]


def test_the_imitation_refuses_what_windows_refuses(windows, tmp_path: Path):  # noqa: F811
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "mapped").write_bytes(bytes(4096))
    (folder / "other").write_bytes(b"")
    mapped = np.memmap(folder / "mapped", np.uint8, "r")
    for change in (
        lambda: folder.rename(tmp_path / "moved"),
        (folder / "mapped").unlink,
        lambda: (folder / "other").replace(folder / "mapped"),
        lambda: shutil.rmtree(folder),
    ):
        with pytest.raises(PermissionError):
            change()
    assert len(windows) == 4
    windows.clear()
    assert mapped[0] == 0
    del mapped
    folder.rename(tmp_path / "moved")
    shutil.rmtree(tmp_path / "moved")
    with (tmp_path / "open").open("w"), pytest.raises(PermissionError):
        (tmp_path / "open").unlink()
    windows.clear()


@pytest.mark.usefixtures("windows")
def test_a_training_ends_in_a_model_with_no_run_left(recordings: Path):
    report = train_on(recordings)
    assert find_model("sax").id == report.model
    assert files_left() == []
    assert find_model("sax").size_bytes > 0


@pytest.mark.usefixtures("windows")
def test_an_interrupted_training_goes_on_to_a_model(recordings: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session, "CHECKPOINT_SECONDS", -1.0)

    def fail(event: object) -> None:
        if isinstance(event, Progress) and event.step >= 20:
            raise MemoryError

    with pytest.raises(MemoryError):
        train_on(recordings, steps=30, on_event=fail)
    assert len(unfinished_runs()) == 1
    assert resume(None, on_event=forget, should_stop=never).steps == 30
    assert files_left() == []


@pytest.mark.usefixtures("windows")
def test_a_training_that_is_stopped_before_its_first_step_leaves_nothing(recordings: Path):
    asked = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 5

    with pytest.raises(Cancelled):
        train_on(recordings, should_stop=stop)
    assert files_left() == []


@pytest.mark.usefixtures("windows", "library")
def test_a_model_grows_by_recordings_and_by_outputs(tmp_path: Path):
    write_sounds(tmp_path / "more", struck(500, 0.4), noise(0.3, 7))
    assert extend("sax", tmp_path / "more", GROW, on_event=forget, should_stop=never).growth.version == 2
    (made,) = generate("sax", tmp_path / "fed.wav", SHORT).files
    assert feed_back("sax", [made.path], GROW, on_event=forget, should_stop=never).growth.version == 3
    assert files_left() == []


@pytest.mark.usefixtures("windows", "library")
def test_a_model_goes_out_of_the_library_and_comes_back(tmp_path: Path):
    generate("sax", tmp_path / "a.wav", SHORT)
    exported = export_model("sax", tmp_path / "sax.sda").path
    delete_model("sax")
    restore_model("sax")
    delete_model("sax")
    purge_trash(0.0)
    assert list_models() == []
    assert import_model(exported).entry.name == "sax"
    assert files_left() == []
    assert [path.name for path in models_folder().iterdir()] == [find_model("sax").id]


@pytest.mark.usefixtures("windows", "library")
def test_outputs_become_files_of_every_kind(tmp_path: Path):
    generate("sax", tmp_path / "loop.ogg", SHORT.model_copy(update={"loop": True}))
    (entry,) = list_outputs().entries
    export_output(entry.id, tmp_path / "again.mp3", Delivery())
    replay_output(entry.id, tmp_path / "replayed.ogg")
    make_pack("sax", tmp_path / "pack", PackSettings(count=8, device="cpu"), delivery=Delivery())
    make_pack("sax", tmp_path / "pack", PackSettings(count=8, device="cpu"), delivery=Delivery(force=True))
    left = [path for path in tmp_path.rglob(".*") if path.is_file()]
    assert left == []


@pytest.mark.usefixtures("windows")
def test_a_data_set_loses_recordings_and_is_purged(recordings: Path):
    library = open_library()
    one = create_set(library, "mine")
    for path in sorted(recordings.iterdir()):
        add_file(one, path, path.name)
    restore_file(one, remove_file(one, "0.wav").id)
    remove_file(one, "1.wav")
    purge_trash(0.0)
    delete_set(library, "mine")
    assert [gone.name for gone in purge_trash(0.0).sets] == ["mine"]
    assert list(sets_folder().iterdir()) == []


@pytest.mark.usefixtures("library")
def test_a_model_in_use_is_not_moved_in_part(windows, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    monkeypatch.setattr("engine.library.durable.FIRST_PAUSE_SECONDS", 0.0)
    folder = find_model("sax").path
    before = sorted(path.name for path in folder.iterdir())
    with (folder / "corpus.f32").open("rb"), pytest.raises(LibraryError, match="Close what uses the model"):
        delete_model("sax")
    assert sorted(path.name for path in folder.iterdir()) == before
    assert files_left() == []
    windows.clear()
    delete_model("sax")


@pytest.mark.usefixtures("data_home")
def test_a_finished_run_that_another_program_holds_is_completed_by_resuming(
    windows,  # noqa: F811
    recordings: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("engine.library.durable.FIRST_PAUSE_SECONDS", 0.0)
    held = []

    def hold(event: object) -> None:
        if getattr(event, "name", "") == "saving":
            (folder,) = [path for path in runs_folder().iterdir() if path.is_dir()]
            held.append((folder / "corpus.json").open("rb"))

    with pytest.raises(LibraryError, match="sda train --resume"):
        train_on(recordings, on_event=hold)
    held.pop().close()
    windows.clear()
    resume(None, on_event=forget, should_stop=never)
    assert [model.name for model in list_models()] == ["sax"]
    assert files_left() == []


def test_one_virus_scan_of_a_checkpoint_ends_no_training(
    windows,  # noqa: F811
    recordings: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(session, "CHECKPOINT_SECONDS", -1.0)
    monkeypatch.setattr("engine.library.durable.ATTEMPTS", 1)
    told, scans = [], []

    def scan(event: object) -> None:
        if isinstance(event, Notice):
            told.append(event.text)
            scans.pop().close()
        elif isinstance(event, Progress) and event.step == 20 and not told:
            (state,) = runs_folder().glob("*/state.safetensors")
            scans.append(state.open("rb"))

    assert train_on(recordings, steps=20, on_event=scan).steps == 20
    assert [text.partition("(")[0] for text in told] == ["the training could not be saved on its way "]
    assert len(windows) == 1
    windows.clear()
    assert files_left() == []
    assert [path for path in held_paths() if path.startswith(str(models_folder()))] == []
