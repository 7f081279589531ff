"""Models opened for rendering: each is read once, alone or blended with others, and a few are kept.

To import this loads no torch, to open a model does: so that what is asked for can be refused before.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil
from numpy.typing import NDArray

from engine.curves import Curve
from engine.device import choose_device, set_threads
from engine.library.entries import ModelEntry
from engine.once import built_once
from engine.settings import DeviceName, GenerateSettings
from engine.studio.blends import MOST, Taking, find_takings, resolve
from engine.studio.models import find_model
from engine.studio.origin import Origin, describe_origin
from engine.studio.sharing import Order, Written, find_makers, when_written
from engine.studio.sliders import blend_notices

if TYPE_CHECKING:
    from engine.generation.mix.output import Output
    from engine.generation.novelty.novelty import NoveltyMeter
    from engine.generation.renderer import Renderer

Floats = NDArray[np.float32]

MEMORY_SHARE = 0.25  # of this computer's, for all models that are kept
MOST_OPEN = MOST + 2  # models that are kept: those of the largest blend, and two that a person goes back to


@dataclass(frozen=True)
class Opened:
    """A model ready for rendering, alone or blended, and which one it is.

    Attributes:
        entry: The model that was asked for.
        renderers: The models with weights that take part; one where nothing is blended.
        takings: Which they are, and their shares.
        blend: Of the settings, with ids instead of names.
        device: Where they compute: cpu, cuda or mps.
        written: When the files of each were written.
    """

    entry: ModelEntry
    renderers: "tuple[Renderer, ...]"
    takings: tuple[Taking, ...]
    blend: Mapping[str, Curve]
    device: str
    written: tuple[Written, ...]

    @property
    def renderer(self) -> "Renderer":
        """Return the first model."""
        return self.renderers[0]

    @built_once
    def origin(self) -> Origin:
        """Return where outputs come from; for that all files of the models are read."""
        others = [one.entry for one in self.takings if one.entry.id != self.entry.id]
        return describe_origin(self.entry, self.device, others)

    def output(self, settings: GenerateSettings) -> "Output[Any, Any]":
        """Return an output made ready; makers that were lent make events of it where the CPU computes."""
        from engine.generation.blending.blend import open_blend

        shares, makers = tuple(one.share for one in self.takings), find_makers()
        output = open_blend(self.renderers, shares, settings)
        if makers is None or self.device != "cpu":
            return output
        folders = tuple(one.entry.path for one in self.takings)
        return replace(output, elsewhere=makers.share(Order(folders, self.written, shares, settings), output))

    def flow(self, settings: GenerateSettings) -> Curve:
        """Return the flow of an output, also where the settings leave it to the recordings."""
        from engine.generation.blending.blend import find_flow

        return find_flow(self.renderers, [one.share for one in self.takings], settings)

    def render(self, settings: GenerateSettings, should_stop: Callable[[], bool] | None = None) -> Iterator[Floats]:
        """Render an output block by block, before the limiter.

        Args:
            settings: What to make.
            should_stop: Whether nobody wants it any more; asked often, from several threads.

        Raises:
            Cancelled: while blocks are taken: it was time to stop.
        """
        from engine.generation.mix.ahead import never
        from engine.generation.mix.output import play

        return play(self.output(settings), should_stop=should_stop or never)

    def meter(self) -> "NoveltyMeter":
        """Return what compares an output with the recordings of all models."""
        from engine.generation.novelty.novelty import NoveltyMeter

        return NoveltyMeter(*self.renderers)

    def warm(self) -> None:
        """Compute what the first event of each model would have to wait for."""
        from engine.generation.warming import warm_renderer

        for renderer in self.renderers:
            warm_renderer(renderer)

    def notices(self, settings: GenerateSettings) -> tuple[str, ...]:
        """Return what a person should know of the sliders that were set, see `blend_notices`."""
        discovered = max(len(renderer.space.chart.discovered) for renderer in self.renderers)
        named = zip(self.takings, self.renderers, strict=True)
        return blend_notices([(one.entry.name, its.certificate) for one, its in named], settings, discovered)


class Opener:
    """Opens models of the library, and keeps those that were used last; several threads may use it.

    Args:
        device: Where to compute.
        most_open: Models that are kept.
        most_bytes: Memory that they may take together; those of the last output are kept though they take more. None:
            MEMORY_SHARE of this computer's.
    """

    def __init__(self, device: DeviceName, most_open: int = MOST_OPEN, most_bytes: int | None = None) -> None:
        self._device, self._most_open = device, most_open
        self._most_bytes = psutil.virtual_memory().total * MEMORY_SHARE if most_bytes is None else most_bytes
        self._places: OrderedDict[str, _Place] = OrderedDict()
        self._lock = Lock()

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
        found = [self._place(one.entry.id).open(one.entry, self._device) for one in takings]
        self._let_go({one.entry.id for one in takings})
        renderers, written = zip(*found, strict=True)
        return Opened(entry, renderers, takings, resolved, device, written)

    def forget(self, model: str) -> None:
        """Let go of a model by its id, as when it was deleted; one that is not kept is no trouble."""
        with self._lock:
            self._places.pop(model, None)

    def _place(self, model: str) -> "_Place":
        """Return where a model is kept."""
        with self._lock:
            place = self._places.setdefault(model, _Place())
            self._places.move_to_end(model)
        return place

    def _let_go(self, used: Collection[str]) -> None:
        """Let go of the models that were used longest ago, where too many are kept or they take too much memory."""
        with self._lock:
            for model in [model for model in self._places if model not in used]:
                total = sum(place.bytes for place in self._places.values())
                if len(self._places) <= self._most_open and total <= self._most_bytes:
                    break
                del self._places[model]


class _Place:
    """Keeps one model; who asks for it while it is being read waits for that."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._renderer: Renderer | None = None
        self.bytes = 0  # of memory that it takes
        self._written: Written = ()

    def open(self, entry: ModelEntry, device: DeviceName) -> "tuple[Renderer, Written]":
        """Return the model, which is read again where its files were written since, and when they were."""
        written = when_written(entry.path)
        with self._lock:
            if self._renderer is None or self._written != written:
                self._renderer, self._written = open_renderer(entry.id, device), written
                self.bytes = count_bytes(self._renderer)
            return self._renderer, self._written


def count_bytes(renderer: "Renderer") -> int:
    """Return about how much memory an opened model takes; recordings and their spectra are mapped and take none.

    The search keeps another copy of what it searches.
    """
    voice, tracks = renderer.space.voice, renderer.space.tracks
    arrays = [
        array for array in vars(voice).values() if isinstance(array, np.ndarray) and not isinstance(array, np.memmap)
    ]
    weights = sum(value.numel() * value.element_size() for value in renderer.space.vae.state_dict().values())
    return sum(array.nbytes for array in (*arrays, voice.reduced, *tracks)) + weights


def open_renderer(model: str, device: DeviceName) -> "Renderer":
    """Open a model of the library for rendering.

    Raises:
        ModelError: there is no such model, it is a blend, or it is damaged.
        ParameterError: the device is not there.
    """
    path = find_model(model).path
    from engine.generation.renderer import prepare
    from engine.latent.space import load_space

    set_threads(1)  # events are made one on each core
    chosen = choose_device(device)
    return prepare(load_space(path, chosen.torch_device))
