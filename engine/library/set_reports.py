"""The data-set doctor's report on a set, kept beside it, with the state that each file had when it was read."""

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from engine.errors import LibraryError
from engine.library.durable import disk_refusal, write_durably
from engine.library.entries import first_violation
from engine.library.set_files import files_locked
from engine.library.sets import FILES, DataSet

REPORT_FILE = "report.json"
FORMAT = 1


@dataclass(frozen=True)
class Stamp:
    """Tells one state of a file from another without reading it."""

    size_bytes: Annotated[int, Field(ge=0)]
    changed_ns: int  # since 1970, when it was last written to


ABSENT = Stamp(0, 0)


@dataclass(frozen=True)
class Examination:
    """One look of the doctor at a set."""

    examined: str  # ISO 8601, UTC
    stamps: Mapping[str, Stamp]  # of each recording as it was looked at, by its name in the set
    report: Mapping[str, Any]  # plain values, as the doctor's report gives them


_EXAMINATION = TypeAdapter(Examination)


def read_stamp(path: Path) -> Stamp:
    """Return the state of a file; ABSENT where it is missing or may not be looked at."""
    try:
        found = path.stat()
    except OSError:
        return ABSENT
    return Stamp(found.st_size, found.st_mtime_ns)


def save_examination(one: DataSet, examination: Examination) -> None:
    """Keep what was found in a set in place of what was found before.

    Raises:
        LibraryError: the set was removed meanwhile (`set_unknown`), or the disk refuses; the file is as it was.
    """
    if not one.home.is_dir():
        raise LibraryError(f"data set {one.name!r} was removed while it was examined.", code="set_unknown")
    with files_locked(one.home):
        _write(one.home, examination)


def load_examination(home: Path) -> Examination | None:
    """Return the last examination of a set; None when there was none.

    Args:
        home: The set's own folder.

    Raises:
        ValueError: what is kept of it is damaged, or a newer version of the program wrote it; one line.
    """
    try:
        written = json.loads((home / REPORT_FILE).read_bytes())
    except FileNotFoundError:
        return None
    except RecursionError:
        raise ValueError("nested too deep") from None
    except OSError as error:
        raise ValueError(str(error)) from error
    if not isinstance(written, dict) or written.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    try:
        return _EXAMINATION.validate_python(written)
    except ValidationError as error:
        raise first_violation(error) from None


def set_report_aside(home: Path) -> None:
    """Rename a damaged report in a set's own folder, so that it is met once; where that fails it stays."""
    with contextlib.suppress(OSError):
        (home / REPORT_FILE).replace(home / f"{REPORT_FILE}.corrupt")


def examination_mark(home: Path) -> Stamp:
    """Return what changes whenever the examination in a set's own folder does; ABSENT before the first one."""
    return read_stamp(home / REPORT_FILE)


def forget_files(home: Path, names: Iterable[str]) -> None:
    """Let a set's examination know no more of files that were removed for good: they are not missing.

    Args:
        home: The set's own folder.
        names: That the files had.

    Raises:
        LibraryError: the disk refuses; the file is as it was.
    """
    gone = {name for name in names if not (home / FILES / name).is_file()}  # another file may have the name now
    with files_locked(home):
        try:
            found = load_examination(home)
        except ValueError:
            return  # whoever reads it is told
        if found and gone & set(found.stamps):
            kept = {name: stamp for name, stamp in found.stamps.items() if name not in gone}
            _write(home, replace(found, stamps=kept))


def _write(home: Path, examination: Examination) -> None:
    text = json.dumps({"format": FORMAT, **_EXAMINATION.dump_python(examination)}, ensure_ascii=False, allow_nan=False)
    try:
        write_durably(home / REPORT_FILE, text.encode(errors="surrogatepass"))
    except OSError as error:
        raise disk_refusal(home / REPORT_FILE, "written", error) from error
