"""Models handed on as one file. Taking one in is apart, in `engine.studio.arrivals`: it checks tensors."""

from collections.abc import Callable
from pathlib import Path

from engine.library import archive
from engine.library.archive import SUFFIX, Exported
from engine.library.file_names import safe_name
from engine.studio.blends import refuse_blend
from engine.studio.models import find_model, open_library

__all__ = ["Exported"]


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
