"""The doctor's report as data: numbers, notes and advice, ready for JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from engine.dataset.intake import Skipped
from engine.settings import ChannelsIn

ODD_SCORE = 5.0  # of oddness: from here on a file stands out


@dataclass(frozen=True)
class FileHealth:
    """Findings in one recording.

    Attributes:
        file: Path relative to the folder, with forward slashes.
        seconds: Length, as far as it can be read.
        sample_rate: As stored, in Hz.
        channels: As stored.
        stereo: Whether it is used as stereo; two equal channels are mono.
        peak_db: Highest sample, dB relative to full scale.
        loudness_lufs: Integrated loudness, ITU-R BS.1770.
        clipped_share: Share of samples in flat tops, 0 to 1.
        dc_offset: Mean of the samples.
        silence_share: Share of the time below -70 dB, 0 to 1.
        band_limit_hz: Where the spectrum breaks off, None if it does not.
        mono_loss_db: By how much the mean of both channels is weaker than they are.
        duplicate_of: An earlier file with the same samples.
        near_duplicate_of: An earlier file with the same sound in another level, format or rate, without doubt.
        similar_to: An earlier file that may be the same sound, or only sound the same.
        likeness: Of the nearest earlier file, 0 to 1: the correlation of the waveforms; None where none is near.
        oddness: Distance from the middle of the set in robust deviations; ODD_SCORE and more stands out.
        share: Of the length of the whole set, 0 to 1.
        notice: Why less of it is used than there should be; None if it is whole.
        notes: What a musician should know about it.
        noise_db: Of rounding to the steps that the file is written in, dB relative to full scale.
        may_be_ambisonic: Whether its channels can be Ambisonics, and nothing says what they are.
        channels_in: How its channels are read: as the person says, or the one side that sounds.
    """

    file: str
    seconds: float
    sample_rate: int
    channels: int
    stereo: bool
    peak_db: float
    loudness_lufs: float
    clipped_share: float
    dc_offset: float
    silence_share: float
    band_limit_hz: float | None
    mono_loss_db: float
    duplicate_of: str | None
    near_duplicate_of: str | None
    oddness: float
    share: float
    notice: str | None = None
    notes: tuple[str, ...] = ()
    similar_to: str | None = None
    likeness: float | None = None
    noise_db: float = -101.1
    may_be_ambisonic: bool = False
    channels_in: ChannelsIn = "auto"


@dataclass(frozen=True)
class Action:
    """The button that a window offers with an advice.

    Attributes:
        label: Of the button.
        files: Names of the files it is about.
        kind: Leave them out, or mend their DC offset.
    """

    label: str
    files: tuple[str, ...]
    kind: Literal["leave_out", "mend"] = "leave_out"


@dataclass(frozen=True)
class Advice:
    """A sentence on what to do about a set of recordings, and the button that does it where there is one."""

    text: str
    action: Action | None = None


@dataclass(frozen=True)
class HealthReport:
    """Findings in a folder.

    Attributes:
        folder: As it was given.
        files: The recordings that training will use, at least one.
        skipped: What is left out, and why.
        ignored: Files that are no sound.
        seconds: Length of all files together.
        verdict: The whole in one sentence.
        advice: What to do, the most important first.
        left_out: Names of files that the person leaves out; they were not looked at.
    """

    folder: str
    files: tuple[FileHealth, ...]
    skipped: tuple[Skipped, ...]
    ignored: tuple[str, ...]
    seconds: float
    verdict: str
    advice: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON; tuples become lists."""
        values = asdict(self)
        for name in ("files", "skipped", "ignored", "advice", "left_out"):
            values[name] = list(values[name])
        for row in values["files"]:
            row["notes"] = list(row["notes"])
        return values


_REPORT = TypeAdapter(HealthReport)


def dict_to_report(values: Mapping[str, Any]) -> HealthReport:
    """Read what `HealthReport.to_dict` returned.

    Raises:
        ValueError: a value is missing or has the wrong type; the message is one line.
    """
    try:
        return _REPORT.validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
