"""The order of measuring, on a model that is computed: whatever time there is, it is well spent."""

from dataclasses import replace

import numpy as np
import pytest
from imitated_sweep import Model, imitate

from engine.generation.calibration import certify as certifying
from engine.generation.calibration.agenda import DISCOVERED_SEEDS, MOST_SEEDS, Look, next_looks
from engine.generation.calibration.certify import OVERRUN, Certified, certify
from engine.generation.calibration.readings import Place, Reading, Readings
from engine.generation.calibration.standing import FIRST_SEEDS, LATER_SEEDS, Standing
from engine.latent.certificate import ENDS, MIDDLES
from engine.latent.chart import NAMES
from engine.sliders import SLIDERS

REVERSED = "texture"
THROWS = {REVERSED: -1.0, "tension": 0.35}
FIRST_OUTPUTS = len(FIRST_SEEDS) * (2 * len(SLIDERS) + 1)


@pytest.fixture(scope="module")
def space(space):
    """The sound space, with two directions that no name explains."""
    axes = np.eye(2, space.chart.basis.directions, dtype=np.float32)
    return replace(space, chart=replace(space.chart, discovered=axes))


def run(space, patch: pytest.MonkeyPatch, model: Model, seconds: float | None, **more: object) -> Certified:
    imitate(patch, model)
    return certify(space, seconds, lambda name: None, **more)  # noqa: ARG005


def kept(model: Model) -> list:
    """Return all places in the order in which they were measured, but for the trial."""
    return [place for batch in model.batches for place in batch if place.seed in (*FIRST_SEEDS, *LATER_SEEDS)]


def test_two_positions_and_two_seeds_of_every_slider_come_before_a_third_of_any(space, monkeypatch):
    model = Model(0.01, THROWS, beside=0.5)
    run(space, monkeypatch, model, 1_000.0)
    first, later = kept(model)[:FIRST_OUTPUTS], kept(model)[FIRST_OUTPUTS:]
    wanted = {(name, position, seed) for name in SLIDERS for position in ENDS for seed in FIRST_SEEDS}
    assert {place[:3] for place in first if place.name} == wanted
    assert not [place for place in later if place[:3] in wanted]


def test_then_come_the_discovered_what_compensates_and_half_way(space, monkeypatch):
    model = Model(0.01, {}, beside=0.5)
    run(space, monkeypatch, model, 1_000.0)
    later = [place for place in kept(model)[FIRST_OUTPUTS:] if place.name]
    kinds = [
        "discovered" if place.name not in SLIDERS else "half way" if place.position in MIDDLES else "compensated"
        for place in later
    ]
    assert [kind for kind, before in zip(kinds, ["", *kinds], strict=False) if kind != before][:3] == [
        "discovered",
        "compensated",
        "half way",
    ]


@pytest.mark.parametrize("seconds", [1.0, 3.0, 8.0, 40.0])
def test_however_little_time_there_is_every_slider_has_a_certificate_of_the_right_sign(
    space, monkeypatch, seconds: float
):
    model = Model(0.04, THROWS)
    found = run(space, monkeypatch, model, seconds).certificate
    assert found.seeds >= 2
    for name in SLIDERS:
        one = found.sliders[name]
        assert np.sign(one.throw) == np.sign(THROWS.get(name, 1.0)), name
        assert one.throw == pytest.approx(THROWS.get(name, 1.0), abs=0.35)
        assert (one.state == "certified") == (name not in THROWS)
    assert model.now - 1_000.0 <= OVERRUN * seconds + 0.04 * 30


def test_with_less_time_than_the_first_looks_take_no_slider_is_taken_away(space, monkeypatch):
    found = run(space, monkeypatch, Model(1.0, THROWS), 8.0).certificate
    assert found.seeds < 2
    assert {one.state for one in found.sliders.values()} <= {"weak", "unmeasured"}


def test_the_time_is_used_and_not_exceeded(space, monkeypatch):
    model = Model(0.05, {}, noise=0.5)
    run(space, monkeypatch, model, 30.0)
    assert 27.0 < model.now - 1_000.0 <= 30.0


def test_with_much_time_every_slider_is_measured_so_often_and_no_more(space, monkeypatch):
    model = Model(0.001, {})
    found = run(space, monkeypatch, model, 1_000.0).certificate
    assert {found.sliders[name].seeds for name in SLIDERS} == {MOST_SEEDS}
    assert {found.sliders[name].seeds for name in space.chart.discovered_names} <= {DISCOVERED_SEEDS}
    assert model.now < 1_100.0


