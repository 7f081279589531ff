"""Which recordings of a folder can be used, and why the others cannot: the same answer for doctor and training."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio.files import BLOCK_SECONDS
from engine.audio.level import LevelMeter
from engine.audio.source import READABLE, RecordingError, SourceInfo, knows_its_length, probe, source_blocks
from engine.dataset.intake import Skipped, choose_files
from engine.errors import DatasetError
from engine.units import SHORTEST_FILE_SECONDS, SILENCE_DB

FEW_FILES = 5  # fewer train, but leave little room between copying and inventing
HIGHEST_PEAK_DB = 40.0  # above it, a float file is wrongly scaled rather than loud

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class UsableFile:
    """One recording that can be learned from.

    Attributes:
        path: Where it is.
        name: Its path relative to the folder, with forward slashes.
        seconds: Its length, as far as it can be read.
        sample_rate: As stored, in Hz.
        source_channels: As stored.
        channels: 1, or 2 if there are two that differ.
        missing_seconds: How much a cut-off file lacks; None if it is whole, 0 if nobody can know.
    """

    path: Path
    name: str
    seconds: float
    sample_rate: int
    source_channels: int
    channels: int
    missing_seconds: float | None = None

    @property
    def notice(self) -> str | None:
        """Return what the person should know although the file is used."""
        if self.missing_seconds is None:
            return None
        lost = f"{self.missing_seconds:.1f} s are missing" if self.missing_seconds >= 0.05 else "its end is missing"
        return f"cut off or damaged: {lost}; the {self.seconds:.2f} s that can be read are used"


@dataclass(frozen=True)
class UsableRecordings:
    """What training will get from a folder.

    Attributes:
        files: At least one.
        skipped: Left out, with reasons.
        ignored: Names of files that are no sound.
        warning: What to expect when there are few files.
        left_out: Names of files that the person leaves out.
    """

    files: tuple[UsableFile, ...]
    skipped: tuple[Skipped, ...]
    ignored: tuple[str, ...]
    warning: str | None
    left_out: tuple[str, ...] = ()


class RecordingCheck:
    """Decides from all blocks of a recording whether it can be used.

    Args:
        path: The recording.
        name: Its path relative to the folder.
        info: What its header says.
    """

    def __init__(self, path: Path, name: str, info: SourceInfo) -> None:
        self.level = LevelMeter(info.step)
        self._path = path
        self._name = name
        self._info = info
        self._samples = 0
        self._channels_differ = False

    def update(self, block: NDArray[np.float32]) -> None:
        """Take the next block (samples, channels) at the file's own rate.

        Raises:
            RecordingError: it holds NaN or infinity.
        """
        invalid = ~np.isfinite(block).all(axis=1)
        if invalid.any():
            at = (self._samples + int(invalid.argmax())) / self._info.sample_rate
            reason = f"holds invalid numbers (NaN or infinity) at {at:.2f} s; export it again from your editor"
            raise RecordingError(self._path, reason, code="dataset.invalid_numbers")
        self._samples += len(block)
        self._channels_differ = self._channels_differ or not np.array_equal(block[:, 0], block[:, -1])
        self.level.update(block)

    def finish(self) -> UsableFile:
        """Return what was found when there are no more blocks.

        Raises:
            RecordingError: nothing could be read, or it is too short, silent or wrongly scaled.
        """
        seconds = self._samples / self._info.sample_rate
        if not self._samples:
            raise RecordingError(self._path, "damaged: no sound could be read from it", code="dataset.unreadable")
        if seconds < SHORTEST_FILE_SECONDS:
            reason = f"only {seconds * 1000:.4g} ms long; {SHORTEST_FILE_SECONDS * 1000:.0f} ms are the least"
            raise RecordingError(self._path, reason, code="dataset.too_short")
        if self.level.peak_db < SILENCE_DB:
            reason = f"silent: nothing in it is louder than {SILENCE_DB:.0f} dB"
            raise RecordingError(self._path, reason, code="dataset.silent")
        if self.level.peak_db > HIGHEST_PEAK_DB:
            reason = f"peaks at {self.level.peak_db:+.0f} dB, so it is wrongly scaled; normalise it in your editor"
            raise RecordingError(self._path, reason, code="dataset.scale")
        return UsableFile(
            path=self._path,
            name=self._name,
            seconds=seconds,
            sample_rate=self._info.sample_rate,
            source_channels=self._info.channels,
            channels=2 if self._channels_differ else 1,
            missing_seconds=self._missing_seconds(),
        )

    def _missing_seconds(self) -> float | None:
        """Return what a cut-off file lacks, None if it is whole."""
        lost = self._info.promised_samples - self._samples
        if lost > 0 and knows_its_length(self._path, self._info):
            return lost / self._info.sample_rate
        return 0.0 if self._info.cut_off else None


def check_recording(path: Path, name: str) -> UsableFile:
    """Decode a recording once, block by block, and say what it is.

    Raises:
        RecordingError: it cannot be used.
    """
    check = RecordingCheck(path, name, probe(path))
    for block in source_blocks(path, BLOCK_SECONDS):
        check.update(block)
    return check.finish()


def usable_recordings(
    folder: Path, on_progress: Progress | None = None, leave_out: Collection[str] = ()
) -> UsableRecordings:
    """Return the recordings of a folder that training uses, decoding each once.

    Args:
        folder: Looked through with the folders inside it.
        on_progress: Called with files done, files in all and the name of the next, and once at the end.
        leave_out: Names of files that are not opened; see `choose_files`.

    Raises:
        DatasetError: the folder cannot be opened, or nothing in it can be used.
        ParameterError: the folder has no file of a name that is to be left out.
    """
    chosen = choose_files(folder, leave_out)
    files: list[UsableFile] = []
    skipped = list(chosen.skipped)
    for done, (name, path) in enumerate(chosen.recordings):
        if on_progress:
            on_progress(done, len(chosen.recordings), name)
        try:
            files.append(check_recording(path, name))
        except RecordingError as error:
            skipped.append(Skipped(name, error.reason))
    if on_progress:
        on_progress(len(chosen.recordings), len(chosen.recordings), "")
    refuse_nothing(folder, len(files), skipped, chosen.left_out)
    return UsableRecordings(
        tuple(files), tuple(skipped), chosen.ignored, few_files_warning(len(files)), chosen.left_out
    )


def refuse_nothing(folder: Path, files: int, skipped: Sequence[Skipped], left_out: Sequence[str] = ()) -> None:
    """Raise DatasetError if no file can be used, naming the first few reasons.

    Args:
        folder: Of the recordings.
        files: How many can be used.
        skipped: What cannot.
        left_out: What the person leaves out.
    """
    if files:
        return
    if not skipped and left_out:
        raise DatasetError(
            f"all recordings in {folder} are left out by you. Take some of them in.", code="dataset.all_left_out"
        )
    if not skipped:
        raise DatasetError(f"{folder} holds no recordings; put {READABLE} files into it", code="dataset.no_recordings")
    named = "; ".join(f"{one.file}: {one.reason}" for one in skipped[:3])
    more = f"; and {len(skipped) - 3} more" if len(skipped) > 3 else ""
    others = f"; {len(left_out)} left out by you" if left_out else ""
    raise DatasetError(
        f"none of the files in {folder} can be used: {named}{more}{others}", code="dataset.nothing_usable"
    )


def few_files_warning(count: int) -> str | None:
    """Return what to expect of fewer than FEW_FILES recordings, None for more."""
    if count >= FEW_FILES:
        return None
    files = "1 file" if count == 1 else f"{count} files"
    return f"only {files}: it trains, but expect variations close to what you recorded; from {FEW_FILES} on it invents"
