"""The kinds of sound file, and the sample rates and bit depths that each of them takes.

The one table that export, front doors and documentation read. It was measured, not copied: libsndfile 1.2.2 writes and
reads every combination in it with the exact number of samples, and refuses those that are missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from engine.errors import ExportError
from engine.settings import ExportSettings, FormatName

AUTO_BIT_DEPTH = "24"
NO_BIT_DEPTH = "has no bit depth; leave it out"
SAMPLE_RATES: tuple[int, ...] = get_args(ExportSettings.model_fields["sample_rate"].annotation)


@dataclass(frozen=True)
class Format:
    """A kind of sound file.

    Attributes:
        name: What settings call it.
        words: What a person calls it.
        suffixes: Endings of file names that mean it, the usual one first.
        container: What libsndfile calls it.
        subtypes: What libsndfile calls its encodings, by bit depth; "" where there is none, in lossy formats.
        sample_rates: In Hz.
        quality: What libsndfile is told about the quality of lossy formats.
        note: What a person should know before choosing it.
    """

    name: FormatName
    words: str
    suffixes: tuple[str, ...]
    container: str
    subtypes: Mapping[str, str]
    note: str
    sample_rates: tuple[int, ...] = SAMPLE_RATES
    quality: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def bit_depths(self) -> tuple[str, ...]:
        """Return the bit depths to choose from, none in a lossy format."""
        return tuple(filter(None, self.subtypes))

    @property
    def lossy(self) -> bool:
        """Return whether what is read back is only like what was written."""
        return not self.bit_depths


_KINDS = (
    Format(
        name="wav",
        words="WAV",
        suffixes=(".wav", ".wave"),
        container="WAV",
        subtypes=MappingProxyType({"16": "PCM_16", "24": "PCM_24", "32f": "FLOAT"}),
        note="For every audio program; beyond 4 GB it is written as RF64.",
    ),
    Format(
        name="flac",
        words="FLAC",
        suffixes=(".flac",),
        container="FLAC",
        subtypes=MappingProxyType({"16": "PCM_16", "24": "PCM_24"}),
        note="The same samples as WAV in a smaller file.",
    ),
    Format(
        name="ogg",
        words="OGG Vorbis",
        suffixes=(".ogg", ".oga"),
        container="OGG",
        subtypes=MappingProxyType({"": "VORBIS"}),
        note="Lossy, quality 9: about 200 to 400 kbit/s in stereo at 48 kHz.",
        quality=MappingProxyType({"compression_level": 0.1}),
    ),
    Format(
        name="opus",
        words="Opus",
        suffixes=(".opus",),
        container="OGG",
        subtypes=MappingProxyType({"": "OPUS"}),
        note="Lossy, about 320 kbit/s in stereo. Holds nothing above 20 kHz.",
        sample_rates=(48_000,),
        quality=MappingProxyType({"compression_level": 0.4}),
    ),
    Format(
        name="mp3",
        words="MP3",
        suffixes=(".mp3",),
        container="MP3",
        subtypes=MappingProxyType({"": "MPEG_LAYER_III"}),
        note="Lossy, constant 320 kbit/s, for players that know nothing else. Holds nothing above 20 kHz.",
        sample_rates=(44_100, 48_000),
        quality=MappingProxyType({"compression_level": 0.0, "bitrate_mode": "CONSTANT"}),
    ),
)
FORMATS: Mapping[str, Format] = MappingProxyType({kind.name: kind for kind in _KINDS})


@dataclass(frozen=True)
class Encoding:
    """How one sound is written.

    Attributes:
        format: Kind of file.
        sample_rate: In Hz.
        bit_depth: One of the format's, "" in a lossy one.
    """

    format: Format
    sample_rate: int
    bit_depth: str

    @property
    def subtype(self) -> str:
        """Return what libsndfile calls it."""
        return self.format.subtypes[self.bit_depth]


def choose_encoding(path: Path, settings: ExportSettings) -> Encoding:
    """Find out how a file is to be written, from its name and the settings.

    Raises:
        ExportError: neither says the format or they contradict, or the format does not take the sample rate or the
            bit depth.
    """
    kind = _choose_format(path, settings.format)
    rate, depth = settings.sample_rate, settings.bit_depth
    if rate not in kind.sample_rates:
        others = _either(other.words for other in FORMATS.values() if rate in other.sample_rates)
        raise ExportError(
            f"sample_rate = {rate}: {kind.words} holds {_either(map(str, kind.sample_rates))} Hz only; choose that, or "
            f"write {others}",
            code="export.sample_rate",
        )
    if depth == "auto":
        return Encoding(kind, rate, "" if kind.lossy else AUTO_BIT_DEPTH)
    if depth not in kind.bit_depths:
        others = _either(other.words for other in FORMATS.values() if depth in other.bit_depths)
        allowed = f"holds {_either(kind.bit_depths)} bits only; choose that" if kind.bit_depths else NO_BIT_DEPTH
        raise ExportError(f"bit_depth = {depth}: {kind.words} {allowed}, or write {others}", code="export.bit_depth")
    return Encoding(kind, rate, depth)


def _choose_format(path: Path, name: str) -> Format:
    """Return the format that the name of the file and the setting agree on."""
    meant = next((kind for kind in FORMATS.values() if path.suffix.lower() in kind.suffixes), None)
    if name == "auto":
        if meant:
            return meant
        endings = _either(kind.suffixes[0] for kind in FORMATS.values())
        raise ExportError(f"{path.name}: the name must end in {endings} to say the format", code="export.format")
    asked = FORMATS[name]
    if meant and meant is not asked:
        raise ExportError(
            f"{path.name}: the name says {meant.words}, the format {asked.words}; let the name end in "
            f"{asked.suffixes[0]}, or leave the format out",
            code="export.format",
        )
    return asked


def _either(words: Iterable[str]) -> str:
    """Join words for a message: "a, b or c"."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
