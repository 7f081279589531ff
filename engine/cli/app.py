"""sda app: the window, or the same page served for a browser."""

import json
import os
import select
import sys
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.failures import DONE
from engine.cli.options import Json
from engine.cli.output import print_aside, print_json, print_line

LOOK_SECONDS = 0.2
HIGHEST_PORT = 65_535


def app_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Sounds, models (.sda) and HRTFs (.sofa) to open."),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser", help="Serve the page for a browser, and print its address.")
    ] = False,
    port: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, max=HIGHEST_PORT, help="Port to listen on; 0 for any that is free.")
    ] = 0,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="With --browser: only print the address; open no browser.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Open the window, or serve its page for a browser.

    Where a window is open already, it comes to the front, and gets the files.

    With --browser, the address works for a minute and for one browser. Press Enter for another one, and Ctrl-C to end.
    The page can be reached from this computer only.
    """
    paths = [path.absolute() for path in files or []]
    if browser:
        serve_page(paths, port, opens=not no_open, as_json=as_json)
    elif no_open:
        raise typer.BadParameter("--no-open goes with --browser")
    else:
        from webui.desktop import open_window

        outcome = open_window(paths, port=port, tell=print_aside)
        if as_json:
            print_json({"outcome": outcome})
    return DONE


def serve_page(paths: list[Path], port: int, *, opens: bool, as_json: bool) -> None:
    """Serve the page for a browser until Ctrl-C, or until the system asks to end."""
    from webui.desktop import EndSignal, open_in_browser, serve

    with EndSignal() as end, serve(paths, port=port, tell=print_aside) as session:
        address = session.start_address()
        # on one line: who reads it need not wait for the program's end
        print_line(json.dumps({"address": address, "port": session.port}) if as_json else address)
        if opens and not open_in_browser(address):
            print_aside("No browser was found; open the address in one.")
        print_aside("The address works for a minute, and once. Enter: another one. Ctrl-C: end.")
        listens = bool(sys.stdin and sys.stdin.isatty())  # a program without a terminal may have none
        while not end.wait(LOOK_SECONDS):
            if listens and (typed := read_key()) is not None:
                listens = typed
                if typed:
                    (print_aside if as_json else print_line)(session.start_address())
        if line := session.describe_end():
            print_aside(line)


def read_key() -> bool | None:
    """Look whether something was typed, without waiting: None if not, False at the end of what can be typed.

    No thread waits for it: one that reads while Python ends makes that a crash.
    """
    if sys.platform == "win32":
        import msvcrt

        return True if msvcrt.kbhit() and msvcrt.getwch() == "\r" else None
    terminal = sys.stdin.fileno()
    try:
        in_front = os.tcgetpgrp(terminal) == os.getpgrp()  # in the background, reading would halt the program
        if not in_front or not select.select([terminal], [], [], 0)[0]:
            return None
        return bool(os.read(terminal, 4_096))
    except OSError:  # the terminal was closed
        return False
