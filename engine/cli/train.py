"""sda train: from a folder of recordings to a model."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.display import Display, open_display
from engine.cli.failures import DONE, INTERRUPTED
from engine.cli.interruption import stop_on_interrupt
from engine.cli.options import Json, TrainDevice, given, setting
from engine.cli.output import print_json, print_line
from engine.cli.progress import follow_training
from engine.cli.words import as_argument, count, format_duration
from engine.errors import Cancelled
from engine.settings import TrainSettings, checked

if TYPE_CHECKING:
    from engine.studio.run import Run
    from engine.studio.train import TrainReport

STOPPING = "Stopping: the model of what was learned so far is being kept. Ctrl-C again stops at once."


def train_command(  # noqa: PLR0913 - an argument for each option
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            help="The recordings, folders inside included. With --resume: name or id of the unfinished training.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What to call the model. [default the folder's name]", show_default=False),
    ] = None,
    minutes: Annotated[float | None, setting(TrainSettings, "minutes")] = None,
    steps: Annotated[int | None, setting(TrainSettings, "steps")] = None,
    seed: Annotated[int | None, setting(TrainSettings, "seed")] = None,
    hold_out: Annotated[int | None, setting(TrainSettings, "hold_out")] = None,
    device: TrainDevice = None,
    licence: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Whose the recordings are, and what is allowed; each output's passport has it."
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a training that was cut off.")] = False,
    as_json: Json = False,
) -> int:
    """Learn a folder of recordings: it becomes a model.

    Ctrl-C stops early and keeps the model of what was learned until then. A training that a crash or a
    power cut ended goes on with --resume.
    """
    values = given(minutes=minutes, steps=steps, seed=seed, hold_out=hold_out, device=device)
    if resume and (name or values):
        message = "goes on as the training was begun; leave out the other options."
        raise typer.BadParameter(message, param_hint="--resume")
    if folder is None and not resume:
        message = "missing; give the folder that holds your recordings."
        raise typer.BadParameter(message, param_hint="FOLDER")
    settings = checked(TrainSettings, values)
    if licence is not None:
        licence = checked_licence(licence)
    with open_display(quiet=as_json) as display:
        report = train_or_resume(folder, name, settings, resume=resume, display=display)
    if licence:
        keep_licence(report.model, licence)
    if as_json:
        print_json(report.to_dict())
    else:
        print_report(report)
    return INTERRUPTED if report.stopped else DONE


def checked_licence(licence: str) -> str:
    """Return a licence as it is kept, before a long training that would end with its refusal."""
    from engine.studio.models import checked_licence

    return checked_licence(licence)


def keep_licence(model: str, licence: str) -> None:
    """Write the licence of its recordings on a model."""
    from engine.studio.models import label_model

    label_model(model, licence=licence)


def train_or_resume(
    folder: Path | None, name: str | None, settings: TrainSettings, *, resume: bool, display: Display
) -> "TrainReport":
    """Train as asked, stopping at the first Ctrl-C.

    Raises:
        Cancelled: the person pressed Ctrl-C twice.
    """
    from engine.studio.run import unfinished_runs
    from engine.studio.train import resume as go_on
    from engine.studio.train import train

    on_event = follow_training(display)
    try:
        with stop_on_interrupt(lambda: display.tell(STOPPING)) as should_stop:
            if resume or folder is None:
                run = str(folder) if folder else None
                return go_on(run, on_event=on_event, should_stop=should_stop)
            tell_unfinished(unfinished_runs(), display)
            wanted = name or folder.resolve().name
            return train(folder, wanted, settings, on_event=on_event, should_stop=should_stop)
    except KeyboardInterrupt:
        message = (
            "stopped at once, and no model was made. If it had begun to learn, it goes on with: sda train --resume"
        )
        raise Cancelled(message, code="interrupted") from None


def tell_unfinished(runs: Iterable["Run"], display: Display) -> None:
    """Remind of trainings that were cut off."""
    for run in runs:
        how = f"sda train --resume {run.id}"
        display.tell(f"Note: the training of {run.name!r} was cut off at {run.share:.0%}. To go on: {how}")


def print_report(report: "TrainReport") -> None:
    """Say what came out of a training and what to do with it; warnings were shown while it ran."""
    ready = "was stopped early; what it learned is kept" if report.stopped else "is ready"
    print_line(f"{report.name} {ready} (model {report.model}).")
    print_line(
        f"{format_duration(report.seconds)}, {count(report.steps, 'step')}, loss {report.loss:.3f}, "
        f"on {report.device} ({report.device_reason})"
    )
    parts = [
        f"Learned from {count(len(report.used), 'recording')}",
        f"{len(report.held_out)} kept out to measure it" if report.held_out else "",
        f"{len(report.skipped)} left out" if report.skipped else "",
    ]
    print_line(", ".join(filter(None, parts)))
    name = as_argument(report.name)
    print_line(f"To hear it: sda generate {name} --out {as_argument(report.name + '.wav')}")
