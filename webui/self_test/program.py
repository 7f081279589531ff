"""Does the program work on this computer, as it was installed? Everything that it can do, once, with a report."""

import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine import __version__
from engine.errors import ParameterError
from engine.workers.room import EngineRoom
from webui.self_test.checks import Check, Finding, make_checks
from webui.self_test.contents import check_hrtf, check_network, check_packages, check_page
from webui.self_test.gate import check_api
from webui.self_test.ground import Ground, prepared
from webui.self_test.keeping import check_catalogue
from webui.self_test.sound import check_binaural, check_formats, check_slider, check_training
from webui.self_test.stopping import check_player, check_trainer
from webui.self_test.window import check_window

CHECKS: tuple[Check[Ground], ...] = (
    Check("packages", check_packages),
    Check("hrtf", check_hrtf),
    Check("network", check_network),
    Check("page", check_page),
    Check("api", check_api),
    Check("training", check_training),
    Check("slider", check_slider),
    Check("formats", check_formats),
    Check("binaural", check_binaural),
    Check("catalogue", check_catalogue),
    Check("player", check_player),
    Check("trainer", check_trainer),
    Check("window", check_window),
)


@dataclass(frozen=True)
class SelfTestReport:
    """The report of a self-test.

    Attributes:
        version: Of the program.
        python: Version of Python.
        system: Name, version and processor.
        frozen: Whether this is an installed bundle.
        program: Where it is.
        passed: Whether no check failed.
        seconds: That all took.
        checks: What each found.
    """

    version: str
    python: str
    system: str
    frozen: bool
    program: str
    passed: bool
    seconds: float
    checks: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def run_self_test(
    only: Sequence[str] = (),
    *,
    report: Path | None = None,
    tell: Callable[[Finding], None] = lambda _: None,
    make_room: Callable[[], EngineRoom] = EngineRoom,
) -> SelfTestReport:
    """Test the program in a library of its own, which is removed afterwards.

    Args:
        only: Names of checks, in any order; all where there are none.
        report: A file to write the report to, as JSON.
        tell: Gets each finding at once.
        make_room: Makes the workers.

    Raises:
        ParameterError: there is no check of a name.
    """
    chosen = choose_checks(only)
    begun = time.monotonic()
    with prepared(make_room) as ground:
        findings = make_checks(chosen, ground, tell)
    found = SelfTestReport(
        version=__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        frozen=hasattr(sys, "frozen"),
        program=sys.executable,
        passed=all(finding.state != "failed" for finding in findings),
        seconds=round(time.monotonic() - begun, 1),
        checks=tuple(findings),
    )
    if report:
        report.write_text(json.dumps(found.to_dict(), indent=2) + "\n", "utf-8")
    return found


def choose_checks(only: Sequence[str]) -> list[Check[Ground]]:
    """Return the checks of these names, in their order; all where there are none.

    Raises:
        ParameterError: there is no check of a name.
    """
    names = [check.name for check in CHECKS]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise ParameterError(f"there is no check {unknown[0]!r}; there are {', '.join(names)}", field="only")
    return [check for check in CHECKS if not only or check.name in only]
