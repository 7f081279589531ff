"""A folder's recordings, and each of them as samples at SAMPLE_RATE."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio.kinds import find_kind
from engine.audio.level import find_silent_side, find_swing
from engine.audio.resample import Resampler
from engine.audio.source import READABLE, open_source, probe
from engine.audio.spooled import is_doubled, spool
from engine.audio.stage import pass_through
from engine.errors import DatasetError
from engine.settings import ChannelsIn

READ_HERE = frozenset(
    {".wav", ".wave", ".bwf", ".rf64", ".w64", ".aif", ".aiff", ".aifc", ".flac", ".ogg", ".oga", ".opus", ".mp3",
     ".mp2", ".au", ".snd", ".caf"}
)  # fmt: skip
CONVERTED = frozenset(
    {".m4a", ".m4b", ".aac", ".3gp", ".3g2", ".amr", ".qta", ".mov", ".mp4", ".m4v", ".webm", ".mka", ".mkv", ".wma",
     ".asf", ".wv", ".ape", ".tta", ".dsf", ".dff", ".mpc", ".ac3", ".avi"}
)  # fmt: skip
SUFFIXES = READ_HERE | CONVERTED  # of sound; files with other endings are looked into
OTHER_AUDIO = {".rx2": "a REX loop", ".rex": "a REX loop", ".sf2": "a SoundFont", ".nki": "an instrument of Kontakt",
               ".vqf": "TwinVQ", ".ra": "RealAudio", ".rm": "RealAudio"}  # fmt: skip
NOT_LOOKED_INTO = frozenset(
    {".txt", ".md", ".rtf", ".pdf", ".doc", ".docx", ".csv", ".json", ".xml", ".html", ".htm", ".css", ".js", ".py",
     ".ini", ".log", ".nfo", ".cue", ".m3u", ".m3u8", ".url", ".lnk", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif",
     ".tiff", ".webp", ".heic", ".svg", ".psd", ".zip", ".rar", ".7z", ".gz", ".tar", ".dmg", ".iso", ".exe", ".dll",
     ".db", ".asd", ".als", ".flp", ".cpr", ".rpp", ".ptx", ".reapeaks", ".pkf", ".sfk", ".sda", ".sofa",
     ".safetensors", ".mid", ".midi"}
)  # fmt: skip
BLOCK_SECONDS = 5.0
MOST_LISTED = 100_000
KEEPS_SIDES: tuple[ChannelsIn, ...] = ("auto", "ambix")  # of a stereo file, unless one is silent


@dataclass(frozen=True)
class Listing:
    """The contents of a folder, each part sorted.

    Attributes:
        recordings: Files whose name or content says that they are sound.
        ignored: Files that are no sound: texts, pictures, projects.
        refused: What is not entered or opened, or is sound that nothing reads, and why.
    """

    recordings: tuple[Path, ...]
    ignored: tuple[Path, ...]
    refused: tuple[tuple[Path, str], ...] = ()


def list_folder(folder: Path) -> Listing:
    """Sort what lies in a folder and the folders inside it; hidden files and folders are not looked at.

    Links to folders are followed, each folder once.

    Raises:
        DatasetError: the folder does not exist, is no folder, may not be opened, or holds far too much.
    """
    if not folder.exists():
        raise DatasetError(f"{folder} does not exist; give the folder that holds your recordings")
    if not folder.is_dir():
        raise DatasetError(f"{folder} is a file; give the folder that holds it and your other recordings")
    refused: list[tuple[Path, str]] = []
    recordings: list[Path] = []
    ignored: list[Path] = []
    for path in sorted(_find_files(folder, refused)):
        reason = _refuse_special(path) or refuse_format(path.name)
        if reason:
            refused.append((path, reason))
        else:
            (recordings if is_sound(path) else ignored).append(path)
    return Listing(tuple(recordings), tuple(ignored), tuple(sorted(refused)))


def _find_files(folder: Path, refused: list[tuple[Path, str]]) -> list[Path]:
    """Return the files in a folder and those inside it, noting folders that are not entered."""
    closed: list[Path] = []
    files: list[Path] = []
    seen = {_identity(folder)}
    for inside, folders, names in os.walk(
        folder, onerror=lambda error: closed.append(Path(error.filename)), followlinks=True
    ):
        files += [Path(inside) / name for name in names if not name.startswith(".")]
        if len(files) > MOST_LISTED:
            raise DatasetError(
                f"{folder} holds more than {MOST_LISTED:,} files; choose a folder inside it that holds your recordings"
            )
        there = [Path(inside) / name for name in folders if not name.startswith(".")]
        entered = []
        for path in sorted(there, key=lambda path: (path.is_symlink(), path)):  # links last: real folders keep names
            identity = _identity(path)
            if identity in seen:
                refused.append((path, "a link to a folder that is looked through already"))
            else:
                entered.append(path.name)
                seen.add(identity)
        folders[:] = entered
    if folder in closed:
        raise DatasetError(f"{folder} may not be opened; give yourself permission to read it, or choose another folder")
    refused += [(path, "you have no permission to open this folder") for path in closed]
    return files


def _identity(folder: Path) -> tuple[int, int] | Path:
    """Return what is the same for all names of a folder."""
    try:
        state = folder.stat()
    except OSError:
        return folder
    return state.st_dev, state.st_ino


def _refuse_special(path: Path) -> str | None:
    """Say why something is not opened that only looks like a file: to read it may never end."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return None  # it is told when it is opened
    if stat.S_ISREG(mode):
        return None
    return "a named pipe, not a file" if stat.S_ISFIFO(mode) else "a device or a socket, not a file"


