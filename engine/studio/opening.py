"""Models opened for rendering: each is read once, alone or blended with others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.curves import Curve
from engine.device import choose_device, set_threads
from engine.generation.blend import render_blend
from engine.generation.novelty import NoveltyMeter
from engine.generation.renderer import Renderer, prepare
from engine.latent.space import load_space
from engine.settings import DeviceName, GenerateSettings
from engine.studio.blends import Taking, find_takings, resolve
from engine.studio.models import find_model
from engine.studio.origin import Origin, describe_origin
from engine.studio.sliders import slider_notices

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Opened:
    """A model ready for rendering, alone or blended, and which one it is.

    Attributes:
        renderers: The models with weights that take part; one where nothing is blended.
        takings: Which they are, and their shares.
        blend: Of the settings, with ids instead of names.
        origin: Where outputs come from.
    """

    renderers: tuple[Renderer, ...]
    takings: tuple[Taking, ...]
    blend: Mapping[str, Curve]
    origin: Origin

    @property
    def renderer(self) -> Renderer:
        """Return the first model."""
        return self.renderers[0]

    def render(self, settings: GenerateSettings) -> Iterator[Floats]:
        """Render an output block by block, before the limiter."""
        return render_blend(self.renderers, [one.share for one in self.takings], settings)

    def meter(self) -> NoveltyMeter:
        """Return what compares an output with the recordings of all models."""
        return NoveltyMeter(*self.renderers)

    def notices(self, settings: GenerateSettings) -> tuple[str, ...]:
        """Return what a person should know of the sliders that were set, see `slider_notices`."""
        discovered = max(len(renderer.space.chart.discovered) for renderer in self.renderers)
        found = [slider_notices(renderer.certificate, settings, discovered) for renderer in self.renderers]
        if len(found) == 1:
            return found[0]
        return tuple(
            f"{one.entry.name}: {notice}" for one, some in zip(self.takings, found, strict=True) for notice in some
        )


class Opener:
    """Opens models of the library, and keeps them for the next output."""

    def __init__(self, device: DeviceName) -> None:
        """Say where to compute."""
        self._device = device
        self._renderers: dict[str, Renderer] = {}

    def open(self, model: str, blend: Mapping[str, Curve] | None = None) -> Opened:
        """Open a model, and those that are blended with it.

        Args:
            model: Name or id.
            blend: The shares of the others by name or id.

        Raises:
            ModelError: there is no such model, or it is damaged.
            ParameterError: the device is not there, or the models cannot be blended so.
        """
        entry = find_model(model)
        resolved = resolve(entry, blend or {})
        takings = find_takings(entry, resolved)
        device = choose_device(self._device).torch_device
        others = [one.entry for one in takings if one.entry.id != entry.id]
        renderers = tuple(self._open(one.entry.id) for one in takings)
        return Opened(renderers, takings, resolved, describe_origin(entry, device, others))

    def _open(self, model: str) -> Renderer:
        if model not in self._renderers:
            self._renderers[model] = open_renderer(model, self._device)
        return self._renderers[model]


def open_renderer(model: str, device: DeviceName) -> Renderer:
    """Open a model of the library for rendering.

    Raises:
        ModelError: there is no such model, it is a blend, or it is damaged.
        ParameterError: the device is not there.
    """
    set_threads(1)  # events are made one on each core
    chosen = choose_device(device)
    return prepare(load_space(find_model(model).path, chosen.torch_device))
