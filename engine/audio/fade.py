"""A soft beginning and a soft end: gains that follow half a cosine, from and to silence."""

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray


def fade(blocks: Iterable[NDArray[np.float32]], in_samples: int, out_samples: int) -> Iterator[NDArray[np.float32]]:
    """Fade a sound in and out while it comes, without knowing how long it will be.

    As much as the fade-out lasts is held back. The first sample of a fade-in and the last of a fade-out are silent.
    In a sound that is shorter than the fade-out, that fade takes the whole sound.

    Args:
        blocks: Shape (samples, channels) each.
        in_samples: Length of the fade-in, 0 for none.
        out_samples: Length of the fade-out, 0 for none.

    Yields:
        As many samples.
    """
    rise = _half_cosine(in_samples)
    come = 0
    held: deque[NDArray[np.float32]] = deque()
    held_samples = 0
    for block in blocks:
        held.append(_scale_start(block, rise[come : come + len(block)]))
        come += len(block)
        held_samples += len(block)
        while held_samples - len(held[0]) >= out_samples and len(held) > 1:
            held_samples -= len(held[0])
            yield held.popleft()
    if held:
        backwards = np.concatenate(held)[::-1]
        yield _scale_start(backwards, _half_cosine(min(out_samples, held_samples)))[::-1]


def _scale_start(block: NDArray[np.float32], gains: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a block whose first samples are multiplied by the gains; the block itself where there are none."""
    if not len(gains):
        return block
    return np.concatenate([block[: len(gains)] * gains[:, None], block[len(gains) :]])


def _half_cosine(samples: int) -> NDArray[np.float32]:
    """Return gains that rise from 0 to just below 1."""
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.arange(samples) / max(1, samples)), np.float32)
