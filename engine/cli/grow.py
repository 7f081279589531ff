"""sda extend and sda feedback: a model trained on, as a new version."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.checking import checked
from engine.cli.display import open_display
from engine.cli.options import ChannelsIn, Json, LeaveOut, ModelName, TrainDevice, folder_argument, given, setting
from engine.cli.train import Licence, checked_licence, follow_to_end, tell_end
from engine.settings import GrowSettings

if TYPE_CHECKING:
    from engine.studio.train import TrainReport

Minutes = Annotated[float | None, setting(GrowSettings, "minutes")]
Steps = Annotated[int | None, setting(GrowSettings, "steps")]
Seed = Annotated[int | None, setting(GrowSettings, "seed")]
HoldOut = Annotated[int | None, setting(GrowSettings, "hold_out")]
Cap = Annotated[float | None, setting(GrowSettings, "cap")]


def extend_command(  # noqa: PLR0913 - an argument for each option
    model: ModelName,
    folder: Annotated[Path, folder_argument("More recordings; those the model has already are left out.")],
    minutes: Minutes = None,
    steps: Steps = None,
    seed: Seed = None,
    hold_out: HoldOut = None,
    cap: Cap = None,
    device: TrainDevice = None,
    channels_in: ChannelsIn = None,
    leave_out: LeaveOut = None,
    licence: Licence = None,
    as_json: Json = False,
) -> int:
    """Train on from a model with more recordings.

    What it knows is rehearsed beside what is new. It becomes a new version of the model; the one before is kept, and
    sda models use leads back to it. One that was cut off goes on with sda train --resume.
    """
    values = given(
        minutes=minutes, steps=steps, seed=seed, hold_out=hold_out, cap=cap, device=device, channels_in=channels_in
    )
    settings = checked(GrowSettings, values)
    if licence is not None:
        licence = checked_licence(licence)
    from engine.studio.grow import extend

    work = partial(extend, model, folder, settings, leave_out=leave_out or [])
    return grow(work, licence, as_json)


def feedback_command(  # noqa: PLR0913 - an argument for each option
    model: ModelName,
    outputs: Annotated[
        list[str], typer.Argument(metavar="OUTPUT", help="Numbers or ids of sda history list, or files.")
    ],
    minutes: Minutes = None,
    steps: Steps = None,
    seed: Seed = None,
    cap: Cap = None,
    device: TrainDevice = None,
    as_json: Json = False,
) -> int:
    """Feed outputs back into a model.

    It is trained on with sounds that it made. They are marked as synthetic, and may not be more than a share of what it
    learns from. It becomes a new version, which says how far it drifted from your recordings; sda models use leads
    back to any version.
    """
    settings = checked(GrowSettings, given(minutes=minutes, steps=steps, seed=seed, cap=cap, device=device))
    from engine.studio.grow import feed_back

    return grow(lambda **watch: feed_back(model, outputs, settings, **watch), None, as_json)


def grow(work: Callable[..., "TrainReport"], licence: str | None, as_json: bool) -> int:
    """Train on as asked, print what came of it, and return the exit status."""
    with open_display(quiet=as_json) as display:
        report: Any = follow_to_end(work, display)
    return tell_end(report, licence, as_json)
