"""A maker makes events of outputs that another process plays: it opens the same models, and is told which event.

It is single-minded: one event after the other, on one core. Models stay open until those of other outputs are wanted.
"""

import ctypes
import gc
import sys
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import ModelError
from engine.workers.assignment import Assignment
from engine.workers.worker import Answer, Task, Trade

if TYPE_CHECKING:
    from engine.generation.mix.output import Output
    from engine.generation.renderer import Renderer
    from engine.studio.sharing import Order

MAKING = "making"
GLIBC_OPTIONS = {-1: 8 << 20, -3: 2 << 20, -8: 1}  # what may stay free at the end, mapped from there on, one heap
MOST_MODELS = 2  # that are kept, besides those of the output that is made
MOST_OUTPUTS = 4  # that are kept ready: a preview may overtake a file that is made


def learn_to_make() -> Trade:
    """Return what a maker can do; what that needs is imported here, in the worker."""
    from engine.device import set_threads
    from engine.generation.blending import blend  # noqa: F401 - that takes long

    set_threads(1)
    keep_little_memory()
    maker = Maker()
    tasks = {"open": maker.open, "make": maker.make, "let-go": maker.let_go}
    return Trade("maker", {name: Task(MAKING, work) for name, work in tasks.items()})


class Maker:
    """Models and outputs that are open in this process."""

    def __init__(self) -> None:
        self._models: OrderedDict[tuple[Path, tuple[int, ...]], Renderer] = OrderedDict()
        self._outputs: OrderedDict[str, Output[Any, Any]] = OrderedDict()

    def open(self, assignment: Assignment) -> Answer:
        """Open an output, and make its first event, which takes longer than the others: `order`."""
        from engine.generation.mix.ahead import check_with
        from engine.generation.mix.output import make_numbered

        make_numbered(self._find(assignment.values["order"]), 0, 0, check_with(assignment.should_stop))
        give_memory_back()
        return {}

    def make(self, assignment: Assignment) -> Answer:
        """Make an event of an output: `order`, its `index` in the score, and its first sample, `start`."""
        from engine.generation.mix.ahead import check_with
        from engine.generation.mix.carrying import arrays_to_bytes
        from engine.generation.mix.output import make_numbered

        output = self._find(assignment.values["order"])
        index, start = int(assignment.values["index"]), int(assignment.values["start"])
        made = make_numbered(output, index, start, check_with(assignment.should_stop))
        table, data = arrays_to_bytes(output.carrying.pack(made))
        return {"arrays": table}, data

    def let_go(self, assignment: Assignment) -> Answer:
        """Close a `model` by its id, before its folder is moved."""
        model = assignment.values["model"]
        self._outputs.clear()
        for key in [key for key in self._models if key[0].name == model]:
            del self._models[key]
        gc.collect()
        return {}

    def _find(self, values: Any) -> "Output[Any, Any]":
        """Return an output, which is opened where it is not kept."""
        from engine.studio.sharing import Order

        key = repr(values)
        if key not in self._outputs:
            self._outputs[key] = self._open(Order.from_values(values))
        self._outputs.move_to_end(key)
        while len(self._outputs) > MOST_OUTPUTS:
            self._outputs.popitem(last=False)
        return self._outputs[key]

    def _open(self, order: "Order") -> "Output[Any, Any]":
        from engine.generation.blending.blend import open_blend

        renderers = [self._open_model(*one) for one in zip(order.folders, order.written, strict=True)]
        if len(self._models) > MOST_MODELS + len(renderers):
            self._outputs.clear()
        while len(self._models) > MOST_MODELS + len(renderers):
            self._models.popitem(last=False)
        return open_blend(renderers, order.shares, order.settings)

    def _open_model(self, folder: Path, written: tuple[int, ...]) -> "Renderer":
        """Return the model in a folder, as it was when it was opened where it is played.

        Raises:
            ModelError: it is damaged, or was written since.
        """
        from engine.generation.renderer import prepare
        from engine.generation.warming import warm_events
        from engine.latent.space import load_space
        from engine.studio.sharing import when_written

        if (folder, written) not in self._models:
            self._models[folder, written] = prepare(load_space(folder))
            warm_events(self._models[folder, written])
        if when_written(folder) != written:
            raise ModelError(f"{folder} was written since it was opened")
        self._models.move_to_end((folder, written))
        return self._models[folder, written]


def keep_little_memory() -> None:
    """Let glibc give back what is freed: by itself it keeps as much as the largest array that came and went."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            set_option = ctypes.CDLL(None).mallopt
            for option, value in GLIBC_OPTIONS.items():
                set_option(option, value)


def give_memory_back() -> None:
    """Let the system have what was freed: glibc keeps what was taken while a model was opened."""
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
