"""sda inspect: what the data-set doctor says of a folder."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.display import open_display
from engine.cli.failures import DONE
from engine.cli.options import Json
from engine.cli.output import grid, print_json, print_line, print_table
from engine.cli.words import as_argument, count, format_duration

if TYPE_CHECKING:
    from engine.studio.explore import HealthReport

IGNORED_SHOWN = 5


def inspect_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The recordings, folders inside included.")],
    as_json: Json = False,
) -> int:
    """Look at a folder of recordings before training: what is usable, what is wrong, what to do.

    \b
    Example:
      sda inspect recordings/sax
    """
    from engine.studio.explore import inspect

    with open_display(quiet=as_json) as display:
        report = inspect(
            folder,
            on_progress=lambda done, files, name: display.update("Listening", done / max(1, files), name),
        )
    if as_json:
        print_json(report.to_dict())
    else:
        print_health(report)
    return DONE


def print_health(report: "HealthReport") -> None:
    """Print the verdict, what to do, what is left out, what is noteworthy, and the list of files."""
    print_line(report.verdict)
    print_section("What to do", ((str(number), line) for number, line in enumerate(report.advice, 1)))
    print_section("Left out", ((skipped.file, skipped.reason) for skipped in report.skipped))
    print_section("Worth a look", ((file.file, note) for file in report.files for note in file.notes))
    print_line()
    print_files(report)
    if report.ignored:
        more = ", …" if len(report.ignored) > IGNORED_SHOWN else ""
        names = ", ".join(report.ignored[:IGNORED_SHOWN]) + more
        print_line(f"\n{count(len(report.ignored), 'other file')} that hold no sound: {names}")
    print_line(f"\nTo learn them: sda train {as_argument(report.folder)}")


def print_section(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Print a heading and two columns below it, or nothing when there are no rows."""
    table = grid(title, "")
    for row in rows:
        table.add_row(*row)
    if table.row_count:
        print_line()
        print_table(table)


def print_files(report: "HealthReport") -> None:
    """Print one line of numbers for each usable recording."""
    table = grid("Recording", "#Length", "#Share", "#kHz", "#Channels", "#Peak dB", "#LUFS")
    for file in report.files:
        table.add_row(
            file.file,
            format_duration(file.seconds),
            f"{file.share:.0%}",
            f"{file.sample_rate / 1000:g}",
            str(file.channels),
            f"{file.peak_db:.1f}",
            f"{file.loudness_lufs:.1f}",
        )
    print_table(table)
