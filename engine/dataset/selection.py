"""The doctor's findings for some files of a set: shares and copies follow at once, and nothing is read again."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from engine.dataset.advice import note_file
from engine.dataset.report import FileHealth


def select_files(files: Sequence[FileHealth], included: Collection[str]) -> tuple[FileHealth, ...]:
    """Return the findings on the files that are included, as if there were no others.

    Shares add up to 1 again. Of several copies the first that is included is the original. Oddness stays that within
    all files, because a set's middle is told by more than these figures.

    Args:
        files: Findings on all files, in the order of the doctor's report.
        included: Names.
    """
    chosen = [one for one in files if one.file in included]
    seconds = sum(one.seconds for one in chosen)
    exact = {one.file: one.duplicate_of or one.file for one in files}
    heads = {one.file: one for one in files}
    first_exact: dict[str, str] = {}
    first_near: dict[str, str] = {}
    found = []
    for one in chosen:
        group = exact[one.file]
        root = heads[group].near_duplicate_of if group in heads else None
        twin = first_exact.setdefault(group, one.file)
        original = first_near.setdefault(root or group, one.file)
        changed = replace(
            one,
            share=one.seconds / seconds if seconds else 0.0,
            duplicate_of=twin if twin != one.file else None,
            near_duplicate_of=original if twin == one.file and original != one.file else None,
            similar_to=one.similar_to if one.similar_to in included else None,
        )
        found.append(replace(changed, notes=note_file(changed)))
    return tuple(found)
