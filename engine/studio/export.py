"""An output of the history written once more, as another kind of file: its sound stays what it is."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio.files import stream
from engine.audio.source import RecordingError
from engine.errors import ExportError, LibraryError
from engine.export.master import write_sound
from engine.export.measure import Measured
from engine.export.tags import Tags
from engine.export.target import check_target
from engine.studio.delivery import Delivery, Written
from engine.studio.history import existing_file, find_output
from engine.studio.passport import Passport, describe_export, passport_to_tags, plain_settings, read_passport
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]

UNSIGNED = "its file carried no passport, so the new one has none either"


def export_output(
    wanted: str, out: Path, delivery: Delivery, *, on_progress: Callable[[float], None] | None = None
) -> Written:
    """Write an output into another file.

    Args:
        wanted: Its id or running number.
        out: The file.
        delivery: Format, level, tags.
        on_progress: Told the share that is done, 0 to 1.

    Raises:
        LibraryError: there is no such output, or its file is missing or cannot be read.
        ExportError, ParameterError: see `write_sound`.
    """
    entry = find_output(wanted)
    file = existing_file(entry)
    check_target(out, delivery.export, force=delivery.force)
    passport = _passport(file)

    def tag(measured: Measured) -> Tags:
        if passport is None:
            return Tags(**plain_settings(delivery.tags))
        written = replace(
            passport,
            export=describe_export(out, delivery.export),
            seconds=measured.samples / measured.sample_rate,
            fingerprint=measured.fingerprint,
        )
        return passport_to_tags(written, delivery.tags)

    expected = round(entry.seconds * SAMPLE_RATE)
    exported = write_sound(
        _told(stream(file), expected, on_progress),
        out,
        delivery.export,
        tags=tag,
        loop=entry.settings.get("loop") is True,
        force=delivery.force,
        expected_samples=expected,
    )
    measured = exported.measured
    return Written(
        path=str(out),
        seconds=measured.samples / measured.sample_rate,
        seed=entry.seed,
        fingerprint=measured.fingerprint,
        history=entry.id,
        novelty=entry.novelty,
        notes=(*exported.notes, *(() if passport else (UNSIGNED,))),
    )


def _passport(file: Path) -> Passport | None:
    """Return the passport of a file; None where it has none that can be read."""
    try:
        return read_passport(file)
    except ExportError:
        return None


def _told(blocks: Iterator[Floats], expected: int, on_progress: Callable[[float], None] | None) -> Iterator[Floats]:
    """Yield blocks, telling how far they are."""
    done = 0
    try:
        for block in blocks:
            yield block
            done += len(block)
            if on_progress:
                on_progress(min(1.0, done / max(1, expected)))
    except RecordingError as error:
        raise LibraryError(f"the file of the output cannot be read: {error.reason}", code="history_missing") from error
