"""Names of files that come from elsewhere, made safe on every system.

A name is untrusted: it may hold a path, control characters, or what one system takes and another refuses. The result
is one component of a path, at most MOST_BYTES long, that Linux, macOS and Windows all take.
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

MOST_BYTES = 200  # in UTF-8; file systems take 255, and copies get a number
MOST_SUFFIX_CHARACTERS = 12
NAMELESS = "recording"
FORBIDDEN = re.compile(r'[<>:"|?*]')  # Windows refuses them, or takes what follows for a hidden stream
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])[ .]*(\..*)?", re.IGNORECASE | re.DOTALL)
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # controls, marks of direction, ends of lines
AROUND = " ." + "\u00a0\u3000"  # blanks and dots: Windows drops them at the end, and a dot at the start hides a file


def safe_name(wanted: str) -> str:
    """Return the name of a file from any text: the last part of a path, without what some system refuses.

    Letters of all scripts stay. An ending such as ".wav" stays when the name is cut. A safe name comes back as it is.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", wanted))[-1]
    kept = "".join(character for character in last if unicodedata.category(character) not in UNSEEN)
    stem, suffix = split_name(FORBIDDEN.sub("_", kept).strip(AROUND))
    stem = stem or NAMELESS
    name = shorten(f"_{stem}" if RESERVED.fullmatch(stem + suffix) else stem, suffix)
    return unicodedata.normalize("NFC", name)


def find_fault(name: str) -> str:
    """Return why Windows does not take the name of a file, in words; "" where it does."""
    if RESERVED.fullmatch(name):
        return "Windows keeps this name for a device"
    if name.strip(". ") and name[-1] in ". ":
        return "Windows drops the dot or the space at the end of a name"
    return ""


def split_name(name: str) -> tuple[str, str]:
    """Split a name into its stem and its ending with the dot; a long ending counts as part of the stem."""
    stem, dot, ending = name.rpartition(".")
    ending = ending.strip(AROUND)
    if not dot or not ending or len(ending) > MOST_SUFFIX_CHARACTERS:
        return name.strip(AROUND), ""
    return stem.strip(AROUND), f".{ending}"


def shorten(stem: str, suffix: str) -> str:
    """Return a stem and an ending as one name of at most MOST_BYTES; the stem loses its last characters."""
    room = MOST_BYTES - len(suffix.encode())
    while len(stem.encode()) > room:
        stem = stem[:-1]
    return f"{stem.rstrip(AROUND) or NAMELESS}{suffix}"


def free_file_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a safe name that no other file has: "a.wav", "a (2).wav"; neither case nor the form of accents counts."""
    used = {fold(name) for name in taken}
    path, number, name = PurePosixPath(wanted), 1, wanted
    while fold(name) in used:
        number += 1
        stem = path.stem.encode()[: MOST_BYTES - len(path.suffix.encode()) - len(f" ({number})")].decode(
            errors="ignore"
        )
        name = f"{stem.rstrip(AROUND)} ({number}){path.suffix}"
    return name


def fold(name: str) -> str:
    """Return what two names share that some file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
