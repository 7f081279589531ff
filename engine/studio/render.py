"""Making sound files from models: one output, or several with seeds that go up."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import ParameterError
from engine.export.target import check_target
from engine.generation.novelty import Novelty
from engine.settings import GenerateSettings
from engine.studio.delivery import Delivery, Written, deliver
from engine.studio.opening import Opened, Opener
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]

LONGEST_COUNT = 10_000
AS_USUAL = Delivery()


@dataclass(frozen=True)
class GenerateReport:
    """What `generate` made, and what the person should know of it."""

    files: tuple[Written, ...]
    render_seconds: float
    notices: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        files = [file.to_dict() for file in self.files]
        return {"files": files, "render_seconds": self.render_seconds, "notices": list(self.notices)}


def generate(
    model: str,
    out: Path,
    settings: GenerateSettings,
    *,
    count: int = 1,
    delivery: Delivery = AS_USUAL,
    on_progress: Callable[[float], None] | None = None,
) -> GenerateReport:
    """Make one or more outputs, the seed going up by one from each to the next.

    Args:
        model: Name or id.
        out: File to write; with a count above 1, -01, -02 … go before its suffix.
        settings: What to make.
        count: How many.
        delivery: How they become files.
        on_progress: Told the share that is done, 0 to 1.

    Raises:
        ParameterError: the count is out of range, or a slider is set that the model has not.
        ModelError, ExportError: see `Opener.open` and `write_sound`.
    """
    if not 1 <= count <= LONGEST_COUNT:
        raise ParameterError(f"count = {count}: must be a whole number from 1 to {LONGEST_COUNT}")
    paths = numbered(out, count)
    for path in paths:
        check_target(path, delivery.export, force=delivery.force)
    opened = Opener(settings.device).open(model, settings.blend)
    notices = opened.notices(settings)
    begun = time.monotonic()
    written = []
    for place, path in enumerate(paths):
        one = settings.model_copy(update={"seed": settings.seed + place})

        def tell(share: float, place: int = place) -> None:
            if on_progress:
                on_progress((place + share) / count)

        written.append(write_output(opened, one, path, delivery, on_progress=tell))
    return GenerateReport(tuple(written), time.monotonic() - begun, notices)


def write_output(
    opened: Opened,
    settings: GenerateSettings,
    path: Path,
    delivery: Delivery,
    *,
    on_progress: Callable[[float], None] | None = None,
) -> Written:
    """Render one output into a file, and keep it in the history."""
    expected = round(settings.duration * SAMPLE_RATE)
    resolved = settings.model_copy(update={"blend": opened.blend})
    blocks = opened.render(resolved)
    meter = opened.meter()
    novelty: dict[str, Any] = {}
    samples = 0

    def heard() -> Iterator[Floats]:
        nonlocal samples
        for block in blocks:
            samples += len(block)
            meter.update(block)
            if on_progress:
                on_progress(min(1.0, samples / expected))
            yield block
        novelty.update(describe_novelty(opened, meter.result()))

    return deliver(heard(), path, resolved, opened.origin, delivery, novelty=novelty)


def describe_novelty(opened: Opened, found: Novelty | None) -> dict[str, Any]:
    """Return how new an output is as plain values; of several models, whose recording is the nearest."""
    if found is None:
        return {}
    measured = asdict(found)
    whose = opened.takings[measured.pop("whose")].entry.name
    return measured if len(opened.takings) == 1 else {**measured, "model": whose}


def numbered(out: Path, count: int) -> list[Path]:
    """Return the paths of `count` outputs: `out` itself, or with -01, -02 … before its suffix."""
    if count == 1:
        return [out]
    digits = max(2, len(str(count)))
    return [out.with_name(f"{out.stem}-{place:0{digits}}{out.suffix}") for place in range(1, count + 1)]
