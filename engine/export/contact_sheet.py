"""A picture of many sounds: the spectrum of each, numbered, in rows."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.export.picture import COLOURS, make_palette, shade
from engine.export.png import indices_to_png

Floats = NDArray[np.float32]
WIDTH, HEIGHT = 160, 112  # pixels of one picture
GAP = 6
IN_A_ROW = 8
DOT = 2  # pixels of a dot of a digit
_FONT = (
    "111101101101111", "010110010010111", "111001111100111", "111001111001111", "101101111001001",
    "111100111001111", "111100111101111", "111001001001001", "111101111101111", "111101111001111",
)  # fmt: skip


def draw_contact_sheet(sounds: Sequence[Iterable[Floats]], in_a_row: int = IN_A_ROW) -> bytes:
    """Draw the spectra of sounds, the first at the top left, numbered from 1.

    Args:
        sounds: Each in blocks of shape (samples, channels), at SAMPLE_RATE.
        in_a_row: How many stand beside each other.

    Returns:
        A PNG file.
    """
    columns = max(1, min(in_a_row, len(sounds)))
    rows = max(1, -(-len(sounds) // columns))
    sheet = np.zeros((rows * (HEIGHT + GAP) + GAP, columns * (WIDTH + GAP) + GAP), np.uint8)
    for place, sound in enumerate(sounds):
        top = GAP + place // columns * (HEIGHT + GAP)
        left = GAP + place % columns * (WIDTH + GAP)
        picture = shade(sound, HEIGHT, WIDTH)
        _write_number(picture, place + 1)
        sheet[top : top + HEIGHT, left : left + WIDTH] = picture
    return indices_to_png(sheet, make_palette())


def _write_number(picture: NDArray[np.uint8], number: int) -> None:
    """Write a number into the upper left corner of a picture, light on dark."""
    for place, digit in enumerate(str(number)):
        dots = np.array([int(dot) for dot in _FONT[int(digit)]], np.uint8).reshape(5, 3)
        shape = np.kron(dots, np.ones((DOT, DOT), np.uint8))
        left = 2 * DOT + place * 4 * DOT
        picture[2 * DOT : 7 * DOT, left : left + 3 * DOT] = np.where(shape, COLOURS - 1, 0)
