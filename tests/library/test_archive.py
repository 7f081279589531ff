import json
import shutil
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from small_library import list_recordings, make_folder, make_model

from engine import __version__
from engine.errors import Cancelled, LibraryError, ModelError
from engine.library import archive, packing
from engine.library.archive import export_model, import_model
from engine.library.card import load_card
from engine.library.entries import Parent
from engine.library.labelling import label_model
from engine.library.migrations import SCHEMA
from engine.library.models import add_model, find_model, list_models
from engine.library.shelf import read_shelf
from engine.library.store import Catalogue, open_catalogue
from engine.library.trash import delete_model
from engine.paths import data_folder, import_folder, models_folder

KEY = "0123456789ab"


@pytest.fixture
def sda(tmp_path: Path) -> Path:
    """Where an archive is to be written."""
    return tmp_path / "sax.sda"


@pytest.fixture
def sax(store: Catalogue) -> Path:
    """The folder of a model "sax", which has something written on it and files that are no part of it."""
    folder = make_folder(KEY, "sax", report=["all is well"], parents=[{"id": "a" * 12, "weight": 1.0}])
    list_recordings(folder, "low.wav")
    (folder / "corpus.f32").write_bytes(bytes(range(256)) * 20_000)
    (folder / "certificate.json").write_text("{}")
    (folder / ".DS_Store").write_text("x")
    (folder / "state.safetensors").write_text("x")
    label_model(store, "sax", note="mine", tags=["warm"], licence="CC0")
    return folder


def accept(folder: Path) -> None:
    assert (folder / "model.json").is_file()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def forget(store: Catalogue) -> None:
    """Empty the library, as on another computer."""
    shutil.rmtree(models_folder())
    with store.transaction() as tables:
        tables.table("models").truncate()


def test_an_exported_model_is_imported_the_same_on_another_computer(store: Catalogue, sax: Path, sda: Path):
    before, files = find_model(store, "sax"), contents(sax)
    exported = export_model(store, "sax", sda)
    assert (exported.path, exported.size_bytes) == (sda, sda.stat().st_size)
    assert exported.left_out == (".DS_Store", "state.safetensors")
    forget(store)
    imported = import_model(store, sda, accept)
    kept = {name: content for name, content in files.items() if name not in exported.left_out}
    assert contents(imported.entry.path) == kept
    assert imported.copy_of is None
    after = find_model(store, "sax")
    assert after == imported.entry
    assert (after.note, after.tags, after.licence, after.parents) == ("mine", ("warm",), "CC0", (Parent("a" * 12),))
    assert (after.recordings, after.report) == (before.recordings, before.report) == (("low.wav",), ("all is well",))
    assert after.size_bytes == sum(map(len, kept.values()))
    assert not import_folder().exists()


def test_sound_and_weights_are_stored_and_json_is_compressed(store: Catalogue, sax: Path, sda: Path):
    export_model(store, sax.name, sda)
    with ZipFile(sda) as zipped:
        assert zipped.testzip() is None
        ways = {info.filename: info.compress_type for info in zipped.infolist()}
        manifest = json.loads(zipped.read("manifest.json"))
    assert list(ways) == [*sorted(set(ways) - {"manifest.json"}), "manifest.json"]
    assert all(way == (ZIP_DEFLATED if name.endswith(".json") else ZIP_STORED) for name, way in ways.items())
    assert (manifest["format"], manifest["program"]) == (1, __version__)
    assert {part["name"]: part["size"] for part in manifest["files"]} == {
        name: (sax / name).stat().st_size for name in ways if name != "manifest.json"
    }


@pytest.mark.usefixtures("sax")
def test_the_same_model_makes_the_same_bytes(store: Catalogue, sda: Path):
    export_model(store, "sax", sda)
    first = sda.read_bytes()
    export_model(store, "sax", sda, force=True)
    assert sda.read_bytes() == first


@pytest.mark.usefixtures("sax")
def test_an_existing_file_is_not_overwritten_unasked(store: Catalogue, sda: Path):
    sda.write_text("mine")
    with pytest.raises(LibraryError, match=r"exists.*--force") as caught:
        export_model(store, "sax", sda)
    assert caught.value.code == "archive_exists"
    assert sda.read_text() == "mine"
    export_model(store, "sax", sda, force=True)
    assert list(sda.parent.glob("sax.sda*")) == [sda]


