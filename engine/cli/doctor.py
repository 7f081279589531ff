"""sda doctor: what a bug report needs to know of this installation."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.cli.display import open_display
from engine.cli.failures import DONE
from engine.cli.options import Json
from engine.cli.output import grid, print_json, print_line, print_table
from engine.cli.words import count, format_size
from engine.errors import EngineError

if TYPE_CHECKING:
    from engine.studio.doctor import DoctorReport

START_SECONDS = 120.0  # that a worker may take to be ready
NO_WORKER = "the part of the program that makes sound does not start; install the program again"


def doctor_command(as_json: Json = False) -> int:
    """Say what a bug report needs to know.

    Versions, device, folders and their sizes, the HRTF on board, and what is wrong.

    Starts the part of the program that makes sound, to see that it does, and asks it where it computes.
    """
    from engine.studio.doctor import examine_installation

    with open_display(quiet=as_json) as display:
        display.update("Looking")
        device, workers = ask_worker()
        report = examine_installation(device=device, workers=workers)
        found = [] if workers["player"]["start_seconds"] else [NO_WORKER]
        report = replace(report, problems=(*report.problems, *found, *find_window_problem()))
    if as_json:
        print_json(report.to_dict())
    else:
        print_report(report)
    return DONE


def ask_worker() -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Start a worker for this; return where it computes, None where it does not start, and what it says of itself."""
    from engine.workers.room import EngineRoom

    room = EngineRoom()
    try:
        device = None
        if room.wait_until_ready(START_SECONDS):
            with suppress(EngineError):
                device = room.ask("device", {})
        return device, room.describe()
    finally:
        room.close()


def find_window_problem() -> Iterator[str]:
    """Yield why no window can be made here."""
    from webui.desktop import find_obstacle

    obstacle = find_obstacle()
    if obstacle:
        yield obstacle


def print_report(report: "DoctorReport") -> None:
    """Print the report as a person reads it, what is wrong last."""
    table = grid("", "", show_header=False)
    for row in list_rows(report):
        table.add_row(*row)
    print_table(table)
    print_line()
    for problem in report.problems:
        print_line(f"- {problem}")
    print_line("Nothing is wrong." if not report.problems else f"{count(len(report.problems), 'problem')}.")


def list_rows(report: "DoctorReport") -> Iterator[tuple[str, str]]:
    """Yield name and value of all that is known."""
    yield "program", report.version
    yield "Python", report.python
    yield "system", f"{report.system}, {count(report.cores, 'core')}, {format_size(report.memory_bytes)} memory"
    yield "device", f"{report.device['torch_device']}: {report.device['reason']}" if report.device else "unknown"
    player = (report.workers or {}).get("player") or {}
    started = player.get("start_seconds")
    yield "worker", f"ready after {started:.1f} s" if started else str(player.get("state", "unknown"))
    hrtf = f"{report.hrtf.title}, {count(report.hrtf.directions, 'direction')}"
    yield "HRTF", report.hrtf.problem or hrtf
    for folder in report.folders:
        size = "not there yet" if folder.size_bytes is None else format_size(folder.size_bytes)
        yield folder.name, f"{folder.path} ({size}{'' if folder.writable else ', cannot be written'})"
    yield "free", "unknown" if report.free_bytes is None else format_size(report.free_bytes)
    yield "packages", ", ".join(f"{name} {version or 'missing'}" for name, version in report.packages.items())
