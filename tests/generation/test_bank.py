import numpy as np
import pytest

from engine.generation.sliders.bank import Bank, compile_bank
from engine.latent.certificate import Certificate, SliderCertificate, unmeasured
from engine.properties.property import LEAST_SHARE, MOST_SHARE, Reach
from engine.settings import GenerateSettings
from engine.sliders import TIMBRE


def certified(*sliders: SliderCertificate) -> Certificate:
    plain = unmeasured()
    named = {slider.name: slider for slider in sliders}
    return Certificate({**plain.sliders, **named}, plain.ear_matrix, plain.ear_constant)


def bank_of(space, certificate: Certificate | None = None, **settings) -> Bank:
    return compile_bank(GenerateSettings(**settings), certificate or unmeasured(), space.chart)


def test_a_position_asks_what_the_calibration_says(space):
    calibrated = SliderCertificate("brightness", state="certified", drives=(-10.0, -2.0, 0.0, 7.0, 10.0))
    bank = bank_of(space, certified(calibrated), sliders={"brightness": [[0, -5], [1, 5], [3, 10]]})
    assert bank.drives("brightness", np.array([0.0, 0.5, 0.75, 1.0, 2.0, 9.0])) == pytest.approx(
        [-2.0, 0.0, 3.5, 7.0, 8.5, 10.0]
    )
    assert bank.drive("warmth", 1.0) == 0.0


def test_sliders_that_are_off_or_stay_at_zero_do_nothing(space):
    off = SliderCertificate("texture", state="off", reason="all recordings are about equally noisy")
    sliders = {"texture": 9.0, "warmth": 0.0, "attack": [[0, 0], [5, 0]], "tension": [[0, 0], [5, 1]]}
    assert set(bank_of(space, certified(off), sliders=sliders).curves) == {"tension"}


def test_a_loop_ends_with_its_sliders_where_they_began(space):
    bank = bank_of(space, sliders={"warmth": [[0, -5], [3, 5]]}, loop=True, duration=4.0)
    assert bank.drives("warmth", np.array([0.0, 3.0, 3.8, 4.0])) == pytest.approx([-5.0, 5.0, 0.0, -5.0])


def test_what_a_slider_moves_by_the_side_is_asked_for_the_other_way_in_proportion(space):
    leaning = SliderCertificate("roughness", state="certified", compensation=({"motion": -0.4}, {"motion": 0.6}))
    seconds = np.array([0.0, 1.0, 2.0])
    bank = bank_of(space, certified(leaning), sliders={"roughness": [[0, -5], [1, 0], [2, 10]]})
    moves = bank.moves(("motion", "texture"), np.zeros((3, 2)), seconds)
    assert moves[:, 0] / bank.chart.reach("motion").span == pytest.approx([-0.2, 0.0, 0.6])
    assert not moves[:, 1].any()
    assert not bank.drives("motion", seconds).any()


def test_sliders_rest_only_where_none_of_them_moves_or_is_away_from_zero(space):
    bank = bank_of(space, sliders={"warmth": [[0, 0], [2, 0], [3, 5]]})
    assert bank.rests(("warmth", "texture"), 0.0, 2.0)
    assert not bank.rests(("warmth",), 0.0, 2.5)
    assert not bank.rests(("warmth",), 4.0, 5.0)
    assert bank.is_still(("warmth",), 4.0, 5.0)
    assert bank.rests(("texture",), 4.0, 5.0)


@pytest.mark.parametrize(
    ("base", "drive", "wanted"),
    [
        (2.0, 10.0, 3.0),
        (2.0, 5.0, 1.5),
        (2.0, -10.0, -1.6),
        (2.0, 0.0, 0.0),
        (4.9, 10.0, 4 * LEAST_SHARE),
        (9, -5, -2 * MOST_SHARE),
    ],
)
def test_a_drive_goes_its_share_of_the_way_to_the_end_of_the_corpus(base: float, drive: float, wanted: float):
    assert Reach(1.0, 5.0, 0.1).move(base, drive) == pytest.approx(wanted)


def test_timbre_moves_only_where_its_sliders_ask(space):
    bank = bank_of(space, sliders={"warmth": 10.0})
    heard = np.zeros((2, 4), np.float32)
    moves = bank.moves(TIMBRE, heard, np.array([0.0, 1.0]))
    assert (moves[:, [0, 2, 3]] == 0).all()
    assert moves[:, 1] == pytest.approx(bank.chart.reach("warmth").move(0.0, 10.0))


def test_as_many_discovered_sliders_as_the_chart_has(space):
    names = bank_of(space).discovered
    assert names == tuple(f"discovered {n}" for n in range(1, len(space.chart.discovered) + 1))
