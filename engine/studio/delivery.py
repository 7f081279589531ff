"""An output on its way into a file: written, given its passport, and kept in the history."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.library.history_changes import add_entry
from engine.library.outputs import Output
from engine.settings import ExportSettings, GenerateSettings, TagSettings
from engine.studio.history import open_outputs
from engine.studio.origin import Origin
from engine.studio.passport import GENERATED, Passport, describe_export, issue_passport, passport_to_tags
from engine.units import SAMPLE_RATE

if TYPE_CHECKING:
    from engine.export.measure import Measured

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Delivery:
    """How outputs become files.

    Attributes:
        export: Format, level and the rest.
        tags: What the person wants the files to say.
        force: Replace existing files.
    """

    export: ExportSettings = field(default_factory=ExportSettings)
    tags: TagSettings = field(default_factory=TagSettings)
    force: bool = False


@dataclass(frozen=True)
class Written:
    """A file that was made.

    Attributes:
        path: Of the file.
        seconds: Its length.
        seed: Of what is random in it.
        fingerprint: Of its samples.
        history: Id of its entry in the history; None where that could not be written.
        novelty: The nearest recording, and how new the sound is; empty where it was not measured.
        notes: What the person should know, each in one sentence.
    """

    path: str
    seconds: float
    seed: int
    fingerprint: str = ""
    history: str | None = None
    novelty: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**asdict(self), "notes": list(self.notes), "novelty": dict(self.novelty) or None}


def deliver(
    blocks: Iterable[Floats],
    path: Path,
    settings: GenerateSettings,
    origin: Origin,
    delivery: Delivery,
    *,
    novelty: Mapping[str, Any] | None = None,
) -> Written:
    """Write an output into a file with its passport, and keep it in the history.

    Args:
        blocks: The sound at SAMPLE_RATE; see `write_sound`.
        path: Of the file.
        settings: What the sound was made with.
        origin: Which model made it.
        delivery: How it becomes a file.
        novelty: The nearest recording, and how new the sound is. It is read after the last block, so that it may be
            filled in while the blocks come.

    Raises:
        ExportError, ParameterError: see `write_sound`.
    """
    issued: list[Passport] = []

    from engine.export.master import write_sound  # takes time to import, which a refusal before does not wait for

    def describe(measured: "Measured") -> Passport:
        return issue_passport(
            origin,
            GENERATED,
            settings,
            describe_export(path, delivery.export),
            seed=settings.seed,
            seconds=measured.samples / measured.sample_rate,
            fingerprint=measured.fingerprint,
            novelty=dict(novelty or {}),
        )

    def tag(measured: "Measured") -> Any:
        issued[:] = [describe(measured)]
        return passport_to_tags(issued[0], delivery.tags)

    expected = 0 if settings.one_shot else round(settings.duration * SAMPLE_RATE)
    exported = write_sound(
        blocks,
        path,
        delivery.export,
        tags=tag,
        loop=settings.loop,
        force=delivery.force,
        expected_samples=expected,
    )
    entry, notes = remember(issued[0], path)
    return Written(
        path=str(path),
        seconds=issued[0].seconds,
        seed=settings.seed,
        fingerprint=issued[0].fingerprint,
        history=entry,
        novelty=issued[0].novelty,
        notes=(*exported.notes, *notes),
    )


def remember(passport: Passport, path: Path) -> tuple[str | None, tuple[str, ...]]:
    """Add an output to the history; return its id, or why it is not kept: the file is there all the same."""
    own_hrtf = {"hrtf_fingerprint": passport.hrtf_fingerprint} if passport.hrtf_fingerprint else {}
    output = Output(
        file=str(path),
        fingerprint=passport.fingerprint,
        kind=passport.kind,
        model=passport.model,
        model_name=passport.model_name,
        version=passport.model_version,
        settings={**passport.settings, "export": passport.export, **own_hrtf},
        seed=passport.seed,
        seconds=passport.seconds,
        novelty=passport.novelty,
    )
    try:
        return add_entry(open_outputs(), output).id, ()
    except EngineError as error:
        return None, (f"it is not in the history: {error.message}",)
