"""The models that this player has opened, shared by all that it makes: what is explored is what is rendered next."""

import gc

from engine.studio.opening import Opener
from engine.studio.sharing import lend
from engine.workers.assignment import Assignment
from engine.workers.makers import Makers
from engine.workers.worker import Answer

EARNED_SECONDS = 5.0  # of one core's work, from which on somebody explores in earnest
QUIET_SECONDS = 2.0  # without sound being made, before a process is started that takes a core for some seconds

OPENER = Opener("auto")
MAKERS = Makers(earned_seconds=EARNED_SECONDS, quiet_seconds=QUIET_SECONDS)


def get_help() -> None:
    """Let makers help with all that this player makes from now on."""
    lend(MAKERS)


def let_go(assignment: Assignment) -> Answer:
    """Close a model that is about to be moved: `model`, its id. Windows moves no folder with a mapped file in it."""
    OPENER.forget(assignment.values["model"])
    MAKERS.let_go(assignment.values["model"])
    gc.collect()
    return {}