@pytest.mark.parametrize(("pace", "length"), [(0.001, 4.0), (0.11, 3.0), (0.16, 2.0), (5.0, 1.0)])
def test_outputs_are_as_long_as_the_first_looks_leave_time_for_the_rest(space, monkeypatch, pace: float, length: float):
    model = Model(pace, {})
    run(space, monkeypatch, model, 36.0)
    assert model.lengths[-1] == length


def test_the_most_uncertain_slider_is_measured_more_often(space, monkeypatch):
    model = Model(0.05, {"motion": 0.5}, noise=0.05)  # at the bar between weak and certified
    found = run(space, monkeypatch, model, 28.0).certificate
    others = [found.sliders[name].seeds for name in SLIDERS if name != "motion"]
    assert found.sliders["motion"].seeds > max(others)
    assert found.sliders["motion"].spread is not None


def test_what_moves_by_the_side_is_compensated_where_that_was_measured(space, monkeypatch):
    found = run(space, monkeypatch, Model(0.01, {}, beside=1.0), 1_000.0).certificate
    assert any(found.sliders["warmth"].compensation)
    assert not any(found.sliders["motion"].compensation)
    assert max(map(abs, found.sliders["warmth"].side_effects.values())) < 0.2
    calm = run(space, monkeypatch, Model(0.01, {}), 1_000.0).certificate
    assert not any(any(one.compensation) for one in calm.sliders.values())


def test_what_is_worse_with_its_compensation_does_without(space):
    readings = Readings(4.0)
    spans = [space.chart.reach(name).span for name in NAMES]
    while looks := next_looks(Standing(space.chart, readings), 2):
        found = {place: _reading(place, spans) for look in looks for place in look.places}
        readings = Readings(4.0, {**readings.by_place, **found})
    standing = Standing(space.chart, readings)
    assert "roughness" in standing.compensations
    assert not standing.is_compensated("roughness")
    assert standing.is_compensated("warmth")
    assert standing.sliders["roughness"].state == "certified"


def _reading(place: Place, spans: list[float]) -> Reading:
    """Return a reading of sliders that move all others too; roughness does nothing with its compensation."""
    works = not (place.compensated and place.name == "roughness")
    return Reading(tuple(works * place.position / 20 * span for span in spans), 1.0)


def test_measuring_goes_on_from_what_is_there(space, monkeypatch):
    first = run(space, monkeypatch, Model(0.04, THROWS), 4.0)
    model = Model(0.04, THROWS)
    known = replace(space, certificate=first.certificate)
    second = run(known, monkeypatch, model, 20.0, readings=first.readings)
    assert not set(kept(model)) & set(first.readings.by_place)
    assert set(first.readings.by_place) < set(second.readings.by_place)
    assert second.readings.seconds == first.readings.seconds
    assert sum(one.seeds for one in second.certificate.sliders.values()) > sum(
        one.seeds for one in first.certificate.sliders.values()
    )


def test_without_time_what_is_there_is_written_down_again(space, monkeypatch):
    first = run(space, monkeypatch, Model(0.01, THROWS), 30.0)
    known = replace(space, certificate=first.certificate)
    assert run(known, monkeypatch, Model(0.01, THROWS), 0.0, readings=first.readings) == first


def test_who_has_measured_all_measures_twice_as_often(space, monkeypatch):
    monkeypatch.setattr(certifying, "FIXED_PLAN", (2, 2.0))
    model, counts, known, readings = Model(0.01, {}), [], space, None
    for _ in range(4):
        found = run(known, monkeypatch, model, None, readings=readings)
        known, readings = replace(space, certificate=found.certificate), found.readings
        counts.append(found.certificate.seeds)
    assert counts == [2, 4, 8, 16]


def test_a_stop_keeps_all_that_was_measured_before(space, monkeypatch):
    model = Model(0.04, THROWS)
    found = run(space, monkeypatch, model, 100.0, should_stop=lambda: len(kept(model)) > FIRST_OUTPUTS)
    assert found.is_whole
    assert len(found.readings.by_place) >= FIRST_OUTPUTS


def test_a_look_has_its_outputs_and_the_one_that_all_share():
    assert [place[:3] for place in Look("warmth", 7).places] == [
        ("", 0.0, 7),
        ("warmth", -10.0, 7),
        ("warmth", 10.0, 7),
    ]
