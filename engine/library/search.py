"""Finding things by words: every word must occur somewhere, in any case, with or without accents."""

import unicodedata
from collections.abc import Callable, Iterable


def text_matcher(words: str) -> Callable[[Iterable[str]], bool]:
    """Return a test whether each of the words occurs, also as a part, in at least one of some texts.

    No words fit everything. Accents do not count, so that "sax" finds "Säx" however a system writes its file names.
    """
    fits = simplified_matcher(words)
    return lambda texts: fits(join_simplified(texts))


def simplified_matcher(words: str) -> Callable[[str], bool]:
    """Return the same test for what `join_simplified` makes of texts."""
    wanted = [simplify(word) for word in words.split()]
    return lambda text: all(word in text for word in wanted)


def join_simplified(texts: Iterable[str]) -> str:
    """Return texts as one that can be searched: simplified, and no word reaches from one into the next."""
    return "\n".join(map(simplify, texts))


def simplify(text: str) -> str:
    """Return a text in one case and without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()
