import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.errors import ShapeError
from engine.export.png import indices_to_png

PALETTE = np.arange(30, dtype=np.uint8).reshape(10, 3)
PICTURE = np.random.default_rng(0).integers(0, 10, (5, 7)).astype(np.uint8)


def test_another_reader_finds_every_pixel():
    image = Image.open(io.BytesIO(indices_to_png(PICTURE, PALETTE)))
    assert image.size == (7, 5)
    assert np.array_equal(np.asarray(image.convert("RGB")), PALETTE[PICTURE])


def test_every_chunk_has_its_checksum():
    content = indices_to_png(PICTURE, PALETTE)
    at, names = 8, []
    while at < len(content):
        size, name = struct.unpack_from(">I4s", content, at)
        names.append(name)
        assert struct.unpack_from(">I", content, at + 8 + size)[0] == zlib.crc32(content[at + 4 : at + 8 + size])
        at += 12 + size
    assert names == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]


@pytest.mark.parametrize(
    ("picture", "palette"),
    [(PICTURE[0], PALETTE), (PICTURE[:0], PALETTE), (PICTURE, PALETTE[:5]), (PICTURE, PALETTE[:, :2])],
)
def test_pictures_without_sense_are_refused(picture, palette):
    with pytest.raises(ShapeError, match="has the shape"):
        indices_to_png(picture, palette)
