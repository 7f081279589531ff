"""The contents of a data set as a page shows them, and as plain values."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.dataset.report import Advice, FileHealth
from engine.library.set_files import Removed
from engine.library.sets import DataSet

State = Literal["usable", "skipped", "unknown", "missing", "changed"]
FIGURES = dict.fromkeys(
    (
        "seconds", "sample_rate", "channels", "stereo", "peak_db", "loudness_lufs", "share", "duplicate_of",
        "near_duplicate_of", "oddness",
    )
)  # fmt: skip


@dataclass(frozen=True)
class SetRecording:
    """One recording of a set.

    Attributes:
        id: By which the front doors name it; the same as long as its name is.
        name: Relative to the set's folder, with forward slashes.
        state: usable or skipped, as the doctor found it; unknown before he looked at it; changed since he did; missing.
        reason: Why it is skipped.
        included: Whether the person has not left it out.
        health: The doctor's findings, if it was usable; those of included ones are relative to the other included ones.
    """

    id: str
    name: str
    state: State
    reason: str | None
    included: bool
    health: FileHealth | None

    @property
    def counts(self) -> bool:
        """Whether a training would learn from it, as far as is known."""
        return self.included and self.state == "usable"

    @property
    def is_open(self) -> bool:
        """Whether a training would use it, and nobody knows how."""
        return self.included and self.state in ("unknown", "changed")


@dataclass(frozen=True)
class SetContents:
    """A set as a page shows it.

    Attributes:
        about: Name, folder and the like.
        recordings: All of them, by name.
        removed: Recordings that were taken out and can be put back, the last first.
        ignored: Names of files that are no sound.
        verdict: The whole in a sentence.
        advice: About those that are included, the most important first.
        examined: When the doctor last looked, ISO 8601, UTC; None before he did.
        problem: Why nothing can be read at present; None if all is well.
    """

    about: DataSet
    recordings: tuple[SetRecording, ...]
    removed: tuple[Removed, ...]
    ignored: tuple[str, ...]
    verdict: str
    advice: tuple[Advice, ...]
    examined: str | None
    problem: str | None

    @property
    def files(self) -> int:
        """Number of recordings that are there and not left out."""
        return sum(one.included and one.state not in ("missing", "skipped") for one in self.recordings)

    @property
    def total_seconds(self) -> float:
        """Length of all recordings that were found usable."""
        return sum(one.health.seconds for one in self.recordings if one.health and one.state == "usable")

    @property
    def included_seconds(self) -> float:
        """Length of those that are not left out."""
        return sum(one.health.seconds for one in self.recordings if one.health and one.counts)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        ids = {one.name: one.id for one in self.recordings}
        return {
            **summarise(self),
            "recordings": [recording_to_dict(one) for one in self.recordings],
            "removed": [removed_to_dict(one) for one in self.removed],
            "ignored": list(self.ignored),
            "verdict": self.verdict,
            "advice": [advice_to_dict(one, ids) for one in self.advice],
            "total_seconds": self.total_seconds,
            "included_seconds": self.included_seconds,
            "examined": self.examined,
        }


def summarise(contents: SetContents) -> dict[str, Any]:
    """Return what a list of sets shows of one, as plain values."""
    about = contents.about
    return {
        "id": about.id,
        "name": about.name,
        "folder": about.folder,
        "created": about.created,
        "deleted": about.deleted,
        "files": contents.files,
        "seconds": contents.included_seconds,
        "problem": contents.problem,
    }


def recording_to_dict(one: SetRecording) -> dict[str, Any]:
    """Return one recording as plain values; figures are None where the doctor has none."""
    figures = FIGURES if one.health is None else {name: getattr(one.health, name) for name in FIGURES}
    return {
        "id": one.id,
        "name": one.name,
        "state": one.state,
        "reason": one.reason,
        "included": one.included,
        **figures,
        "notes": list(one.health.notes) if one.health else [],
    }


def removed_to_dict(one: Removed) -> dict[str, Any]:
    """Return a recording that was taken out as plain values."""
    return {"id": one.id, "name": one.name, "size_bytes": one.size_bytes, "removed": one.removed}


def advice_to_dict(one: Advice, ids: Mapping[str, str]) -> dict[str, Any]:
    """Return an advice as plain values, its files by the ids of the recordings."""
    if one.action is None:
        return {"text": one.text, "action": None}
    recordings = [ids[name] for name in one.action.files if name in ids]
    return {"text": one.text, "action": {"kind": one.action.kind, "label": one.action.label, "recordings": recordings}}


def recording_id(name: str) -> str:
    """Return the id of the recording with a name: 12 hexadecimal digits."""
    return hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=6).hexdigest()
