"""One recording as it lies on disk: what it is, and its samples in blocks at its own rate."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mutagen
import numpy as np
import soundfile
from mutagen.mp3 import MP3, BitrateMode
from numpy.typing import NDArray

from engine.audio.resample import mix_to_stereo
from engine.errors import DatasetError

LOWEST_RATE, HIGHEST_RATE = 1_000, 768_000  # Hz; anything else is a damaged header
MOST_CHANNELS = 64
LONGEST_SECONDS = 24 * 3600.0  # anything longer is a damaged header, or one that was made to keep a program busy
BLOCK_VALUES = 2**22  # samples times channels held at once: 16 MB
UNKNOWN_LENGTH = 0x7FFFFF00  # bytes; a recorder that does not know yet writes this or more
STEPS = {"PCM_U8": 2.0**-7, "PCM_S8": 2.0**-7, "PCM_24": 2.0**-23, "PCM_32": 2.0**-31}
HEADERS = (b"RIFF", b"RF64", b"FORM", b"fLaC", b"OggS", b"ID3")
CHUNK_CUT_SHORT = re.compile(r"^\s*(?:data|SSND)\s*:\s*(\d+) \(should be (\d+)\)", re.MULTILINE)
READABLE = "WAV, AIFF, FLAC, OGG (Vorbis, Opus) or MP3"


class RecordingError(DatasetError):
    """One recording cannot be used; `reason` says why without naming the file."""

    def __init__(self, path: Path, reason: str, *, code: str) -> None:
        """Keep the reason apart from the message that names the file."""
        super().__init__(f"{path.name}: {reason}", code=code)
        self.reason = reason


@dataclass(frozen=True)
class SourceInfo:
    """What the header of a recording says.

    Attributes:
        sample_rate: In Hz.
        channels: As stored.
        samples: Per channel, as far as the header can be believed.
        promised_samples: What the file would hold if it had not been cut off; equals `samples` when it was not.
        cut_off: Whether the header shows that the end of the file is missing.
        container: WAV, AIFF, FLAC, OGG, MP3 …
        encoding: PCM_16, FLOAT, VORBIS …
    """

    sample_rate: int
    channels: int
    samples: int
    promised_samples: int
    cut_off: bool
    container: str
    encoding: str

    @property
    def seconds(self) -> float:
        """Return the length in seconds."""
        return self.samples / self.sample_rate

    @property
    def step(self) -> float:
        """Return the smallest difference between two sample values, 16 bit where the encoding does not tell."""
        return STEPS.get(self.encoding, 2.0**-15)


def probe(path: Path) -> SourceInfo:
    """Read the header of a recording.

    Raises:
        RecordingError: the file is missing, locked, empty, not audio, damaged, or holds no samples.
    """
    with open_source(path) as file:
        return _describe(path, file)


def open_source(path: Path) -> soundfile.SoundFile:
    """Open a recording for reading.

    Raises:
        RecordingError: the file is missing, locked, empty, not audio or damaged, or its name is not text.
    """
    if not is_text(str(path)):
        raise RecordingError(path, "its name is not text in this system's encoding; rename it", code="dataset.name")
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except PermissionError:
        raise RecordingError(path, "you have no permission to read it", code="dataset.permission") from None
    except OSError as error:
        raise RecordingError(path, f"cannot be opened ({error.strerror})", code="dataset.unreadable") from None
    if not start:
        raise RecordingError(path, "the file is empty (0 bytes); copy or export it again", code="dataset.empty")
    try:
        return soundfile.SoundFile(path)
    except (soundfile.LibsndfileError, TypeError):
        if start.startswith(HEADERS):
            reason = "the file is damaged, its header cannot be read; copy or export it again"
        else:
            reason = f"not an audio file, whatever its name says; {READABLE} can be read"
        raise RecordingError(path, reason, code="dataset.not_audio") from None


def is_text(name: str) -> bool:
    """Say whether a name can be written down; file systems take any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def source_blocks(path: Path, block_seconds: float) -> Iterator[NDArray[np.float32]]:
    """Yield a recording at its own sample rate, mixed to mono or stereo, as far as it can be read.

    A file that is cut off or damaged in the middle ends there, without an error.

    Args:
        path: The recording.
        block_seconds: Length of a block; shorter where many channels would take much memory.

    Yields:
        Shape (samples, 1 or 2).

    Raises:
        RecordingError: the file cannot be opened.
    """
    with open_source(path) as file:
        for block in read_blocks(file, block_seconds):
            yield mix_to_stereo(block, file.format)


