"""The real window in a process of its own, steered by lines; see drive_window.py."""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PATIENCE_SECONDS = 90.0


class Driven:
    """A window around a small page and small workers.

    Args:
        environment: With a screen.
        log: Gets what the program writes to standard error.
        wishes: See drive_window.py.
    """

    def __init__(self, environment: Mapping[str, str], log: Path, **wishes: object) -> None:
        self.log = log
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, str(HERE / "drive_window.py"), json.dumps(wishes)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
                env=environment,
                cwd=ROOT,
            )
        self.children: list[psutil.Process] = []
        self._said: list[dict[str, Any]] = []

    def read(self) -> dict[str, Any]:
        """Return the next thing that the program says; an empty one at its end."""
        assert self.process.stdout
        watch = threading.Timer(PATIENCE_SECONDS, self.process.kill)
        watch.start()
        line = self.process.stdout.readline()
        watch.cancel()
        return json.loads(line) if line else {}

    def read_until(self, event: str) -> dict[str, Any]:
        """Return the first thing of this name that the program has said, or says; others are kept for later."""
        found = next((one for one in self._said if one["event"] == event), None)
        if found:
            self._said.remove(found)
        while not found:
            said = self.read()
            assert said, f"the program ended before it said {event!r}: {self.log.read_text()[-2000:]}"
            if said["event"] == event:
                found = said
            else:
                self._said.append(said)
        if event == "arrived":
            self.children = psutil.Process(self.process.pid).children(recursive=True)
        return found

    def ask(self, what: str, *values: object) -> None:
        """Let the program do something."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps([what, *values]) + "\n")
        self.process.stdin.flush()

    def do(self, what: str, *values: object) -> dict[str, Any]:
        """Let the program do something, and return what came of it."""
        self.ask(what, *values)
        return self.read_until(what)

    def end(self) -> int:
        """Wait for the end and return the exit status; nothing that the program started may be left."""
        status = self.process.wait(PATIENCE_SECONDS)
        _, left = psutil.wait_procs(self.children, timeout=PATIENCE_SECONDS)
        assert left == []
        return status

    def close(self) -> None:
        """Let nothing be left, however a test ended."""
        family = [*self.children]
        if self.process.poll() is None:
            family += psutil.Process(self.process.pid).children(recursive=True)
            self.process.kill()
        self.process.wait()
        psutil.wait_procs(family, timeout=PATIENCE_SECONDS)
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):  # it had ended before it read everything
                stream.close()  # type: ignore[union-attr]
