"""One recording as it lies on disk: what it is, and its samples in blocks at its own rate."""

import contextlib
import re
import stat
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from engine.audio.channels import Mixer, find_speakers
from engine.audio.content import Content
from engine.audio.converter import converted
from engine.audio.hush import hushed
from engine.audio.info import SourceInfo
from engine.audio.kinds import Kind, find_kind
from engine.audio.layouts.aiff import lay_out_aiff
from engine.audio.layouts.flac import lay_out_flac
from engine.audio.layouts.layout import AS_IT_IS, Layout, Part
from engine.audio.layouts.mpeg import lay_out_mpeg
from engine.audio.layouts.ogg import lay_out_ogg
from engine.audio.layouts.wave import lay_out_wave
from engine.audio.refusal import RecordingError as RecordingError
from engine.audio.resample import Resampler
from engine.audio.window import Window
from engine.settings import ChannelsIn

LOWEST_RATE, HIGHEST_RATE = 1_000, 768_000  # Hz; anything else is a damaged header
MOST_CHANNELS = 64
LONGEST_SECONDS = 24 * 3600.0  # anything longer is a damaged header, or one that was made to keep a program busy
BLOCK_VALUES = 2**22  # samples times channels held at once: 16 MB
UNKNOWN_LENGTH = 0x7FFFFF00  # bytes; a recorder that does not know yet writes this or more
CHUNK_CUT_SHORT = re.compile(r"^\s*(?:data|SSND)\s*:\s*(\d+) \(should be (\d+)\)", re.MULTILINE)
READABLE = "WAV, AIFF, FLAC, OGG (Vorbis, Opus) or MP3"
DAMAGED = "the file is damaged, its header cannot be read; copy or export it again"


@dataclass(frozen=True)
class Source:
    """A recording that is open.

    Attributes:
        path: Of a file that can be read without a converter.
        layout: Of that file.
        info: What it is.
    """

    path: Path
    layout: Layout
    info: SourceInfo

    def blocks(self, block_seconds: float, channels_in: ChannelsIn = "auto") -> Iterator[NDArray[np.float32]]:
        """Yield all parts at the rate of the first, mixed to mono or stereo, as far as they can be read."""
        channels = self.mixed_channels(channels_in)
        for part in self.layout.parts:
            with _open_part(self.path, part) as file:
                mixer = Mixer(file.channels, _speakers(file, part), channels_in)
                resampler = Resampler(file.samplerate, mixer.channels, self.info.sample_rate)
                for block in _read_blocks(file, block_seconds):
                    yield _widen(resampler.process(mixer.mix(block)), channels)
                yield _widen(resampler.flush(), channels)

    def stored_blocks(self, block_seconds: float) -> Iterator[NDArray[np.float32]]:
        """Yield all channels as they are stored, where all parts have the same ones; else as `blocks`."""
        if len(self.layout.parts) > 1:
            yield from self.blocks(block_seconds)
            return
        with _open_part(self.path, self.layout.parts[0]) as file:
            yield from _read_blocks(file, block_seconds)

    def mixed_channels(self, channels_in: ChannelsIn) -> int:
        """Return how many channels `blocks` gives."""
        return Mixer(self.info.channels, self.info.speakers, channels_in).channels


def probe(path: Path) -> SourceInfo:
    """Find out what a recording is.

    Raises:
        RecordingError: the file is missing, locked, empty, not audio, damaged, or holds no samples.
    """
    with open_source(path) as source:
        return source.info


