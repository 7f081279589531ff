"""Pieces of a file, and bytes between them, read as if they were one file."""

import io
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import BinaryIO

Piece = bytes | tuple[int, int]  # bytes as they are, or the first and one past the last byte in the file


class Window(io.RawIOBase):
    """A read-only file made of pieces of another one.

    A disk that fails ends the window there: a reader in C cannot take an exception, and what was read counts.

    Args:
        file: Open for reading; it stays open.
        pieces: In their order.
    """

    def __init__(self, file: BinaryIO, pieces: Sequence[Piece]) -> None:
        self._file = file
        self._pieces = [piece for piece in pieces if piece_bytes(piece)]
        self._ends = list(accumulate(piece_bytes(piece) for piece in self._pieces))
        self._at = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, and return it."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ends[-1] if self._ends else 0}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer as far as there are bytes, and return how many there were."""
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view):
            part = self._read_piece(len(view) - filled)
            if not part:
                break
            view[filled : filled + len(part)] = part
            filled += len(part)
        return filled

    def _read_piece(self, wanted: int) -> bytes:
        """Return up to `wanted` bytes of the piece at the present place, and go on behind them."""
        number = bisect_right(self._ends, self._at)
        if number == len(self._pieces):
            return b""
        piece, left = self._pieces[number], self._ends[number] - self._at
        inside = piece_bytes(piece) - left
        count = min(wanted, left)
        if isinstance(piece, bytes):
            part = piece[inside : inside + count]
        else:
            try:
                self._file.seek(piece[0] + inside)
                part = self._file.read(count)
            except OSError:
                return b""
        self._at += len(part)
        return part


def piece_bytes(piece: Piece) -> int:
    """Return the length of a piece in bytes."""
    return len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]
