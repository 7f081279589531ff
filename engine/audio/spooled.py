"""A sound that comes in blocks, as one array: in memory while it is short, else mapped from a file that nobody sees."""

import tempfile
from collections.abc import Iterable
from itertools import chain
from typing import IO

import numpy as np
from numpy.typing import NDArray

from engine.audio.mapped import map_samples
from engine.paths import data_folder

Floats = NDArray[np.float32]

MOST_VALUES = 2**24  # samples of all channels that are kept in memory, 64 MB
PIECE = 2**20  # samples that are compared at once


def spool(blocks: Iterable[Floats]) -> Floats:
    """Return a sound (samples, channels) from its blocks; a long one is mapped, and its file goes with the array.

    Args:
        blocks: Shape (samples, channels) each; none make a mono sound without samples.

    Raises:
        OSError: the disk is full, or the data folder cannot be written.
    """
    held: list[Floats] = []
    coming = iter(blocks)
    for block in coming:
        held.append(block)
        if sum(one.size for one in held) > MOST_VALUES:
            return _mapped(chain(held, coming), block.shape[1])
    return np.concatenate(held) if held else np.zeros((0, 1), np.float32)


def is_doubled(samples: Floats) -> bool:
    """Return whether both channels of a sound (samples, channels) are the same, looking at a piece at a time."""
    pieces = (samples[first : first + PIECE] for first in range(0, len(samples), PIECE))
    return all(np.array_equal(piece[:, 0], piece[:, -1]) for piece in pieces)


def _mapped(blocks: Iterable[Floats], channels: int) -> Floats:
    """Write blocks to a file without a name, in the data folder: a folder for temporary files may lie in memory."""
    data_folder().mkdir(parents=True, exist_ok=True)
    file: IO[bytes]
    with tempfile.TemporaryFile(dir=data_folder(), prefix="sound-") as file:
        for block in blocks:
            file.write(np.ascontiguousarray(block, np.float32).tobytes())
        file.flush()
        count = file.tell() // (4 * channels)
        return map_samples(file, count, channels)
