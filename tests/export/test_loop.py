import struct

import pytest

from engine.errors import ExportError
from engine.export.loop import LONGEST, Loop, chunk_to_loop, comments_to_loop, loop_to_chunk, loop_to_comments


def test_the_chunk_has_the_layout_that_samplers_read():
    fields = struct.unpack("<15I", loop_to_chunk(Loop(100, 48_000), 48_000))
    assert fields[2] == 20_833  # nanoseconds a sample
    assert fields[7] == 1  # loops
    assert fields[10:] == (0, 100, 47_999, 0, 0)  # forward, first, last, no fraction, for ever


@pytest.mark.parametrize("loop", [Loop(0, 1), Loop(100, 48_000), Loop(0, LONGEST)])
def test_loops_come_back(loop):
    assert chunk_to_loop(loop_to_chunk(loop, 44_100)) == loop
    assert comments_to_loop({key: [text] for key, text in loop_to_comments(loop).items()}) == loop


def test_a_loop_too_long_to_be_counted_is_refused():
    with pytest.raises(ExportError, match="more than 4294967296 samples"):
        loop_to_chunk(Loop(0, LONGEST + 1), 192_000)


@pytest.mark.parametrize(
    "content",
    [b"", bytes(36), loop_to_chunk(Loop(0, 9), 48_000)[:-1], bytes(36) + bytes(24), loop_to_chunk(Loop(9, 5), 48_000)],
)
def test_chunks_without_a_loop_give_none(content):
    assert chunk_to_loop(content) is None


@pytest.mark.parametrize(
    "comments",
    [
        {},
        {"LOOPSTART": ["5"]},
        {"LOOPSTART": ["5"], "LOOPLENGTH": ["0"]},
        {"LOOPSTART": ["-5"], "LOOPLENGTH": ["9"]},
        {"LOOPSTART": ["5"], "LOOPLENGTH": ["9" * 5_000]},
    ],
)
def test_comments_without_sense_give_none(comments):
    assert comments_to_loop(comments) is None
