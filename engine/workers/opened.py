"""The models that this player has opened, shared by all that it makes: what is explored is what is rendered next."""

import gc

from engine.studio.opening import Opener
from engine.workers.assignment import Assignment
from engine.workers.worker import Answer

OPENER = Opener("auto")


def let_go(assignment: Assignment) -> Answer:
    """Close a model that is about to be moved: `model`, its id. Windows moves no folder with a mapped file in it."""
    OPENER.forget(assignment.values["model"])
    gc.collect()
    return {}
