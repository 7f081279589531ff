"""Checks of what is asked for before anything is loaded: names, sliders, files. Needs no torch, and takes no time.

The use cases begin with these, so a front door that calls one of them refuses what they refuse; it may also call
these by themselves, before it hands the work to another process.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.curves import Curve
from engine.errors import ParameterError
from engine.export.target import check_target
from engine.library.entries import ModelEntry
from engine.settings import GenerateSettings
from engine.studio.blends import Taking, find_takings, resolve
from engine.studio.delivery import Delivery
from engine.studio.models import find_model
from engine.studio.sliders import find_notices

MOST_OUTPUTS = 10_000


@dataclass(frozen=True)
class Asked:
    """The ground of an output.

    Attributes:
        entry: The model.
        blend: The shares of the others by id.
        takings: All models with weights that take part.
        notices: What a person should know of the sliders that are set.
    """

    entry: ModelEntry
    blend: Mapping[str, Curve]
    takings: tuple[Taking, ...]
    notices: tuple[str, ...]


def check_generate(model: str, settings: GenerateSettings) -> Asked:
    """Find the models that an output is to be made from, and look at the settings as far as they depend on them.

    Args:
        model: Name or id.
        settings: What to make.

    Raises:
        ModelError: there is no such model, or it is damaged.
        ParameterError: the models cannot be blended so, a discovered slider is set that no model has, or the HRTF
            file of the settings does not exist.
    """
    entry = find_model(model)
    blend = resolve(entry, settings.blend)
    takings = find_takings(entry, blend)
    notices = find_notices(takings, settings)
    if settings.hrtf and settings.channels == "binaural" and not settings.hrtf.exists():
        from engine.spatial.sofa import HrtfError

        raise HrtfError(settings.hrtf, f"does not exist in {settings.hrtf.absolute().parent}")
    return Asked(entry, blend, takings, notices)


def find_unused(settings: GenerateSettings) -> tuple[str, ...]:
    """Return what a person should know of settings that change nothing beside the others that they gave."""
    if settings.hrtf is None or settings.channels == "binaural":
        return ()
    missing = "" if settings.hrtf.exists() else ", and there is no such file"
    return (f"hrtf = {settings.hrtf} is not used: it takes channels = binaural{missing}",)


def check_outputs(out: Path, count: int, delivery: Delivery) -> list[Path]:
    """Return the paths of some outputs, where all of them can be written.

    Args:
        out: File to write; with a count above 1, -01, -02 … go before its suffix.
        count: How many.
        delivery: How they become files.

    Raises:
        ParameterError: the count is out of range.
        ExportError: see `check_target`.
    """
    if not 1 <= count <= MOST_OUTPUTS:
        raise ParameterError(f"count = {count}: must be a whole number from 1 to {MOST_OUTPUTS}")
    paths = numbered(out, count)
    for path in paths:
        check_target(path, delivery.export, force=delivery.force)
    return paths


def numbered(out: Path, count: int) -> list[Path]:
    """Return the paths of `count` outputs: `out` itself, or with -01, -02 … before its suffix."""
    if count == 1:
        return [out]
    digits = max(2, len(str(count)))
    return [out.with_name(f"{out.stem}-{place:0{digits}}{out.suffix}") for place in range(1, count + 1)]
