"""Which recordings of a folder can be used, and why the others cannot: the same answer for doctor and training."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio.channels import AMBISONIC
from engine.audio.converter import stopping
from engine.audio.files import BLOCK_SECONDS, KEEPS_SIDES
from engine.audio.info import SourceInfo
from engine.audio.level import LevelMeter
from engine.audio.resample import Resampler
from engine.audio.source import READABLE, RecordingError, open_source
from engine.dataset.intake import Skipped, choose_files
from engine.errors import DatasetError
from engine.settings import ChannelsIn
from engine.units import PADDED_FILE_SECONDS, SAMPLE_RATE, SHORTEST_FILE_SECONDS, SILENCE_DB

FEW_FILES = 5  # fewer train, but leave little room between copying and inventing
HIGHEST_PEAK_DB = 40.0  # above it, a float file is wrongly scaled rather than loud
CODED_SAMPLES = 1152  # of an MP3 are coded together: its length may be told that much too large
UNHEARD_SHARE = 0.5  # of the energy above half of SAMPLE_RATE: the person should know
SIDES: tuple[ChannelsIn, ChannelsIn] = ("left", "right")

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
        channels_in: How its channels are read: as the person says, or the one side that sounds.
        may_be_ambisonic: Whether its channels can be Ambisonics, and nothing says what they are.
        notes: What else the person should know although the file is used, each a clause.
    """

    path: Path
    name: str
    seconds: float
    sample_rate: int
    source_channels: int
    channels: int
    missing_seconds: float | None = None
    channels_in: ChannelsIn = "auto"
    may_be_ambisonic: bool = False
    notes: tuple[str, ...] = ()

    @property
    def notice(self) -> str | None:
        """Return what the person should know although the file is used."""
        return "; ".join((*self._note_loss(), *self.notes)) or None

    def _note_loss(self) -> tuple[str, ...]:
        if self.missing_seconds is None:
            return ()
        lost = f"{self.missing_seconds:.1f} s are missing" if self.missing_seconds >= 0.05 else "its end is missing"
        return (f"cut off or damaged: {lost}; the {self.seconds:.2f} s that can be read are used",)


