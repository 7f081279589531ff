"""Every setting a person can make: default, limits, unit and description, declared once.

The command line, the API, the interface and the documentation read these fields; nothing else repeats a default.
A value outside its limits is refused with the limits in the message (see `engine.checking`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from engine.curves import Curve, Within, breakpoints, is_zero, show_number, value_at
from engine.places import Path, Place
from engine.sliders import LIMIT, SLIDERS, read_slider_name
from engine.units import TRUE_PEAK_DB

FormatName = Literal["wav", "flac", "ogg", "opus", "mp3"]
DeviceName = Literal["auto", "cpu", "cuda", "mps"]
ChannelsIn = Literal["auto", "mono", "left", "right", "ambix"]

SPACE_SLIDERS = ("width", "distance")  # what is the same in every model
LONGEST_LOOP_SECONDS = 600.0  # a loop is held in memory until its end is laid over its beginning
MOST_BLENDED = 3  # models that may be blended with the one that an output is made from
HIGHEST_SEED = 2**31 - 1
EARLIER = {"flow": 0.0, "keep": "nothing"}  # of a record that is older than these settings: as it was then
ROUNDING = 1e-9  # of a sum of shares


@dataclass(frozen=True)
class Unit:
    """The unit of a setting, where its name does not say it."""

    name: str


class Frozen(BaseModel):
    """Settings travel unchanged; unknown names are refused rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ReadSettings(Frozen):
    """How recordings are read."""

    channels_in: ChannelsIn = Field(
        "auto",
        description="Channels of recordings: auto keeps mono and stereo, uses the one side that sounds, and mixes "
        "surround to stereo; mono, left or right take that of each; ambix decodes 4, 9 or 16 channels of Ambisonics "
        "(AmbiX).",
    )


class TrainSettings(ReadSettings):
    """How a model is trained."""

    minutes: Annotated[float, Unit("min")] = Field(
        3.0, ge=0.1, le=1440.0, description="Minutes the whole training may take, reading and analysis included."
    )
    steps: int | None = Field(
        None, ge=1, le=1_000_000, description="Exact number of training steps instead of a time budget; repeatable."
    )
    seed: int = Field(0, ge=0, le=HIGHEST_SEED, description="Seed of everything random in the training.")
    hold_out: int = Field(
        0,
        ge=0,
        le=100,
        description="Keep every N-th file out of the training, to measure the model on it; 0 keeps none.",
    )
    device: DeviceName = Field("auto", description="Where to compute: auto picks CUDA, then MPS, then the CPU.")
    measure: bool = Field(True, description="Measure afterwards what each slider does; takes a fifth of the minutes.")


class GrowSettings(TrainSettings):
    """How a model is trained on, with more recordings or with outputs that are fed back."""

    cap: float = Field(
        0.3,
        ge=0.0,
        le=0.5,
        description="Highest share of outputs fed back in the seconds a model learns from, those of earlier times "
        "included; beyond it a model learns itself rather than the recordings.",
    )


class DemoSettings(TrainSettings):
    """How the demonstration is made."""

    minutes: Annotated[float, Unit("min")] = Field(1.0, ge=0.1, le=1440.0, description="Minutes the training may take.")


class SpaceSettings(Frozen):
    """Where the sounds of a stereo or binaural output are, and how they move."""

    movement: Literal["still", "orbit", "drift"] = Field(
        "still",
        description="still: every sound keeps its place; orbit: all circle round the listener; drift: each wanders.",
    )
    orbit_seconds: Annotated[float, Unit("s")] = Field(
        8.0, ge=1.0, le=600.0, description="Seconds that one turn of an orbit takes."
    )
    width: Annotated[Curve, Within(-LIMIT, LIMIT)] = Field(
        0.0,
        description="-10 mono, 0 as it is, 10 very wide, played in mono it stays whole; or a curve over time, such as "
        "0:-10,8:10 (seconds:value).",
    )
    distance: Annotated[Curve, Within(-LIMIT, LIMIT)] = Field(
        0.0,
        description="-10 at the ear, 0 as recorded, 10 far into the room; or a curve over time, such as 0:10,8:0 "
        "(seconds:value).",
    )
    reverb_seconds: Annotated[float, Unit("s")] = Field(
        2.4, ge=0.8, le=12.0, description="Seconds in which the room fades by 60 dB; it is heard at distances above 0."
    )
    hrtf: FilePath | None = Field(
        None, description="A SOFA file (SimpleFreeFieldHRIR) to hear binaural outputs with, instead of the bundled one."
    )


