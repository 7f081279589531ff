"""The page's scripts as one: a browser that asks for each of two hundred spends most of a second on asking.

Every script becomes a function, which runs when another script first imports it. So a place that nobody opens costs
nothing, as if its scripts were asked for on their own. Scripts import by names alone, each import and export begins a
line, and no two import each other.
"""

import posixpath
import re
from pathlib import Path

BUNDLE = "interface.js"
MAIN = "main.js"
_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"]+)";', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
_LATER = re.compile(r"\bawait import\(")
_OWN_ADDRESS = "import.meta.url"
_END = """\
};
const brought = {};
const bring = (name) => (brought[name] ??= scripts[name]());
const bringLater = async (from, to) => bring(new URL(to, `script:/${from}`).pathname.slice(1));
const addressOf = (name) => new URL(name, import.meta.url);
await bring("main.js");
"""


def bundle_scripts(folder: Path) -> str:
    """Return one script that does what `main.js` of a folder does with all that it imports, now or later."""
    return "const scripts = {\n" + "".join(_wrap(folder, name) for name in list_scripts(folder)) + _END


def list_scripts(folder: Path) -> list[str]:
    """Return `main.js`, the places of a folder, and all that they import, by their addresses in the folder."""
    places = sorted(path for path in folder.glob("places/*/*.js") if path.stem == path.parent.name)
    found = [MAIN, *(path.relative_to(folder).as_posix() for path in places)]
    for name in found:
        found += [one for one in list_imports(folder, name) if one not in found]
    return found


def list_imports(folder: Path, name: str) -> list[str]:
    """Return what a script imports from the start, by addresses in a folder."""
    addresses = (address for _, address in _IMPORT.findall((folder / name).read_text("utf-8")))
    return list(dict.fromkeys(_resolve(name, address) for address in addresses))


def _wrap(folder: Path, name: str) -> str:
    """Return a script as a function that returns what the script exports."""
    text = (folder / name).read_text("utf-8")
    exported = ", ".join(_EXPORT.findall(text))
    text = _IMPORT.sub(lambda found: _bring(name, *found.groups()), text)
    text = _LATER.sub(f'await bringLater("{name}", ', _EXPORT.sub("", text))
    text = text.replace(_OWN_ADDRESS, f'addressOf("{name}")')
    kind = "async () =>" if name == MAIN else "() =>"
    return f'"{name}": {kind} {{\n{text}\nreturn {{ {exported} }};\n}},\n'


def _bring(name: str, imported: str | None, address: str) -> str:
    """Return what an import becomes."""
    brought = f'bring("{_resolve(name, address)}");'
    return f"const {{{imported.replace(' as ', ': ')}}} = {brought}" if imported else brought


def _resolve(name: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
