"""Certificates of sliders: the promise of each in numbers, measured on rendered sound after training.

A slider's drive is what the engine is asked to do, its position what a person sees. They differ by a calibration: the
measured curve is made monotone (isotonic regression) and inverted, so that equal steps of position sound equal.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, ValidationError

from engine.errors import ModelError
from engine.latent.ear import Ear
from engine.library.durable import write_durably
from engine.sliders import LIMIT, SLIDERS, TIMBRE

CERTIFICATE_FILE = "certificate.json"
POSITIONS = (-LIMIT, -LIMIT / 2, 0.0, LIMIT / 2, LIMIT)  # of a sweep
ENDS, MIDDLES = (POSITIONS[0], POSITIONS[-1]), (POSITIONS[1], POSITIONS[3])
STEADY, FULL_THROW = 0.9, 0.5  # from which a slider is certified
SHAKY, LEAST_THROW = 0.6, 0.2  # below which it is off
Keep = Literal["notes", "nothing"]
KEPT_WHILE_MEASURED: Keep = "notes"  # what sliders leave alone while they are measured, see `keep` in the settings
NARROWEST = 0.1  # of LIMIT: how near to an end or to 0 the middle of a side may be calibrated

State = Literal["certified", "weak", "off", "unmeasured", "discovered"]
Number = Annotated[float, Field(allow_inf_nan=False)]


@dataclass(frozen=True)
class SliderCertificate:
    """The effect of one slider in one model.

    Attributes:
        name: Of the slider.
        state: certified, weak, off or unmeasured; "discovered" for a direction that no name explains.
        reason: Why it is not certified, in words; empty when it is.
        range: The descriptor at -10, 0 and +10, in its unit.
        curve: The descriptor at each of POSITIONS before calibration, mean of all seeds; where MIDDLES were not yet
            measured, half way between their neighbours.
        steadiness: Spearman's rank correlation of position and descriptor, median of all seeds.
        throw: Change from end to end, in units of the corpus's 5-to-95 span.
        side_effects: Change of every other descriptor from end to end, in the same units.
        latent_share: How much of the change came from the latent space and the score, 0 to 1; the rest was shaped.
        drives: What the engine is asked to do at each of POSITIONS.
        compensation: At -LIMIT and at +LIMIT, by descriptor: how much more of it is asked for, in spans, so that the
            output as a whole comes out as its events were meant to.
        seeds: How many outputs were measured at each end; 0 where that is not known.
        spread: Standard error of the throw, in the same units; None where it is not known.
        keep: What was left alone while it was measured, see `engine.settings`; certificates of before kept nothing.
        kept: Share of events of clear pitch that keep it while the slider is moved; None where none was judged.
        judged: How many events that is a share of.
        measured_on: The version whose sound was measured, where it is not this one: an earlier one that it came from.
    """

    name: str
    state: State = "unmeasured"
    reason: str = ""
    range: tuple[Number, Number, Number] | None = None
    curve: tuple[Number, ...] = ()
    steadiness: Number = 0.0
    throw: Number = 0.0
    side_effects: Mapping[str, Number] = field(default_factory=dict)
    latent_share: Number = 1.0
    drives: Annotated[tuple[Number, ...], Field(min_length=len(POSITIONS), max_length=len(POSITIONS))] = POSITIONS
    compensation: tuple[Mapping[str, Number], Mapping[str, Number]] = ({}, {})
    seeds: int = 0
    spread: Number | None = None
    keep: Keep = "nothing"
    kept: Number | None = None
    judged: int = 0
    measured_on: str = ""


@dataclass(frozen=True)
class Certificate:
    """All sliders of a model.

    Attributes:
        sliders: By name.
        ear_matrix: From decoded to heard timbre, (4, 4); see `engine.latent.steer.Ear`.
        ear_constant: Shape (4,).
        seeds: How many outputs were measured at each end of the slider that has fewest.
        seconds: How long each was.
    """

    sliders: Mapping[str, SliderCertificate]
    ear_matrix: tuple[tuple[Number, ...], ...]
    ear_constant: tuple[Number, ...]
    seeds: int = 0
    seconds: Number = 0.0

    @property
    def ear(self) -> Ear:
        """Return the map from decoded to heard timbre."""
        return Ear(np.array(self.ear_matrix, np.float32), np.array(self.ear_constant, np.float32))


def unmeasured(ear: Ear | None = None, reason: str = "it was not measured") -> Certificate:
    """Return a certificate that promises nothing: every slider goes where it goes."""
    matrix = ear.matrix if ear else np.eye(len(TIMBRE))
    constant = ear.constant if ear else np.zeros(len(TIMBRE))
    return Certificate(
        {name: SliderCertificate(name, reason=reason) for name in SLIDERS},
        tuple(tuple(map(float, row)) for row in matrix),
        tuple(map(float, constant)),
    )


def inherit(own: Certificate, parent: Certificate, version: str) -> Certificate:
    """Return a certificate in which sliders that were not measured have the figures of the version it came from.

    Directions that were discovered are those of one version, so they are not taken over.

    Args:
        own: Of the new version.
        parent: Of the one it came from.
        version: Name of that one; figures that it has itself from an earlier version keep that one's name.
    """
    taken = {
        name: replace(parent.sliders[name], measured_on=parent.sliders[name].measured_on or version)
        for name, one in own.sliders.items()
        if one.state == "unmeasured" and name in SLIDERS and name in parent.sliders
        if parent.sliders[name].state != "unmeasured"
    }
    return replace(own, sliders={**own.sliders, **taken}, seconds=own.seconds or parent.seconds)


def calibrate(curve: Sequence[float]) -> tuple[float, ...]:
    """Return what the engine is to be asked at each of POSITIONS so that equal steps of position sound equal.

    The ends and 0 stay where they are; between them the measured curve is inverted.

    Args:
        curve: The descriptor measured at each of POSITIONS.
    """
    from sklearn.isotonic import isotonic_regression  # takes a second to import, and is needed after a training only

    drives = np.array(POSITIONS)
    rising = isotonic_regression(np.asarray(curve, np.float64))
    low, zero, high = rising[[0, 2, 4]]
    below = _invert((low + zero) / 2, rising[:3], drives[:3])
    above = _invert((zero + high) / 2, rising[2:], drives[2:])
    return (-LIMIT, below, 0.0, above, LIMIT)


def _invert(wanted: float, rising: NDArray[np.float64], drives: NDArray[np.float64]) -> float:
    """Return the drive at which a rising curve has a value, well inside of its ends."""
    found = np.interp(wanted, rising, drives) if rising[-1] > rising[0] else drives[1]
    margin = NARROWEST * LIMIT
    return float(np.clip(found, drives[0] + margin, drives[-1] - margin))


def save_certificate(folder: Path, certificate: Certificate) -> None:
    """Write a certificate into a model's folder."""
    text = json.dumps(asdict(certificate), ensure_ascii=False, indent=1, allow_nan=False)
    write_durably(folder / CERTIFICATE_FILE, text.encode())


def load_certificate(folder: Path, name: str = CERTIFICATE_FILE) -> Certificate:
    """Read the certificate of a model.

    Args:
        folder: Of the model.
        name: Of the file in it.

    Raises:
        ModelError: it is missing or damaged.
    """
    path = folder / name
    try:
        return checked_certificate(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read ({error}); the model is damaged") from error


_ADAPTER = TypeAdapter(Certificate)


def checked_certificate(values: Any) -> Certificate:
    """Build a certificate from plain values.

    Raises:
        ValueError: a part is missing or is not what it should be.
    """
    try:
        certificate = _ADAPTER.validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if np.shape(certificate.ear_matrix) != (len(TIMBRE), len(TIMBRE)) or len(certificate.ear_constant) != len(TIMBRE):
        raise ValueError("the ear has the wrong size")
    if any(list(one.drives) != sorted(one.drives) for one in certificate.sliders.values()):
        raise ValueError("a slider's drives do not rise")
    return certificate
