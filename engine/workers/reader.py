"""The trade of a reader: it reads one file whose library may crash or never end, and then ends itself."""

from engine.workers.player import LOOKING
from engine.workers.worker import Task, Trade


def learn_to_read() -> Trade:
    """Return what a reader can do; what that needs is imported here, in the worker."""
    from engine.workers import looking

    return Trade("reader", {"hrtf": Task(LOOKING, looking.read_hrtf)})
