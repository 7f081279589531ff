"""The page's scripts named in its head, so that a browser asks for all at once, rather than import after import."""

import re
from functools import lru_cache
from pathlib import Path

FIRST = ("main.js", "places/play/play.js")
_IMPORT = re.compile(r'^(?:import|export)\b[^;"]*"(\.[^"]+)";', re.MULTILINE)
_END = "</head>"


def preload_scripts(page: Path) -> str:
    """Return a page that names all scripts which it shows Play with."""
    links = "".join(f'<link rel="modulepreload" href="/static/{name}">\n' for name in list_scripts(page.parent))
    return page.read_text("utf-8").replace(_END, links + _END)


@lru_cache(2)
def list_scripts(folder: Path) -> tuple[str, ...]:
    """Return FIRST and all that they import, by their addresses in a folder."""
    found = [folder / name for name in FIRST if (folder / name).is_file()]
    for script in found:
        for address in _IMPORT.findall(script.read_text("utf-8")):
            imported = Path(script.parent, address).resolve()
            if imported not in found and imported.is_file():
                found.append(imported)
    return tuple(script.relative_to(folder).as_posix() for script in found)
