"""The data-set doctor: looks at every recording of a folder once, and at the set as a whole."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.audio.converter import stopping
from engine.audio.files import BLOCK_SECONDS
from engine.audio.resample import Resampler
from engine.audio.source import RecordingError, open_source
from engine.dataset.advice import advise, judge, note_file
from engine.dataset.comparison import Candidate, find_alike, find_exact_copies, score_oddness
from engine.dataset.folder import Progress, RecordingCheck, UsableFile, refuse_nothing
from engine.dataset.intake import Chosen, Skipped, choose_files
from engine.dataset.portrait import Listener, Portrait
from engine.dataset.report import FileHealth, HealthReport
from engine.errors import Cancelled
from engine.settings import ChannelsIn
from engine.units import amplitude_to_db, db_to_amplitude


@dataclass(frozen=True)
class Examined:
    """One usable recording with all that was measured while it was read.

    Attributes:
        usable: Its length, rate and channels.
        portrait: Its loudness, spectrum and opening.
        peak_db: Highest sample, dB relative to full scale.
        clipped_share: Share of samples in flat tops, 0 to 1.
        dc_offset: Mean of the samples.
        noise_db: Of rounding to the steps that the file is written in, dB relative to full scale.
    """

    usable: UsableFile
    portrait: Portrait
    peak_db: float
    clipped_share: float
    dc_offset: float
    noise_db: float


def inspect_folder(
    folder: Path,
    on_progress: Progress | None = None,
    *,
    leave_out: Collection[str] = (),
    channels_in: ChannelsIn = "auto",
    should_stop: Callable[[], bool] | None = None,
) -> HealthReport:
    """Examine a folder of recordings; uses and leaves out the same files as training (see `usable_recordings`).

    Each file is read once in blocks, and a second time in part only if it may be a copy of another, so memory does
    not grow with the length of files.

    Args:
        folder: Looked through with the folders inside it.
        on_progress: Called with files done, files in all and the name of the next, and once at the end.
        leave_out: Names of files that are not opened; see `choose_files`.
        channels_in: What the person says of their channels.
        should_stop: Asked before every file.

    Raises:
        DatasetError: the folder cannot be opened, or nothing in it can be used.
        ParameterError: the folder has no file of a name that is to be left out.
        Cancelled: the person stopped it.
    """
    chosen = choose_files(folder, leave_out)
    examined, skipped = examine_files(chosen, on_progress, should_stop, channels_in=channels_in)
    refuse_nothing(folder, len(examined), skipped, chosen.left_out)
    report = make_report(folder, chosen, examined, skipped)
    if on_progress:
        on_progress(len(chosen.recordings), len(chosen.recordings), "")
    return report


def examine_files(
    chosen: Chosen,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
    recall: Callable[[str], Examined | None] = lambda _: None,
    *,
    channels_in: ChannelsIn = "auto",
) -> tuple[list[Examined], list[Skipped]]:
    """Read each chosen recording once; return those that can be used, and all others with reasons.

    Args:
        chosen: From `choose_files`.
        on_progress: Called before each file with files done, files in all and its name.
        should_stop: Asked before every file.
        recall: Returns what an earlier look found in the recording of a name, None where it has to be read.
        channels_in: What the person says of the channels.

    Raises:
        Cancelled: the person stopped it.
    """
    examined: list[Examined] = []
    skipped = list(chosen.skipped)
    for done, (name, path) in enumerate(chosen.recordings):
        if should_stop and should_stop():
            raise Cancelled("stopped while the recordings were examined; nothing is changed")
        if on_progress:
            on_progress(done, len(chosen.recordings), name)
        try:
            with stopping(should_stop):
                examined.append(recall(name) or examine(path, name, channels_in))
        except RecordingError as error:
            skipped.append(Skipped(name, error.reason))
        except OSError as error:  # a memory stick that is pulled out, a network that is gone
            skipped.append(Skipped(name, f"cannot be read ({error.strerror or error})"))
    return examined, skipped


def make_report(folder: Path, chosen: Chosen, examined: Sequence[Examined], skipped: Sequence[Skipped]) -> HealthReport:
    """Return what the doctor says of recordings that were read; there may be none."""
    files = compare(examined) if examined else ()
    advice = advise(files, skipped)
    return HealthReport(
        folder=str(folder),
        files=files,
        skipped=tuple(skipped),
        ignored=chosen.ignored,
        seconds=sum(one.seconds for one in files),
        verdict=judge(files, advice),
        advice=advice,
        left_out=chosen.left_out,
    )


def examine(path: Path, name: str, channels_in: ChannelsIn = "auto") -> Examined:
    """Read one recording once and measure it.

    Args:
        path: The recording.
        name: Its path relative to the folder.
        channels_in: What the person says of its channels.

    Raises:
        RecordingError: it cannot be used.
    """
    with open_source(path) as source:
        info, channels = source.info, source.mixed_channels(channels_in)
        check = RecordingCheck(path, name, info, channels_in)
        resampler = Resampler(info.sample_rate, channels)
        listener = Listener(info.sample_rate, channels)
        for block in source.blocks(BLOCK_SECONDS, channels_in):
            if len(block):
                heard = resampler.process(block)
                check.update(block, heard)
                listener.hear_source(block)
                listener.hear(heard)
    usable = check.finish()
    listener.hear(resampler.flush())
    level = check.level
    noise_db = amplitude_to_db(info.step / 12**0.5) + (level.peak_db if info.is_float else 0.0)
    return Examined(usable, listener.finish(), level.peak_db, level.clipped_share, level.dc_offset, noise_db)


def compare(examined: Sequence[Examined]) -> tuple[FileHealth, ...]:
    """Return the findings on each file, what the others say about it included."""
    portraits = [one.portrait for one in examined]
    names = [one.usable.name for one in examined]
    seconds = [one.usable.seconds for one in examined]
    exact = find_exact_copies(portraits)
    alike = find_alike([_to_candidate(one) for one in examined], exact)
    oddness = score_oddness(portraits)
    files = []
    for index, one in enumerate(examined):
        health = FileHealth(
            file=one.usable.name,
            seconds=one.usable.seconds,
            sample_rate=one.usable.sample_rate,
            channels=one.usable.source_channels,
            stereo=one.usable.channels == 2,
            peak_db=one.peak_db,
            loudness_lufs=one.portrait.loudness_lufs,
            clipped_share=one.clipped_share,
            dc_offset=one.dc_offset,
            silence_share=one.portrait.silence_share,
            band_limit_hz=one.portrait.band_limit_hz,
            mono_loss_db=one.portrait.mono_loss_db,
            duplicate_of=_name(names, exact[index]),
            near_duplicate_of=_name(names, alike[index].copy_of),
            similar_to=_name(names, alike[index].similar_to),
            likeness=alike[index].likeness,
            oddness=oddness[index],
            share=one.usable.seconds / sum(seconds),
            notice=one.usable.notice,
            noise_db=one.noise_db,
            may_be_ambisonic=one.usable.may_be_ambisonic,
            channels_in=one.usable.channels_in,
        )
        files.append(replace(health, notes=note_file(health)))
    return tuple(files)


def _to_candidate(one: Examined) -> Candidate:
    """Return a recording as it is compared with others."""
    file = one.usable
    peak = db_to_amplitude(one.peak_db)
    return Candidate(file.path, file.channels_in, file.seconds, peak, one.dc_offset, one.portrait)


def _name(names: Sequence[str], index: int | None) -> str | None:
    """Return the name at an index that may be none."""
    return None if index is None else names[index]
