"""One end of the pipe between the window's process and a worker."""

import threading
from multiprocessing.connection import Connection

from engine.workers.messages import Message, decode, encode


class ChannelClosed(Exception):
    """The other end is gone: its process has ended, or has closed the pipe."""


class Channel:
    """Sends and receives messages; any thread may send, one receives."""

    def __init__(self, connection: "Connection[bytes, bytes]") -> None:
        """Take an end of a pipe."""
        self._connection = connection
        self._sending = threading.Lock()

    def send(self, message: Message) -> None:
        """Send a message.

        Raises:
            ChannelClosed: nobody will receive it.
        """
        data = encode(message)
        try:
            with self._sending:
                self._connection.send_bytes(data)
        except (OSError, EOFError) as error:
            raise ChannelClosed from error

    def receive(self) -> Message:
        """Wait for the next message.

        Raises:
            ChannelClosed: there will be none.
            ProtocolError: what came is no message.
        """
        try:
            data = self._connection.recv_bytes()
        except (OSError, EOFError) as error:
            raise ChannelClosed from error
        return decode(data)

    def close(self) -> None:
        """Close this end; a thread that waits for a message here may not notice before the other end closes too."""
        self._connection.close()
