"""Sound that only the system's own converter reads: what phones and browsers record, made into a WAV for a while.

The converter gets one file and writes one: no shell, no network, no playlists, no window, and an end after a while.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from engine.audio.kinds import Kind
from engine.audio.refusal import RecordingError
from engine.audio.shelf import Shelf
from engine.errors import Cancelled
from engine.programs import outer_environment

LONGEST_CONVERSION_SECONDS = 1_800.0
LONGEST_SOUND_SECONDS = 24 * 3600
POLL_SECONDS = 0.05
LONGEST_MESSAGE = 160
PLACES = ("/opt/homebrew/bin", "/usr/local/bin", "/opt/local/bin")  # where programs with a window do not look on macOS
AFCONVERT = "/usr/bin/afconvert"  # comes with macOS
AFCONVERT_READS = ("caf", "mov", "aac", "amr", "ac3")

_should_stop: ContextVar[Callable[[], bool] | None] = ContextVar("should_stop", default=None)


@dataclass(frozen=True)
class Converter:
    """A program that reads what libsndfile does not."""

    path: str
    is_ffmpeg: bool

    def command(self, source: Path, target: Path, kind: Kind) -> list[str]:
        """Return the command that makes a WAV of the first sound in a file."""
        if not self.is_ffmpeg:
            return [self.path, str(source.absolute()), str(target), "-f", "WAVE", "-d", "LEF32"]
        return [
            self.path, "-nostdin", "-hide_banner", "-v", "error", "-protocol_whitelist", "file",
            "-f", kind.demuxer or "", "-i", f"file:{source.absolute()}",
            "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-t", str(LONGEST_SOUND_SECONDS),
            "-c:a", "pcm_f32le", "-rf64", "auto", "-f", "wav", f"file:{target}",
        ]  # fmt: skip


def find_converter(kind: Kind) -> Converter | None:
    """Return the program of this system that reads a kind of file, None where there is none."""
    places = os.pathsep.join((os.environ.get("PATH", ""), *(PLACES if sys.platform == "darwin" else ())))
    found = shutil.which("ffmpeg", path=places)
    if found:
        return Converter(found, is_ffmpeg=True)
    if sys.platform == "darwin" and kind.demuxer in AFCONVERT_READS and Path(AFCONVERT).is_file():
        return Converter(AFCONVERT, is_ffmpeg=False)
    return None


@contextlib.contextmanager
def stopping(should_stop: Callable[[], bool] | None) -> Iterator[None]:
    """Let conversions inside a block end when a function says so."""
    token = _should_stop.set(should_stop)
    try:
        yield
    finally:
        _should_stop.reset(token)


@contextlib.contextmanager
def converted(path: Path, kind: Kind) -> Iterator[Path]:
    """Give a file as a WAV of 32-bit floats that exists inside the block.

    The last few are kept, since a recording is looked at more than once.

    Raises:
        RecordingError: there is no converter, it refuses, or it takes too long.
        Cancelled: `stopping` said so.
    """
    converter = find_converter(kind)
    if converter is None:
        reason = f"this is {kind.words}, and it takes ffmpeg to read it. {way_out()}"
        raise RecordingError(path, reason, code="dataset.converter")
    state = path.stat()
    with _shelf.use((str(path.absolute()), state.st_size, state.st_mtime_ns)) as slot:
        with slot.lock:
            if not slot.path.is_file():
                _convert(converter, path, slot.path, kind)
        yield slot.path


def way_out() -> str:
    """Return what a person can do about a file that takes a converter."""
    get = {"darwin": "brew install ffmpeg", "win32": "winget install ffmpeg"}.get(sys.platform, "your package manager")
    return f"Install ffmpeg ({get}), or export it as WAV or FLAC"


def _convert(converter: Converter, path: Path, target: Path, kind: Kind) -> None:
    """Run the converter; on any failure nothing is left of its file."""
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    command = converter.command(path, target, kind)
    try:
        with tempfile.TemporaryFile() as said:
            with subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                creationflags=hidden,
                env=outer_environment(),
            ) as process:
                try:
                    _wait(process, path)
                except BaseException:
                    process.kill()
                    raise
            said.seek(0)
            if process.returncode or not target.is_file():
                raise _refusal(path, kind, said.read().decode(errors="replace"))
    except OSError as error:
        target.unlink(missing_ok=True)
        reason = f"this is {kind.words}; {converter.path} cannot be started ({error.strerror}). {way_out()}"
        raise RecordingError(path, reason, code="dataset.converter") from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _wait(process: "subprocess.Popen[bytes]", path: Path) -> None:
    """Wait for a converter until it ends, takes too long, or nobody wants it any more."""
    should_stop, started = _should_stop.get(), time.monotonic()
    while process.poll() is None:
        if should_stop and should_stop():
            raise Cancelled(f"stopped while {path.name} was converted; nothing is changed")
        if time.monotonic() - started > LONGEST_CONVERSION_SECONDS:
            reason = f"its conversion took more than {LONGEST_CONVERSION_SECONDS / 60:.0f} minutes. {way_out()}"
            raise RecordingError(path, reason, code="dataset.converter")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(POLL_SECONDS)


def _refusal(path: Path, kind: Kind, said: str) -> RecordingError:
    """Return the error for a file that the converter cannot read either."""
    if "matches no streams" in said:
        return RecordingError(path, f"this is {kind.words}, without any sound", code="dataset.no_samples")
    last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "it does not say why")
    last = last.replace(str(path.absolute()), path.name).removeprefix("file:")[:LONGEST_MESSAGE]
    reason = f"this is {kind.words}, and it is damaged or protected ({last}); copy or export it again"
    return RecordingError(path, reason, code="dataset.not_audio")


_shelf = Shelf()
