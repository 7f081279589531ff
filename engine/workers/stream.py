"""Sound that is heard while the player makes it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.workers.link import Link
from engine.workers.reply import Reply


class Stream:
    """The samples that answer one request; closing it lets the player stop.

    Args:
        player: That is asked.
        task: By name.
        values: That it needs.
        on_close: Told once, when nobody listens any more.

    Attributes:
        head: What the samples are, once the first are there.
        reply: Of the player.
    """

    def __init__(self, player: Link, task: str, values: Mapping[str, Any], on_close: Callable[[], None]) -> None:
        self.head: Mapping[str, Any] = {}
        self.reply = Reply()
        self._player = player
        self._on_close = on_close
        self._guard = threading.Lock()
        self._closed = False
        self._number = player.ask(task, values, self.reply)

    def __iter__(self) -> Iterator[bytes]:
        """Yield samples as they come: interleaved 32-bit floats, little endian."""
        try:
            for block in self.reply.blocks():
                yield block
                self._player.allow(self._number, len(block))
        finally:
            self.close()

    def close(self) -> None:
        """Let the player stop, if it has not ended."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
        if not self.reply.ended:
            self._player.cancel(self._number)
        self._on_close()