def read_blocks(file: soundfile.SoundFile, block_seconds: float) -> Iterator[NDArray[np.float32]]:
    """Yield all channels of an open recording in blocks (samples, channels), as far as it can be read."""
    longest = max(1, min(round(block_seconds * file.samplerate), BLOCK_VALUES // file.channels))
    ended = False
    while not ended:
        block, ended = _read_block(file, longest)
        if len(block):
            yield block


def _read_block(file: soundfile.SoundFile, longest: int) -> tuple[NDArray[np.float32], bool]:
    """Return up to `longest` samples, and whether the recording ended.

    An error in the middle of a block does not say how many samples came before it; prefilled NaN does.
    """
    block = np.full((longest, file.channels), np.nan, np.float32)
    try:
        count = len(file.read(out=block))
    except soundfile.LibsndfileError:
        missing = np.isnan(block).any(axis=1)
        return block[: int(missing.argmax()) if missing.any() else longest], True
    return block[:count], count < longest


def _describe(path: Path, file: soundfile.SoundFile) -> SourceInfo:
    """Return what the header says, refusing what cannot be true."""
    if not (LOWEST_RATE <= file.samplerate <= HIGHEST_RATE and 1 <= file.channels <= MOST_CHANNELS):
        reason = (
            f"its header says {file.samplerate} Hz and {file.channels} channels; {LOWEST_RATE} to {HIGHEST_RATE} Hz "
            f"and up to {MOST_CHANNELS} channels can be read, so it is damaged or no recording"
        )
        raise RecordingError(path, reason, code="dataset.header")
    if file.frames > LONGEST_SECONDS * file.samplerate:
        reason = (
            f"its header says that it lasts {file.frames / file.samplerate / 3600:,.0f} hours; up to "
            f"{LONGEST_SECONDS / 3600:.0f} can be read. Cut it, or export it again"
        )
        raise RecordingError(path, reason, code="dataset.too_long")
    if file.frames < 1:
        raise RecordingError(path, "holds no samples; export it again", code="dataset.no_samples")
    promised = _promised_samples(file)
    lost_end = file.format == "OGG" and "lacks an end-of-stream bit" in file.extra_info
    return SourceInfo(
        sample_rate=file.samplerate,
        channels=file.channels,
        samples=file.frames,
        promised_samples=promised,
        cut_off=promised > file.frames or lost_end,
        container=file.format,
        encoding=file.subtype,
    )


def _promised_samples(file: soundfile.SoundFile) -> int:
    """Return how many samples a WAV or AIFF header announces; libsndfile reports only those that are there."""
    sizes = CHUNK_CUT_SHORT.search(file.extra_info)
    announced, present = (int(size) for size in sizes.groups()) if sizes else (0, 0)
    if not 0 < present < announced < UNKNOWN_LENGTH:
        return int(file.frames)
    return max(int(file.frames), round(file.frames * announced / present))


def knows_its_length(path: Path, info: SourceInfo) -> bool:
    """Return whether the header's length is exact; an MP3 without a Xing or LAME header is only estimated."""
    if info.container not in ("MP3", "MPEG"):
        return True
    try:
        return getattr(MP3(path).info, "bitrate_mode", BitrateMode.UNKNOWN) != BitrateMode.UNKNOWN
    except mutagen.MutagenError:
        return False
