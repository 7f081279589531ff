"""A data set's files on disk beside what the doctor found in them: which still holds, and what it comes to."""

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from engine.dataset.advice import find_advice, judge, name_some
from engine.dataset.intake import Chosen, Skipped, choose_files
from engine.dataset.report import Advice, HealthReport, dict_to_report
from engine.dataset.selection import select_files
from engine.errors import DatasetError
from engine.library.set_files import list_removed
from engine.library.set_reports import (
    ABSENT,
    Examination,
    Stamp,
    examination_mark,
    load_examination,
    read_stamp,
    set_report_aside,
)
from engine.library.sets import DataSet
from engine.library.store import Catalogue
from engine.studio.set_contents import SetContents, SetRecording, State, recording_id

NOTHING = Chosen((), (), (), ())
CACHED_REPORTS = 64


def look_into(one: DataSet, catalogue: Catalogue) -> SetContents:
    """Return what is in a set now; no recording is opened.

    Args:
        one: The set.
        catalogue: Of the person, who is told when the last report is damaged.
    """
    chosen, problem = list_files(one)
    examination, report = read_report(one, catalogue)
    removed = tuple(list_removed(one))
    recordings = match_findings(one, chosen, examination, report, {gone.name for gone in removed})
    verdict, advice = conclude(recordings, mendable=one.owns_files)
    return SetContents(
        about=one,
        recordings=recordings,
        removed=removed,
        ignored=chosen.ignored,
        verdict=problem or verdict,
        advice=() if problem else advice,
        examined=examination.examined if examination else None,
        problem=problem,
    )


def list_files(one: DataSet) -> tuple[Chosen, str | None]:
    """Return what lies in a set's folder, and why that cannot be told where it cannot."""
    folder = one.recordings_folder
    try:
        return open_folder(folder), None
    except DatasetError as error:
        missing = f"The folder {folder} is missing. Connect its disk, or bring it back to where it was."
        return NOTHING, error.message if os.path.lexists(folder) else missing


def open_folder(folder: Path) -> Chosen:
    """Return the files in a folder.

    Raises:
        DatasetError: it cannot be opened, for whatever reason the system has.
    """
    try:
        return choose_files(folder)
    except OSError as error:  # no permission above it, a name that is too long, a network that is gone
        raise DatasetError(
            f"{folder} cannot be opened: {error.strerror or error}. Allow access to it, or choose another folder.",
            code="dataset.folder",
        ) from error


def read_report(one: DataSet, catalogue: Catalogue) -> tuple[Examination | None, HealthReport | None]:
    """Return the doctor's last look at a set; neither before the first one."""
    mark = examination_mark(one.home)
    if mark == ABSENT:
        return None, None
    try:
        return _read_report(one.home, mark)
    except ValueError as error:
        catalogue.report(f"the report on data set {one.name!r} is damaged ({error}). Examine it again.")
        set_report_aside(one.home)
        return None, None


@lru_cache(CACHED_REPORTS)
def _read_report(home: Path, _: Stamp) -> tuple[Examination | None, HealthReport | None]:
    """Read the report in a set's folder, once for each mark it had.

    Raises:
        ValueError: it is damaged.
    """
    examination = load_examination(home)
    return examination, dict_to_report(examination.report) if examination else None


def match_findings(
    one: DataSet, chosen: Chosen, examination: Examination | None, report: HealthReport | None, removed: set[str]
) -> tuple[SetRecording, ...]:
    """Return the recordings that are in a set's folder, or were when it was examined.

    Args:
        one: The set.
        chosen: The files in its folder.
        examination: The last one.
        report: From it.
        removed: Names of recordings that were taken out on purpose, and are not missing.
    """
    stamps = dict(examination.stamps) if examination else {}
    healthy = {row.file: row for row in report.files} if report else {}
    reasons = {row.file: row.reason for row in (*(report.skipped if report else ()), *chosen.skipped)}
    paths = dict(chosen.recordings)
    by_name = {row.file for row in chosen.skipped}
    gone = {name for name in stamps if name not in paths and name not in removed}
    states: dict[str, State] = dict.fromkeys(gone, "missing")
    states |= dict.fromkeys(by_name, "skipped")
    states |= {name: _compare(path, stamps.get(name), name in healthy, name in reasons) for name, path in paths.items()}
    included = {name for name, state in states.items() if state == "usable" and name not in one.left_out}
    healthy |= {row.file: row for row in select_files(report.files if report else (), included)}
    return tuple(
        SetRecording(
            id=recording_id(name),
            name=name,
            state=state,
            reason=reasons.get(name) if state == "skipped" else None,
            included=name not in one.left_out,
            health=healthy.get(name),
        )
        for name, state in sorted(states.items())
    )


def _compare(path: Path, stamp: Stamp | None, usable: bool, skipped: bool) -> State:
    """Return the state of a file that is there, against what is known of it."""
    if stamp is None or not (usable or skipped):
        return "unknown"
    if stamp != read_stamp(path):
        return "changed"
    return "usable" if usable else "skipped"


def conclude(recordings: Sequence[SetRecording], *, mendable: bool) -> tuple[str, tuple[Advice, ...]]:
    """Return the verdict on what is included of a set, and what to do about it.

    Args:
        recordings: Of the set.
        mendable: Whether the program may change their files.
    """
    present = [row for row in recordings if row.state != "missing"]
    files = [row.health for row in recordings if row.health and row.counts]
    skipped = [Skipped(row.name, row.reason or "") for row in recordings if row.included and row.state == "skipped"]
    to_examine = sum(row.is_open for row in recordings)
    missing = [row.name for row in recordings if row.included and row.state == "missing"]
    absent = Advice(f"{_recordings(len(missing))} missing ({name_some(missing)}): bring back, or examine again")
    first, advice = (absent,) if missing else (), find_advice(files, skipped, mendable=mendable)
    if not present:
        return "There are no recordings here.", first
    if not any(row.included for row in present):
        return "All recordings are left out: take some of them in.", first
    if to_examine and not files:
        return f"{_recordings(to_examine)} to be examined.", first
    if to_examine:  # a whole that is not known yet is not judged
        verdict = f"{len(files)} of {_recordings(len(files) + to_examine)} examined; the others are new or changed."
        return verdict, (*first, *(line for line in advice if line.action))
    advice = (*first, *advice)
    return judge(files, advice), advice


def _recordings(count: int) -> str:
    return "1 recording" if count == 1 else f"{count} recordings"
