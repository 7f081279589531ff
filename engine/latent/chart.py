"""The chart of a sound space: its directions, what its recordings span, and where each of their moments lies.

Everything here is read off the corpus itself, so it can be made anew from a model's recordings at any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.dataset.clips import Clip
from engine.dataset.corpus import Corpus
from engine.errors import ModelError
from engine.latent.basis import LEAST_DIRECTIONS, MOST_DIRECTIONS, Basis, fit_basis, signed
from engine.latent.checks import Check, carry_on
from engine.latent.portraits import MOST_MOMENTS, describe_all, find_moments, find_portraits, moment_at
from engine.model.tensors import load_arrays, save_arrays
from engine.properties.property import Reach
from engine.sliders import CHARTED, DISCOVERED, SLIDERS, TIMBRE
from engine.units import LATENT_HOP, SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

CHART_FILE = "chart.safetensors"
NAMES = CHARTED  # the order of descriptors in arrays
# The same in models whose description does not name them
FIRST_NAMES = ("brightness", "warmth", "roughness", "tension", "attack", "motion", "texture")
MOST_DESCRIPTORS = 64  # that a stored chart may have
LOW, HIGH = 5.0, 95.0  # percentiles between which a corpus is said to lie
MOST_DISCOVERED = 4
MAP_PERCENTILE = 99.0  # of the corpus's moments that lie inside a map from -1 to 1
RIDGE = 1e-2  # of the regression from directions to descriptors, in units of the corpus's variance
LEAST_SLOPE = 1e-3  # of descriptors along a direction, in deviations: what is below it explains nothing
COUNTS = {  # least and most of what a stored chart may have
    "directions": (LEAST_DIRECTIONS, MOST_DIRECTIONS),
    "moments": (1, MOST_MOMENTS),
    "discovered": (0, MOST_DISCOVERED),
}


@dataclass(frozen=True)
class Moments:
    """Half-second moments of the corpus on the map.

    Attributes:
        recordings: Which recording, (moments,).
        seconds: When in it, (moments,).
        places: Coordinates on the map, (moments, 2).
        values: Descriptors in the order of NAMES, (moments, 7).
    """

    recordings: NDArray[np.int64]
    seconds: Floats
    places: Floats
    values: Floats


@dataclass(frozen=True)
class Chart:
    """A sound space in numbers.

    Attributes:
        basis: Its directions.
        map_scale: Standard deviations along the first two directions that a map coordinate of 1 stands for, (2,).
        discovered: Directions that no name explains, ordered by variance, unit length, (discovered, directions).
        percentiles: The 5th and 95th of each descriptor in the order of NAMES, (7, 2).
        moments: Of the corpus, on the map.
    """

    basis: Basis
    map_scale: Floats
    discovered: Floats
    percentiles: Floats
    moments: Moments

    def reach(self, name: str) -> Reach:
        """Return where the corpus lies on a descriptor."""
        low, high = self.percentiles[NAMES.index(name)]
        return Reach(float(low), float(high), SLIDERS[name].least_span)

    @property
    def discovered_names(self) -> tuple[str, ...]:
        """Return the names of the discovered sliders, one for each direction."""
        return tuple(f"{DISCOVERED} {number + 1}" for number in range(len(self.discovered)))

    def to_map(self, track: Floats) -> Floats:
        """Return latent frames (..., latent) as places on the map, (..., 2)."""
        places: Floats = self.basis.to_coordinates(track)[..., :2] / self.map_scale
        return places


def draw_chart(
    corpus: Corpus,
    clips: tuple[Clip, ...],
    tracks: tuple[Floats, ...],
    check: Check = carry_on,
    detail: float = 1.0,
) -> Chart:
    """Read the chart of a sound space off its recordings.

    Args:
        corpus: The recordings.
        clips: Where their sounds are.
        tracks: For each recording its latent frames.
        check: Called often; may raise to stop.
        detail: Share of the portraits and moments that may be taken, 0 to 1: less takes less time.
    """
    basis = fit_basis(np.concatenate([tracks[clip.recording][clip.first : clip.last] for clip in clips]))
    portraits = describe_all(corpus, find_portraits(corpus, detail), check)
    stretches = find_moments(clips, detail)
    values = describe_all(corpus, stretches, check)
    means = [
        tracks[recording][first // LATENT_HOP : max(first // LATENT_HOP + 1, last // LATENT_HOP)].mean(0)
        for recording, first, last in stretches
    ]
    coordinates = basis.to_coordinates(np.stack(means))
    scale = np.maximum(np.percentile(np.abs(coordinates[:, :2]), MAP_PERCENTILE, axis=0), 0.1).astype(np.float32)
    moments = Moments(
        recordings=np.array([recording for recording, _, _ in stretches]),
        seconds=np.array([first / SAMPLE_RATE for _, first, _ in stretches], np.float32),
        places=(coordinates[:, :2] / scale).astype(np.float32),
        values=values,
    )
    percentiles = np.percentile(portraits, (LOW, HIGH), axis=0).T.astype(np.float32)
    return Chart(basis, scale, _discover(basis, coordinates, values), percentiles, moments)


def save_chart(folder: Path, chart: Chart) -> None:
    """Write a chart into a model's folder."""
    save_arrays(folder / CHART_FILE, _arrays(chart))


