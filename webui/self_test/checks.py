"""Checks that are made one after the other, each with what came of it."""

import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

State = Literal["passed", "failed", "left out"]
Ground = TypeVar("Ground")


class LeftOut(Exception):
    """Nothing can be said here; the message says why."""


class Wrong(Exception):
    """Something is other than it has to be; the message says what."""


@dataclass(frozen=True)
class Check(Generic[Ground]):
    """A check.

    Attributes:
        name: By which it is asked for.
        work: Returns in a line what it found; raises where something is wrong.
    """

    name: str
    work: Callable[[Ground], str]


@dataclass(frozen=True)
class Finding:
    """The result of a check.

    Attributes:
        name: Of the check.
        state: How it ended.
        seconds: That it took.
        detail: What it found, in a line.
        trace: Where it went wrong; empty where it did not.
    """

    name: str
    state: State
    seconds: float
    detail: str
    trace: str = ""


def make_checks(checks: Iterable[Check[Any]], ground: Any, tell: Callable[[Finding], None]) -> list[Finding]:
    """Make checks in order, and go on after one that failed.

    Args:
        checks: To be made.
        ground: What they are made on.
        tell: Gets each finding at once.
    """
    findings = []
    for check in checks:
        findings.append(make_check(check, ground))
        tell(findings[-1])
    return findings


def make_check(check: Check[Any], ground: Any) -> Finding:
    """Make one check; whatever it raises becomes a finding."""
    begun = time.monotonic()
    state: State
    trace = ""
    try:
        state, detail = "passed", check.work(ground)
    except LeftOut as reason:
        state, detail = "left out", str(reason)
    except Exception as error:  # noqa: BLE001 - the report says it, and the other checks are made
        state, detail, trace = "failed", f"{type(error).__name__}: {error}", traceback.format_exc()
    return Finding(check.name, state, round(time.monotonic() - begun, 2), detail, trace)


def expect(holds: bool, wrong: str) -> None:
    """Raise Wrong where something does not hold."""
    if not holds:
        raise Wrong(wrong)
