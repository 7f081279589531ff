"""The map of a model: where each moment of its recordings lies, so that a place can be asked for."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.latent.chart import NAMES
from engine.latent.stored import read_chart
from engine.places import EDGE
from engine.sliders import SLIDERS
from engine.studio.blends import refuse_blend
from engine.studio.models import find_model

Floats = NDArray[np.float32]

CLEAR = 0.4  # correlation from which an axis is said to stand for something
MOST_MEANINGS = 2  # of one axis
LANDMARKS = 8
DECIMALS = 3


@dataclass(frozen=True)
class Moment:
    """Half a second of a recording.

    Attributes:
        file: The recording.
        seconds: Where in it.
        x: Place on the map, -1 to 1; a moment beyond the edge lies on it.
        y: The same, upwards.
        values: What is measured there by descriptor, in the units of `engine.sliders`.
    """

    file: str
    seconds: float
    x: float
    y: float
    values: dict[str, float]


@dataclass(frozen=True)
class Meaning:
    """The descriptors that an axis of the map goes along with.

    Attributes:
        name: Of the descriptor.
        low: What the sound is at -1, one word.
        high: What the sound is at 1, one word.
        correlation: Of coordinate and descriptor over all moments, -1 to 1.
    """

    name: str
    low: str
    high: str
    correlation: float


@dataclass(frozen=True)
class MapReport:
    """The map of a model.

    Attributes:
        model: Id.
        name: Of the model.
        x: What the first coordinate goes along with, the strongest first.
        y: What the second coordinate goes along with.
        moments: Of all recordings.
        landmarks: Indices of a few moments that lie far from each other.
    """

    model: str
    name: str
    x: tuple[Meaning, ...]
    y: tuple[Meaning, ...]
    moments: tuple[Moment, ...]
    landmarks: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def describe_map(model: str) -> MapReport:
    """Return where the moments of a model's recordings lie on its map.

    Args:
        model: Name or id.

    Raises:
        ModelError: there is no such model, or it is damaged.
    """
    entry = find_model(model)
    refuse_blend(entry, "Each of its models has a map of its own")
    chart, names = read_chart(entry.path)
    moments = chart.moments
    places = np.clip(moments.places, -EDGE, EDGE)
    rows = zip(moments.recordings.tolist(), moments.seconds.tolist(), places.tolist(), moments.values, strict=True)
    described = [
        Moment(
            names[recording],
            round(seconds, DECIMALS),
            round(x, DECIMALS) + 0.0,  # never -0
            round(y, DECIMALS) + 0.0,
            {name: round(float(value), DECIMALS) for name, value in zip(NAMES, values, strict=True)},
        )
        for recording, seconds, (x, y), values in rows
    ]
    return MapReport(
        model=entry.id,
        name=entry.name,
        x=find_meanings(moments.places[:, 0], moments.values),
        y=find_meanings(moments.places[:, 1], moments.values),
        moments=tuple(described),
        landmarks=find_landmarks(places),
    )


def find_meanings(coordinates: Floats, values: Floats) -> tuple[Meaning, ...]:
    """Say which descriptors a coordinate goes along with, the strongest first; none where none does.

    Args:
        coordinates: Of each moment, (moments,).
        values: Descriptors of each moment in the order of NAMES, (moments, 7).
    """
    found = [(name, _correlation(coordinates, column)) for name, column in zip(NAMES, values.T, strict=True)]
    strongest = sorted(found, key=lambda one: -abs(one[1]))[:MOST_MEANINGS]
    return tuple(_mean(name, correlation) for name, correlation in strongest if abs(correlation) >= CLEAR)


def find_landmarks(places: Floats) -> tuple[int, ...]:
    """Choose a few moments that lie far from each other and from the middle, in reading order.

    Args:
        places: Of each moment on the map, (moments, 2).
    """
    distance = np.linalg.norm(places, axis=1)
    chosen: list[int] = []
    while len(chosen) < LANDMARKS and float(distance.max()) > 0.0:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, np.linalg.norm(places - places[chosen[-1]], axis=1))
    return tuple(sorted(chosen or [0], key=lambda place: (-places[place, 1], places[place, 0])))


def _correlation(some: Floats, others: Floats) -> float:
    """Return Pearson's correlation; 0 where one of both does not change."""
    a, b = (values.astype(np.float64) - float(values.mean()) for values in (some, others))
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 1e-9 else 0.0


def _mean(name: str, correlation: float) -> Meaning:
    words = SLIDERS[name].low, SLIDERS[name].high
    low, high = words if correlation > 0 else words[::-1]
    return Meaning(name, low, high, round(correlation, DECIMALS))
