"""sda self-test: does everything work as it was installed?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.failures import DONE
from engine.cli.options import Json
from engine.cli.output import print_json, print_line
from engine.cli.words import count

FAILED = 1


def self_test_command(
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write the report to this file, as JSON.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="Make this check only. May be given several times."),
    ] = None,
    as_json: Json = False,
) -> int:
    """Check that everything works as it was installed.

    Trains, makes sound, writes every format, opens the window, all in a library of its own that is removed afterwards.
    Ends with status 1 where a check failed.
    """
    from webui.desktop import run_self_test

    def tell(finding: Any) -> None:
        if not as_json:
            print_line(f"{finding.state:>8}  {finding.name:<10} {finding.seconds:6.1f} s  {finding.detail}")

    found = run_self_test(only or (), report=report, tell=tell)
    if as_json:
        print_json(found.to_dict())
    else:
        failed = [finding.name for finding in found.checks if finding.state == "failed"]
        print_line(f"{count(len(failed), 'check')} failed: {', '.join(failed)}." if failed else "Nothing failed.")
    return DONE if found.passed else FAILED
