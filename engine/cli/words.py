"""How numbers and names are written for a person."""

import re
from collections.abc import Sequence

BYTES_IN_UNIT = 1000


def format_duration(seconds: float) -> str:
    """Write a time as a musician reads it: "0.42 s", "9.5 s", "1 min 03 s", "2 h 05 min"."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def format_clock(seconds: float) -> str:
    """Write a time left as a clock shows it: "0:07", "12:30", "1:02:03"."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def format_size(size_bytes: float) -> str:
    """Write a size in decimal units, as file managers do: "812 B", "6.8 MB"."""
    for unit in ("B", "kB", "MB"):
        if size_bytes < BYTES_IN_UNIT:
            return f"{size_bytes:.0f} {unit}" if unit == "B" or size_bytes >= 10 else f"{size_bytes:.1f} {unit}"
        size_bytes /= BYTES_IN_UNIT
    return f"{size_bytes:.1f} GB"


def count(number: int, noun: str) -> str:
    """Write a number with its noun: "1 file", "12 files", "4,210 steps"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def as_line(text: str) -> str:
    """Write a text in one line: line ends and bytes that are no text, as names of files may hold, are escaped."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def few(lines: Sequence[str], most: int) -> list[str]:
    """Return the first of some lines, and "and 37 more" where there are clearly more."""
    if len(lines) <= most + 1:
        return list(lines)
    return [*lines[:most], f"and {len(lines) - most:,} more"]


def as_argument(name: str) -> str:
    """Write a name as it is typed in a shell, in quotation marks where it needs them."""
    return name if re.fullmatch(r"[\w./:\\-]+", name) else f'"{name}"'
