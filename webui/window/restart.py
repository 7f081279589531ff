"""The program started anew, because a web engine takes its settings once in the life of a process."""

import os
import subprocess
import sys
from contextlib import suppress

import psutil

HELPERS = "QtWebEngine"  # how names of the web engine's own processes begin
ENDING_SECONDS = 2.0


def restart() -> None:
    """Start this program again in its place, with the arguments it was given; never returns."""
    command = [sys.executable, *sys.orig_argv[1:]]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(sys.executable, command)
    os._exit(subprocess.call(command))


def end_helpers() -> None:
    """End the processes that the web engine started; they would end by themselves, but only some time after us."""
    helpers = [child for child in psutil.Process().children(recursive=True) if child.name().startswith(HELPERS)]
    for helper in helpers:
        with suppress(psutil.Error):
            helper.terminate()
    _, left = psutil.wait_procs(helpers, timeout=ENDING_SECONDS)
    for helper in left:
        with suppress(psutil.Error):
            helper.kill()
