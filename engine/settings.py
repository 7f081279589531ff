"""Every setting a person can make: default, limits, unit and description, declared once.

The command line, the API, the interface and the documentation read these fields; nothing else repeats a default.
A value outside its limits raises ParameterError with the limits in the message (see `checked`).
"""

from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.errors import ParameterError
from engine.units import TRUE_PEAK_DB

FormatName = Literal["wav", "flac", "ogg", "opus", "mp3"]
DeviceName = Literal["auto", "cpu", "cuda", "mps"]
Settings = TypeVar("Settings", bound=BaseModel)


class Frozen(BaseModel):
    """Settings travel unchanged; unknown names are refused rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class TrainSettings(Frozen):
    """How a model is trained."""

    minutes: float = Field(
        3.0, ge=0.1, le=1440.0, description="Minutes the whole training may take, reading and analysis included."
    )
    steps: int | None = Field(
        None, ge=1, le=1_000_000, description="Exact number of training steps instead of a time budget; repeatable."
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Seed of everything random in the training.")
    hold_out: int = Field(
        0,
        ge=0,
        le=100,
        description="Keep every N-th file out of the training, to measure the model on it; 0 keeps none.",
    )
    device: DeviceName = Field("auto", description="Where to compute: auto picks CUDA, then MPS, then the CPU.")


class DemoSettings(TrainSettings):
    """How the demonstration is made."""

    minutes: float = Field(1.0, ge=0.1, le=1440.0, description="Minutes the training may take.")


class GenerateSettings(Frozen):
    """What one output is made of."""

    duration: float = Field(10.0, ge=0.1, le=36_000.0, description="Length in seconds.")
    density: float = Field(2.0, ge=0.1, le=20.0, description="Events per second.")
    novelty: float = Field(0.5, ge=0.0, le=1.0, description="0 close to the recordings, 1 further out.")
    source: float = Field(
        0.7, ge=0.0, le=1.0, description="1 the recordings' own sound carries it, 0 dreamt by the model."
    )
    seed: int = Field(1, ge=0, le=2**31 - 1, description="Same model, settings and seed give the same samples.")
    one_shot: bool = Field(False, description="A single event of natural length; duration and density are not used.")
    channels: Literal["auto", "mono", "stereo"] = Field(
        "auto", description="auto is stereo when the recordings are, mono otherwise."
    )
    device: DeviceName = Field("auto", description="Where to compute: auto picks CUDA, then MPS, then the CPU.")


class ExportSettings(Frozen):
    """How a sound becomes a file; `engine.export.formats` knows which of these go together."""

    format: Literal["auto", FormatName] = Field(
        "auto", description="Kind of file, ogg being Vorbis; auto goes by the ending of its name."
    )
    sample_rate: Literal[44_100, 48_000, 88_200, 96_000, 176_400, 192_000] = Field(
        48_000, description="Samples per second."
    )
    bit_depth: Literal["auto", "16", "24", "32f"] = Field(
        "auto",
        description="Bits per sample; 16 is dithered, 32f is floating point; auto is 24, or none in a lossy format.",
    )
    loudness: float | None = Field(
        None, ge=-60.0, le=-5.0, description="Loudness of the whole in LUFS (ITU-R BS.1770) instead of its own."
    )
    ceiling: float = Field(
        TRUE_PEAK_DB, ge=-20.0, le=0.0, description="Highest true peak in dBTP; what is above it is limited."
    )
    fade_in: float = Field(0.0, ge=0.0, le=60.0, description="Seconds from silence to full level at the beginning.")
    fade_out: float = Field(0.0, ge=0.0, le=60.0, description="Seconds from full level to silence at the end.")
    remove_dc: bool = Field(True, description="Take out what stands still or swings more slowly than 3 Hz.")
    cover: bool = Field(False, description="Put a picture of the sound's spectrum into the file as its cover.")


class SpaceSettings(Frozen):
    """Where the sounds of a stereo or binaural output are, and how they move."""

    motion: Literal["still", "orbit", "drift"] = Field(
        "still",
        description="still: every sound keeps its place; orbit: all circle round the listener; drift: each wanders.",
    )
    orbit_seconds: float = Field(8.0, ge=1.0, le=600.0, description="Seconds that one turn of an orbit takes.")
    width: float = Field(
        0.0, ge=-10.0, le=10.0, description="-10 mono, 0 as it is, 10 very wide; played in mono it stays whole."
    )
    distance: float = Field(0.0, ge=-10.0, le=10.0, description="-10 at the ear, 0 as recorded, 10 far into the room.")
    reverb_seconds: float = Field(
        2.4, ge=0.8, le=12.0, description="Seconds in which the room fades by 60 dB; it is heard at distances above 0."
    )
    hrtf: Path | None = Field(
        None, description="A SOFA file (SimpleFreeFieldHRIR) to hear binaural outputs with, instead of the bundled one."
    )


class PackSettings(Frozen):
    """What a sample pack is made of."""

    count: int = Field(64, ge=1, le=128, description="Samples in the pack; a sampler has 128 keys.")
    longest: float = Field(8.0, ge=0.1, le=60.0, description="Seconds after which a sample is faded out.")
    seed: int = Field(1, ge=0, le=2**31 - 1, description="Same model, settings and seed give the same pack.")
    device: DeviceName = Field("auto", description="Where to compute: auto picks CUDA, then MPS, then the CPU.")


class TagSettings(Frozen):
    """What a person wants the files of an output to say about themselves."""

    title: str = Field("", description="Title of the sound, in the file's tags.")
    artist: str = Field("", description="Who made it, in the file's tags.")
    album: str = Field("", description="What it belongs to, in the file's tags.")
    comment: str = Field("", description="Anything, in the file's tags.")


def checked(kind: type[Settings], values: dict[str, Any]) -> Settings:
    """Build settings from plain values, turning the first violation into one line a musician can act on.

    Raises:
        ParameterError: a name is unknown, or a value has the wrong type or is outside its limits.
    """
    try:
        return kind(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or kind.__name__
        raise ParameterError(f"{name} = {first.get('input')!r}: {describe_limits(kind, name)}.") from None


def describe_limits(kind: type[BaseModel], name: str) -> str:
    """Say in words which values the field `name` of `kind` takes."""
    if name not in kind.model_fields:
        return f"there is no such setting; known are {', '.join(kind.model_fields)}"
    field = kind.model_fields[name]
    low = next((limit.ge for limit in field.metadata if hasattr(limit, "ge")), None)
    high = next((limit.le for limit in field.metadata if hasattr(limit, "le")), None)
    if low is not None and high is not None:
        number = "a whole number" if field.annotation in (int, int | None) else "a number"
        return f"must be {number} from {_plain(low)} to {_plain(high)}. {field.description}".rstrip(".")
    if get_origin(field.annotation) is Literal:
        choices = get_args(field.annotation)
        return f"must be one of {', '.join(map(str, choices))}. {field.description}".rstrip(".")
    return f"has the wrong type. {field.description}".rstrip(".")


def _plain(limit: float) -> str:
    """Write a limit without an exponent, and whole numbers without a fraction."""
    return str(int(limit)) if limit == int(limit) else f"{limit:g}"
