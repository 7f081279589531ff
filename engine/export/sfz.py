"""Maps of samples for a sampler, in the SFZ format: which key plays which file."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

MIDDLE_A, MIDDLE_A_HZ = 69, 440.0
KEYS = 128
USUAL_FIRST_KEY = 36  # where drum pads begin
NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@dataclass(frozen=True)
class Sample:
    """A file that is mapped.

    Attributes:
        file: Its name, beside the map.
        pitch_hz: None where it has no pitch.
    """

    file: str
    pitch_hz: float | None


def hz_to_key(hz: float) -> tuple[int, float]:
    """Return the nearest key of a keyboard, 0 to 127, and by how many cents the pitch is above it."""
    exact = MIDDLE_A + 12.0 * math.log2(hz / MIDDLE_A_HZ)
    key = min(KEYS - 1, max(0, round(exact)))
    return key, 100.0 * (exact - key)


def key_to_note(key: int) -> str:
    """Return a key's name, middle C being C4."""
    return f"{NOTES[key % 12]}{key // 12 - 1}"


def map_keys(samples: Sequence[Sample], heading: Iterable[str] = ()) -> str:
    """Return a map with one sample on each key, in their order, at the pitch they have.

    Args:
        samples: Up to KEYS.
        heading: Lines of comment.
    """
    first = min(USUAL_FIRST_KEY, KEYS - len(samples))
    regions = [f"<region> sample={sample.file} key={first + place}" for place, sample in enumerate(samples)]
    return _text(heading, "<group> pitch_keytrack=0 loop_mode=one_shot", regions)


def map_pitches(samples: Sequence[Sample], heading: Iterable[str] = ()) -> str:
    """Return a map on which the samples with a pitch are played as an instrument, each around its own key.

    Samples of the same key take turns.

    Args:
        samples: At least one has a pitch.
        heading: Lines of comment.
    """
    by_key: dict[int, list[tuple[str, float]]] = {}
    for sample in samples:
        if sample.pitch_hz is not None:
            key, cents = hz_to_key(sample.pitch_hz)
            by_key.setdefault(key, []).append((sample.file, cents))
    keys = sorted(by_key)
    bounds = [0, *((low + high + 1) // 2 for low, high in pairwise(keys)), KEYS]
    regions = []
    for place, key in enumerate(keys):
        span = f"lokey={bounds[place]} hikey={bounds[place + 1] - 1} pitch_keycenter={key}"
        turns = by_key[key]
        for turn, (file, cents) in enumerate(turns, 1):
            robin = f" seq_length={len(turns)} seq_position={turn}" if len(turns) > 1 else ""
            regions.append(f"<region> sample={file} {span} tune={-round(cents)}{robin}")
    return _text(heading, "<group> ampeg_release=0.3", regions)


def _text(heading: Iterable[str], group: str, regions: Iterable[str]) -> str:
    return "\n".join([*(f"// {line}" for line in heading), group, *regions, ""])
