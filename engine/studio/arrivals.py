"""Models that come as one file, taken in after every tensor in them was checked."""

import gc
from collections.abc import Callable
from pathlib import Path

from engine.errors import EngineError, ModelError
from engine.latent.stored import check_model
from engine.library import archive
from engine.library.archive import Imported
from engine.studio.models import open_library

__all__ = ["Imported"]


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
