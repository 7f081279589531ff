"""Readings of the outputs of a model while its sliders were measured, kept so that measuring can go on later.

A reading belongs to one network, one ear, one length of outputs and one version of the program. Where one of these is
another, nothing is gone on from.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import __version__
from engine.features.fundamental import Note
from engine.generation.calibration.kept import Kept, count_kept
from engine.latent.certificate import ENDS, KEPT_WHILE_MEASURED, MIDDLES, POSITIONS, Certificate
from engine.latent.chart import NAMES
from engine.library.durable import write_durably

READINGS_FILE = "readings.json"  # beside a model's certificate; it is not handed on
LARGEST_BYTES = 8_000_000  # of such a file: it holds a few thousand numbers

Doubles = NDArray[np.float64]


class Place(NamedTuple):
    """One output: a slider at a position, for a seed, asked for with its compensation or without."""

    name: str
    position: float
    seed: int
    compensated: bool


class Reading(NamedTuple):
    """Measures of one output.

    Attributes:
        values: Descriptors in the order of NAMES.
        latent_share: How much of the slider's way the latent space went, 0 to 1.
        notes: Of its events, in the order of time, each by itself.
        register: See `engine.properties.register.measure_register`.
    """

    values: tuple[float, ...]
    latent_share: float
    notes: tuple[Note, ...] = ()
    register: float = 0.0


def place_of(name: str, position: float, seed: int, *, compensated: bool = False) -> Place:
    """Return the place of an output; at 0 all sliders share one."""
    return Place(name, position, seed, compensated) if position else Place("", 0.0, seed, compensated=False)


@dataclass(frozen=True)
class Readings:
    """All readings of a model.

    Attributes:
        seconds: Length of each output.
        by_place: What was read at each place.
    """

    seconds: float
    by_place: Mapping[Place, Reading] = field(default_factory=dict)

    def has(self, name: str, seed: int, positions: Iterable[float], *, compensated: bool) -> bool:
        """Return whether a slider was read at 0 and at some positions for a seed."""
        places = (place_of(name, position, seed, compensated=compensated) for position in (0.0, *positions))
        return all(place in self.by_place for place in places)

    def curves(self, name: str, seeds: Iterable[int], *, compensated: bool) -> Doubles:
        """Return the descriptors at POSITIONS, (seeds, positions, descriptors), of the seeds that have both ends.

        Positions between 0 and an end that were not read are nan.
        """
        rows = [[one.values for one in row] for row in self._rows(name, seeds, compensated)]
        return np.array(rows, np.float64).reshape(len(rows), len(POSITIONS), len(NAMES))

    def registers(self, name: str, seeds: Iterable[int], *, compensated: bool) -> Doubles:
        """Return the register at POSITIONS, (seeds, positions), of the same seeds; nan as in `curves`."""
        rows = [[one.register for one in row] for row in self._rows(name, seeds, compensated)]
        return np.array(rows, np.float64).reshape(len(rows), len(POSITIONS))

    def _rows(self, name: str, seeds: Iterable[int], compensated: bool) -> list[list[Reading]]:
        """Return the readings at POSITIONS of the seeds that have both ends."""
        nothing = Reading((np.nan,) * len(NAMES), np.nan, (), np.nan)
        return [
            [self.by_place.get(place_of(name, at, seed, compensated=compensated), nothing) for at in POSITIONS]
            for seed in seeds
            if self.has(name, seed, ENDS, compensated=compensated)
        ]

    def latent_shares(self, name: str, seeds: Iterable[int], *, compensated: bool) -> list[float]:
        """Return how much of its way the latent space went, of each output in which a slider is moved."""
        places = [Place(name, position, seed, compensated) for seed in seeds for position in (*ENDS, *MIDDLES)]
        return [self.by_place[place].latent_share for place in places if place in self.by_place]

    def kept(self, name: str, seeds: Iterable[int], *, compensated: bool) -> Kept:
        """Return how many events keep their notes while a slider is moved, at all positions that were read."""
        places = [(Place(name, at, seed, compensated), seed) for seed in seeds for at in (*ENDS, *MIDDLES)]
        return count_kept(
            (self.by_place[place_of(name, 0.0, seed)].notes, self.by_place[place].notes)
            for place, seed in places
            if place in self.by_place and place_of(name, 0.0, seed) in self.by_place
        )


def save_readings(folder: Path, readings: Readings, certificate: Certificate) -> None:
    """Write readings into a model's folder, with all that they belong to."""
    rows = [
        [*place, *reading.values, reading.latent_share, [list(note) for note in reading.notes], reading.register]
        for place, reading in readings.by_place.items()
    ]
    values = {**_belonging(certificate), "seconds": readings.seconds, "readings": rows}
    write_durably(folder / READINGS_FILE, json.dumps(values, ensure_ascii=False, allow_nan=False).encode())


def load_readings(folder: Path, certificate: Certificate) -> Readings | None:
    """Read the readings of a model, to go on from; None where there are none that belong to this certificate."""
    path = folder / READINGS_FILE
    try:
        if path.stat().st_size > LARGEST_BYTES:
            return None
        values = json.loads(path.read_bytes())
        if any(values[name] != wanted for name, wanted in _belonging(certificate).items()):
            return None
        return Readings(float(values["seconds"]), dict(map(_parse, values["readings"])))
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _belonging(certificate: Certificate) -> dict[str, Any]:
    """Return all that readings belong to but for their length, as JSON brings it back."""
    ear = [list(row) for row in certificate.ear_matrix], list(certificate.ear_constant)
    return {"program": __version__, "descriptors": list(NAMES), "ear": [ear[0], ear[1]], "keep": KEPT_WHILE_MEASURED}


def _parse(row: list[Any]) -> tuple[Place, Reading]:
    """Return one reading.

    Raises:
        ValueError, LookupError, TypeError: it is damaged.
    """
    name, position, seed, compensated, *values, latent_share, notes, register = row
    numbers, heard = tuple(map(float, values)), tuple(Note(float(hz), float(clearness)) for hz, clearness in notes)
    told = [*numbers, latent_share, position, register, *(number for note in heard for number in note)]
    if len(numbers) != len(NAMES) or not np.isfinite(told).all():
        raise ValueError("a reading has other descriptors")
    place = Place(str(name), float(position), int(seed), bool(compensated))
    return place, Reading(numbers, float(latent_share), heard, float(register))