class GenerateSettings(SpaceSettings):
    """Settings of one output."""

    duration: Annotated[float, Unit("s")] = Field(10.0, ge=0.1, le=36_000.0, description="Length in seconds.")
    density: Annotated[Curve, Within(0.1, 20.0), Unit("/s")] = Field(
        2.0, description="Events per second; or a curve over time, such as 0:1,5:10 (seconds:value)."
    )
    flow: Annotated[Curve | None, Within(0.0, 1.0, or_auto=True)] = Field(
        None,
        description="0 single events with air between them, 1 one unbroken sound, auto as the recordings are; or a "
        "curve over time, such as 0:0,8:1.",
    )
    novelty: Annotated[Curve, Within(0.0, 1.0)] = Field(
        0.5, description="0 close to the recordings, 1 further out; or a curve over time, such as 0:0,8:1."
    )
    source: float = Field(
        0.7, ge=0.0, le=1.0, description="1 the recordings' own sound carries it, 0 dreamt by the model."
    )
    sliders: Mapping[str, Annotated[Curve, Within(-LIMIT, LIMIT)]] = Field(
        {},
        description=f"Position of a slider ({', '.join(SLIDERS)}, discovered 1 …), -10 to 10, such as brightness=5; "
        "or a curve over time, such as brightness=0:-5,4:8 (seconds:value).",
    )
    keep: Literal["notes", "nothing"] = Field(
        "notes",
        description="notes: sliders leave the pitch of clearly pitched events alone; nothing: sliders may choose any "
        "of the recordings' sounds.",
    )
    blend: Mapping[str, Annotated[Curve, Within(0.0, 1.0)]] = Field(
        {},
        description="Another model and its share of the sound, 0 to 1, such as tabla=0.4; or a curve over time, "
        f"such as tabla=0:0,10:1 (seconds:value). {MOST_BLENDED} at most; the model itself has the rest.",
    )
    at: Place | None = Field(
        None, description="Place on the map where the sound stays, -1 to 1 each way, such as 0.2,-0.5."
    )
    path: Path | None = Field(
        None, description="Places on the map that the sound passes on its way, such as 0,0;0.5,-1;1,1."
    )
    seed: int = Field(1, ge=0, le=HIGHEST_SEED, description="Same model, settings and seed give the same samples.")
    loop: bool = Field(False, description="End where it begins, so that it can be repeated without a seam.")
    one_shot: bool = Field(False, description="A single event of natural length; duration and density are not used.")
    channels: Literal["auto", "mono", "stereo", "binaural"] = Field(
        "auto",
        description="stereo spreads mono recordings from left to right; binaural is for headphones; auto is stereo "
        "when the recordings are, or the sound is put into space, and mono otherwise.",
    )
    device: DeviceName = Field("auto", description="Where to compute: auto picks CUDA, then MPS, then the CPU.")

    @model_validator(mode="before")
    @classmethod
    def _read_space(cls, given: Any) -> Any:
        """Take width and distance, which are sliders to a person, out of the bank of those that a model has."""
        sliders = given.get("sliders") if isinstance(given, dict) else None
        pairs = list(sliders.items()) if isinstance(sliders, Mapping) else sliders
        if not _are_pairs(pairs):
            return given
        space = [(name, value) for name, value in pairs or [] if name in SPACE_SLIDERS]
        rest = [pair for pair in pairs or [] if pair[0] not in SPACE_SLIDERS]
        twice = next(
            (name for name, _ in space if name in given or [other for other, _ in space].count(name) > 1), None
        )
        if twice:
            raise ValueError(f"the slider {twice!r} is set twice; set it once")
        return {**given, **dict(space), "sliders": rest} if space else given

    @field_validator("sliders", mode="before")
    @classmethod
    def _read_sliders(cls, given: Any) -> dict[str, Any]:
        pairs = list(given.items()) if isinstance(given, Mapping) else given
        if not _are_pairs(pairs):
            raise ValueError('sliders are names with positions, such as {"brightness": 5}')
        sliders: dict[str, Any] = {}
        for written, position in pairs:
            name = read_slider_name(written)
            if name in sliders:
                raise ValueError(f"the slider {name!r} is set twice; set it once")
            sliders[name] = position
        return sliders

    @field_validator("blend", mode="before")
    @classmethod
    def _read_blend(cls, given: Any) -> dict[str, Any]:
        pairs = list(given.items()) if isinstance(given, Mapping) else given
        if not _are_pairs(pairs):
            raise ValueError('models are blended by name and share, such as {"tabla": 0.4}')
        names = [name.strip() for name, _ in pairs]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"the model {twice!r} is blended twice; give it one share")
        if len(names) > MOST_BLENDED:
            raise ValueError(
                f"{len(names)} models are blended with the first; {MOST_BLENDED} at most can be, so leave some out"
            )
        return dict(zip(names, (share for _, share in pairs), strict=True))

    @model_validator(mode="after")
    def _check_shares(self) -> "GenerateSettings":
        times = sorted({seconds for curve in self.blend.values() for seconds, _ in breakpoints(curve)})
        for seconds in times:
            total = sum(float(value_at(curve, seconds)) for curve in self.blend.values())
            if total > 1.0 + ROUNDING:
                raise ValueError(
                    f"the shares of the blended models add up to {show_number(round(total, 4))} at "
                    f"{show_number(seconds)} s; together they can have 1 at most"
                )
        return self

    @model_validator(mode="after")
    def _check_together(self) -> "GenerateSettings":
        if self.at is not None and self.path is not None:
            raise ValueError("at and path both say where on the map the sound is; give one of them")
        if self.loop and self.one_shot:
            raise ValueError("a one-shot ends by itself and cannot be a loop; give one of loop and one_shot")
        if self.loop and self.duration > LONGEST_LOOP_SECONDS:
            longest = show_number(LONGEST_LOOP_SECONDS)
            raise ValueError(
                f"duration = {show_number(self.duration)}: a loop can last {longest} seconds at most; "
                "make it shorter, or leave out loop"
            )
        if self.channels == "mono" and self.is_spacious:
            raise ValueError("a mono output has no space; choose channels stereo or binaural, or leave out the space")
        return self

    @property
    def is_spacious(self) -> bool:
        """Return whether the sounds are put into space, and not left where the recordings have them."""
        moved = self.movement != "still" or not (is_zero(self.width) and is_zero(self.distance))
        return self.channels == "binaural" or moved


