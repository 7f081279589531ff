"""sda map: where the moments of a model's recordings lie, and what --at and --path can name."""

from collections import Counter
from string import ascii_uppercase
from typing import TYPE_CHECKING

from rich.table import Table

from engine.cli.failures import DONE
from engine.cli.options import Json, ModelName
from engine.cli.output import grid, print_json, print_line, print_table
from engine.cli.words import as_argument, count, format_duration

if TYPE_CHECKING:
    from engine.studio.map import MapReport, Meaning, Moment

COLUMNS, ROWS = 61, 21  # characters are about twice as high as wide; both are odd, so that there is a middle
SHADES = "·:o@"  # from one moment in a cell to MANY and more
MANY = 8

Cell = tuple[int, int]


def map_command(model: ModelName, as_json: Json = False) -> int:
    """Draw where each moment of a model's recordings lies.

    The denser a spot, the more moments lie there. Letters are moments that are named below, with the place to
    give to sda generate --at, or several of them to --path.
    """
    from engine.studio.map import describe_map

    report = describe_map(model)
    if as_json:
        print_json(report.to_dict())
    else:
        print_map(report)
    return DONE


def print_map(report: "MapReport") -> None:
    """Print the map, what its axes go along with, and some moments by name."""
    print_line("\n".join(draw(report)))
    print_line(f"\nLeft to right: {describe_axis(report.x)}")
    print_line(f"Down to up:    {describe_axis(report.y)}")
    recordings = len({moment.file for moment in report.moments})
    print_line(f"{count(len(report.moments), 'moment')} of {count(recordings, 'recording')}, for instance:\n")
    marked = [report.moments[index] for index in report.landmarks]
    print_table(landmark_table(marked))
    place = write_place(marked[0])
    print_line(f"\nTo hear a place: sda generate {as_argument(report.name)} --out place.wav --at {place}")


def draw(report: "MapReport") -> list[str]:
    """Return the lines of the map, with a frame and the ends of its axes."""
    cells = Counter(map(cell_of, report.moments))
    drawn = {cell: SHADES[min(len(SHADES) - 1, number * len(SHADES) // MANY)] for cell, number in cells.items()}
    for letter, index in zip(ascii_uppercase, report.landmarks, strict=False):
        drawn[cell_of(report.moments[index])] = letter
    rows = ["".join(drawn.get((row, column), " ") for column in range(COLUMNS)) for row in range(ROWS)]
    edge = "+" + "-" * COLUMNS + "+"
    labels = {0: " 1", ROWS // 2: " 0", ROWS - 1: "-1"}
    lines = [f"{labels.get(row, '  ')} |{text}|" for row, text in enumerate(rows)]
    middle = COLUMNS // 2
    return [f"   {edge}", *lines, f"   {edge}", f"   -1{'0':>{middle}}{'1':>{middle}}"]


def cell_of(moment: "Moment") -> Cell:
    """Return row and column of a moment."""
    row = round((1.0 - moment.y) / 2.0 * (ROWS - 1))
    column = round((moment.x + 1.0) / 2.0 * (COLUMNS - 1))
    return row, column


def landmark_table(moments: list["Moment"]) -> Table:
    """Return letter, recording, time and place of some moments as a table."""
    table = grid("", "Recording", "#At", "--at")
    for letter, moment in zip(ascii_uppercase, moments, strict=False):
        table.add_row(letter, moment.file, format_duration(moment.seconds), write_place(moment))
    return table


def describe_axis(meanings: tuple["Meaning", ...]) -> str:
    """Write what an axis goes along with: "dark to bright (0.82), thin to warm (0.51)"."""
    parts = [f"{meaning.low} to {meaning.high} ({abs(meaning.correlation):.2f})" for meaning in meanings]
    return ", ".join(parts) or "nothing that has a name"


def write_place(moment: "Moment") -> str:
    """Write a place as --at reads it."""
    return f"{round(moment.x, 2) + 0.0:.2f},{round(moment.y, 2) + 0.0:.2f}"  # never -0.00
