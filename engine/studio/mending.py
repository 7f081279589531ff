"""Recordings of a data set mended: their DC offset taken out, where the set keeps its files."""

from collections.abc import Callable, Collection
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from engine.dataset.mending import write_without_offset
from engine.errors import Cancelled
from engine.library.set_changes import change_set
from engine.library.set_files import locate_file, refuse_foreign, replace_file
from engine.studio.models import open_library
from engine.studio.set_contents import recording_id
from engine.studio.sets import ids_to_names, show_set


def mend_recordings(
    wanted: str, recordings: Collection[str], should_stop: Callable[[], bool] | None = None
) -> tuple[str, ...]:
    """Take the DC offset out of recordings of a set; each becomes a WAV, and the one before can be put back.

    They are to be examined again. One that is left out stays so.

    Args:
        wanted: The set; it keeps its files.
        recordings: Ids.
        should_stop: Asked before every recording.

    Returns:
        Ids of the mended recordings.

    Raises:
        LibraryError: there is no such set or recording, its files are in a folder of the person, or the disk refuses.
        DatasetError: a recording cannot be read; those before it are mended.
        Cancelled: the person stopped it; those before it are mended.
    """
    contents = show_set(wanted)
    one = contents.about
    refuse_foreign(one)
    mended = []
    for name in ids_to_names(contents, recordings):
        if should_stop and should_stop():
            raise Cancelled("stopped; the recordings mended until then stay mended")
        with TemporaryDirectory(prefix="sda-mend-") as folder:
            target = Path(folder) / "mended.wav"
            write_without_offset(locate_file(one, name), target)
            mended.append(replace_file(one, name, target, PurePosixPath(name).with_suffix(".wav").name))
        if name in one.left_out and mended[-1] != name:
            one = change_set(open_library(), one.id, left_out=[*one.left_out, mended[-1]])
    return tuple(map(recording_id, mended))
