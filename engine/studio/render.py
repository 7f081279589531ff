"""Making sound files from models: one output, or several with seeds that go up."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.device import choose_device, set_threads
from engine.errors import ParameterError
from engine.export.target import check_target
from engine.generation.novelty import NoveltyMeter
from engine.generation.render import render
from engine.generation.renderer import Renderer, prepare
from engine.latent.space import load_space
from engine.settings import DeviceName, GenerateSettings
from engine.studio.delivery import Delivery, Written, deliver
from engine.studio.models import find_model
from engine.studio.origin import Origin, describe_origin
from engine.studio.sliders import slider_notices
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]

LONGEST_COUNT = 10_000
AS_USUAL = Delivery()


@dataclass(frozen=True)
class Opened:
    """A model ready for rendering, and which one it is."""

    renderer: Renderer
    origin: Origin


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


def open_renderer(model: str, device: DeviceName) -> Renderer:
    """Open a model of the library for rendering.

    Raises:
        ModelError: there is no such model, or it is damaged.
        ParameterError: the device is not there.
    """
    set_threads(1)  # events are made one on each core
    chosen = choose_device(device)
    return prepare(load_space(find_model(model).path, chosen.torch_device))


def open_model(model: str, device: DeviceName) -> Opened:
    """Open a model of the library for outputs that say where they come from.

    Raises:
        ModelError, ParameterError: see `open_renderer`.
    """
    entry = find_model(model)
    renderer = open_renderer(entry.id, device)
    return Opened(renderer, describe_origin(entry, choose_device(device).torch_device))


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
        ModelError, ExportError: see `open_renderer` and `write_sound`.
    """
    if not 1 <= count <= LONGEST_COUNT:
        raise ParameterError(f"count = {count}: must be a whole number from 1 to {LONGEST_COUNT}")
    paths = numbered(out, count)
    for path in paths:
        check_target(path, delivery.export, force=delivery.force)
    opened = open_model(model, settings.device)
    notices = renderer_notices(opened.renderer, settings)
    begun = time.monotonic()
    written = []
    for place, path in enumerate(paths):
        one = settings.model_copy(update={"seed": settings.seed + place})

        def tell(share: float, place: int = place) -> None:
            if on_progress:
                on_progress((place + share) / count)

        written.append(write_output(opened, one, path, delivery, on_progress=tell))
    return GenerateReport(tuple(written), time.monotonic() - begun, notices)


def renderer_notices(renderer: Renderer, settings: GenerateSettings) -> tuple[str, ...]:
    """Return what a person should know of the sliders that were set, see `slider_notices`."""
    return slider_notices(renderer.certificate, settings, len(renderer.space.chart.discovered))


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
    blocks = render(opened.renderer, settings)
    meter = NoveltyMeter(opened.renderer)
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
        found = meter.result()
        novelty.update(asdict(found) if found else {})

    return deliver(heard(), path, settings, opened.origin, delivery, novelty=novelty)


def numbered(out: Path, count: int) -> list[Path]:
    """Return the paths of `count` outputs: `out` itself, or with -01, -02 … before its suffix."""
    if count == 1:
        return [out]
    digits = max(2, len(str(count)))
    return [out.with_name(f"{out.stem}-{place:0{digits}}{out.suffix}") for place in range(1, count + 1)]
