"""Making sound files from models: one output, or several with seeds that go up."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.settings import GenerateSettings, later_seed
from engine.studio.checks import check_generate, check_outputs
from engine.studio.delivery import Delivery, Written, deliver
from engine.studio.opening import Opened, Opener
from engine.units import SAMPLE_RATE

if TYPE_CHECKING:
    from engine.generation.novelty.novelty import Novelty

Floats = NDArray[np.float32]

AS_USUAL = Delivery()


@dataclass(frozen=True)
class GenerateReport:
    """The yield of `generate`, and what the person should know of it."""

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
    should_stop: Callable[[], bool] | None = None,
) -> GenerateReport:
    """Make one or more outputs, the seed going up by one from each to the next.

    Args:
        model: Name or id.
        out: File to write; with a count above 1, -01, -02 … go before its suffix.
        settings: What to make.
        count: How many.
        delivery: How they become files.
        on_progress: Told the share that is done, 0 to 1.
        should_stop: Whether nobody wants them any more; asked often, from several threads.

    Raises:
        Cancelled: it was time to stop; files that were whole by then stay.
        ParameterError: the count is out of range, or a slider is set that the model has not.
        ModelError, ExportError: see `check_generate`, `check_outputs` and `write_sound`.
    """
    paths = check_outputs(out, count, delivery)
    asked = check_generate(model, settings)
    opened = Opener(settings.device).open(asked.entry.id, asked.blend)
    begun = time.monotonic()
    written = []
    for place, path in enumerate(paths):
        one = settings.model_copy(update={"seed": later_seed(settings.seed, place)})

        def tell(share: float, place: int = place) -> None:
            if on_progress:
                on_progress((place + share) / count)

        written.append(write_output(opened, one, path, delivery, on_progress=tell, should_stop=should_stop))
    return GenerateReport(tuple(written), time.monotonic() - begun, asked.notices)


def write_output(
    opened: Opened,
    settings: GenerateSettings,
    path: Path,
    delivery: Delivery,
    *,
    on_progress: Callable[[float], None] | None = None,
    on_block: Callable[[Floats], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Written:
    """Render one output into a file, and keep it in the history.

    Args:
        opened: The model.
        settings: What to make.
        path: Of the file.
        delivery: How it becomes one.
        on_progress: Told the share that is done, 0 to 1.
        on_block: Given each block (samples, channels) as it is made, before the limiter.
        should_stop: Whether nobody wants it any more; asked often, from several threads.

    Raises:
        Cancelled: it was time to stop; there is no file.
    """
    expected = round(settings.duration * SAMPLE_RATE)
    resolved = settings.model_copy(update={"blend": opened.blend, "flow": opened.flow(settings)})
    blocks = opened.render(resolved, should_stop)
    meter = opened.meter()
    novelty: dict[str, Any] = {}
    samples = 0

    def heard() -> Iterator[Floats]:
        nonlocal samples
        for block in blocks:
            samples += len(block)
            meter.update(block)
            if on_block:
                on_block(block)
            if on_progress:
                on_progress(min(1.0, samples / expected))
            yield block
        novelty.update(describe_novelty(opened, meter.result()))

    return deliver(heard(), path, resolved, opened.origin, delivery, novelty=novelty)


def describe_novelty(opened: Opened, found: "Novelty | None") -> dict[str, Any]:
    """Return how new an output is as plain values; of several models, whose recording is the nearest."""
    if found is None:
        return {}
    measured = asdict(found)
    whose = opened.takings[measured.pop("whose")].entry.name
    return measured if len(opened.takings) == 1 else {**measured, "model": whose}
