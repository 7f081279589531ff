"""Sliders of a model for the front doors, and what a person should know who sets one."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from engine.curves import is_zero
from engine.errors import ParameterError
from engine.latent.certificate import Certificate, SliderCertificate, load_certificate, unmeasured
from engine.latent.description import FIRST_WITH_CHART, read_description
from engine.library.entries import BLEND, ModelEntry
from engine.settings import GenerateSettings
from engine.sliders import CHOOSE_NOTES, DISCOVERED, SLIDERS, discovered_number, is_discovered, show_value
from engine.studio.blends import Taking, find_takings
from engine.studio.models import find_model

NOT_MEASURED = "this model was made before sliders were measured"
MEASURED_BEFORE = "this model was measured before there was such a slider"
HEARD = 0.15  # of the recordings' span: a smaller side effect is not worth a word
MOST_TURNS = 3
BEFORE_NOTES = "measured with keep nothing, until it is measured again"
NO_NOTES = "no sound that was measured has a clear pitch"
FEW_NOTES = "too few sounds that were measured have a clear pitch"
FEWEST_JUDGED = 8  # sounds of clear pitch: a share of fewer is chance
OTHER_NOTES = "to move them is the point"


@dataclass(frozen=True)
class SliderReport:
    """The effect of one slider in a model; figures that were not measured are None or empty.

    Attributes:
        name: Of the slider.
        state: certified, weak, off, unmeasured or discovered.
        reason: Why it is not certified, in words; empty when it is.
        low: What the sound is at -10, one word; empty for a discovered slider.
        high: What the sound is at +10.
        measures: What is measured, in words.
        unit: Of range and curve.
        range: The measured number at -10, 0 and +10.
        shown: The same, as a musician reads it.
        curve: The measured number at -10, -5, 0, 5 and 10 before calibration.
        steadiness: Rank correlation of position and measured number, 1 for a slider that never goes back.
        throw: How much of what the recordings span it covers, 1 for all.
        side_effects: How far it moves what others measure, from -10 to +10, in spans of the recordings.
        also: The largest side effects in words: what the sound becomes as well towards +10.
        latent_share: How much of the change is the model's own sound, 0 to 1; the rest was shaped afterwards.
        drives: What the engine is asked at -10, -5, 0, 5 and 10.
        compensation: How much of other descriptors is asked for besides at -10 and at +10, in spans of the recordings,
            so that they stay where they are.
        seeds: How many outputs were measured at each end; 0 where that is not known.
        spread: Standard error of the throw, in spans of the recordings.
        kept: Share of sounds of clear pitch that stay within 50 cents of it while the slider is moved.
        not_kept: Why that is not known, in words; empty where it is, and where the slider was not measured.
        measured_on: The version whose sound was measured, where it is not this one; empty otherwise.
    """

    name: str
    state: str
    reason: str
    low: str
    high: str
    measures: str
    unit: str
    range: tuple[float, float, float] | None
    shown: tuple[str, ...]
    curve: tuple[float, ...]
    steadiness: float | None
    throw: float | None
    side_effects: Mapping[str, float]
    also: tuple[str, ...]
    latent_share: float | None
    drives: tuple[float, ...]
    compensation: tuple[Mapping[str, float], Mapping[str, float]]
    seeds: int
    spread: float | None
    kept: float | None
    not_kept: str
    measured_on: str


@dataclass(frozen=True)
class SlidersReport:
    """The effects of all sliders of a model.

    Attributes:
        model: Id.
        name: Of the model.
        sliders: The named ones.
        discovered: Directions of this model that no name explains.
        seeds: How many outputs were measured at each end of the slider that has fewest; 0 when one has none.
        seconds: How long each was.
    """

    model: str
    name: str
    sliders: tuple[SliderReport, ...]
    discovered: tuple[SliderReport, ...]
    seeds: int
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON: all sliders in one list, the discovered ones last."""
        values = asdict(self)
        values["sliders"] += values.pop("discovered")
        return values


