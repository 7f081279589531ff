"""The doctor's advice about recordings, in a musician's words."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from engine.dataset.folder import few_files_warning
from engine.dataset.intake import Skipped
from engine.dataset.report import ODD_SCORE, Action, Advice, FileHealth

CLIPPED_SHARE = 0.0005
DC_OFFSET = 0.02
MOSTLY_SILENT_SHARE = 0.5
QUIET_LUFS = -45.0
CLEAN_DB = 60.0  # of loudness above the rounding to the file's steps: its level can be raised
SOFT_LUFS = -60.0  # below this it is heard beside nothing else
MONO_LOSS_DB = 10.0
MIXED_LOUDNESS_LU = 20.0
LITTLE_SECONDS = 10.0
DOMINANT_SHARE = 0.5  # held by one file in six or fewer
DULL = "a model of them is as dull: use originals if there are any"
AMBIX = "If so, say channels in = ambix when you train (--channels-in ambix); else they are mixed as loudspeakers"


def leave_out(names: Sequence[str]) -> Action:
    """Return the action that leaves files out."""
    return Action("Leave it out" if len(names) == 1 else f"Leave these {len(names)} out", tuple(names))


def note_file(health: FileHealth) -> tuple[str, ...]:
    """Return what to know about one recording, the gravest first; nothing if it is fine."""
    near, loudness, silence = health.near_duplicate_of, health.loudness_lufs, health.silence_share
    notes = [
        health.notice,
        f"the same as {health.duplicate_of}: remove one" if health.duplicate_of else None,
        f"the same sound as {near}, in another level or format: remove one" if near else None,
        f"may be the same sound as {health.similar_to}, or only sound alike (likeness {health.likeness or 0.0:.0%}): "
        "listen to both"
        if health.similar_to
        else None,
        f"clipped: {health.clipped_share:.1%} of it is cut flat; record it lower if that distortion is not meant"
        if is_clipped(health)
        else None,
        f"peaks {health.peak_db:.1f} dB above full scale, which is no problem here" if health.peak_db > 0.05 else None,
        _note_band_limit(health) if is_limited(health) else None,
        "sounds unlike the others: keep it if you want its colour in the model" if is_odd(health) else None,
        f"very quiet ({loudness:.0f} LUFS): its hiss is learned too; bring it up or leave it out"
        if is_quiet(health)
        else None,
        f"soft ({loudness:.0f} LUFS), and well above the noise of its format: raise its level, which loses nothing"
        if is_soft(health)
        else None,
        f"{silence:.0%} of it is silence: trim it" if is_mostly_silent(health) else None,
        f"DC offset {health.dc_offset:+.3f}: a high-pass at 20 Hz removes it" if has_offset(health) else None,
        "left and right cancel out in mono: check the polarity of one channel"
        if health.mono_loss_db > MONO_LOSS_DB
        else None,
        _note_channels(health),
    ]
    return tuple(note for note in notes if note)


def is_clipped(health: FileHealth) -> bool:
    """Return whether enough of a file is cut flat to be heard."""
    return health.clipped_share > CLIPPED_SHARE


def is_limited(health: FileHealth) -> bool:
    """Return whether a file lacks highs because of its format."""
    return health.band_limit_hz is not None


def is_odd(health: FileHealth) -> bool:
    """Return whether a file stands out from its set."""
    return health.oddness >= ODD_SCORE


def is_quiet(health: FileHealth) -> bool:
    """Return whether a file is so quiet that the noise of its format counts."""
    return health.loudness_lufs < QUIET_LUFS and health.loudness_lufs - health.noise_db < CLEAN_DB


def is_soft(health: FileHealth) -> bool:
    """Return whether a file is far below others, and yet clean: it can be raised."""
    return health.loudness_lufs < SOFT_LUFS and not is_quiet(health)


def is_mostly_silent(health: FileHealth) -> bool:
    """Return whether a file is silence for the most part."""
    return health.silence_share > MOSTLY_SILENT_SHARE


def has_offset(health: FileHealth) -> bool:
    """Return whether a file's mean is far enough from zero to click where it is cut."""
    return abs(health.dc_offset) > DC_OFFSET


def _note_band_limit(health: FileHealth) -> str:
    """Say where a file's highs end and what probably cut them."""
    limit_hz = health.band_limit_hz or 0.0
    if limit_hz > 0.42 * health.sample_rate:
        cause = f"its sample rate of {health.sample_rate} Hz holds no more"
    elif limit_hz > 14_500:
        cause = "perhaps because it is an MP3 or the like, or once was"
    else:
        cause = "perhaps strongly compressed, or once at a lower sample rate"
    return f"nothing above {limit_hz / 1000:.1f} kHz, {cause}; if there is a better original, use that"


def _note_channels(health: FileHealth) -> str | None:
    """Say what becomes of the channels where that is not plain."""
    if health.may_be_ambisonic:
        return f"{health.channels} channels: are they Ambisonics (AmbiX)? {AMBIX}"
    if health.channels_in != "auto":
        return None  # the person says so, or the notice does
    if health.channels > 2:
        return (
            f"{health.channels} channels, mixed to {'stereo' if health.stereo else 'mono, for both sides are the same'}"
        )
    return "both channels are the same: used as mono" if health.channels == 2 and not health.stereo else None


def advise(files: Sequence[FileHealth], skipped: Sequence[Skipped]) -> tuple[str, ...]:
    """Return what to do about a set of recordings in words, the most important first."""
    return tuple(one.text for one in find_advice(files, skipped))


