"""Results go to standard output, and everything else to standard error."""

import io
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table


class Page(Console):
    """A console for plain lines and tables, which stays silent once nobody reads it any more."""

    def __init__(self, *, stderr: bool = False) -> None:
        """Open standard output, or standard error."""
        super().__init__(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)

    def on_broken_pipe(self) -> None:
        """Go on working when the reader has left, as `sda … | head` does."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)


def accept_any_character() -> None:
    """Let file names that the terminal's encoding cannot show be shown escaped, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_line(text: str = "") -> None:
    """Write one line of the result to standard output."""
    Page().print(text)


def print_table(table: RenderableType) -> None:
    """Write a table to standard output, as wide as the terminal or 80 columns."""
    Page().print(table, soft_wrap=False)


def print_json(value: Mapping[str, Any]) -> None:
    """Write the one JSON object of a command to standard output; what is no JSON value is written as text."""
    Page().print(json.dumps(value, indent=2, allow_nan=False, default=str))


def print_aside(text: str) -> None:
    """Write one line to standard error: a warning, a hint, an error."""
    Page(stderr=True).print(text)


def grid(*headings: str, show_header: bool = True) -> Table:
    """Return an empty table without lines; headings that begin with "#" are of columns of numbers."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_header=show_header)
    for heading in headings:
        number = heading.startswith("#")
        table.add_column(heading.lstrip("#"), justify="right" if number else "left", overflow="fold", no_wrap=number)
    return table