def describe_sliders(model: str) -> SlidersReport:
    """Return what the sliders of a model do; its weights are not opened.

    Args:
        model: Name or id.

    Raises:
        ModelError: there is no such model, or it is damaged.
    """
    entry = find_model(model)
    if entry.kind == BLEND:
        return _describe_blend(entry)
    certificate, directions = _read(entry)
    found = certificate.sliders
    unknown = MEASURED_BEFORE if found else NOT_MEASURED
    named = [found.get(name, SliderCertificate(name, reason=unknown)) for name in SLIDERS]
    numbered = {f"{DISCOVERED} {number}" for number in range(1, directions + 1)}
    own = sorted(numbered | set(filter(is_discovered, found)), key=discovered_number)
    discovered = [found.get(name, SliderCertificate(name)) for name in own]
    return SlidersReport(
        model=entry.id,
        name=entry.name,
        sliders=tuple(map(_describe, named)),
        discovered=tuple(map(_describe, discovered)),
        seeds=certificate.seeds,
        seconds=certificate.seconds,
    )


def _describe_blend(entry: ModelEntry) -> SlidersReport:
    """Return what the sliders do in a blend: each of its models moves by what was measured on itself."""
    parts = [(one.entry.name, _read(one.entry)[0].sliders) for one in find_takings(entry, {})]
    named = [_combine(name, [(model, found[name]) for model, found in parts if name in found]) for name in SLIDERS]
    described = [replace(_describe(one), steadiness=None, throw=None, latent_share=None, not_kept="") for one in named]
    return SlidersReport(entry.id, entry.name, tuple(described), (), 0, 0.0)


def _combine(name: str, parts: list[tuple[str, SliderCertificate]]) -> SliderCertificate:
    """Return what a slider does in some models at once, by name."""
    states = [one.state for _, one in parts]
    if not states or "unmeasured" in states:
        return SliderCertificate(name, reason="it was not measured in every model of this blend")
    worst = next(state for state in ("off", "weak", "certified") if state in states)
    lacking = ", ".join(f"{one.state} in {model}" for model, one in parts if one.state != "certified")
    state = "weak" if worst == "off" and len(set(states)) > 1 else worst
    return SliderCertificate(name, state=state, reason=lacking)


def slider_notices(
    certificate: Certificate, settings: GenerateSettings, discovered: int | None = None
) -> tuple[str, ...]:
    """Return what a person should know of the sliders that were set: those that do nothing in this model.

    Args:
        certificate: Of the model.
        settings: What is to be made.
        discovered: How many discovered sliders the model has, where it is known from elsewhere than the certificate.

    Raises:
        ParameterError: a discovered slider is set that the model has not.
    """
    count = sum(map(is_discovered, certificate.sliders)) if discovered is None else discovered
    moved = [name for name, curve in settings.sliders.items() if not is_zero(curve)]
    missing = next((name for name in moved if is_discovered(name) and discovered_number(name) > count), None)
    if missing:
        raise ParameterError(f"there is no slider {missing!r} in this model: {_count_discovered(count)}.")
    measured = [certificate.sliders[name] for name in moved if name in certificate.sliders]
    return tuple(
        f"the slider {one.name} does nothing in this model: {one.reason}" for one in measured if one.state == "off"
    )


def find_notices(takings: Sequence[Taking], settings: GenerateSettings) -> tuple[str, ...]:
    """Return what a person should know of the sliders that were set, before any model is opened.

    Args:
        takings: The models that take part.
        settings: What is to be made.

    Raises:
        ModelError: a model is damaged.
        ParameterError: a discovered slider is set that none of them has.
    """
    asked = any(map(is_discovered, settings.sliders))
    discovered = max(_count_directions(one.entry) for one in takings) if asked else 0
    return blend_notices([(one.entry.name, _read(one.entry)[0]) for one in takings], settings, discovered)