def find_advice(
    files: Sequence[FileHealth], skipped: Sequence[Skipped], *, mendable: bool = False
) -> tuple[Advice, ...]:
    """Return what to do about a set of recordings, the most important first, and what a button could do about it.

    Args:
        files: The recordings that are used; there may be none.
        skipped: Files that cannot be used.
        mendable: Whether the program may change the files.
    """
    unusable = _say(f"{_files(len(skipped))} left out; the list says why" if skipped else None)
    if not files:
        return (unusable,) if unusable else ()
    copies = [one for one in files if one.duplicate_of or one.near_duplicate_of]
    found = [
        _say(few_files_warning(len(files))),
        unusable,
        _say(_advise_ambisonics(files)),
        _say(_advise_length(files)),
        _advise_dominance(files),
        _list("copied from others: remove them, or they count twice", copies),
        _list("clipped: use a cleaner take if you have one", filter(is_clipped, files)),
        _list(f"without highs, perhaps because of the format; {DULL}", filter(is_limited, files), None),
        _list("unlike the rest: keep if meant", filter(is_odd, files), None),
        _list("very quiet: bring up the level", filter(is_quiet, files)),
        _list("soft, though clean: raise the level, which loses nothing", filter(is_soft, files), None),
        _list("mostly silent: trim", filter(is_mostly_silent, files)),
        _list(
            "with a DC offset, which can click: high-pass at 20 Hz",
            filter(has_offset, files),
            mend if mendable else leave_out,
        ),
        _say(_advise_loudness(files)),
        _say(_advise_stereo(files)),
    ]
    return tuple(one for one in found if one)


def judge(files: Sequence[FileHealth], advice: Sequence[object]) -> str:
    """Return the verdict on a set of recordings in one sentence."""
    if not files:
        return "There is nothing to learn from."
    stereo = sum(one.stereo for one in files)
    width = "stereo" if stereo == len(files) else "mono" if not stereo else "mono and stereo"
    whole = f"{_recordings(len(files))}, {show_seconds(sum(one.seconds for one in files))}, {width}"
    if not advice:
        return f"Ready to train: {whole}."
    if few_files_warning(len(files)):
        return f"Trains, but there is little to learn from: {whole}."
    return f"Ready to train: {whole}; {'one thing' if len(advice) == 1 else f'{len(advice)} things'} worth a look."


def show_seconds(seconds: float) -> str:
    """Return a length as a person reads it: 4.2 s, 3 min 20 s, 2 h 5 min."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _advise_ambisonics(files: Sequence[FileHealth]) -> str | None:
    """Ask what channels are that can be Ambisonics."""
    names = [one.file for one in files if one.may_be_ambisonic]
    return f"{_files(len(names))} may be Ambisonics (AmbiX): {name_some(names)}. {AMBIX}" if names else None


def _advise_length(files: Sequence[FileHealth]) -> str | None:
    """Say so if there is very little sound in all."""
    seconds = sum(one.seconds for one in files)
    return f"only {seconds:.1f} s of sound in all: more would help" if seconds < LITTLE_SECONDS else None


def _advise_dominance(files: Sequence[FileHealth]) -> Advice | None:
    """Name how few files are most of the audio, if they are few."""
    if len(files) < 2:
        return None
    longest = sorted(files, key=lambda one: -one.share)[: max(1, len(files) // 6)]
    share = sum(one.share for one in longest)
    if share < max(DOMINANT_SHARE, 1.5 * len(longest) / len(files)):
        return None
    who = f"{longest[0].file} alone is" if len(longest) == 1 else f"{len(longest)} files are"
    text = f"{who} {share:.0%} of your audio, and the model will sound mostly like that: shorten, or add of the rest"
    return Advice(text, leave_out([one.file for one in longest]))


def _advise_loudness(files: Sequence[FileHealth]) -> str | None:
    """Say so if some files are far louder than others."""
    loudness = [one.loudness_lufs for one in files]
    quiet, loud = np.percentile(loudness, [10, 90])
    if loud - quiet < MIXED_LOUDNESS_LU:
        return None
    return f"loudness from {quiet:.0f} to {loud:.0f} LUFS: level the files if the difference is not meant"


def _advise_stereo(files: Sequence[FileHealth]) -> str | None:
    """Say what becomes of a set of mono and stereo files."""
    stereo = sum(one.stereo for one in files)
    if stereo in (0, len(files)):
        return None
    return f"{len(files) - stereo} mono and {stereo} stereo: the result is stereo, with the mono ones in the middle"


def _list(
    what: str, files: Iterable[FileHealth], action: Callable[[Sequence[str]], Action] | None = leave_out
) -> Advice | None:
    """Return "3 files (a, b, c) …", naming up to three, and a button; none where it is only suspected."""
    names = [one.file for one in files]
    if not names:
        return None
    text = f"{_files(len(names))} {what} ({name_some(names)})"
    return Advice(text, action(names) if action else None)


def name_some(names: Sequence[str]) -> str:
    """Return up to three names, and a sign that there are more."""
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def mend(names: Sequence[str]) -> Action:
    """Return the action that takes the DC offset out of files."""
    return Action("Remove the offset", tuple(names), "mend")


def _say(text: str | None) -> Advice | None:
    """Return an advice about which no button can do anything; None for none."""
    return Advice(text) if text else None


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _recordings(count: int) -> str:
    return "1 recording" if count == 1 else f"{count} recordings"
