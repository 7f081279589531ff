"""The web server: waitress on this computer's own address only, in a thread, stopped cleanly."""

import secrets
import socket
import threading

from flask import Flask
from waitress.server import create_server

from engine.workers.room import EngineRoom
from webui import context
from webui.app import create_app
from webui.bodies import BODY_LIMIT_BYTES
from webui.compression import prepare_texts
from webui.context import Desktop
from webui.pages import STATIC
from webui.security import Gate
from webui.wire import make_channel, quiet_log

ADDRESS = "127.0.0.1"
THREADS = 8
JOIN_SECONDS = 5.0


class Server:
    """An app being served until `close`.

    Args:
        room: The workers.
        port: To listen on; 0 for one that is free.
        desktop: The native window; None in a browser.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, room: EngineRoom, *, port: int = 0, desktop: Desktop | None = None) -> None:
        quiet_log()
        listening = bind(port)
        self.port: int = listening.getsockname()[1]
        self.app: Flask = create_app(room, secret=secrets.token_urlsafe(32), port=self.port, desktop=desktop)
        self._server = create_server(
            self.app,
            sockets=[listening],
            threads=THREADS,
            channel_request_lookahead=1,  # with the default of 0 a client that went away is never noticed
            max_request_body_size=BODY_LIMIT_BYTES + 1,
            ident=None,
        )
        self._server.channel_class = make_channel(self.gate)
        assert (self._server.effective_host, int(self._server.effective_port)) == (ADDRESS, self.port)
        self._thread = threading.Thread(target=self._server.run, name="server", daemon=True)
        self._thread.start()
        self._texts = threading.Thread(target=prepare_texts, args=(STATIC,), name="texts", daemon=True)
        self._texts.start()

    @property
    def gate(self) -> Gate:
        """Return the gate before the app."""
        gate: Gate = self.app.extensions[context.GATE]
        return gate

    def start_address(self) -> str:
        """Return a new address that lets a browser in, once."""
        return self.gate.origin + self.gate.issue_start()

    def close(self) -> None:
        """Stop listening, close all connections, and wait for the threads; once is enough."""
        if not self._thread.is_alive():
            return
        trigger = self._server.trigger
        with trigger.lock:  # or an answer that ends now wakes the loop, which closes the pipe before it is written to
            trigger.thunks.append(self._hang_up)
            trigger.pull_trigger()
        self._thread.join(JOIN_SECONDS)
        self._server.task_dispatcher.shutdown(timeout=JOIN_SECONDS)
        self._texts.join(JOIN_SECONDS)

    def _hang_up(self) -> None:
        """Close everything; in the server's own thread, whose loop ends when nothing is open."""
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()  # wakes a thread that waits for a slow client
        self._server.close()


def bind(port: int) -> socket.socket:
    """Return a socket that has a port of this computer's own address, not of the network's.

    Raises:
        OSError: the port is taken.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    own = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)  # on Windows the other one shares the port
    listening.setsockopt(socket.SOL_SOCKET, own, 1)
    try:
        listening.bind((ADDRESS, port))
    except OSError:
        listening.close()
        raise
    return listening
