"""Models handed on as one file: exported, and imported after every tensor in them was checked."""

import gc
from collections.abc import Callable
from pathlib import Path

from engine.errors import EngineError, ModelError
from engine.latent.stored import check_model
from engine.library import archive
from engine.library.archive import SUFFIX, Exported, Imported
from engine.library.file_names import safe_name
from engine.studio.blends import refuse_blend
from engine.studio.models import find_model, open_library

__all__ = ["Exported", "Imported"]


def export_model(
    name_or_id: str,
    target: Path,
    *,
    force: bool = False,
    on_progress: Callable[[float], None] | None = None,
) -> Exported:
    """Write a model into one file.

    Args:
        name_or_id: Of the model.
        target: The file; a name without an ending gets SUFFIX. A folder gets a file named after the model.
        force: Replace an existing file.
        on_progress: Told the share that is done, 0 to 1.

    Raises:
        ModelError: there is no such model, it is a blend, or it is damaged.
        LibraryError: the file exists and no `force`, or the disk refuses.
    """
    entry = find_model(name_or_id)
    refuse_blend(entry, "Export its models, and make the blend again where they are imported")
    if target.is_dir():
        target = target / f"{safe_name(entry.name)}{SUFFIX}"
    named = target if target.suffix else target.with_suffix(SUFFIX)
    return archive.export_model(open_library(), name_or_id, named, force=force, on_progress=on_progress)


def import_model(source: Path, *, on_progress: Callable[[float], None] | None = None) -> Imported:
    """Add a model from one file to the library, after all of it was checked as for rendering.

    Args:
        source: The file.
        on_progress: Told the share that is unpacked, 0 to 1.

    Raises:
        LibraryError: the file is refused, or the disk refuses; nothing of it is kept.
        ModelError: what is in it cannot be used as a model.
    """

    def check(folder: Path) -> None:
        try:
            check_model(folder)
        except EngineError as error:
            reason = error.message.replace(str(folder), source.name).replace(folder.name, source.name)
            raise ModelError(f"{source.name} is not imported: {reason}", code=error.code) from error
        finally:
            gc.collect()  # its memory-mapped recordings, which keep a file open

    return archive.import_model(open_library(), source, check, on_progress=on_progress)
