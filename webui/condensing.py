"""Scripts and style sheets without what only people read: comments, indentation, spaces beside punctuation.

Lines stay where they are, so that an error names the line of the file. Quoted text stays as it is.
"""

import re
from dataclasses import dataclass

_TEMPLATE_TEXT = rb"[^`\\$]|\\.|\$(?!\{)"
_INNER_TEMPLATE = rb"`(?:" + _TEMPLATE_TEXT + rb"|\$\{[^`{}]*\})*`"
_TEMPLATE = rb"`(?:" + _TEMPLATE_TEXT + rb"|\$\{(?:[^`{}]|\{[^{}]*\}|" + _INNER_TEMPLATE + rb")*\})*`"
_STRING = rb""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
_COMMENT = rb"/\*.*?\*/"
_LINE_COMMENT = rb"//[^\n]*"
_PATTERN = rb"(?<=[(,=:\[!&|?{};\s])/(?![/*\s])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/"  # a division has spaces


@dataclass(frozen=True)
class Language:
    """Comments and spaces of a language, which say nothing to a browser.

    Attributes:
        quoted: Finds comments, and what stays as it is.
        comments: How comments begin.
        spaces: Finds spaces between the rest that say nothing.
        ends: Characters after which no space says anything.
    """

    quoted: re.Pattern[bytes]
    comments: tuple[bytes, ...]
    spaces: re.Pattern[bytes]
    ends: bytes


def _any_of(*patterns: bytes) -> re.Pattern[bytes]:
    return re.compile(b"(" + b"|".join(patterns) + b")", re.DOTALL)


SCRIPT = Language(
    quoted=_any_of(_COMMENT, _LINE_COMMENT, _STRING, _TEMPLATE, _PATTERN),
    comments=(b"/*", b"//"),
    spaces=re.compile(rb"[ \t]+(?=[{}()\[\];,=&|?:\n])|(?<=[{}()\[\];,=&|?:\n])[ \t]+|(?<==>)[ \t]+"),
    ends=b"{}()[];,=&|?:\n ",
)
SHEET = Language(
    quoted=_any_of(_COMMENT, _STRING),
    comments=(b"/*",),
    spaces=re.compile(rb"[ \t]+(?=[{};,\n])|(?<=[{};,:\n])[ \t]+"),
    ends=b"{};,:\n ",
)


def condense_script(text: bytes) -> bytes:
    """Return a script that does the same, line by line."""
    return condense(text, SCRIPT)


def condense_sheet(text: bytes) -> bytes:
    """Return a style sheet that looks the same, line by line."""
    return condense(text, SHEET)


def condense(text: bytes, language: Language) -> bytes:
    """Return a text without comments, and without spaces outside of what is quoted."""
    found: list[bytes] = []
    last = b"\n"
    for place, part in enumerate(language.quoted.split(text)):
        if place % 2 == 0:
            kept = language.spaces.sub(b"", part.lstrip(b" \t") if last in language.ends else part)
        elif part.startswith(language.comments):
            kept = b"\n" * part.count(b"\n") or (b"" if last in language.ends else b" ")
        else:
            kept = part
        found.append(kept)
        last = kept[-1:] or last
    return b"".join(found)
