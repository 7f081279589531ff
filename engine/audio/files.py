"""A folder's recordings, and each of them as samples at SAMPLE_RATE."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio.resample import Resampler
from engine.audio.source import probe, source_blocks
from engine.audio.spooled import is_doubled, spool
from engine.audio.stage import pass_through
from engine.errors import DatasetError

SUFFIXES = frozenset({".wav", ".wave", ".aif", ".aiff", ".flac", ".ogg", ".oga", ".opus", ".mp3"})
OTHER_AUDIO = frozenset(
    {".aac", ".aifc", ".alac", ".amr", ".ape", ".au", ".caf", ".m4a", ".mka", ".mp2", ".mp4", ".w64", ".wma", ".wv"}
)
BLOCK_SECONDS = 5.0


@dataclass(frozen=True)
class Listing:
    """What a folder holds, each part sorted.

    Attributes:
        recordings: Files whose name says that they can be read.
        other_audio: Sound in formats that cannot be read.
        ignored: Files that are no sound: texts, pictures, projects.
        closed: Folders inside that may not be opened.
    """

    recordings: tuple[Path, ...]
    other_audio: tuple[Path, ...]
    ignored: tuple[Path, ...]
    closed: tuple[Path, ...]


def list_folder(folder: Path) -> Listing:
    """Sort what lies in a folder and the folders inside it; hidden files and folders are not looked at.

    Raises:
        DatasetError: the folder does not exist, is no folder, or may not be opened.
    """
    if not folder.exists():
        raise DatasetError(f"{folder} does not exist; give the folder that holds your recordings")
    if not folder.is_dir():
        raise DatasetError(f"{folder} is a file; give the folder that holds it and your other recordings")
    closed: list[Path] = []
    files: list[Path] = []
    for inside, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [Path(inside) / name for name in names if not name.startswith(".")]
    if folder in closed:
        raise DatasetError(f"{folder} may not be opened; give yourself permission to read it, or choose another folder")
    kinds: dict[str, list[Path]] = {"recordings": [], "other_audio": [], "ignored": []}
    for path in sorted(files):
        suffix = path.suffix.lower()
        kind = "recordings" if suffix in SUFFIXES else "other_audio" if suffix in OTHER_AUDIO else "ignored"
        kinds[kind].append(path)
    return Listing(**{kind: tuple(paths) for kind, paths in kinds.items()}, closed=tuple(sorted(closed)))


def find_recordings(folder: Path) -> list[Path]:
    """Return the recordings in a folder and the folders inside it, sorted; see `list_folder`."""
    return list(list_folder(folder).recordings)


def stream(path: Path, *, block_seconds: float = BLOCK_SECONDS) -> Iterator[NDArray[np.float32]]:
    """Yield a recording at SAMPLE_RATE in blocks, so that its length does not matter.

    More than two channels are mixed to stereo (see `mix_to_stereo`). A file that is cut off or damaged ends where it
    cannot be read on. Together the blocks have exactly round(samples * SAMPLE_RATE / rate) samples.

    Args:
        path: The recording.
        block_seconds: Longest block.

    Yields:
        Shape (samples, 1 or 2), at least one sample. Two channels stay two even if they are the same.

    Raises:
        RecordingError: the file cannot be opened, is no audio or holds no samples.
    """
    info = probe(path)
    resampler = Resampler(info.sample_rate, min(info.channels, 2))
    yield from pass_through(source_blocks(path, block_seconds), resampler)


def read(path: Path) -> NDArray[np.float32]:
    """Return a whole recording at SAMPLE_RATE, (samples, channels); one channel where two are the same.

    A long one is mapped from a file, see `spool`.

    Raises:
        RecordingError: the file cannot be opened, is no audio or holds no samples that can be read.
    """
    samples = spool(stream(path))
    return samples[:, :1] if is_doubled(samples) else samples
