"""Recordings that come to a corpus later: which of them it has already, and what the others are called in it."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from engine.audio.files import stream
from engine.dataset.corpus import Corpus, with_channels
from engine.dataset.folder import UsableFile
from engine.dataset.gathering import pad_short
from engine.dataset.intake import Skipped
from engine.settings import ChannelsIn


def leave_out_copies(corpus: Corpus, files: Iterable[UsableFile]) -> tuple[list[UsableFile], list[Skipped]]:
    """Return files that a corpus does not have, each once, and the others with the recording that each is.

    A copy has the same samples at the corpus's rate: name, tags and formats without loss make no difference.

    Args:
        corpus: What is there.
        files: What comes; each is read through.
    """
    had = {
        _fingerprint(with_channels(block, 1) for block in corpus.blocks(recording)): f"{recording.name}, which it has"
        for recording in corpus.recordings
    }
    kept, skipped = [], []
    for file in files:
        fingerprint = fingerprint_file(file.path, file.channels_in)
        if fingerprint in had:
            skipped.append(Skipped(file.name, f"the same sound as {had[fingerprint]}"))
        else:
            had[fingerprint] = file.name
            kept.append(file)
    return kept, skipped


def fingerprint_file(path: Path, channels_in: ChannelsIn = "auto") -> bytes:
    """Return what is the same for files with the same samples, both channels mixed."""
    return _fingerprint(with_channels(block, 1) for block in pad_short(stream(path, channels_in=channels_in)))


def _fingerprint(blocks: Iterable[NDArray[np.float32]]) -> bytes:
    """Return the digest of mono samples; minus zero counts as zero."""
    digest = hashlib.blake2b(digest_size=16)
    for block in blocks:
        digest.update((block + np.float32(0.0)).astype("<f4").tobytes())
    return digest.digest()


def name_apart(files: Iterable[UsableFile], taken: Iterable[str]) -> list[UsableFile]:
    """Return files of which none is called like another or like one that is there: "a.wav" becomes "a (2).wav"."""
    used = {name.casefold() for name in taken}
    named = []
    for file in files:
        name, number = file.name, 1
        while name.casefold() in used:
            number += 1
            path = PurePosixPath(file.name)
            name = path.with_name(f"{path.stem} ({number}){path.suffix}").as_posix()
        used.add(name.casefold())
        named.append(replace(file, name=name))
    return named
