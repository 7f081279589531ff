"""The events of a training, as a person follows them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.cli.display import Display
from engine.cli.words import format_clock

if TYPE_CHECKING:
    from engine.studio.train import Computing, Event, Progress


def follow_training(display: Display) -> Callable[["Event"], None]:
    """Return what shows each event of a training on `display`."""
    from engine.studio.train import STAGES, Computing, Notice, Progress, Stage

    device = ""

    def show(event: "Event") -> None:
        nonlocal device
        match event:
            case Stage():
                display.update(STAGES.get(event.name, event.name), None, event.detail)
            case Computing():
                device = event.device
                display.tell(describe_computing(event))
            case Notice():
                display.tell(f"Note: {event.text}")
            case Progress():
                display.update(STAGES["training"], event.share, f"{describe_progress(event)}  {device}".rstrip())

    return show


def describe_computing(event: "Computing") -> str:
    """Say where it computes and why there, and how large the network is."""
    size = f"{event.parameters / 1e6:.1f} million weights, {event.batch} excerpts a step"
    return f"Computing on {event.device} ({event.reason}): {size}"


def describe_progress(event: "Progress") -> str:
    """Return "step 1,230  loss 0.412 (unheard 0.455)  1:43 left"."""
    unheard = "" if event.validation is None else f" (unheard {event.validation:.3f})"
    return f"step {event.step:,}  loss {event.loss:.3f}{unheard}  {format_clock(event.seconds_left)} left"
