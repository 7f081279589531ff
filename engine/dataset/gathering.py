"""Recordings gathered into the corpus of a model, read block by block and kept to the sample.

Reading a corpus is apart, in `engine.dataset.corpus`: who opens a model needs no reader of sound files.
"""

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from engine.audio.files import stream
from engine.dataset.corpus import (
    GAP,
    RECORDINGS_FILE,
    SAMPLE_TYPE,
    SAMPLES_FILE,
    Blocks,
    Corpus,
    Recording,
    load_corpus,
    with_channels,
)
from engine.settings import ChannelsIn
from engine.units import PADDED_FILE_SECONDS, SAMPLE_RATE


def write_corpus(
    folder: Path,
    sources: Iterable[tuple[str, Path]],
    channels: int,
    on_file: Callable[[str], None] | None = None,
    *,
    synthetic: Collection[str] = (),
    before: Corpus | None = None,
    channels_in: Mapping[str, ChannelsIn] | None = None,
) -> Corpus:
    """Read recordings block by block into the corpus files of `folder`.

    Args:
        folder: Existing folder that receives the corpus.
        sources: Name and path of each recording.
        channels: 1 or 2; mono recordings are doubled in a stereo corpus, stereo ones averaged in a mono corpus.
        on_file: Called with each name before it is read.
        synthetic: Names of those that are outputs fed back.
        before: A corpus, in another folder, whose recordings come first, each to the sample as it is there.
        channels_in: How the channels of a recording are read, by its name; "auto" where nothing is said.

    Raises:
        DatasetError: a recording cannot be read any more.
        OSError: the disk is full or the folder cannot be written.
    """

    def read() -> Iterator[tuple[str, bool, Blocks]]:
        if before:
            yield from ((one.name, one.synthetic, before.blocks(one)) for one in before.recordings)
        for name, path in sources:
            if on_file:
                on_file(name)
            yield name, name in synthetic, stream(path, channels_in=(channels_in or {}).get(name, "auto"))

    recordings = []
    gap = np.zeros((GAP, channels), SAMPLE_TYPE).tobytes()
    with (folder / SAMPLES_FILE).open("wb") as out:
        out.write(gap)
        position = GAP
        for name, is_synthetic, blocks in read():
            start = position
            for block in pad_short(blocks):
                out.write(with_channels(block, channels).astype(SAMPLE_TYPE).tobytes())
                position += len(block)
            recordings.append(Recording(name, start, position - start, is_synthetic))
            out.write(gap)
            position += GAP
        out.flush()
        os.fsync(out.fileno())
    listing = {"channels": channels, "recordings": [asdict(recording) for recording in recordings]}
    (folder / RECORDINGS_FILE).write_text(json.dumps(listing, ensure_ascii=False, indent=1), encoding="utf-8")
    return load_corpus(folder)


def pad_short(blocks: Blocks) -> Blocks:
    """Yield a recording, and silence behind one that is too short to be heard as anything."""
    samples, block = 0, None
    for block in blocks:
        samples += len(block)
        yield block
    missing = round(PADDED_FILE_SECONDS * SAMPLE_RATE) - samples
    if block is not None and missing > 0:
        yield np.zeros((missing, block.shape[1]), np.float32)
