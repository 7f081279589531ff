"""No worker outlives the process that started it, however that ended: kill -9 leaves nobody else to clean up."""

import os
import threading
import time

import psutil

from engine.programs import end_at_once

WATCH_SECONDS = 0.5
ORPHANED = 70  # exit status of a worker whose parent is gone


def watch_parent(parent: int) -> None:
    """Let this process end within WATCH_SECONDS of its parent.

    Args:
        parent: Its process id.
    """
    threading.Thread(target=_watch, args=(parent,), name="parent watch", daemon=True).start()


def _watch(parent: int) -> None:
    try:
        process = psutil.Process(parent)
        while _is_there(parent, process):
            time.sleep(WATCH_SECONDS)
    except psutil.NoSuchProcess:
        pass
    end_at_once(ORPHANED)


def _is_there(parent: int, process: psutil.Process) -> bool:
    """Say whether a parent lives; on POSIX its children get another parent as soon as it does not."""
    return os.getppid() == parent if os.name == "posix" else process.is_running()
