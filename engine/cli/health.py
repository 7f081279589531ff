"""sda inspect: what the data-set doctor says of a folder."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from rich.padding import Padding

from engine.checking import checked
from engine.cli.display import open_display
from engine.cli.failures import DONE
from engine.cli.options import ChannelsIn, Json, LeaveOut, folder_argument, given
from engine.cli.output import grid, print_json, print_line, print_table
from engine.cli.words import as_argument, as_line, count, format_duration
from engine.settings import ReadSettings

if TYPE_CHECKING:
    from engine.studio.health import HealthReport

IGNORED_SHOWN = 5
ROWS_SHOWN = 40  # of each list
NAME_ALL = "--json names all"


def inspect_command(
    folder: Annotated[Path, folder_argument("The recordings, folders inside included.")],
    channels_in: ChannelsIn = None,
    leave_out: LeaveOut = None,
    as_json: Json = False,
) -> int:
    """Look at recordings before training, and say what to do.

    Names every file that cannot be used, with the reason, and what is worth a look in the others: clipping,
    copies, silence, missing highs, sounds unlike the rest.
    """
    settings = checked(ReadSettings, given(channels_in=channels_in))
    from engine.studio.health import inspect

    with open_display(quiet=as_json) as display:
        report = inspect(
            folder,
            on_progress=lambda done, files, name: display.update("Listening", done / max(1, files), as_line(name)),
            leave_out=leave_out or [],
            channels_in=settings.channels_in,
        )
    if as_json:
        print_json(report.to_dict())
    else:
        print_health(report, settings.channels_in)
    return DONE


def print_health(report: "HealthReport", channels_in: str) -> None:
    """Print the verdict, what to do, what is left out, what is noteworthy, and the list of files."""
    print_line(report.verdict)
    print_section("What to do", (("-", line) for line in report.advice))
    print_section("Left out", ((skipped.file, skipped.reason) for skipped in report.skipped))
    print_section("Left out by you", (("-", name) for name in report.left_out))
    print_section("Worth a look", note_rows(report))
    print_line()
    print_files(report)
    if report.ignored:
        more = ", …" if len(report.ignored) > IGNORED_SHOWN else ""
        names = as_line(", ".join(report.ignored[:IGNORED_SHOWN])) + more
        print_line(f"\n{count(len(report.ignored), 'other file')}, no recordings: {names}")
    without = "".join(f" --leave-out {as_argument(name)}" for name in report.left_out)
    how = "" if channels_in == ReadSettings().channels_in else f" --channels-in {channels_in}"
    print_line(f"\nTo learn them: sda train {as_argument(report.folder)}{without}{how}")


def note_rows(report: "HealthReport") -> Iterator[tuple[str, str]]:
    """Yield the notes on all recordings, with the name before the first of each."""
    for file in report.files:
        for number, note in enumerate(file.notes):
            yield ("" if number else file.file), note


def print_section(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Print a heading and two columns below it, or nothing when there are no rows."""
    table, listed = grid("", "", show_header=False), list(rows)
    for row in listed[:ROWS_SHOWN]:
        table.add_row(*map(as_line, row))
    if len(listed) > ROWS_SHOWN:
        table.add_row("", f"and {len(listed) - ROWS_SHOWN:,} more: {NAME_ALL}")
    if table.row_count:
        print_line(f"\n{title}:")
        print_table(Padding(table, (0, 0, 0, 2), expand=False))


def print_files(report: "HealthReport") -> None:
    """Print one line of numbers for each usable recording."""
    table = grid("Recording", "#Length", "#Share", "#kHz", "#Channels", "#Peak dB", "#LUFS")
    for file in report.files[:ROWS_SHOWN]:
        table.add_row(
            as_line(file.file),
            format_duration(file.seconds),
            f"{file.share:.0%}",
            f"{file.sample_rate / 1000:g}",
            str(file.channels),
            f"{round(file.peak_db, 1) + 0.0:.1f}",
            f"{file.loudness_lufs:.1f}",
        )
    print_table(table)
    if len(report.files) > ROWS_SHOWN:
        print_line(f"and {len(report.files) - ROWS_SHOWN:,} more: {NAME_ALL}")