@pytest.mark.usefixtures("sax")
def test_more_files_can_be_known(store: Catalogue, sda: Path):
    known = {*archive.KNOWN_FILES, "state.safetensors"}
    assert export_model(store, "sax", sda, known=known).left_out == (".DS_Store",)
    with pytest.raises(LibraryError, match=r"'state\.safetensors' is no part of a model"):
        import_model(store, sda, accept)
    assert (import_model(store, sda, accept, known=known).entry.path / "state.safetensors").is_file()


def test_a_model_that_is_there_already_is_kept_beside_the_imported_one(store: Catalogue, sax: Path, sda: Path):
    export_model(store, "sax", sda)
    imported = import_model(store, sda, accept)
    assert imported.copy_of == "sax"
    assert (imported.entry.name, imported.entry.version, imported.entry.family) == ("sax 2", 1, None)
    assert imported.entry.id != KEY
    assert imported.entry.path.name == imported.entry.id
    assert json.loads((imported.entry.path / "model.json").read_bytes())["id"] == imported.entry.id
    assert load_card(imported.entry.path).name == "sax 2"
    assert (imported.entry.path / "corpus.f32").read_bytes() == (sax / "corpus.f32").read_bytes()
    assert len({entry.id for entry in list_models(store)}) == 2


@pytest.mark.usefixtures("sax")
def test_a_model_in_the_trash_is_kept_too(store: Catalogue, sda: Path):
    export_model(store, "sax", sda)
    delete_model(store, "sax")
    imported = import_model(store, sda, accept)
    assert (imported.copy_of, imported.entry.name) == ("sax", "sax")
    assert len(read_shelf(store)) == 2


def test_a_copy_of_a_version_is_no_version_of_the_model_it_is_a_copy_of(store: Catalogue, sax: Path, sda: Path):
    second = make_folder("b" * 12, "sax", version=2, family=KEY)
    assert find_model(store, "sax").path == second
    export_model(store, "sax", sda)
    copy = import_model(store, sda, accept).entry
    assert (copy.name, copy.version, copy.family_id) == ("sax 2", 1, copy.id)
    assert find_model(store, "sax").path == second
    delete_model(store, copy.id)
    shutil.rmtree(second)
    delete_model(store, "b" * 12)
    back = import_model(store, sda, accept).entry
    assert (back.id, back.name, back.version, back.family) == ("b" * 12, "sax", 2, KEY)
    assert find_model(store, "sax") == back
    assert sax.is_dir()


def test_an_id_that_is_not_of_this_programs_making_is_replaced(store: Catalogue, sda: Path):
    make_model(store, "CON", "odd")
    export_model(store, "odd", sda)
    forget(store)
    imported = import_model(store, sda, accept)
    assert imported.entry.id != "CON"
    assert (imported.entry.name, imported.copy_of) == ("odd", None)


@pytest.mark.usefixtures("sax")
def test_the_check_sees_the_model_as_it_will_be_and_may_refuse_it(store: Catalogue, sda: Path):
    export_model(store, "sax", sda)
    before = list_models(store)
    seen = []

    def refuse(folder: Path) -> None:
        seen.append(json.loads((folder / "model.json").read_bytes())["id"])
        assert folder.parent != models_folder()
        raise ModelError("tensor x is not finite")

    with pytest.raises(ModelError, match="not finite"):
        import_model(store, sda, refuse)
    assert seen != [KEY]
    assert list_models(store) == before
    assert not import_folder().exists()


def stop_half_way(share: float) -> None:
    if share > 0.5:
        raise Cancelled("stopped")


@pytest.mark.usefixtures("sax")
@pytest.mark.parametrize("error", [Cancelled("stopped"), KeyboardInterrupt()])
def test_a_stopped_export_leaves_nothing(store: Catalogue, sda: Path, error: BaseException):
    shares = []

    def stop(share: float) -> None:
        shares.append(share)
        if share > 0.3:
            raise error

    sda.write_text("before")
    with pytest.raises(type(error)):
        export_model(store, "sax", sda, force=True, on_progress=stop)
    assert 0 < shares[0] <= shares[-1] < 1
    assert sda.read_text() == "before"
    assert list(sda.parent.glob("sax.sda*")) == [sda]


@pytest.mark.usefixtures("sax")
def test_a_stopped_import_leaves_nothing(store: Catalogue, sda: Path):
    export_model(store, "sax", sda)
    before = sorted(path.name for path in models_folder().iterdir())
    with pytest.raises(Cancelled):
        import_model(store, sda, accept, on_progress=stop_half_way)
    assert sorted(path.name for path in models_folder().iterdir()) == before
    assert not import_folder().exists()