@contextlib.contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a recording for reading.

    Raises:
        RecordingError: the file is missing, locked, empty, not audio or damaged, or its name is not text.
    """
    kind = _look(path)
    if kind and not kind.is_sound:
        raise RecordingError(
            path, f"no recording, whatever its name says: this is {kind.words}", code="dataset.not_audio"
        )
    try:
        source = _describe(path, path, kind)
    except _Unreadable:
        if kind is None or kind.demuxer is None:
            raise RecordingError(path, _why_unreadable(kind), code="dataset.not_audio") from None
    else:
        yield source
        return
    with converted(path, kind) as readable:
        try:
            source = _describe(path, readable, Kind("wav", "WAV"))
        except _Unreadable:
            raise RecordingError(path, f"this is {kind.words}; {DAMAGED}", code="dataset.not_audio") from None
        yield source


class _Unreadable(Exception):
    """libsndfile does not know what it is."""


def _look(path: Path) -> Kind | None:
    """Return what a file is by its first bytes, refusing what is none that can be opened."""
    if not is_text(str(path)):
        raise RecordingError(path, "its name is not text in this system's encoding; rename it", code="dataset.name")
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise IsADirectoryError(21, "it is a folder")
        if not stat.S_ISREG(state.st_mode):
            raise RecordingError(path, "a pipe or a device, not a file", code="dataset.unreadable")
        kind = find_kind(path) if state.st_size else None
    except PermissionError:
        raise RecordingError(path, "you have no permission to read it", code="dataset.permission") from None
    except OSError as error:
        raise RecordingError(path, f"cannot be opened ({error.strerror})", code="dataset.unreadable") from None
    if not state.st_size:
        raise RecordingError(path, "the file is empty (0 bytes); copy or export it again", code="dataset.empty")
    return kind


def _why_unreadable(kind: Kind | None) -> str:
    """Say why a file cannot be read that no converter is asked for."""
    if kind is None:
        return f"not an audio file, whatever its name says; {READABLE} can be read"
    return DAMAGED if kind.name else f"this is {kind.words}, which cannot be read; export it as {READABLE}"


def is_text(name: str) -> bool:
    """Say whether a name can be written down; file systems take any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def source_blocks(path: Path, block_seconds: float, channels_in: ChannelsIn = "auto") -> Iterator[NDArray[np.float32]]:
    """Yield a recording at its own sample rate, mixed to mono or stereo, as far as it can be read.

    A file that is cut off or damaged in the middle ends there, without an error.

    Args:
        path: The recording.
        block_seconds: Length of a block; shorter where many channels would take much memory.
        channels_in: What the person says of its channels.

    Yields:
        Shape (samples, 1 or 2).

    Raises:
        RecordingError: the file cannot be opened.
    """
    with open_source(path) as source:
        yield from (block for block in source.blocks(block_seconds, channels_in) if len(block))


def _read_blocks(file: soundfile.SoundFile, block_seconds: float) -> Iterator[NDArray[np.float32]]:
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
        with _quiet(file.format):
            count = len(file.read(out=block))
    except soundfile.LibsndfileError:
        missing = np.isnan(block).any(axis=1)
        return block[: int(missing.argmax()) if missing.any() else longest], True
    return block[:count], count < longest


@contextlib.contextmanager
def _open_part(path: Path, part: Part) -> Iterator[soundfile.SoundFile]:
    """Open one part of a file.

    Raises:
        _Unreadable: libsndfile does not know what it is.
    """
    with contextlib.ExitStack() as stack:
        try:
            with hushed():
                if part.pieces:
                    window = Window(stack.enter_context(path.open("rb")), part.pieces)
                    file = stack.enter_context(soundfile.SoundFile(window))
                else:
                    file = stack.enter_context(soundfile.SoundFile(path))
        except (soundfile.LibsndfileError, TypeError) as error:
            raise _Unreadable from error
        yield file


def _quiet(container: str) -> contextlib.AbstractContextManager[None]:
    """Return the silence that a reader needs."""
    return hushed() if container in ("MP3", "MPEG") else contextlib.nullcontext()


