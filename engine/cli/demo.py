"""sda demo: everything once, without recordings of one's own."""

from itertools import count as count_from
from pathlib import Path
from typing import Annotated

import typer

from engine.checking import checked
from engine.cli.display import open_display
from engine.cli.failures import DONE
from engine.cli.interruption import stop_on_interrupt
from engine.cli.options import Force, Json, TrainDevice, given, setting
from engine.cli.output import print_json, print_line
from engine.cli.progress import follow_training
from engine.cli.words import as_argument, format_duration
from engine.settings import DemoSettings

STOPPING = "Stopping: a sound is made of what was learned so far. Ctrl-C again stops at once."


def demo_command(
    minutes: Annotated[float | None, setting(DemoSettings, "minutes")] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="WAV file to write. [default demo.wav, or the next free name]"),
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What to call the model.")] = None,
    device: TrainDevice = None,
    force: Force = False,
    as_json: Json = False,
) -> int:
    """Make some sounds, learn them, and generate ten seconds.

    The sounds are struck bars, breath and bowed tones that the program computes itself: nothing is
    downloaded. The model stays in your library.
    """
    settings = checked(DemoSettings, given(minutes=minutes, device=device))
    from engine.studio.demo import make_demo

    target = out or free_path(Path("demo.wav"))
    with (
        open_display(quiet=as_json) as display,
        stop_on_interrupt(lambda: display.tell(STOPPING)) as should_stop,
    ):
        report = make_demo(
            settings,
            target,
            **given(name=name),
            on_event=follow_training(display),
            should_stop=should_stop,
            force=force,
        )
    if as_json:
        print_json(report.to_dict())
        return DONE
    print_line(report.path)
    name = as_argument(report.name)
    print_line(
        f"{format_duration(report.seconds)} made by the model {name}, which learned the sounds in {report.folder}"
    )
    print_line(f"To make another: sda generate {name} --out another.wav --seed 2")
    return DONE


def free_path(wanted: Path) -> Path:
    """Return `wanted`, or with the first number that makes it new: demo.wav, demo-2.wav."""
    if not wanted.exists():
        return wanted
    numbered = (wanted.with_stem(f"{wanted.stem}-{number}") for number in count_from(2))
    return next(path for path in numbered if not path.exists())
