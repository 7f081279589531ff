"""Waitress as the app needs it: refusals are JSON, bodies of strangers are not received."""

import json
import logging
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask

from engine.failures import Failure, write_traceback
from webui.errors import HTTP_WORDS
from webui.security import HEADERS, NOT_KEPT, Gate

LOGGER = "waitress"


class Refusal:
    """An error of waitress's kind with a failure of ours."""

    def __init__(self, status: int, failure: Failure) -> None:
        """Keep both."""
        self.code = status
        self.reason = "Refused"
        self.failure = failure


class RefusedTask(ErrorTask):
    """An answer to what never reaches the app."""

    def execute(self) -> None:
        """Write a JSON error."""
        error = self.request.error
        failure = getattr(error, "failure", None) or Failure(
            *HTTP_WORDS.get(error.code, (f"http_{error.code}", error.reason))
        )
        said = {"code": failure.code, "message": failure.message, "field": failure.field}
        body = json.dumps({"error": said}).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [("Content-Type", "application/json"), NOT_KEPT, *HEADERS.items()]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class GuardedParser(HTTPRequestParser):
    """Reads a request, and asks the gate before a body is received: a stranger's could fill the disk."""

    gate: Gate  # of the server, set on a class of its own
    body_rcv: Any  # what receives the body; None where there is none

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers; raises what waitress does."""
        super().parse_header(header_plus)
        if self.body_rcv is None:
            return  # nothing is received: the gate looks at it in its own place
        refused = self.gate.find_refusal(self._environ())
        if refused:
            self.error = Refusal(*refused)
            self.body_rcv = None
            self.content_length = 0
            self.expect_continue = False

    def _environ(self) -> dict[str, Any]:
        """Return what the gate looks at."""
        headers = {f"HTTP_{name}": value for name, value in self.headers.items()}
        return {**headers, "REQUEST_METHOD": self.command, "PATH_INFO": self.path}


def make_channel(gate: Gate) -> type[HTTPChannel]:
    """Return the class of a server's connections."""
    parser = type("Parser", (GuardedParser,), {"gate": gate})
    return type("Channel", (HTTPChannel,), {"parser_class": parser, "error_task_class": RefusedTask})


class TracebackFile(logging.Handler):
    """Writes what went wrong while an answer was sent to a file; the person sees no traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the traceback of a record, if it has one."""
        if record.exc_info and isinstance(record.exc_info[1], Exception):
            write_traceback(record.exc_info[1])


def quiet_log() -> None:
    """Let waitress log into files, and not to where the program was started."""
    logger = logging.getLogger(LOGGER)
    logger.propagate = False
    if not any(isinstance(handler, TracebackFile) for handler in logger.handlers):
        logger.addHandler(TracebackFile())
