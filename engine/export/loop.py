"""Where a sound file repeats: written so that samplers and game engines find it, and read back.

A WAV has a chunk for it, `smpl`. In Vorbis comments (FLAC, OGG, Opus) LOOPSTART and LOOPLENGTH are what several players
look for. An MP3 has no place for it.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.errors import ExportError
from engine.export.tags import WHOLE_NUMBER

MIDDLE_C = 60  # the note at which a sampler plays the sound as it is
SMPL = struct.Struct("<9I")  # manufacturer, product, period, note, fraction, SMPTE format and offset, loops, more data
LOOP = struct.Struct("<6I")  # name, kind, first and last sample, fraction, times; kind 0 forward, times 0 for ever
LONGEST = 2**32
START_KEY, LENGTH_KEY = "LOOPSTART", "LOOPLENGTH"


@dataclass(frozen=True)
class Loop:
    """The part of a sound that is repeated for ever, forward.

    Attributes:
        start: First sample of it.
        end: First sample behind it.
    """

    start: int
    end: int


def loop_to_chunk(loop: Loop, sample_rate: int) -> bytes:
    """Return the content of a `smpl` chunk with one loop.

    Args:
        loop: In samples of the file.
        sample_rate: In Hz.

    Raises:
        ExportError: the loop ends beyond what 32 bits can count, 6 hours at 192 kHz.
    """
    if loop.end > LONGEST:
        raise ExportError(f"a WAV cannot mark a loop of more than {LONGEST} samples", code="export.too_long")
    period = round(1e9 / sample_rate)  # nanoseconds
    return SMPL.pack(0, 0, period, MIDDLE_C, 0, 0, 0, 1, 0) + LOOP.pack(0, 0, loop.start, loop.end - 1, 0, 0)


def chunk_to_loop(content: bytes) -> Loop | None:
    """Return the first loop of a `smpl` chunk; None if it has none or makes no sense."""
    if len(content) < SMPL.size + LOOP.size or not SMPL.unpack_from(content)[7]:
        return None
    _, _, first, last, _, _ = LOOP.unpack_from(content, SMPL.size)
    return Loop(first, last + 1) if first <= last else None


def loop_to_comments(loop: Loop) -> dict[str, str]:
    """Return the Vorbis comments that say where a sound repeats."""
    return {START_KEY: str(loop.start), LENGTH_KEY: str(loop.end - loop.start)}


def comments_to_loop(comments: Mapping[str, Sequence[str]]) -> Loop | None:
    """Return what Vorbis comments by upper-case key say about a loop; None if they do not, or make no sense."""
    start, length = (comments.get(key, [""])[0] for key in (START_KEY, LENGTH_KEY))
    if not (WHOLE_NUMBER.fullmatch(start) and WHOLE_NUMBER.fullmatch(length) and int(length)):
        return None
    return Loop(int(start), int(start) + int(length))
