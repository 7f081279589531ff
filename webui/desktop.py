"""The program with its page: in a window of its own, or for a browser. The one door that the command line opens."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.workers.room import EngineRoom
from webui.window.browser import open_in_browser
from webui.window.ending import EndSignal
from webui.window.instance import StartLock, find_running, hand_over
from webui.window.session import Session
from webui.window.start import Start
from webui.window.toolkit import find_obstacle

if TYPE_CHECKING:
    from webui.self_test.program import SelfTestReport

__all__ = [
    "EndSignal",
    "Outcome",
    "Session",
    "find_obstacle",
    "open_in_browser",
    "open_window",
    "run_self_test",
    "serve",
]

Outcome = Literal["closed", "forwarded"]
Tell = Callable[[str], None]


def open_window(
    files: Sequence[Path], *, port: int = 0, tell: Tell, make_room: Callable[[], EngineRoom] = EngineRoom
) -> Outcome:
    """Open the window and return once it is closed; where the program runs already, that one comes to the front.

    A window whose page does not come is opened in another way, by starting the program anew, in the end in the
    person's browser.

    Args:
        files: That wait for the page.
        port: To listen on; 0 for one that is free.
        tell: Gets what the person should know, a line each.
        make_room: Makes the workers.

    Raises:
        EngineError: there is no screen (`no_window`), or the port is taken.
    """
    lock = StartLock()
    lock.acquire()
    try:
        running = find_running()
        refused = hand_over(running, files) if running else None
        if refused is None:
            Start(files, port, tell, make_room, lock).open()
            return "closed"
    finally:
        lock.release()
    for line in refused:
        tell(line)
    return "forwarded"


def serve(files: Sequence[Path], *, port: int = 0, tell: Tell) -> Session:
    """Begin to serve the page for a browser.

    Args:
        files: That wait for the page.
        port: To listen on; 0 for one that is free.
        tell: Gets what the person should know, a line each.

    Raises:
        EngineError: the port is taken.
    """
    session = Session(port=port)
    for line in session.open_files(files):
        tell(line)
    return session


def run_self_test(only: Sequence[str], *, report: Path | None, tell: Callable[[Any], None]) -> "SelfTestReport":
    """Test this installation; see `webui.self_test.program`, which is loaded for this only.

    Args:
        only: Names of checks; all where there are none.
        report: A file to write the report to, as JSON.
        tell: Gets each finding at once.

    Raises:
        EngineError: there is no check of a name.
    """
    from webui.self_test.program import run_self_test as run

    return run(only, report=report, tell=tell)
