"""The data-set doctor: looks at every recording of a folder once, and at the set as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.audio.files import BLOCK_SECONDS, list_folder
from engine.audio.level import LevelMeter
from engine.audio.resample import Resampler
from engine.audio.source import RecordingError, probe, source_blocks
from engine.dataset.advice import advise, judge, note_file
from engine.dataset.comparison import find_exact_copies, find_near_copies, score_oddness
from engine.dataset.folder import (
    Progress,
    RecordingCheck,
    Skipped,
    UsableFile,
    refuse_nothing,
    relative_name,
    skipped_by_name,
)
from engine.dataset.portrait import Listener, Portrait
from engine.dataset.report import FileHealth, HealthReport


@dataclass(frozen=True)
class Examined:
    """One usable recording with all that was measured while it was read."""

    usable: UsableFile
    level: LevelMeter
    portrait: Portrait


def inspect_folder(folder: Path, on_progress: Progress | None = None) -> HealthReport:
    """Examine a folder of recordings; uses and leaves out the same files as training (see `usable_recordings`).

    Each file is read once in blocks, and a second time in part only if it may be a copy of another, so memory does
    not grow with the length of files.

    Args:
        folder: Looked through with the folders inside it.
        on_progress: Called with files done, files in all and the name of the next, and once at the end.

    Raises:
        DatasetError: the folder cannot be opened, or nothing in it can be used.
    """
    listing = list_folder(folder)
    examined: list[Examined] = []
    skipped = skipped_by_name(folder, listing)
    for done, path in enumerate(listing.recordings):
        name = relative_name(folder, path)
        if on_progress:
            on_progress(done, len(listing.recordings), name)
        try:
            examined.append(examine(path, name))
        except RecordingError as error:
            skipped.append(Skipped(name, error.reason))
    refuse_nothing(folder, [one.usable for one in examined], skipped)
    files = compare(examined)
    if on_progress:
        on_progress(len(listing.recordings), len(listing.recordings), "")
    advice = advise(files, skipped)
    return HealthReport(
        folder=str(folder),
        files=files,
        skipped=tuple(skipped),
        ignored=tuple(relative_name(folder, path) for path in listing.ignored),
        seconds=sum(one.seconds for one in files),
        verdict=judge(files, advice),
        advice=advice,
    )


def examine(path: Path, name: str) -> Examined:
    """Read one recording once and measure it.

    Args:
        path: The recording.
        name: Its path relative to the folder.

    Raises:
        RecordingError: it cannot be used.
    """
    info = probe(path)
    channels = min(info.channels, 2)
    check = RecordingCheck(path, name, info)
    resampler = Resampler(info.sample_rate, channels)
    listener = Listener(info.sample_rate, channels)
    for block in source_blocks(path, BLOCK_SECONDS):
        check.update(block)
        listener.hear_source(block)
        listener.hear(resampler.process(block))
    usable = check.finish()
    listener.hear(resampler.flush())
    return Examined(usable, check.level, listener.finish())


def compare(examined: Sequence[Examined]) -> tuple[FileHealth, ...]:
    """Return the findings on each file, what the others say about it included."""
    portraits = [one.portrait for one in examined]
    names = [one.usable.name for one in examined]
    seconds = [one.usable.seconds for one in examined]
    exact = find_exact_copies(portraits)
    near = find_near_copies([one.usable.path for one in examined], seconds, portraits, exact)
    oddness = score_oddness(portraits)
    files = []
    for index, one in enumerate(examined):
        health = FileHealth(
            file=one.usable.name,
            seconds=one.usable.seconds,
            sample_rate=one.usable.sample_rate,
            channels=one.usable.source_channels,
            stereo=one.usable.channels == 2,
            peak_db=one.level.peak_db,
            loudness_lufs=one.portrait.loudness_lufs,
            clipped_share=one.level.clipped_share,
            dc_offset=one.level.dc_offset,
            silence_share=one.portrait.silence_share,
            band_limit_hz=one.portrait.band_limit_hz,
            mono_loss_db=one.portrait.mono_loss_db,
            duplicate_of=_name(names, exact[index]),
            near_duplicate_of=_name(names, near[index]),
            oddness=oddness[index],
            share=one.usable.seconds / sum(seconds),
        )
        files.append(replace(health, notes=note_file(health, one.usable)))
    return tuple(files)


def _name(names: Sequence[str], index: int | None) -> str | None:
    """Return the name at an index that may be none."""
    return None if index is None else names[index]
