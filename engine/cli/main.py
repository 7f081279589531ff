"""The program `sda`: its commands, and what becomes of everything that goes wrong in them."""

import multiprocessing
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, NoReturn, cast

import typer

from engine import __version__
from engine.cli.app import app_command
from engine.cli.blend import blend_command
from engine.cli.commands import Command, Commands, examples
from engine.cli.compare import history
from engine.cli.demo import demo_command
from engine.cli.doctor import doctor_command
from engine.cli.failures import DONE, INTERRUPTED, WRONG_USAGE, Failure, describe_failure
from engine.cli.grow import extend_command, feedback_command
from engine.cli.health import inspect_command
from engine.cli.map import map_command
from engine.cli.output import accept_any_character, print_aside, print_json, print_line
from engine.cli.pack import pack_command
from engine.cli.passport import passport_command
from engine.cli.presets import presets
from engine.cli.purge import models
from engine.cli.render import batch_command, generate_command, reconstruct_command
from engine.cli.self_test import self_test_command
from engine.cli.sliders import sliders_command
from engine.cli.train import train_command
from engine.programs import end_at_once

AT_ONCE = frozenset({"webview", "torch"})  # where one of these was loaded, the program ends without ceremony
# What typer raises for a wrong command line; its own class or click's, depending on its version.
UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])


app = typer.Typer(
    epilog=examples(
        "sda inspect recordings/sax",
        "sda train recordings/sax --name sax",
        "sda generate sax --out sketch.wav",
    ),
    cls=Commands,
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
COMMANDS: dict[str, tuple[Callable[..., int], tuple[str, ...]]] = {
    "demo": (demo_command, ("sda demo", "sda demo --minutes 3 --out first-sound.wav")),
    "inspect": (inspect_command, ("sda inspect recordings/sax",)),
    "train": (
        train_command,
        (
            "sda train recordings/sax --name sax",
            "sda train recordings/sax --name sax --minutes 30 --hold-out 6",
            "sda train --resume",
        ),
    ),
    "extend": (extend_command, ("sda extend sax recordings/sax-2", "sda extend sax recordings/sax-2 --minutes 10")),
    "feedback": (feedback_command, ("sda feedback sax 12 14 15", "sda feedback sax cloud.wav --cap 0.1")),
    "generate": (
        generate_command,
        (
            "sda generate sax --out sketch.wav",
            "sda generate sax --out cloud.wav --duration 60 --density 8 --novelty 0.8",
            "sda generate sax --out dark.wav --set brightness=-6 --set motion=4",
            "sda generate sax --out up.wav --set brightness=0:-8,10:8 --density 0:1,10:9",
            "sda generate sax --out corner.wav --at -0.3,0.5 --loop",
            "sda generate sax --out hits/hit.wav --one-shot --count 20",
            "sda generate sax --out mix.wav --blend tabla=0.4 --blend drums=0:0,9:0.5",
        ),
    ),
    "reconstruct": (
        reconstruct_command,
        ("sda reconstruct sax note.wav --out heard.wav", "sda reconstruct sax recordings/sax --out heard --source 1"),
    ),
    "batch": (batch_command, ("sda batch jobs.jsonl --out sounds",)),
    "sliders": (sliders_command, ("sda sliders sax",)),
    "map": (map_command, ("sda map sax",)),
    "blend": (blend_command, ("sda blend sax tabla=0.4 --name half", "sda blend sax tabla=0.3 drums=0.3 --name trio")),
    "pack": (pack_command, ("sda pack sax --out sax-samples", "sda pack sax --out pads --count 32 --format flac")),
    "passport": (passport_command, ("sda passport sketch.wav", "sda passport sketch.wav --replay again.wav")),
    "app": (
        app_command,
        ("sda app", "sda app sax.sda", "sda app --browser", "sda app --browser --port 8765 --no-open"),
    ),
    "doctor": (doctor_command, ("sda doctor", "sda doctor --json")),
}
for name, (command, lines) in COMMANDS.items():
    app.command(name, cls=Command, epilog=examples(*lines))(command)
app.command("self-test", cls=Command, hidden=True, epilog=examples("sda self-test --report report.json"))(
    self_test_command
)
app.add_typer(models, name="models")
app.add_typer(presets, name="presets")
app.add_typer(history, name="history")


def print_version(wanted: bool) -> None:
    """Print the version, when asked, and leave."""
    if wanted:
        print_line(f"sda {__version__}")
        raise typer.Exit


@app.callback()
def describe_program(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and leave.", is_eager=True, callback=print_version),
    ] = False,
) -> None:
    """Learn a small collection of your own recordings, and make new sound from it."""


def main() -> None:
    """Run the program on its command line; never returns."""
    multiprocessing.freeze_support()  # first: in a bundle, workers begin here and go no further
    try:
        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        status = INTERRUPTED
    leave(status)


def leave(status: int) -> NoReturn:
    """End the program; at once where there was a window or torch.

    Qt can crash as Python ends, and threads of pywebview can wait. Torch takes a second or more to be taken apart, and
    an event that nobody wants any more would be made until its next check. Everything is written by now.
    """
    if not AT_ONCE.isdisjoint(sys.modules):
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # whoever read it is gone
                stream.flush()
        end_at_once(status)
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit status: 0, 1, 2 or 130 (see `engine.cli.failures`)."""
    accept_any_character()
    try:
        status = app(args=arguments, prog_name="sda", standalone_mode=False) or DONE
    except UsageError as error:
        error.show()
        status = WRONG_USAGE
    except Exception as error:  # noqa: BLE001 - the person gets a line and never a traceback
        status = report_failure(describe_failure(error), as_json="--json" in arguments)
    tell_library_notices()
    return status


def report_failure(failure: Failure, *, as_json: bool) -> int:
    """Print why a command failed where it was asked for, and return the exit status."""
    if as_json:
        print_json({"error": {"code": failure.code, "message": failure.message}})
    else:
        print_aside(f"sda: {failure.message}")
    return failure.status


def tell_library_notices() -> None:
    """Say what was found damaged in the library, if it was opened, whatever became of the command."""
    if "engine.library.store" in sys.modules:
        from engine.studio.models import library_notices

        for notice in library_notices():
            print_aside(f"Note: {notice}")