def _describe(named: Path, path: Path, kind: Kind | None) -> Source:
    """Return a recording with what its parts say, refusing what cannot be true.

    Args:
        named: The file that the person knows.
        path: The one to read.
        kind: What that is.

    Raises:
        _Unreadable: libsndfile does not know it.
        RecordingError: it is damaged, holds nothing or far too much.
    """
    try:
        state = path.stat()
        layout = _lay_out(path, state.st_size, state.st_mtime_ns, kind)
    except OSError as error:
        raise RecordingError(named, f"cannot be read ({error.strerror})", code="dataset.unreadable") from None
    infos = []
    for part in layout.parts:
        with _open_part(path, part) as file:
            infos.append(_describe_part(named, file, part))
    first = infos[0]
    samples = sum(round(one.samples * first.sample_rate / one.sample_rate) for one in infos)
    if samples > LONGEST_SECONDS * first.sample_rate:
        reason = (
            f"its header says that it lasts {samples / first.sample_rate / 3600:,.0f} hours; up to "
            f"{LONGEST_SECONDS / 3600:.0f} can be read. Cut it, or export it again"
        )
        raise RecordingError(named, reason, code="dataset.too_long")
    if samples < 1:
        raise RecordingError(named, "holds no samples; export it again", code="dataset.no_samples")
    widest = max(infos, key=lambda one: one.channels)
    missing = layout.missing_samples or sum(one.promised_samples - one.samples for one in infos)
    info = SourceInfo(
        sample_rate=first.sample_rate,
        channels=widest.channels,
        samples=samples,
        promised_samples=samples + missing,
        cut_off=layout.cut_off or missing > 0,
        container=first.container,
        encoding=first.encoding,
        speakers=widest.speakers,
        has_speakers=widest.has_speakers,
        notes=layout.notes + _note_parts(infos),
    )
    return Source(path, layout, info)


def _note_parts(infos: Sequence[SourceInfo]) -> tuple[str, ...]:
    """Say that a file is several files, where that is so."""
    return (f"{len(infos)} recordings one after the other: all are used",) if len(infos) > 1 else ()


@lru_cache(64)
def _lay_out(path: Path, size: int, changed: int, kind: Kind | None) -> Layout:
    """Return the layout of a file, looked at once for each state that it has; one that is not understood as it is."""
    del size, changed
    found = Layout()
    with path.open("rb") as file, contextlib.suppress(struct.error, IndexError):  # a header that is cut short
        found = _find_layout(Content(file), kind)
    return found if found.parts else AS_IT_IS


def _find_layout(content: Content, kind: Kind | None) -> Layout:
    """Return the layout of a file of a kind; of unknown ones, MP3 may lie between rubbish."""
    start = kind.start if kind else 0
    match kind.name if kind else "mpeg":
        case "wav":
            return lay_out_wave(content, start)
        case "aiff":
            return lay_out_aiff(content, start)
        case "flac":
            return lay_out_flac(content, start)
        case "ogg":
            return lay_out_ogg(content, start)
        case "mpeg":
            return lay_out_mpeg(content, start, len(content))
    return Layout()


def _describe_part(path: Path, file: soundfile.SoundFile, part: Part) -> SourceInfo:
    """Return what the header of a part says."""
    if not (LOWEST_RATE <= file.samplerate <= HIGHEST_RATE and 1 <= file.channels <= MOST_CHANNELS):
        reason = (
            f"its header says {file.samplerate} Hz and {file.channels} channels; {LOWEST_RATE} to {HIGHEST_RATE} Hz "
            f"and up to {MOST_CHANNELS} channels can be read, so it is damaged or no recording"
        )
        raise RecordingError(path, reason, code="dataset.header")
    promised = file.frames if part.pieces else _promised_samples(file)
    return SourceInfo(
        sample_rate=file.samplerate,
        channels=file.channels,
        samples=file.frames,
        promised_samples=promised,
        cut_off=promised > file.frames,
        container=file.format,
        encoding=file.subtype,
        speakers=_speakers(file, part),
        has_speakers=bool(part.speakers) or file.format == "OGG",
    )


def _speakers(file: soundfile.SoundFile, part: Part) -> tuple[str, ...]:
    return find_speakers(file.channels, file.format, part.speakers) if file.channels > 2 else ()


def _promised_samples(file: soundfile.SoundFile) -> int:
    """Return how many samples the header of a W64 or the like announces; libsndfile reports those that are there."""
    sizes = CHUNK_CUT_SHORT.search(file.extra_info)
    announced, present = (int(size) for size in sizes.groups()) if sizes else (0, 0)
    if not 0 < present < announced < UNKNOWN_LENGTH or file.format in ("WAV", "WAVEX", "RF64", "AIFF"):
        return int(file.frames)
    return max(int(file.frames), round(file.frames * announced / present))


def _widen(block: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    """Return a block with one channel doubled where another part has two; two averaged where one is wanted."""
    if block.shape[1] == channels:
        return block
    return np.repeat(block, 2, axis=1) if channels == 2 else block.mean(axis=1, keepdims=True)
