"""Failures of a command: one line, a stable code and an exit status."""

from dataclasses import dataclass

from engine import failures
from engine.errors import Cancelled

DONE = 0
WRONG_STATE = 1  # what the person gave, or the state of things, does not allow it
WRONG_USAGE = 2  # the command was not understood
INTERRUPTED = 130  # stopped by the person; what was done is kept


@dataclass(frozen=True)
class Failure(failures.Failure):
    """Why a command did not end as asked.

    Attributes:
        status: The exit status.
    """

    status: int = WRONG_STATE


def describe_failure(error: Exception) -> Failure:
    """Say what an exception means to the person; one that was not foreseen is written to a file first."""
    said = failures.describe_failure(error)
    return Failure(**vars(said), status=INTERRUPTED if isinstance(error, Cancelled) else WRONG_STATE)
