import json
from pathlib import Path

import pytest
from small_model import small_certificate, write_small_model

from engine.errors import ModelError, ParameterError
from engine.latent.certificate import CERTIFICATE_FILE, SliderCertificate, unmeasured
from engine.settings import GenerateSettings
from engine.sliders import SLIDERS
from engine.studio.sliders import describe_sliders, name_turns, slider_notices

OFF = SliderCertificate("tension", state="off", reason="all recordings are about equally dissonant")


def test_every_slider_is_described_in_its_own_words_and_units(data_home: Path):
    write_small_model(data_home, small_certificate(OFF))
    report = describe_sliders("sax")
    assert (report.name, report.seeds, report.seconds) == ("sax", 4, 2.0)
    sliders = {slider.name: slider for slider in report.sliders}
    assert list(sliders) == list(SLIDERS)
    bright = sliders["brightness"]
    assert (bright.state, bright.low, bright.high, bright.unit) == ("certified", "dark", "bright", "octaves")
    assert bright.range == (8.0, 9.0, 10.0)
    assert bright.shown == ("256 Hz", "512 Hz", "1024 Hz")
    assert (bright.steadiness, bright.throw, bright.also) == (1.0, 0.9, ())
    assert (sliders["tension"].state, sliders["tension"].reason) == ("off", OFF.reason)


def test_discovered_sliders_stand_apart_with_what_they_turn_the_sound_into(data_home: Path):
    write_small_model(data_home, small_certificate())
    first, second = describe_sliders("sax").discovered
    assert (first.name, first.state, second.name) == ("discovered 1", "discovered", "discovered 2")
    assert first.also == ("thin 60%", "bright 30%")
    assert first.throw is None


def test_discovered_sliders_are_in_the_order_of_their_numbers(data_home: Path):
    certificate = small_certificate(discovered=11)
    write_small_model(data_home, certificate)
    assert [one.name for one in describe_sliders("sax").discovered] == [f"discovered {n}" for n in range(1, 12)]


def test_the_report_is_plain_json(data_home: Path):
    write_small_model(data_home, small_certificate())
    written = json.loads(json.dumps(describe_sliders("sax").to_dict(), allow_nan=False))
    names = [slider["name"] for slider in written["sliders"]]
    assert names == [*SLIDERS, "discovered 1", "discovered 2"]
    assert (written["name"], written["seeds"], written["seconds"]) == ("sax", 4, 2.0)
    keys = {"name", "state", "reason", "range", "curve", "steadiness", "throw", "side_effects", "latent_share"}
    assert all(keys | {"drives", "compensation"} <= set(slider) for slider in written["sliders"])


def test_a_model_from_before_says_that_it_was_not_measured(data_home: Path):
    write_small_model(data_home, None)
    report = describe_sliders("sax")
    assert {slider.state for slider in report.sliders} == {"unmeasured"}
    assert {slider.reason for slider in report.sliders} == {"this model was made before sliders were measured"}
    assert {slider.throw for slider in report.sliders} == {None}
    assert report.discovered == ()


def test_directions_that_were_not_measured_are_named_all_the_same(data_home: Path):
    write_small_model(data_home, unmeasured())
    assert [(one.name, one.state) for one in describe_sliders("sax").discovered] == [
        ("discovered 1", "unmeasured"),
        ("discovered 2", "unmeasured"),
    ]


def test_a_damaged_certificate_is_one_line(data_home: Path):
    (write_small_model(data_home, small_certificate()) / CERTIFICATE_FILE).write_text("{", "utf-8")
    with pytest.raises(ModelError, match="the model is damaged"):
        describe_sliders("sax")


def test_an_unknown_model_is_one_line():
    with pytest.raises(ModelError, match="there is no model 'sax'"):
        describe_sliders("sax")


def test_side_effects_are_told_in_the_words_of_their_sliders_the_largest_first():
    effects = {"warmth": -0.6, "texture": 0.3, "motion": 0.1, "attack": 1.2, "roughness": 0.2}
    assert name_turns(effects) == ("percussive 120%", "thin 60%", "noisy 30%")
    assert name_turns({"warmth": 0.1}) == ()


@pytest.mark.parametrize(
    ("sliders", "notices"),
    [
        ({}, ()),
        ({"brightness": 5}, ()),
        ({"tension": 5}, (f"the slider tension does nothing in this model: {OFF.reason}",)),
        ({"tension": "0:0,5:3"}, (f"the slider tension does nothing in this model: {OFF.reason}",)),
        ({"tension": 0}, ()),
        ({"discovered 2": 5}, ()),
        ({"discovered 3": 0}, ()),
    ],
)
def test_only_sliders_that_are_moved_and_off_are_told_of(sliders: dict[str, object], notices: tuple[str, ...]):
    assert slider_notices(small_certificate(OFF), GenerateSettings(sliders=sliders)) == notices


@pytest.mark.parametrize(
    ("discovered", "has"),
    [(0, "it has no discovered ones"), (1, "its only discovered one is discovered 1"), (2, "it has discovered 1 to 2")],
)
def test_a_discovered_slider_that_a_model_has_not_is_refused_with_those_it_has(discovered: int, has: str):
    settings = GenerateSettings(sliders={"discovered 3": 5})
    for arguments in ((small_certificate(discovered=discovered), settings), (unmeasured(), settings, discovered)):
        with pytest.raises(ParameterError, match=f"there is no slider 'discovered 3' in this model: {has}"):
            slider_notices(*arguments)
