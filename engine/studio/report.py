"""Reports of trainings, and what the model's folder and the library's record say of them."""

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from engine import __version__
from engine.dataset.intake import Skipped
from engine.latent.certificate import SliderCertificate
from engine.library.entries import ModelEntry, Parent, folder_size_bytes
from engine.paths import models_folder
from engine.studio.growth_report import GrowthReport
from engine.studio.run import Run

if TYPE_CHECKING:
    from engine.latent.space import SoundSpace


@dataclass(frozen=True)
class TrainReport:
    """The outcome of a training.

    Attributes:
        model: Id of the model in the library.
        name: The name it got.
        seconds: From start to finish.
        steps: Of training.
        device: cpu, cuda or mps.
        device_reason: Why, in words.
        used: Names of the recordings it learned from.
        held_out: Names of the recordings kept out, to be measured on.
        skipped: Files that could not be used, with reasons.
        warnings: What the person should know.
        loss: Distance of decoded and true log-mel on validation material, neper.
        stopped: Whether the person stopped it before its time.
        sliders: What each slider of the model does.
        growth: What became of the version that it was trained on from; None where it began anew.
        left_out: Names of the files that the person left out.
    """

    model: str
    name: str
    seconds: float
    steps: int
    device: str
    device_reason: str
    used: tuple[str, ...]
    held_out: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[str, ...]
    loss: float
    stopped: bool
    sliders: tuple[SliderCertificate, ...] = ()
    growth: GrowthReport | None = None
    left_out: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        files = {
            "used": len(self.used),
            "held_out": list(self.held_out),
            "skipped": [asdict(one) for one in self.skipped],
            "left_out": list(self.left_out),
        }
        return {
            **{key: getattr(self, key) for key in ("model", "name", "seconds", "steps", "device", "device_reason")},
            "files": files,
            "warnings": list(self.warnings),
            "validation_neper": self.loss,
            "stopped": self.stopped,
            "sliders": [asdict(slider) for slider in self.sliders],
            **(self.growth.to_dict() if self.growth else {}),
        }


def summarise(report: TrainReport) -> dict[str, Any]:
    """Return how a training went, as the library keeps it."""
    keys = ("seconds", "steps", "device", "stopped")
    grown = {"growth": report.growth.figures()} if report.growth else {}
    return {**{key: getattr(report, key) for key in keys}, "validation_neper": report.loss, **grown}


def describe_model(run: Run, space: "SoundSpace", report: TrainReport, distances: dict[str, float]) -> dict[str, Any]:
    """Return what a model's own folder says of it.

    Args:
        run: That it comes from.
        space: The model.
        report: How the training went.
        distances: Of real recordings, by name, when they were first learned, neper; empty where it began anew.
    """
    entry = make_entry(run, space, report)
    lineage = {"version": entry.version, "family": entry.family, "parents": [asdict(one) for one in entry.parents]}
    return {
        "id": run.id,
        "name": run.name,
        "created": run.started,
        "program": __version__,
        "files": len(run.used),
        "seconds": space.corpus.seconds,
        "synthetic_seconds": space.corpus.synthetic_seconds,
        "channels": space.corpus.channels,
        **lineage,
        "source": run.source,
        "held_out": list(run.held_out),
        "skipped": [list(map(_as_text, pair)) for pair in run.skipped],
        "left_out": list(map(_as_text, run.left_out)),
        "settings": run.settings.model_dump(),
        "training": summarise(report),
        "report": list(report_lines(run)),
        "distances": distances,
    }


def make_entry(run: Run, space: "SoundSpace", report: TrainReport) -> ModelEntry:
    """Return the library's record of a model, with what the person wrote on the version it was trained on from."""
    folder = models_folder() / run.id
    entry = ModelEntry(
        id=run.id,
        name=run.name,
        created=run.started,
        folder=run.id,
        files=len(run.used),
        seconds=space.corpus.seconds,
        synthetic_seconds=space.corpus.synthetic_seconds,
        channels=space.corpus.channels,
        training=summarise(report),
        report=report_lines(run),
        size_bytes=folder_size_bytes(folder) if folder.is_dir() else 0,
    )
    if run.growth is None or report.growth is None:
        return entry
    parent = run.growth.parent
    return replace(
        entry,
        version=report.growth.version,
        family=parent.family_id,
        parents=(Parent(parent.id),),
        note=parent.note,
        tags=parent.tags,
        licence=parent.licence,
    )


def report_lines(run: Run) -> tuple[str, ...]:
    """Return what was found in the recordings, for the library to be searched."""
    lines = (*run.warnings, *(f"{file} is left out: {reason}" for file, reason in run.skipped))
    return tuple(map(_as_text, lines))


def _as_text(name: str) -> str:
    """Return a text in which names that are no text are shown escaped: a model is handed on, and read anywhere."""
    return name.encode(errors="backslashreplace").decode()
