"""From blocks of sound to a finished file: as loud as asked, below the ceiling, read back, tagged, in its place."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio.files import stream
from engine.audio.limiter import TruePeakLimiter
from engine.audio.loudness import ABSOLUTE_GATE_LUFS, LoudnessMeter
from engine.audio.source import RecordingError
from engine.audio.stage import cut
from engine.errors import ExportError, ParameterError, ShapeError
from engine.export.chain import clean, finish
from engine.export.formats import Encoding, choose_encoding
from engine.export.loop import Loop
from engine.export.measure import Measured, measure
from engine.export.picture import draw_spectrogram
from engine.export.sound_file import SoundFile
from engine.export.spool import Spool
from engine.export.tagging import write_tags
from engine.export.tags import Tags, check_tags
from engine.export.target import DEFAULTS, check_target, explained, placed, write_error
from engine.settings import ExportSettings
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
LOUDNESS_CORRECTIONS = 4  # of what the file before missed; each takes as long as writing the file
MOST_CORRECTIONS = 6  # the last ones for the ceiling alone
LOUDNESS_TOLERANCE_LU = 0.05
PEAK_STEP_DB = 0.02  # further below the ceiling than the last attempt was above it
LEAST_YIELD = 0.3  # LU for each dB of gain; where the limiter takes more of it, the sound is as loud as it can be
LEAD_SECONDS = 1  # of a loop that the stages hear before its beginning; whole, so that it is whole at every sample rate
MUCH_LIMITED_DB = 6.0
NO_TAGS = Tags()
NO_SOUND = "there is no sound to write"


@dataclass(frozen=True)
class Exported:
    """A sound file that was written.

    Attributes:
        measured: Length, loudness and true peak, read back from the file.
        limited_db: How far the loudest peak was taken down by the limiter, in dB.
        notes: What a musician should know, each in one sentence: what could not be reached, and what was done for it.
    """

    measured: Measured
    limited_db: float
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Job:
    """The constants of all attempts at one file."""

    path: Path
    part: Path
    settings: ExportSettings
    encoding: Encoding
    channels: int
    loop: bool


@dataclass(frozen=True)
class _Attempt:
    """One attempt: what was asked of the stages, and what was found in the file."""

    gain_db: float
    ceiling_db: float
    measured: Measured
    limited_db: float


def write_sound(
    blocks: Iterable[Floats],
    path: Path,
    settings: ExportSettings = DEFAULTS,
    *,
    tags: Tags | Callable[[Measured], Tags] = NO_TAGS,
    loop: bool = False,
    force: bool = False,
    expected_samples: int = 0,
) -> Exported:
    """Write a sound into a file that appears under its name when it is whole, and not otherwise.

    Memory does not grow with the length. What has to be read more than once (a loudness target, a lossy format, whose
    decoder may overshoot, a loop) waits on the disk beside the file. The finished file is read back: what is missing
    is an error, and loudness and true peak are those of what anyone will hear.

    Args:
        blocks: Shape (samples, 1 or 2) each, at SAMPLE_RATE, the same number of channels throughout.
        path: Where the file goes; missing folders are made.
        settings: Format, level and the rest.
        tags: What the file says about itself; or what returns it once the samples are written and read back, since
            a passport names their fingerprint.
        loop: The end of the sound leads into its beginning. No stage breaks that, and the file says so.
        force: Replace a file of that name.
        expected_samples: Length of the sound if known; a WAV that would exceed 4 GB is written as RF64.

    Raises:
        ExportError: see `check_target`; or the folder cannot be written, the disk is full, there is no sound or it
            holds NaN.
        ParameterError: a tag cannot be written, or a loop has fades.
        ShapeError: the blocks are not mono or stereo, or not alike.
    """
    check_target(path, settings, force=force)
    if isinstance(tags, Tags):
        check_tags(tags)
    if loop and (settings.fade_in or settings.fade_out):
        raise ParameterError("a loop cannot be faded in or out: its end leads into its beginning; leave the fades out")
    encoding = choose_encoding(path, settings)
    with ExitStack() as stack:
        part = stack.enter_context(placed(path, force=force))
        sound, channels = _check_blocks(blocks)
        job = _Job(path, part, settings, encoding, channels, loop)
        if encoding.format.lossy or settings.loudness is not None or loop:
            spool = stack.enter_context(Spool(path, channels))
            spool.fill(sound)
            attempt = _attempt_until_right(job, spool)
        else:
            attempt = _attempt(job, sound, 0.0, settings.ceiling, expected_samples)
        measured = attempt.measured
        with explained(path):
            said = tags if isinstance(tags, Tags) else tags(measured)
            check_tags(said)
            drawn = replace(said, cover=draw_spectrogram(stream(part))) if settings.cover else said
            write_tags(part, encoding, drawn, measured, Loop(0, measured.samples) if loop else None)
    return Exported(measured, attempt.limited_db, _notes(job, attempt))


def _check_blocks(blocks: Iterable[Floats]) -> tuple[Iterator[Floats], int]:
    """Return the sound, its blocks checked as they come, and its number of channels.

    Raises:
        ExportError: there is no block.
        ShapeError: a block is not mono or stereo, or not like the first.
    """
    sound = iter(blocks)
    first = next(sound, None)
    if first is None:
        raise ExportError(NO_SOUND, code="export.empty")
    if first.ndim != 2 or first.shape[1] not in (1, 2):
        raise ShapeError(f"a block has the shape (samples, 1 or 2), this one {first.shape}")
    channels = first.shape[1]

    def checked() -> Iterator[Floats]:
        for block in chain([first], sound):
            if block.ndim != 2 or block.shape[1] != channels:
                raise ShapeError(f"a block has the shape (samples, {channels}), this one {block.shape}")
            yield block

    return checked(), channels


def _attempt_until_right(job: _Job, spool: Spool) -> _Attempt:
    """Write the file again, corrected by what the last attempt missed, until loudness and ceiling are right."""

    def write(gain_db: float, ceiling_db: float) -> _Attempt:
        lead = LEAD_SECONDS * SAMPLE_RATE if job.loop else 0
        return _attempt(job, spool.blocks(lead), gain_db, ceiling_db, spool.samples)

    attempt = write(_first_gain_db(job, spool), job.settings.ceiling)
    gain_yield = 1.0
    for turn in range(MOST_CORRECTIONS):
        chasing = turn < LOUDNESS_CORRECTIONS and gain_yield >= LEAST_YIELD
        missing, excess = _missing_lu(job, attempt) if chasing else 0.0, _excess_db(job, attempt)
        if abs(missing) <= LOUDNESS_TOLERANCE_LU and excess <= 0.0:
            break
        ceiling_db = attempt.ceiling_db - (excess + PEAK_STEP_DB if excess > 0.0 else 0.0)
        following = write(attempt.gain_db + (missing / gain_yield if missing else 0.0), ceiling_db)
        if missing and ceiling_db == attempt.ceiling_db:
            louder = following.measured.loudness_lufs - attempt.measured.loudness_lufs
            gain_yield = min(1.0, louder / (following.gain_db - attempt.gain_db))
            if gain_yield < LEAST_YIELD:
                following = write(attempt.gain_db, ceiling_db)
        attempt = following
    return attempt


def _attempt(job: _Job, blocks: Iterable[Floats], gain_db: float, ceiling_db: float, samples: int) -> _Attempt:
    """Send a sound through all stages into the file, and read the file back.

    Args:
        job: What is made.
        blocks: The sound at SAMPLE_RATE; of a loop also what leads in and out.
        gain_db: In dB.
        ceiling_db: Of the limiter, in dBTP.
        samples: Length of the sound at SAMPLE_RATE, 0 where it is not known.
    """
    rate = job.encoding.sample_rate
    limiter = TruePeakLimiter(job.channels, ceiling_db, rate)
    finished = finish(clean(blocks, job.settings), gain_db, job.channels, rate, limiter)
    expected = round(samples * rate / SAMPLE_RATE)
    if job.loop:
        finished = cut(finished, LEAD_SECONDS * rate, expected)
    with SoundFile(job.part, job.path, job.encoding, job.channels, expected_samples=expected) as file:
        for block in finished:
            file.write(block)
    return _Attempt(gain_db, ceiling_db, _read_back(job, file.samples), limiter.most_reduction_db)


def _read_back(job: _Job, samples: int) -> Measured:
    """Measure the file; encoders do not tell when the disk is full, so its length is compared.

    Raises:
        ExportError: the file does not hold as many samples as were written.
    """
    if not samples:
        raise ExportError(NO_SOUND, code="export.empty")
    try:
        measured = measure(job.part)
    except RecordingError as error:
        raise write_error(job.path, error) from error
    if measured.samples != samples:
        raise write_error(job.path)
    return measured


def _first_gain_db(job: _Job, spool: Spool) -> float:
    """Return the gain that brings the sound to the loudness that is wanted, if nothing has to be limited."""
    if job.settings.loudness is None:
        return 0.0
    meter = LoudnessMeter(job.channels)
    for block in clean(spool.blocks(), job.settings):
        meter.update(block)
    return 0.0 if meter.lufs() <= ABSOLUTE_GATE_LUFS else job.settings.loudness - meter.lufs()


def _missing_lu(job: _Job, attempt: _Attempt) -> float:
    """Return how much louder the file should be; 0 where no loudness is wanted, or the sound is too quiet."""
    loudness = attempt.measured.loudness_lufs
    return 0.0 if job.settings.loudness is None or loudness <= ABSOLUTE_GATE_LUFS else job.settings.loudness - loudness


def _excess_db(job: _Job, attempt: _Attempt) -> float:
    """Return by how much the true peak of the file is above the ceiling."""
    return attempt.measured.true_peak_db - job.settings.ceiling


def _notes(job: _Job, attempt: _Attempt) -> tuple[str, ...]:
    """Say what could not be reached, and what was done to the sound that could be heard."""
    settings, measured = job.settings, attempt.measured
    notes = []
    if settings.loudness is not None and measured.loudness_lufs <= ABSOLUTE_GATE_LUFS:
        notes.append(f"the sound is too quiet to be brought to {settings.loudness:g} LUFS; its level is its own")
    elif abs(_missing_lu(job, attempt)) > 2 * LOUDNESS_TOLERANCE_LU:
        notes.append(
            f"the loudness is {measured.loudness_lufs:.1f} LUFS, not {settings.loudness:g}: below a ceiling of "
            f"{settings.ceiling:g} dBTP this sound cannot have it"
        )
    if _excess_db(job, attempt) > 0.0:
        notes.append(f"the true peak is {measured.true_peak_db:.2f} dBTP: {job.encoding.format.words} raises it")
    if attempt.limited_db > MUCH_LIMITED_DB:
        notes.append(f"peaks were taken down by up to {attempt.limited_db:.1f} dB, to stay below the ceiling")
    if job.loop and job.encoding.format.name == "mp3":
        notes.append("an MP3 cannot say that it is a loop; WAV, FLAC, OGG Vorbis and Opus can")
    return tuple(notes)
