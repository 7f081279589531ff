"""A picture with up to 256 colours as PNG, the format written out (ISO/IEC 15948)."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from engine.errors import ShapeError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
INDEXED = 3  # colour type: each pixel is a place in the palette
DIFFERENCES = 2  # each row is stored as its difference to the one above, modulo 256: half the size for a smooth palette


def indices_to_png(indices: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """Return the content of a PNG file.

    Args:
        indices: The colour of each pixel, shape (height, width), the top row first.
        palette: Red, green and blue of each colour, shape (1 to 256, 3).

    Raises:
        ShapeError: the arrays have other shapes, or a pixel has no colour.
    """
    if indices.ndim != 2 or not indices.size:
        raise ShapeError(f"a picture has the shape (height, width), this one {indices.shape}")
    if palette.ndim != 2 or palette.shape[1] != 3 or not indices.max() < len(palette) <= 256:
        raise ShapeError(f"a palette has the shape (colours, 3) and a colour for each pixel, this one {palette.shape}")
    height, width = indices.shape
    differences = np.diff(indices.astype(np.uint8), axis=0, prepend=np.uint8(0))
    rows = np.insert(differences, 0, DIFFERENCES, axis=1)
    return b"".join(
        [
            SIGNATURE,
            _chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, INDEXED, 0, 0, 0)),
            _chunk(b"PLTE", palette.astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk: size, name, content, checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
