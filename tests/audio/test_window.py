import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.audio.content import BLOCK_BYTES, Content
from engine.audio.window import Window

STORED = np.random.default_rng(0).integers(0, 256, 3 * BLOCK_BYTES + 17, dtype=np.uint8).tobytes()
PIECE = st.one_of(
    st.binary(max_size=20), st.tuples(st.integers(0, 900), st.integers(0, 100)).map(lambda p: (p[0], sum(p)))
)


@given(st.lists(PIECE, max_size=6), st.integers(0, 700), st.integers(0, 300))
def test_pieces_are_read_as_if_they_were_one_file(pieces, start: int, count: int):
    whole = b"".join(one if isinstance(one, bytes) else STORED[slice(*one)] for one in pieces)
    window = Window(io.BytesIO(STORED), pieces)
    assert window.seek(0, io.SEEK_END) == len(whole)
    assert window.seek(start) == window.tell() == start
    assert window.read(count) == whole[start : start + count]
    window.seek(0)
    assert window.read() == whole


def test_a_disk_that_fails_ends_the_window_there():
    class Failing(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    assert Window(Failing(STORED), [b"head", (0, 100)]).read() == b"head"


@given(st.integers(0, len(STORED) + 5), st.integers(0, 2 * BLOCK_BYTES))
def test_content_is_sliced_like_bytes(start: int, count: int):
    content = Content(io.BytesIO(STORED))
    assert len(content) == len(STORED)
    assert content[start : start + count] == STORED[start : start + count]
    assert content[start + 3 : start + 9] == STORED[start + 3 : start + 9]


@given(st.integers(0, len(STORED) - 3), st.integers(0, len(STORED)))
def test_marks_are_found_as_in_bytes_across_blocks(at: int, start: int):
    content, mark = Content(io.BytesIO(STORED)), STORED[at : at + 3]
    assert content.find(mark, start) == STORED.find(mark, start)
    assert content.find(mark, 0, start) == STORED.find(mark, 0, start)
    assert content.rfind(mark, 0, start) == STORED.rfind(mark, 0, start)


def test_a_mark_across_the_edge_of_a_block_is_found():
    stored = bytes(BLOCK_BYTES - 2) + b"MARK" + bytes(BLOCK_BYTES)
    content = Content(io.BytesIO(stored))
    assert content.find(b"MARK", 0) == content.rfind(b"MARK", 0, len(stored)) == BLOCK_BYTES - 2