def refuse_format(name: str) -> str | None:
    """Say why a file is not opened whose name says that it is sound in a format that nothing here reads."""
    what = OTHER_AUDIO.get(Path(name).suffix.strip().lower())
    return f"this is {what}, which cannot be read; export its sounds as {READABLE}" if what else None


def is_sound(path: Path) -> bool:
    """Say whether a file is sound by its name, or, where the name does not tell, by its first bytes."""
    suffix = path.suffix.lower()
    if suffix in SUFFIXES or suffix in NOT_LOOKED_INTO:
        return suffix in SUFFIXES
    try:
        kind = find_kind(path)
    except OSError:
        return False
    return kind is not None and kind.is_sound


def find_recordings(folder: Path) -> list[Path]:
    """Return the recordings in a folder and the folders inside it, sorted; see `list_folder`."""
    return list(list_folder(folder).recordings)


def stream(
    path: Path, *, block_seconds: float = BLOCK_SECONDS, channels_in: ChannelsIn = "auto"
) -> Iterator[NDArray[np.float32]]:
    """Yield a recording at SAMPLE_RATE in blocks, so that its length does not matter.

    More than two channels are mixed to stereo (see `Mixer`). A file that is cut off or damaged ends where it
    cannot be read on. Together the blocks have exactly round(samples * SAMPLE_RATE / rate) samples.

    Args:
        path: The recording.
        block_seconds: Longest block.
        channels_in: What the person says of its channels.

    Yields:
        Shape (samples, 1 or 2), at least one sample. Two channels stay two even if they are the same.

    Raises:
        RecordingError: the file cannot be opened, is no audio or holds no samples.
    """
    with open_source(path) as source:
        resampler = Resampler(source.info.sample_rate, source.mixed_channels(channels_in))
        blocks = (block for block in source.blocks(block_seconds, channels_in) if len(block))
        yield from pass_through(blocks, resampler)


def read(path: Path, channels_in: ChannelsIn = "auto") -> NDArray[np.float32]:
    """Return a whole recording at SAMPLE_RATE, (samples, channels).

    One channel is left of two that are the same, and of a stereo file with a silent side. A long one is mapped from a
    file, see `spool`.

    Raises:
        RecordingError: the file cannot be opened, is no audio or holds no samples that can be read.
    """
    samples = spool(stream(path, channels_in=channels_in))
    if is_doubled(samples):
        return samples[:, :1]
    is_stereo = channels_in in KEEPS_SIDES and probe(path).channels == 2
    side = find_silent_side(find_swing(samples)) if is_stereo else None
    return samples if side is None else samples[:, 1 - side : 2 - side]
