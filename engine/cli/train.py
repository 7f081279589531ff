"""sda train: from a folder of recordings to a model."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.checking import checked
from engine.cli.display import Display, open_display
from engine.cli.failures import DONE, INTERRUPTED
from engine.cli.interruption import stop_on_interrupt
from engine.cli.options import ChannelsIn, Json, LeaveOut, TrainDevice, folder_argument, given, setting
from engine.cli.output import print_json, print_line
from engine.cli.progress import follow_training
from engine.cli.words import as_argument, count, format_duration
from engine.errors import Cancelled
from engine.settings import TrainSettings

if TYPE_CHECKING:
    from engine.studio.growth_report import Change, GrowthReport
    from engine.studio.run import Run
    from engine.studio.train import TrainReport

Licence = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="Whose the recordings are, and what is allowed; each output's passport has it."),
]
STOPPING = "Stopping: the model of what was learned so far is being kept. Ctrl-C again stops at once."


def train_command(  # noqa: PLR0913 - an argument for each option
    folder: Annotated[
        Path | None,
        folder_argument(
            "The recordings, folders inside included. With --resume: name or id of the unfinished training."
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
    channels_in: ChannelsIn = None,
    leave_out: LeaveOut = None,
    licence: Licence = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a training that was cut off.")] = False,
    as_json: Json = False,
) -> int:
    """Learn a folder of recordings: it becomes a model.

    Ctrl-C stops early and keeps the model of what was learned until then. A training that a crash or a
    power cut ended goes on with --resume.
    """
    values = given(minutes=minutes, steps=steps, seed=seed, hold_out=hold_out, device=device, channels_in=channels_in)
    if resume and (name or values or leave_out):
        message = "goes on as the training was begun; leave out the other options."
        raise typer.BadParameter(message, param_hint="--resume")
    if folder is None and not resume:
        message = "missing; give the folder that holds your recordings."
        raise typer.BadParameter(message, param_hint="FOLDER")
    settings = checked(TrainSettings, values)
    if licence is not None:
        licence = checked_licence(licence)
    with open_display(quiet=as_json) as display:
        if resume or folder is None:
            report = resume_training(str(folder) if folder else None, display)
        else:
            report = train_anew(folder, name or folder.resolve().name, settings, leave_out or [], display)
    return tell_end(report, licence, as_json)


def tell_end(report: "TrainReport", licence: str | None, as_json: bool) -> int:
    """Keep whose the recordings are, print what came of a training, and return the exit status."""
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


def resume_training(run: str | None, display: Display) -> "TrainReport":
    """Go on with the training of this id or name, or the newest; see `follow_to_end`."""
    from engine.studio.train import resume

    return follow_to_end(lambda **watch: resume(run, **watch), display)


def train_anew(
    folder: Path, name: str, settings: TrainSettings, leave_out: list[str], display: Display
) -> "TrainReport":
    """Train on a folder of recordings, without those that are to be left out; see `follow_to_end`."""
    from engine.studio.run import unfinished_runs
    from engine.studio.train import train

    tell_unfinished(unfinished_runs(), display)
    return follow_to_end(lambda **watch: train(folder, name, settings, leave_out=leave_out, **watch), display)


def follow_to_end(work: Callable[..., "TrainReport"], display: Display) -> "TrainReport":
    """Run a training, showing how it goes and stopping it at the first Ctrl-C.

    Args:
        work: Called with `on_event` and `should_stop`.
        display: Where it is shown.

    Raises:
        Cancelled: the person pressed Ctrl-C twice.
    """
    try:
        with stop_on_interrupt(lambda: display.tell(STOPPING)) as should_stop:
            return work(on_event=follow_training(display), should_stop=should_stop)
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
        f"{len(report.left_out)} left out by you" if report.left_out else "",
    ]
    print_line(", ".join(filter(None, parts)))
    if report.growth:
        print_growth(report.growth)
    name = as_argument(report.name)
    print_line(f"To hear it: sda generate {name} --out {as_argument(report.name + '.wav')}")


def print_growth(growth: "GrowthReport") -> None:
    """Say what became of the version that a model was trained on from."""
    print_line(
        f"Version {growth.version}, from {growth.parent_name}: {growth.new_files} new, {growth.known_files} known"
    )
    if growth.known:
        print_line(f"Your recordings that it had: {describe_change(growth.known)}")
    print_line(f"What is new: {describe_change(growth.new)}")
    if growth.drift_percent is not None:
        print_line(f"Drift: {describe_drift(growth.drift_percent)}")
    if growth.synthetic_seconds:
        print_line(
            f"Synthetic: {format_duration(growth.synthetic_seconds)} of "
            f"{format_duration(growth.real_seconds + growth.synthetic_seconds)}, {growth.synthetic_share:.0%} "
            f"(at most {growth.cap:.0%})"
        )
    print_line(f"To go back: sda models use {as_argument(growth.parent_name)}")


def describe_change(change: "Change") -> str:
    """Return "0.31 neper off before, 0.28 now, 10 % nearer"."""
    words = f"{abs(change.percent):.0f} % {'farther' if change.percent > 0 else 'nearer'}"
    return f"{change.before:.3f} neper off before, {change.after:.3f} now, {words}"


def describe_drift(percent: float) -> str:
    """Say what drift means to a person: "2 % farther from your recordings than when it first learned them"."""
    words = "farther from" if percent > 0 else "nearer to"
    return f"{abs(percent):.0f} % {words} your recordings than when it first learned them"
