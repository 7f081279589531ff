"""Where both programs of a bundle begin: the windowed one and, for the console, `sda`.

They are one program under two names, so that the bundle holds everything once. The name it was called by tells which
one a person meant; words of the command line that only one of them could take are understood by both.
"""

import multiprocessing
import os
import sys
import warnings
from pathlib import Path

CONSOLE = "sda"
SELF_TEST = "--self-test"

# As it is imported, PyTorch looks for sources of its own, which a bundle does not have
warnings.filterwarnings("ignore", "Unable to retrieve source", UserWarning)


def arguments_of(called: str, given: list[str]) -> list[str]:
    """Return the arguments for `sda`.

    Args:
        called: The name that the program was called by, or its path.
        given: The arguments after it.
    """
    if given[:1] == [SELF_TEST]:
        return ["self-test", *given[1:]]
    windowed = Path(called).stem.lower() != CONSOLE
    return ["app", *given] if windowed and given[:1] not in (["app"], ["self-test"]) else given


def run() -> None:
    """Run the program; never returns."""
    multiprocessing.freeze_support()  # first: a worker begins here, and goes no further
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # a windowed program on Windows has none
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - as long as the program
    from engine.cli.main import main

    sys.argv[1:] = arguments_of(sys.argv[0], sys.argv[1:])
    main()


if __name__ == "__main__":
    run()