def blend_notices(
    parts: Sequence[tuple[str, Certificate]], settings: GenerateSettings, discovered: int
) -> tuple[str, ...]:
    """Return what `slider_notices` says of each model that takes part; of several, which one is meant.

    Args:
        parts: Names and certificates.
        settings: What is to be made.
        discovered: How many discovered sliders the model has that has most.

    Raises:
        ParameterError: a discovered slider is set that none of them has.
    """
    found = [(name, slider_notices(certificate, settings, discovered)) for name, certificate in parts]
    if len(found) == 1:
        return found[0][1]
    return tuple(f"{name}: {notice}" for name, notices in found for notice in notices)


def name_turns(side_effects: Mapping[str, float]) -> tuple[str, ...]:
    """Say what a sound becomes by side effects, the largest first: ("thin 60%", "noisy 30%")."""
    largest = sorted(side_effects.items(), key=lambda effect: -abs(effect[1]))
    return tuple(
        f"{SLIDERS[name].high if change > 0 else SLIDERS[name].low} {abs(change):.0%}"
        for name, change in largest[:MOST_TURNS]
        if name in SLIDERS and abs(change) >= HEARD
    )


def say_not_kept(one: SliderCertificate) -> str:
    """Say why it is not known of a slider that was measured whether it leaves notes alone; "" where it is known."""
    if one.state == "unmeasured" or find_kept(one) is not None:
        return ""
    if one.name in CHOOSE_NOTES:
        return OTHER_NOTES
    if one.keep == "nothing":
        return BEFORE_NOTES
    return FEW_NOTES if one.judged else NO_NOTES


def find_kept(one: SliderCertificate) -> float | None:
    """Return the share of sounds of clear pitch that keep it; None where it was not measured, or on too few sounds."""
    return one.kept if one.state != "unmeasured" and one.judged >= FEWEST_JUDGED else None


def _read(entry: ModelEntry) -> tuple[Certificate, int]:
    """Return the certificate of a model, and how many discovered sliders it has."""
    description = read_description(entry.path)
    if description["format"] < FIRST_WITH_CHART:
        return unmeasured(reason=NOT_MEASURED), 0
    counts = description.get("chart")
    directions = counts.get("discovered") if isinstance(counts, dict) else 0
    return load_certificate(entry.path), directions if type(directions) is int and 0 <= directions < 100 else 0


def _count_directions(entry: ModelEntry) -> int:
    """Return how many discovered sliders a model has; where its folder does not say, its chart is drawn."""
    if read_description(entry.path)["format"] < FIRST_WITH_CHART:
        from engine.latent.stored import read_chart  # loads numpy, and takes seconds

        return len(read_chart(entry.path)[0].discovered)
    return _read(entry)[1]


def _count_discovered(count: int) -> str:
    if count == 0:
        return "it has no discovered ones"
    return f"its only discovered one is {DISCOVERED} 1" if count == 1 else f"it has {DISCOVERED} 1 to {count}"


def _describe(one: SliderCertificate) -> SliderReport:
    slider = SLIDERS.get(one.name)
    swept = slider is not None and one.state != "unmeasured"
    return SliderReport(
        name=one.name,
        state=one.state,
        reason=one.reason,
        low=slider.low if slider else "",
        high=slider.high if slider else "",
        measures=slider.measures if slider else "",
        unit=slider.unit if slider else "",
        range=one.range,
        shown=tuple(show_value(one.name, value) for value in one.range) if one.range and slider else (),
        curve=one.curve,
        steadiness=one.steadiness if swept else None,
        throw=one.throw if swept else None,
        side_effects=one.side_effects,
        also=name_turns(one.side_effects),
        latent_share=one.latent_share if swept else None,
        drives=one.drives,
        compensation=one.compensation,
        seeds=one.seeds,
        spread=one.spread if swept else None,
        kept=find_kept(one),
        not_kept=say_not_kept(one),
        measured_on=one.measured_on,
    )