@dataclass(frozen=True)
class UsableRecordings:
    """The part of a folder that training will get.

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
        info: What is known of it before.
        channels_in: What the person says of its channels.
    """

    def __init__(self, path: Path, name: str, info: SourceInfo, channels_in: ChannelsIn = "auto") -> None:
        self.level = LevelMeter(info.step, shows_clipping=info.shows_clipping)
        self.heard = LevelMeter(info.step, shows_clipping=False)  # at SAMPLE_RATE, where the file has a higher one
        self._path = path
        self._name = name
        self._info = info
        self._channels_in = channels_in
        self._resampler: Resampler | None = None
        self._samples = 0
        self._power = np.zeros((2, 3))  # of the file and at SAMPLE_RATE: sum of squares, sum, number
        self._channels_differ = False

    @property
    def _is_fast(self) -> bool:
        return self._info.sample_rate > SAMPLE_RATE

    def update(self, block: NDArray[np.float32], heard: NDArray[np.float32] | None = None) -> None:
        """Take the next block (samples, channels) at the file's own rate.

        Args:
            block: As it is in the file.
            heard: The same at SAMPLE_RATE, where somebody has it; it may come later.

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
        if self._is_fast:
            self._compare(block, heard)

    def _compare(self, block: NDArray[np.float32], heard: NDArray[np.float32] | None) -> None:
        """Take note of how much of a block is left at SAMPLE_RATE."""
        if heard is None:
            self._resampler = self._resampler or Resampler(self._info.sample_rate, block.shape[1])
            heard = self._resampler.process(block)
        self.heard.update(heard)
        for place, one in enumerate((block, heard)):
            wide = one.astype(np.float64)
            self._power[place] += (np.square(wide).sum(), wide.sum(), one.size)

    @property
    def unheard_share(self) -> float:
        """Return the share of the energy above half of SAMPLE_RATE, 0 to 1."""
        squares, sums, values = self._power.T
        power = squares / np.maximum(values, 1) - np.square(sums / np.maximum(values, 1))
        return float(np.clip(1.0 - power[1] / power[0], 0.0, 1.0)) if power[0] > 0 and values[1] else 0.0

    def finish(self) -> UsableFile:
        """Return what was found when there are no more blocks.

        Raises:
            RecordingError: nothing could be read, or it is too short, silent or wrongly scaled.
        """
        seconds = self._samples / self._info.sample_rate
        self._refuse_unfit(seconds)
        may_be_sided = self._info.channels == 2 and self._channels_in in KEEPS_SIDES
        side = self.level.silent_side if may_be_sided else None
        return UsableFile(
            path=self._path,
            name=self._name,
            seconds=seconds,
            sample_rate=self._info.sample_rate,
            source_channels=self._info.channels,
            channels=2 if self._channels_differ and side is None else 1,
            missing_seconds=self._missing_seconds(),
            channels_in=self._channels_in if side is None else SIDES[1 - side],
            may_be_ambisonic=self._info.channels in AMBISONIC
            and not self._info.has_speakers
            and self._channels_in == "auto",
            notes=(*self._info.notes, *self._note(seconds, side)),
        )

    def _refuse_unfit(self, seconds: float) -> None:
        if not self._samples:
            raise RecordingError(self._path, "damaged: no sound could be read from it", code="dataset.unreadable")
        if seconds < SHORTEST_FILE_SECONDS:
            reason = f"only {seconds * 1000:.4g} ms long; {SHORTEST_FILE_SECONDS * 1000:.0f} ms are the least"
            raise RecordingError(self._path, reason, code="dataset.too_short")
        if self.level.is_silent:
            raise RecordingError(self._path, self._say_silence(), code="dataset.silent")
        if self.unheard_share > UNHEARD_SHARE and self.heard.is_silent:
            reason = (
                f"all its sound lies above {SAMPLE_RATE / 2000:.0f} kHz, where nobody hears and nothing is learned. "
                "Play it slower, such as ten times for bats, in an editor, and bring that"
            )
            raise RecordingError(self._path, reason, code="dataset.unheard")
        if self.level.peak_db > HIGHEST_PEAK_DB:
            reason = f"peaks at {self.level.peak_db:+.0f} dB, so it is wrongly scaled; normalise it in your editor"
            raise RecordingError(self._path, reason, code="dataset.scale")

    def _say_silence(self) -> str:
        if self.level.peak_db < SILENCE_DB:
            return f"silent: nothing in it is louder than {self.level.peak_db:.0f} dB"
        return f"silent: it holds nothing but a DC offset of {self.level.dc_offset:+.3f}"

    def _note(self, seconds: float, side: int | None) -> tuple[str, ...]:
        """Return what the person should know of how a file is used."""
        unheard = self.unheard_share
        notes = [
            f"its {SIDES[side]} side is silent: the other is used as mono" if side is not None else "",
            f"only {seconds * 1000:.3g} ms long: followed by silence" if seconds < PADDED_FILE_SECONDS else "",
            f"{unheard:.0%} of its sound lies above {SAMPLE_RATE / 2000:.0f} kHz and is not learned: to hear it, play "
            "it slower in an editor"
            if unheard > UNHEARD_SHARE
            else "",
        ]
        return tuple(note for note in notes if note)

    def _missing_seconds(self) -> float | None:
        """Return what a cut-off file lacks, None if it is whole."""
        lost = self._info.promised_samples - self._samples
        if lost > (CODED_SAMPLES if self._info.container in ("MP3", "MPEG") else 0):
            return lost / self._info.sample_rate
        return 0.0 if self._info.cut_off else None


def check_recording(path: Path, name: str, channels_in: ChannelsIn = "auto") -> UsableFile:
    """Decode a recording once, block by block, and say what it is.

    Args:
        path: The recording.
        name: Its path relative to the folder.
        channels_in: What the person says of its channels.

    Raises:
        RecordingError: it cannot be used.
    """
    with open_source(path) as source:
        check = RecordingCheck(path, name, source.info, channels_in)
        for block in source.blocks(BLOCK_SECONDS, channels_in):
            if len(block):
                check.update(block)
    return check.finish()


def usable_recordings(
    folder: Path,
    on_progress: Progress | None = None,
    leave_out: Collection[str] = (),
    *,
    channels_in: ChannelsIn = "auto",
    should_stop: Callable[[], bool] | None = None,
) -> UsableRecordings:
    """Return the recordings of a folder that training uses, decoding each once.

    Args:
        folder: Looked through with the folders inside it.
        on_progress: Called with files done, files in all and the name of the next, and once at the end.
        leave_out: Names of files that are not opened; see `choose_files`.
        channels_in: What the person says of their channels.
        should_stop: Asked while a file is converted, which may take minutes.

    Raises:
        DatasetError: the folder cannot be opened, or nothing in it can be used.
        ParameterError: the folder has no file of a name that is to be left out.
        Cancelled: `should_stop` said so.
    """
    chosen = choose_files(folder, leave_out)
    files: list[UsableFile] = []
    skipped = list(chosen.skipped)
    for done, (name, path) in enumerate(chosen.recordings):
        if on_progress:
            on_progress(done, len(chosen.recordings), name)
        try:
            with stopping(should_stop):
                files.append(check_recording(path, name, channels_in))
        except RecordingError as error:
            skipped.append(Skipped(name, error.reason))
        except OSError as error:  # a memory stick that is pulled out, a network that is gone
            skipped.append(Skipped(name, f"cannot be read ({error.strerror or error})"))
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
