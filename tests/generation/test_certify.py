from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import pytest

from engine.generation.calibration import certify as certifying
from engine.generation.calibration.agenda import Look
from engine.generation.calibration.certify import NO_TIME, certify
from engine.generation.calibration.readings import Readings
from engine.generation.calibration.standing import FIRST_SEEDS
from engine.generation.calibration.sweep import Sweep
from engine.generation.renderer import prepare
from engine.latent.certificate import POSITIONS, checked_certificate, unmeasured
from engine.latent.chart import NAMES
from engine.sliders import REGISTER, SLIDERS


def be_quick(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(certifying, "FIXED_PLAN", (2, 0.3))


@pytest.fixture(scope="module")
def certified(space):
    with pytest.MonkeyPatch.context() as patch:
        be_quick(patch)
        return certify(space, None, lambda name: None)  # noqa: ARG005


def test_every_slider_is_measured_and_every_direction_described(space, certified):
    certificate = certified.certificate
    discovered = {f"discovered {n + 1}" for n in range(len(space.chart.discovered))}
    assert set(certificate.sliders) == {*SLIDERS, *discovered}
    assert (certificate.seeds, certificate.seconds) == (2, 0.3)
    for name in SLIDERS:
        one = certificate.sliders[name]
        assert one.state in ("certified", "weak", "off")
        assert bool(one.reason) == (one.state != "certified")
        assert len(one.curve) == len(POSITIONS)
        assert one.range == (one.curve[0], one.curve[2], one.curve[4])
        reach = prepare(space).guide.notes.reach if name == REGISTER else space.chart.reach(name)
        assert one.throw == pytest.approx((one.curve[4] - one.curve[0]) / reach.span)
        assert set(one.side_effects) == set(NAMES) - {name}
        assert 0.0 <= one.latent_share <= 1.0
        assert one.seeds >= 2
        assert one.spread is not None
        assert one.measured_on == ""
        assert one.keep == "notes"
        assert (one.kept is None) == (one.judged == 0)
    assert certificate.sliders["tension"].kept is None


def test_what_was_measured_can_be_saved_and_is_the_same_the_next_time(space, certified):
    assert checked_certificate(asdict(certified.certificate)) == certified.certificate
    plain = replace(prepare(space), certificate=unmeasured(certified.certificate.ear))
    look = Look("warmth", FIRST_SEEDS[0])
    with ThreadPoolExecutor(2) as pool:
        sweep = Sweep(plain, Readings(0.3), pool)
        sweep.take([look])
    assert sweep.readings.by_place == {place: certified.readings.by_place[place] for place in look.places}


def test_without_time_sliders_are_unmeasured_and_say_why(space):
    told = certify(space, 0.0, lambda name: None)  # noqa: ARG005
    assert {(one.state, one.reason) for one in told.certificate.sliders.values()} == {("unmeasured", NO_TIME)}
    assert (told.certificate.seeds, told.readings) == (0, None)
