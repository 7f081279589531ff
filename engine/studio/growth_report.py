"""Growth of a model that was trained on, in numbers."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """Distance of decoded and true log-mel on the same recordings, before and after, neper."""

    before: float
    after: float

    @property
    def percent(self) -> float:
        """Return by how much the distance grew, per cent; negative where it shrank."""
        return 100 * (self.after / self.before - 1) if self.before > 0 else 0.0


@dataclass(frozen=True)
class GrowthReport:
    """The growth of a model that was trained on from another version.

    Attributes:
        kind: EXTENDED or FED_BACK of `engine.studio.run`.
        version: Within its family.
        parent: Id of the version it came from.
        parent_name: How that is called: "sax@1".
        known_files: Recordings that the parent had.
        new_files: Recordings that it did not have.
        known: Distance on the real recordings that the parent had, by parent and new version; None if it had none.
        new: Distance on what is new, by parent and new version.
        drift_percent: How much farther (negative: nearer) the model is from its original recordings than the versions
            were that learned them first; None where there is no real recording.
        real_seconds: Of what it learned from.
        synthetic_seconds: Of what it learned from.
        cap: Highest share of synthetic seconds that was allowed, 0 to 1.
    """

    kind: str
    version: int
    parent: str
    parent_name: str
    known_files: int
    new_files: int
    known: Change | None
    new: Change
    drift_percent: float | None
    real_seconds: float
    synthetic_seconds: float
    cap: float

    @property
    def synthetic_share(self) -> float:
        """Return the share of synthetic seconds, 0 to 1."""
        return self.synthetic_seconds / (self.real_seconds + self.synthetic_seconds)

    def figures(self) -> dict[str, Any]:
        """Return, as plain values, what is known of no version in another way."""
        plain = {key: getattr(self, key) for key in ("kind", "known_files", "new_files", "drift_percent", "cap")}
        changes = {"known_neper": self.known and asdict(self.known), "new_neper": asdict(self.new)}
        return {**plain, **changes, "synthetic_share": self.synthetic_share}

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        lineage = {"version": self.version, "parents": [{"id": self.parent, "name": self.parent_name}]}
        seconds = {"real_seconds": self.real_seconds, "synthetic_seconds": self.synthetic_seconds}
        return {**lineage, **self.figures(), **seconds}
