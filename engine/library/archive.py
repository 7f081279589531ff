"""A model in one file, to keep or to hand on: exported, and imported after it was checked."""

import json
import re
import shutil
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import LibraryError, ModelError, ParameterError
from engine.library.archive_checks import LIMITS, Limits, Refused
from engine.library.card import CARD_FILE, load_card, with_card
from engine.library.checks import checked_name
from engine.library.durable import disk_refusal, replace_durably, write_durably
from engine.library.entries import MODEL_FILE, RECORDINGS_FILE, ModelEntry, folder_to_entry, new_id
from engine.library.file_names import find_fault, safe_name
from engine.library.locking import WriterLock
from engine.library.models import add_model, find_model
from engine.library.packing import pack_archive
from engine.library.shelf import read_shelf
from engine.library.store import Catalogue
from engine.library.unpacking import archive_refusal, unpack_archive
from engine.paths import import_folder, models_folder

SUFFIX = ".sda"
OWN_COMPUTER = ("source",)  # fields of a model's description that stay here: the folder of the recordings
KNOWN_FILES = (
    MODEL_FILE, CARD_FILE, "weights.safetensors", "tracks.safetensors", "corpus.f32", RECORDINGS_FILE,
    "chart.safetensors", "certificate.json",
)  # fmt: skip
OWN_ID = re.compile(r"[0-9a-f]{12}")  # as `new_id` makes them: a foreign one might be no name for a folder everywhere


@dataclass(frozen=True)
class Exported:
    """An archive that was written."""

    path: Path
    size_bytes: int
    left_out: tuple[str, ...]  # names in the model's folder that are no part of a model


@dataclass(frozen=True)
class Imported:
    """A model that was imported."""

    entry: ModelEntry
    copy_of: str | None  # name of a model that has the id it came with; both are kept, this one under a new id


def export_model(
    catalogue: Catalogue,
    name_or_id: str,
    target: Path,
    *,
    known: Collection[str] = KNOWN_FILES,
    force: bool = False,
    on_progress: Callable[[float], None] | None = None,
) -> Exported:
    """Write a model into one file, complete or not at all.

    Args:
        catalogue: Of the person.
        name_or_id: As for `find_model`.
        target: The file, by custom with SUFFIX.
        known: Names of the files that belong to a model; others in its folder are left out.
        force: Replace an existing file.
        on_progress: Told the share that is done, 0 to 1; may raise to stop, which leaves nothing behind.

    Raises:
        ModelError: there is no such model, or it is damaged.
        LibraryError: the file exists and no `force` (`archive_exists`), Windows takes no such name (`archive_name`), or
            the disk refuses.
    """
    fault = find_fault(target.name)
    if fault:
        raise LibraryError(f"{target}: {fault}. Choose another, such as {safe_name(target.name)}.", code="archive_name")
    entry = find_model(catalogue, name_or_id)
    found = sorted(path for path in entry.path.iterdir() if path.is_file())
    files: dict[str, Path | bytes] = {path.name: path for path in found if path.name in known}
    files[MODEL_FILE] = _handed_on(entry.path / MODEL_FILE)
    with _one_at_a_time():
        if target.exists() and not force:
            raise LibraryError(
                f"{target} exists. To replace it, ask for it (--force), or choose another name.", code="archive_exists"
            )
        try:
            pack_archive(target, files, on_progress)
        except OSError as error:
            raise LibraryError(
                f"{target} cannot be written: {error.strerror or error}. Free space, or choose another place."
            ) from error
    left_out = tuple(path.name for path in found if path.name not in known)
    return Exported(target, target.stat().st_size, left_out)


def import_model(
    catalogue: Catalogue,
    source: Path,
    check: Callable[[Path], None],
    *,
    known: Collection[str] = KNOWN_FILES,
    limits: Limits = LIMITS,
    on_progress: Callable[[float], None] | None = None,
) -> Imported:
    """Add a model from one file to the library, checked, complete or not at all.

    Args:
        catalogue: Of the person.
        source: The file.
        check: Called with the folder of the unpacked model, before it is one of the library; raises an EngineError
            where something in it is not right, and keeps no file in it open.
        known: Names that files may have.
        limits: Most that is accepted.
        on_progress: Told the share that is unpacked, 0 to 1; may raise to stop, which leaves nothing behind.

    Raises:
        LibraryError: the file is refused (`archive_refused`), a newer version of the program wrote it
            (`archive_newer`), or the disk refuses; nothing of it is kept. Where only the catalogue cannot be written
            in the end, the model is found and adopted when models are next listed.
        EngineError: what `check` raised.
    """
    folder = import_folder()
    with catalogue.transaction():
        pass  # a library that a newer version wrote takes no model
    with _one_at_a_time():
        shutil.rmtree(folder, ignore_errors=True)  # what a program left that was ended while it imported
        try:
            folder.mkdir(parents=True)
            unpack_archive(source, folder, known, limits, on_progress)
            entry, copy_of = _admit(source, folder, read_shelf(catalogue))
            check(folder)
            models_folder().mkdir(parents=True, exist_ok=True)
            replace_durably(folder, models_folder() / entry.folder)
        except OSError as error:
            raise disk_refusal(folder, "made a model of the library", error) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return Imported(add_model(catalogue, entry), copy_of)


def _handed_on(path: Path) -> Path | bytes:
    """Return a model's description, or what is left of it where it tells about the person's computer.

    Raises:
        ModelError: it cannot be read.
    """
    try:
        described = dict(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read ({error}); the model is damaged", code="model_damaged") from error
    handed_on = {key: value for key, value in described.items() if key not in OWN_COMPUTER}
    return path if handed_on == described else json.dumps(handed_on, ensure_ascii=False, indent=1).encode()


def _one_at_a_time() -> AbstractContextManager[None]:
    """Exclude other exports and imports of this person, so that what an ended one left can be cleared away."""
    return WriterLock(import_folder().with_suffix(".lock"), import_folder()).held()


def _admit(source: Path, folder: Path, shelf: Iterable[ModelEntry]) -> tuple[ModelEntry, str | None]:
    """Return the entry of an unpacked model, and the name of a model that has its id already.

    Raises:
        LibraryError: its description or its card is damaged or foreign.
    """
    try:
        entry = with_card(folder_to_entry(folder), load_card(folder))
        entry = replace(entry, name=checked_name(entry.name))
    except (ValueError, OSError, ParameterError) as error:
        raise archive_refusal(source, Refused(f"it does not describe a model ({error})")) from error
    copied = next((other.name for other in shelf if other.id == entry.id), None)
    if copied or not OWN_ID.fullmatch(entry.id):
        entry = _with_new_id(entry, folder)
    return replace(entry, folder=entry.id), copied


def _with_new_id(entry: ModelEntry, folder: Path) -> ModelEntry:
    """Give an unpacked model an id of its own, and make it the first of its own family."""
    described = json.loads((folder / MODEL_FILE).read_bytes())
    fresh = replace(entry, id=new_id(), family=None, version=1)
    described.update(id=fresh.id, family=None, version=1)
    write_durably(folder / MODEL_FILE, json.dumps(described, ensure_ascii=False, indent=1).encode())
    return fresh
