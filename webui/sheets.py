"""The sheets of the interface as one answer: fifty small files that resemble each other are quickest together."""

import re
from pathlib import Path

INTERFACE = "css/interface.css"
_IMPORT = re.compile(rb'^@import url\("([^"]+)"\);\n', re.MULTILINE)


def join_sheets(sheet: Path) -> bytes:
    """Return a style sheet with those that it imports in their places.

    Addresses in an imported sheet are meant from its own folder, so only sheets beside `sheet` may have any.

    Args:
        sheet: Imports others by addresses that are meant from its folder, each on a line of its own.
    """
    return _IMPORT.sub(lambda found: (sheet.parent / found[1].decode()).read_bytes(), sheet.read_bytes())
