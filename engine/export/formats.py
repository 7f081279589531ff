"""Sound files: written block by block under a temporary name, and in place only when they are whole."""

import errno
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

import numpy as np
import soundfile
from numpy.typing import NDArray

from engine.errors import ExportError, ShapeError
from engine.units import SAMPLE_RATE

CONTAINERS = MappingProxyType({".wav": "WAV"})  # by the suffix of the file's name
ENCODINGS = MappingProxyType({"16": "PCM_16", "24": "PCM_24", "32f": "FLOAT"})  # by bit depth
BYTES = MappingProxyType({"16": 2, "24": 3, "32f": 4})
LARGEST_WAV = 4_000_000_000  # bytes of samples; the size fields of a WAV have 32 bits, beyond it is written as RF64
DITHER_SEED = 0
REASONS = {
    errno.ENOSPC: "the disk is full; free some space or choose another folder",
    errno.EDQUOT: "your quota on this disk is used up; free some space or choose another folder",
    errno.EACCES: "you have no permission to write there; choose another folder",
    errno.EPERM: "you have no permission to write there; choose another folder",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ENOTDIR: "a part of its path is a file, not a folder; choose another folder",
}


class SoundFile:
    """A sound file being written.

    Args:
        path: Where it is written for now.
        target: Where it will be, named when something goes wrong.
        channels: 1 or more.
        sample_rate: In Hz.
        bit_depth: A key of ENCODINGS.
        container: A value of CONTAINERS, or RF64.
    """

    def __init__(
        self, path: Path, target: Path, *, channels: int, sample_rate: int, bit_depth: str, container: str
    ) -> None:
        self._target = target
        self._channels = channels
        self._bit_depth = bit_depth
        self._dither = np.random.default_rng(DITHER_SEED)
        self._room = LARGEST_WAV // (channels * BYTES[bit_depth]) if container == "WAV" else None
        self.samples = 0
        self._file = soundfile.SoundFile(
            path, "w", samplerate=sample_rate, channels=channels, subtype=ENCODINGS[bit_depth], format=container
        )

    def write(self, block: NDArray[np.float32]) -> None:
        """Append a block (samples, channels); what exceeds ±1 is clipped, except in 32-bit float.

        16 bit is dithered with triangular noise of two steps, the same in every run, however the sound is cut.

        Raises:
            ShapeError: the block has other axes or another number of channels.
            ExportError: the block holds NaN or infinity, the file outgrows the format, or the disk is full.
        """
        if block.ndim != 2 or block.shape[1] != self._channels:
            raise ShapeError(f"a block has the shape (samples, {self._channels}), this one {block.shape}")
        if not np.isfinite(block).all():
            raise ExportError("the sound holds invalid numbers (NaN or infinity) and is not written", code="export.nan")
        self.samples += len(block)
        if self._room is not None and self.samples > self._room:
            raise ExportError(
                f"a WAV file cannot hold more than {self._room} samples; say how long the sound will be when opening "
                "it, and it becomes RF64",
                code="export.too_long",
            )
        with explained(self._target):
            self._file.write(self._encode(block))

    def close(self) -> None:
        """Finish the header.

        Raises:
            ExportError: the disk is full.
        """
        with explained(self._target):
            self._file.close()

    def _encode(self, block: NDArray[np.float32]) -> NDArray[np.float32] | NDArray[np.int16] | NDArray[np.int32]:
        """Turn samples into the numbers that the file holds."""
        if self._bit_depth == "32f":
            return block.astype(np.float32)
        if self._bit_depth == "16":
            noise = self._dither.random((*block.shape, 2)) @ np.array([1.0, -1.0])
            return np.clip(np.rint(block * 2.0**15 + noise), -(2**15), 2**15 - 1).astype(np.int16)
        steps = np.clip(np.rint(block * 2.0**23), -(2**23), 2**23 - 1)
        return steps.astype(np.int32) << 8  # libsndfile takes the upper 24 of 32 bits


def check_target(path: Path, *, force: bool = False) -> None:
    """Refuse a place where no sound file can be put, before any work is done.

    Raises:
        ExportError: the format is unknown, the file exists and `force` is not set, or the name cannot be used.
    """
    if path.suffix.lower() not in CONTAINERS:
        known = ", ".join(CONTAINERS)
        raise ExportError(f"{path.name}: the name must end in {known} to say the format", code="export.format")
    with explained(path):
        try:
            path.lstat()
        except FileNotFoundError:
            return
    if path.is_dir():
        raise ExportError(f"{path} is a folder; give a file name inside it", code="export.folder")
    if not force:
        raise ExportError(f"{path} exists already; use --force to replace it, or another name", code="export.exists")


@contextmanager
def open_sound(
    path: Path,
    channels: int,
    *,
    sample_rate: int = SAMPLE_RATE,
    bit_depth: str = "24",
    force: bool = False,
    expected_samples: int = 0,
) -> Iterator[SoundFile]:
    """Open a sound file for writing; it appears under its name when the block ends well, and not otherwise.

    Missing folders are made. Until it is whole the file has a hidden temporary name beside its own.

    Args:
        path: Its suffix says the format.
        channels: 1 or more.
        sample_rate: In Hz.
        bit_depth: "16" (dithered), "24" or "32f".
        force: Replace a file of that name.
        expected_samples: Its length if known; a WAV that would exceed 4 GB is written as RF64.

    Yields:
        The file, to be given blocks with `write`.

    Raises:
        ExportError: see `check_target`; or the folder cannot be written, the disk is full, the bit depth is unknown.
    """
    check_target(path, force=force)
    if bit_depth not in ENCODINGS:
        raise ExportError(f"bit depth = {bit_depth!r}: must be one of {', '.join(ENCODINGS)}", code="export.bit_depth")
    container = CONTAINERS[path.suffix.lower()]
    if container == "WAV" and expected_samples * channels * BYTES[bit_depth] > LARGEST_WAV:
        container = "RF64"
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            part.touch(exist_ok=False)
            sound = SoundFile(
                part, path, channels=channels, sample_rate=sample_rate, bit_depth=bit_depth, container=container
            )
        try:
            yield sound
        finally:
            sound.close()
        with explained(path):
            part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the system says while `path` is written into one line that says what to do.

    Raises:
        ExportError: in place of OSError and libsndfile's errors.
    """
    try:
        yield
    except OSError as error:
        said = REASONS.get(error.errno or 0, error.strerror or str(error))
        raise ExportError(f"{_shown(path)} cannot be written: {said}", code="export.write") from error
    except soundfile.LibsndfileError as error:
        said = REASONS[errno.ENOSPC] if _is_full(path.parent) else "the disk is gone, or limits the size of files"
        raise ExportError(f"{_shown(path)} cannot be written: {said}", code="export.write") from error


def _is_full(folder: Path) -> bool:
    """Return whether less than a megabyte is left on the disk; libsndfile does not tell."""
    try:
        return shutil.disk_usage(folder).free < 2**20
    except OSError:
        return False


def _shown(path: Path) -> str:
    """Return a path for a message, an overlong name shortened."""
    return str(path if len(path.name) <= 80 else path.with_name(f"{path.name[:60]}…{path.suffix}"))