def _are_pairs(pairs: Any) -> bool:
    """Return whether something is a list of names with values."""
    return isinstance(pairs, list | tuple) and all(
        isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs
    )


class ExportSettings(Frozen):
    """How a sound becomes a file; `engine.export.formats` knows which of these go together."""

    format: Literal["auto", FormatName] = Field(
        "auto", description="Kind of file, ogg being Vorbis; auto goes by the ending of its name."
    )
    sample_rate: Annotated[Literal[44_100, 48_000, 88_200, 96_000, 176_400, 192_000], Unit("Hz")] = Field(
        48_000, description="Samples per second."
    )
    bit_depth: Annotated[Literal["auto", "16", "24", "32f"], Unit("bit")] = Field(
        "auto",
        description="Bits per sample; 16 is dithered, 32f is floating point; auto is 24, or none in a lossy format.",
    )
    loudness: Annotated[float | None, Unit("LUFS")] = Field(
        None, ge=-60.0, le=-5.0, description="Loudness of the whole in LUFS (ITU-R BS.1770) instead of its own."
    )
    ceiling: Annotated[float, Unit("dBTP")] = Field(
        TRUE_PEAK_DB, ge=-20.0, le=0.0, description="Highest true peak in dBTP; what is above it is limited."
    )
    fade_in: Annotated[float, Unit("s")] = Field(
        0.0, ge=0.0, le=60.0, description="Seconds from silence to full level at the beginning."
    )
    fade_out: Annotated[float, Unit("s")] = Field(
        0.0, ge=0.0, le=60.0, description="Seconds from full level to silence at the end."
    )
    remove_dc: bool = Field(True, description="Take out what stands still or swings more slowly than 3 Hz.")
    cover: bool = Field(False, description="Put a picture of the sound's spectrum into the file as its cover.")


class PackSettings(Frozen):
    """Settings of a sample pack."""

    count: int = Field(64, ge=1, le=128, description="Samples in the pack; a sampler has 128 keys.")
    longest: Annotated[float, Unit("s")] = Field(
        8.0, ge=0.1, le=60.0, description="Seconds after which a sample is faded out."
    )
    seed: int = Field(1, ge=0, le=HIGHEST_SEED, description="Same model, settings and seed give the same pack.")
    device: DeviceName = Field("auto", description="Where to compute: auto picks CUDA, then MPS, then the CPU.")


class TagSettings(Frozen):
    """Tags that a person wants in the files of an output."""

    title: str = Field("", description="Title of the sound, in the file's tags.")
    artist: str = Field("", description="Who made it, in the file's tags.")
    album: str = Field("", description="What it belongs to, in the file's tags.")
    comment: str = Field("", description="Anything, in the file's tags.")


def as_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a kept output or preset, with EARLIER where it is older than some of them."""
    return {**EARLIER, **values}


def newly_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings that are kept from now on, with those of EARLIER as they are by default where nothing is said."""
    return {**{name: GenerateSettings.model_fields[name].default for name in EARLIER}, **values}


def later_seed(seed: int, steps: int) -> int:
    """Return the seed of a later output of several, or of a later row: after the highest comes 0 again."""
    return (seed + steps) % (HIGHEST_SEED + 1)