@pytest.mark.usefixtures("sax")
def test_progress_is_told_from_nought_to_one(store: Catalogue, sda: Path):
    for run in (
        lambda tell: export_model(store, "sax", sda, on_progress=tell),
        lambda tell: import_model(store, sda, accept, on_progress=tell),
    ):
        shares: list[float] = []
        run(shares.append)
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


@pytest.mark.usefixtures("sax")
def test_what_a_killed_export_or_import_left_is_cleared_away(store: Catalogue, sda: Path):
    sda.with_name("sax.sda.new").write_bytes(b"half")
    export_model(store, "sax", sda)
    assert not sda.with_name("sax.sda.new").exists()
    import_folder().mkdir()
    (import_folder() / "model.json").write_text('{"format": 1, "id": "aaaaaaaaaaaa", "name": "half"}')
    assert [entry.name for entry in list_models(store)] == ["sax"]
    assert (import_model(store, sda, accept)).entry.name == "sax 2"


@pytest.mark.usefixtures("sax")
def test_a_full_disk_while_exporting_leaves_what_was_there(
    store: Catalogue, sda: Path, monkeypatch: pytest.MonkeyPatch
):
    sda.write_text("before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packing.os, "fsync", full)
    with pytest.raises(LibraryError, match=r"sax\.sda cannot be written: No space left"):
        export_model(store, "sax", sda, force=True)
    assert sda.read_text() == "before"
    assert list(sda.parent.glob("sax.sda*")) == [sda]


def test_an_export_into_a_folder_that_is_missing_or_in_the_way_is_an_error(store: Catalogue, sax: Path, tmp_path: Path):
    with pytest.raises(LibraryError, match="choose another place"):
        export_model(store, sax.name, tmp_path / "missing" / "sax.sda")
    with pytest.raises(LibraryError, match="cannot be written"):
        export_model(store, sax.name, tmp_path, force=True)


@pytest.mark.usefixtures("sax")
def test_an_import_needs_room_on_the_disk(store: Catalogue, sda: Path, monkeypatch: pytest.MonkeyPatch):
    export_model(store, "sax", sda)
    usage = shutil.disk_usage(data_folder())._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(LibraryError, match=r"needs 5 MB, and the disk .* has 1 MB left"):
        import_model(store, sda, accept)
    assert not import_folder().exists()


@pytest.mark.usefixtures("sax")
def test_one_export_or_import_runs_at_a_time(store: Catalogue, sda: Path, monkeypatch: pytest.MonkeyPatch):
    export_model(store, "sax", sda)
    monkeypatch.setattr("engine.library.locking.LOCK_TIMEOUT_SECONDS", 0.05)
    refusals = []

    def again_elsewhere(_: Path) -> None:
        refusals.append(in_another_thread(lambda: import_model(store, sda, accept)))

    import_model(store, sda, again_elsewhere)
    assert [error.code for error in refusals] == ["library_busy"]


def in_another_thread(call: Callable[[], object]) -> BaseException | None:
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(call).exception()


@pytest.mark.usefixtures("sax")
def test_a_library_of_a_newer_version_takes_no_model(store: Catalogue, sda: Path, monkeypatch: pytest.MonkeyPatch):
    export_model(store, "sax", sda)
    monkeypatch.setattr("engine.library.migrations.SCHEMA", SCHEMA - 1)
    with pytest.raises(LibraryError, match="newer version"):
        import_model(store, sda, accept)
    assert [path.name for path in models_folder().iterdir()] == [KEY]


@pytest.mark.usefixtures("sax")
def test_a_model_whose_record_cannot_be_written_is_adopted_later(
    data_home: Path, sda: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
):
    store = open_catalogue(lines.append)
    export_model(store, "sax", sda)

    def full(*_: object) -> None:
        raise LibraryError("No space left")

    with monkeypatch.context() as now:
        now.setattr(archive, "add_model", full)
        with pytest.raises(LibraryError, match="No space left"):
            import_model(store, sda, accept)
    assert sorted(entry.name for entry in list_models(store)) == ["sax", "sax 2"]
    assert data_home.is_dir()


def test_a_large_corpus_is_never_held_in_memory(store: Catalogue, sda: Path):
    folder = make_folder(KEY, "sax")
    with (folder / "corpus.f32").open("wb") as corpus:
        corpus.truncate(48 << 20)
    add_model(store, find_model(store, "sax"))
    tracemalloc.start()
    export_model(store, "sax", sda)
    imported = import_model(store, sda, accept)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (imported.entry.path / "corpus.f32").stat().st_size == 48 << 20
    assert peak < 12 << 20
