"""Versions of one model, its family: which is current, what they are called, and how they are numbered.

All versions of a model share its name. The one that was chosen last is current, so going back to another is one change
of one entry; a version that is added becomes current because it is later than those chosen as often.
"""

from collections.abc import Iterable
from dataclasses import replace

from engine.library.entries import ModelEntry


def family_of(entry: ModelEntry, entries: Iterable[ModelEntry]) -> list[ModelEntry]:
    """Return the other versions of an entry's model, deleted ones too."""
    return [other for other in entries if other.family_id == entry.family_id and other.id != entry.id]


def mark_current(entries: Iterable[ModelEntry]) -> list[ModelEntry]:
    """Return entries that know whether they are the current version of their family; deleted ones are not."""
    kept = list(entries)
    highest: dict[str, ModelEntry] = {}
    for entry in kept:
        if not entry.deleted:
            highest[entry.family_id] = max(entry, highest.get(entry.family_id, entry), key=_rank)
    return [_marked(entry, highest.get(entry.family_id) is entry) for entry in kept]


def _rank(entry: ModelEntry) -> tuple[int, int]:
    return (entry.chosen, entry.version)


def _marked(entry: ModelEntry, current: bool) -> ModelEntry:
    return entry if entry.current == current else replace(entry, current=current)


def fitting_name(entry: ModelEntry, others: Iterable[ModelEntry]) -> str:
    """Return the name of an entry's family, or its own, with a number where another family has it."""
    present = [other for other in others if not other.deleted and other.id != entry.id]
    family = family_of(entry, present)
    return family[0].name if family else free_name(entry.name, [other.name for other in present])


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return `wanted`, or with the first free number after it: "sax", "sax 2", "sax 3"; case does not count."""
    folded = {name.casefold() for name in taken}
    number = 1
    name = wanted
    while name.casefold() in folded:
        number += 1
        name = f"{wanted} {number}"
    return name


def free_version(entry: ModelEntry, others: Iterable[ModelEntry]) -> int:
    """Return an entry's version, or the number after its family's highest where another version has it."""
    taken = {other.version for other in family_of(entry, others)}
    return max(taken) + 1 if entry.version in taken else entry.version