def load_chart(folder: Path, counts: object, latent: int, recordings: int) -> Chart:
    """Read a chart from a model's folder; descriptors that it lacks are NaN, see `complete_chart`.

    Args:
        folder: Of the model.
        counts: What the model's description says of the chart: `count_chart`.
        latent: Latent numbers of the network.
        recordings: In the corpus.

    Raises:
        ModelError: it is missing, damaged, or belongs to another model.
    """
    told = counts if isinstance(counts, dict) else {}
    k, n, d = (_count(told, name, *limits) for name, limits in COUNTS.items())
    names = _read_names(told.get("descriptors", FIRST_NAMES))
    f32, i64 = np.float32, np.int64
    arrays = load_arrays(
        folder / CHART_FILE,
        {
            "mean": ((latent,), f32),
            "axes": ((k, latent), f32),
            "deviations": ((k,), f32),
            "variances": ((k,), f32),
            "radius": ((1,), f32),
            "map_scale": ((2,), f32),
            "discovered": ((d, k), f32),
            "percentiles": ((len(names), 2), f32),
            "recordings": ((n,), i64),
            "seconds": ((n,), f32),
            "places": ((n, 2), f32),
            "values": ((n, len(names)), f32),
        },
    )
    if arrays["recordings"].min() < 0 or arrays["recordings"].max() >= recordings:
        raise ModelError(f"{folder / CHART_FILE} does not belong to these recordings; the model is damaged")
    if min(arrays["deviations"].min(), arrays["map_scale"].min()) <= 0:
        raise ModelError(f"{folder / CHART_FILE} has a direction without extent; the model is damaged")
    mean, axes, deviations, variances = (arrays[name] for name in ("mean", "axes", "deviations", "variances"))
    basis = Basis(mean, axes, deviations, variances, float(arrays["radius"][0]))
    values, percentiles = _sorted_by(names, arrays["values"]), _sorted_by(names, arrays["percentiles"].T).T
    moments = Moments(arrays["recordings"], arrays["seconds"], arrays["places"], values)
    return Chart(basis, arrays["map_scale"], arrays["discovered"], percentiles, moments)


def complete_chart(chart: Chart, corpus: Corpus) -> Chart:
    """Measure the descriptors that a chart lacks, of a model that is older than they are, on its recordings."""
    lacking = [place for place, name in enumerate(NAMES) if np.isnan(chart.percentiles[place]).any()]
    if not lacking:
        return chart
    names, moments = [NAMES[place] for place in lacking], chart.moments
    stretches = [
        moment_at(corpus, int(recording), float(seconds))
        for recording, seconds in zip(moments.recordings, moments.seconds, strict=True)
    ]
    percentiles, values = chart.percentiles.copy(), moments.values.copy()
    portraits = describe_all(corpus, find_portraits(corpus), names=names)
    percentiles[lacking] = np.percentile(portraits, (LOW, HIGH), axis=0).T
    values[:, lacking] = describe_all(corpus, stretches, names=names)
    return replace(chart, percentiles=percentiles, moments=replace(moments, values=values))


def count_chart(chart: Chart) -> dict[str, int | list[str]]:
    """Return the sizes that a model's description keeps, so that a chart can be checked before it is read."""
    return {
        "descriptors": list(NAMES),
        "directions": chart.basis.directions,
        "moments": len(chart.moments.seconds),
        "discovered": len(chart.discovered),
    }


def _read_names(told: object) -> list[str]:
    """Return the names of the descriptors of a stored chart, in the order of its arrays."""
    names = list(told) if isinstance(told, (list, tuple)) else []
    if not names or len(names) > MOST_DESCRIPTORS or not all(type(name) is str for name in names):
        raise ModelError(f"the model says its chart has the descriptors {told!r}; the model is damaged")
    return names


def _sorted_by(names: list[str], values: Floats) -> Floats:
    """Return values of named descriptors (rows, names) in the order of NAMES, those that are not there as NaN."""
    found = np.full((len(values), len(NAMES)), np.nan, np.float32)
    for place, name in enumerate(NAMES):
        if name in names:
            found[:, place] = values[:, names.index(name)]
    return found


def _count(counts: Mapping[str, object], name: str, low: int, high: int) -> int:
    value = counts.get(name)
    if type(value) is not int or not low <= value <= high:
        raise ModelError(f"the model says its chart has {value!r} {name}; the model is damaged")
    return value


def _arrays(chart: Chart) -> dict[str, NDArray[np.generic]]:
    """Return what of a chart is stored, by name."""
    basis, moments = chart.basis, chart.moments
    return {
        "mean": basis.mean,
        "axes": basis.axes,
        "deviations": basis.deviations,
        "variances": basis.variances,
        "radius": np.array([basis.radius], np.float32),
        "map_scale": chart.map_scale,
        "discovered": chart.discovered,
        "percentiles": chart.percentiles,
        "recordings": moments.recordings,
        "seconds": moments.seconds,
        "places": moments.places,
        "values": moments.values,
    }


def _discover(basis: Basis, coordinates: Floats, values: Floats) -> Floats:
    """Find the directions along which no named timbre changes, ordered by variance, (discovered, directions).

    The descriptors' slopes are those of a ridge regression on the corpus's moments; what is orthogonal to all of them
    is ordered by the variance that the corpus has there.
    """
    named = values[:, [NAMES.index(name) for name in TIMBRE]]
    x = coordinates - coordinates.mean(0)
    y = (named - named.mean(0)) / (named.std(0) + 1e-6)
    slopes = np.linalg.solve(x.T @ x + RIDGE * len(x) * np.eye(basis.directions), x.T @ y)
    axes, sizes, _ = np.linalg.svd(slopes, full_matrices=True)
    taken = int((sizes > LEAST_SLOPE).sum())
    free = axes[:, taken:]
    if free.shape[1] == 0:
        return np.zeros((0, basis.directions), np.float32)
    variance, mix = np.linalg.eigh(free.T @ np.diag(basis.deviations.astype(np.float64) ** 2) @ free)
    found = (free @ mix[:, np.argsort(-variance)]).T[:MOST_DISCOVERED]
    return signed(found).astype(np.float32)
