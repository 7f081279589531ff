import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.checking import checked, describe_limits
from engine.errors import ParameterError
from engine.settings import (
    LONGEST_LOOP_SECONDS,
    ExportSettings,
    GenerateSettings,
    PackSettings,
    SpaceSettings,
    TagSettings,
    TrainSettings,
)
from engine.units import SAMPLE_RATE

KINDS = [TrainSettings, GenerateSettings, ExportSettings, SpaceSettings, TagSettings, PackSettings]


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_are_inside_their_own_limits_and_every_setting_is_described(kind):
    assert checked(kind, kind().model_dump()) == kind()
    assert all(field.description for field in kind.model_fields.values())


@pytest.mark.parametrize(
    ("kind", "name", "value", "limits"),
    [
        (GenerateSettings, "duration", 0.05, "a number from 0.1 to 36000"),
        (GenerateSettings, "duration", 40_000.0, "a number from 0.1 to 36000"),
        (GenerateSettings, "density", 0, "a number from 0.1 to 20"),
        (GenerateSettings, "novelty", 1.01, "a number from 0 to 1"),
        (GenerateSettings, "source", -0.5, "a number from 0 to 1"),
        (GenerateSettings, "seed", 1.5, "a whole number from 0 to 2147483647"),
        (GenerateSettings, "seed", 2**31, "a whole number from 0 to 2147483647"),
        (GenerateSettings, "channels", "quad", "one of auto, mono, stereo, binaural"),
        (GenerateSettings, "device", "tpu", "one of auto, cpu, cuda, mps"),
        (GenerateSettings, "duration", float("nan"), "a number from 0.1 to 36000"),
        (GenerateSettings, "duration", float("inf"), "a number from 0.1 to 36000"),
        (GenerateSettings, "duration", "long", "a number from 0.1 to 36000"),
        (TrainSettings, "minutes", 0, "a number from 0.1 to 1440"),
        (TrainSettings, "steps", 0, "a whole number from 1 to 1000000"),
        (TrainSettings, "steps", 2.5, "a whole number from 1 to 1000000"),
        (TrainSettings, "hold_out", 101, "a whole number from 0 to 100"),
        (ExportSettings, "format", "aac", "one of auto, wav, flac, ogg, opus, mp3"),
        (ExportSettings, "sample_rate", 22_050, "one of 44100, 48000, 88200, 96000, 176400, 192000"),
        (ExportSettings, "bit_depth", "8", "one of auto, 16, 24, 32f"),
        (ExportSettings, "loudness", -4.9, "a number from -60 to -5"),
        (ExportSettings, "ceiling", 0.1, "a number from -20 to 0"),
        (ExportSettings, "fade_out", 61.0, "a number from 0 to 60"),
        (SpaceSettings, "width", 10.5, "a number from -10 to 10"),
        (SpaceSettings, "movement", "fly", "one of still, orbit, drift"),
    ],
)
def test_a_violation_names_the_setting_its_value_and_its_limits_in_one_line(kind, name, value, limits: str):
    with pytest.raises(ParameterError) as caught:
        checked(kind, {name: value})
    message = caught.value.message
    assert message.startswith(f"{name} = {value!r}: must be {limits}. ")
    assert kind.model_fields[name].description.rstrip(".") in message
    assert "\n" not in message
    assert caught.value.code == "parameter"


def test_without_a_wish_files_have_the_sample_rate_at_which_sound_is_made():
    assert ExportSettings().sample_rate == SAMPLE_RATE


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ParameterError, match=r"tempo = 120: there is no such setting; known are duration, density"):
        checked(GenerateSettings, {"tempo": 120})


def test_a_file_is_a_path_or_nothing():
    assert checked(SpaceSettings, {"hrtf": "own.sofa"}).hrtf == Path("own.sofa")
    assert checked(SpaceSettings, {"hrtf": None}).hrtf is None
    with pytest.raises(ParameterError, match=r"hrtf = 3: must be the name of a file\. A SOFA file"):
        checked(SpaceSettings, {"hrtf": 3})


def test_a_switch_of_the_wrong_type_is_explained():
    with pytest.raises(ParameterError, match=r"one_shot = 'maybe': must be true or false\. A single event"):
        checked(GenerateSettings, {"one_shot": "maybe"})


@pytest.mark.parametrize("kind", KINDS)
def test_the_limits_themselves_are_allowed(kind):
    for name, field in kind.model_fields.items():
        for limit in field.metadata:
            for bound in ("ge", "le"):
                if hasattr(limit, bound):
                    value = getattr(limit, bound)
                    assert getattr(checked(kind, {name: value}), name) == value


def test_settings_do_not_change_once_made():
    with pytest.raises(ValidationError):
        GenerateSettings().seed = 3


def test_limits_can_be_asked_for_without_a_violation():
    assert describe_limits(TrainSettings, "minutes").startswith("must be a number from 0.1 to 1440. Minutes")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"sliders": {"brightness": 12}}, "brightness = 12: must be a number from -10 to 10. From dark to bright; "),
        (
            {"sliders": [("brightness", "12")]},
            "brightness = 12: must be a number from -10 to 10. From dark to bright; ",
        ),
        ({"sliders": {"discovered-1": -11}}, "discovered 1 = -11: must be a number from -10 to 10. From one end "),
        (
            {"sliders": {"warmth": "0:1,4:12"}},
            "warmth = 0:1,4:12: it is 12 at 4 s, and must be a number from -10 to 10.",
        ),
        ({"sliders": {"warmth": ""}}, "warmth = '': '' is no number. From thin to warm; "),
        ({"sliders": {"warm": 1}}, "there is no slider 'warm'. Did you mean 'warmth'? There are brightness, "),
        ({"sliders": [("warmth", 1), ("Warmth", 2)]}, "the slider 'warmth' is set twice; set it once."),
        ({"sliders": 5}, 'sliders are names with positions, such as {"brightness": 5}.'),
        ({"sliders": None}, 'sliders are names with positions, such as {"brightness": 5}.'),
        ({"sliders": [5]}, 'sliders are names with positions, such as {"brightness": 5}.'),
        ({"sliders": {3: 5}}, 'sliders are names with positions, such as {"brightness": 5}.'),
        (
            {"density": [[0, 1], [5, 99]]},
            "density = [[0, 1], [5, 99]]: it is 99 at 5 s, and must be a number from 0.1 ",
        ),
        ({"novelty": "a lot"}, "novelty = a lot: 'a lot' is no number. 0 close to the recordings, "),
        ({"at": [0.2, -1.5]}, "at = [0.2, -1.5]: must be two numbers, each from -1 to 1. Place on the map "),
        ({"at": "0.2"}, "at = 0.2: must be two numbers, each from -1 to 1. Place on the map "),
        ({"path": "0,0;1,2"}, "path = 0,0;1,2: '1,2' is no place on the map, which is two numbers, each from -1 to 1."),
        ({"path": []}, "path = []: must be 1 to 1000 places on the map. Places on the map that "),
        ({"at": "0,0", "path": "0,0"}, "at and path both say where on the map the sound is; give one of them."),
        ({"loop": True, "one_shot": True}, "a one-shot ends by itself and cannot be a loop; give one of "),
        ({"loop": True, "duration": 900}, "duration = 900: a loop can last 600 seconds at most; make it shorter, or "),
        ({"loop": "maybe"}, "loop = 'maybe': must be true or false. End where it begins"),
    ],
)
def test_violations_name_what_was_typed_and_the_way_out(values: dict[str, object], message: str):
    with pytest.raises(ParameterError) as caught:
        checked(GenerateSettings, values)
    assert caught.value.message.startswith(message)
    assert "\n" not in caught.value.message


def test_a_long_value_is_shortened_in_the_message():
    with pytest.raises(ParameterError) as caught:
        checked(GenerateSettings, {"sliders": {"warmth": [[second, second] for second in range(900)]}})
    assert len(caught.value.message) < 250


def test_settings_are_read_from_plain_json_values():
    settings = checked(
        GenerateSettings,
        {
            "sliders": {"brightness": [[0, -5], [4, 8]], "discovered 1": 3},
            "density": [[0, 1], [5, 10]],
            "novelty": 1,
            "path": [[0, 0], [1, 1]],
            "loop": True,
        },
    )
    assert settings.sliders == {"brightness": ((0.0, -5.0), (4.0, 8.0)), "discovered 1": 3.0}
    assert settings.density == ((0.0, 1.0), (5.0, 10.0))
    assert settings.path == ((0.0, 0.0), (1.0, 1.0))
    assert checked(GenerateSettings, json.loads(settings.model_dump_json())) == settings


def test_text_and_lists_are_the_same_settings():
    written = {"sliders": [("brightness", "0:-5,4:8")], "density": "0:1,5:10", "at": "-0.2,0.5"}
    plain = {"sliders": {"brightness": [[0, -5], [4, 8]]}, "density": [[0, 1], [5, 10]], "at": [-0.2, 0.5]}
    assert checked(GenerateSettings, written) == checked(GenerateSettings, plain)


def test_the_longest_loop_is_allowed():
    assert checked(GenerateSettings, {"loop": True, "duration": LONGEST_LOOP_SECONDS}).loop


def test_the_examples_in_descriptions_are_valid_settings():
    for name, field in GenerateSettings.model_fields.items():
        found = re.findall(r"(?:such as|;) ?(?:brightness=)?([-\d.:,;]+\d)", field.description or "")
        for example in found:
            checked(GenerateSettings, {name: {"brightness": example} if name == "sliders" else example})
        assert found or name not in ("density", "novelty", "sliders", "at", "path")


def test_width_and_distance_are_set_like_sliders():
    made = checked(GenerateSettings, {"sliders": [("width", "4"), ("brightness", 5), ("distance", -2)]})
    assert (made.width, made.distance, dict(made.sliders)) == (4.0, -2.0, {"brightness": 5.0})
    assert made.is_spacious
    assert not GenerateSettings(sliders={"brightness": 5}).is_spacious
    for twice in ({"sliders": [("width", 1), ("width", 2)]}, {"sliders": {"width": 1}, "width": 2}):
        with pytest.raises(ParameterError, match="the slider 'width' is set twice"):
            checked(GenerateSettings, twice)
    with pytest.raises(ParameterError, match=r"width = 12: must be a number from -10 to 10"):
        checked(GenerateSettings, {"sliders": {"width": 12}})


def test_a_mono_output_is_not_put_into_space():
    with pytest.raises(ParameterError, match="a mono output has no space"):
        checked(GenerateSettings, {"channels": "mono", "distance": 3})


def test_width_and_distance_may_be_curves_wherever_sliders_are_set():
    curve = ((0.0, -10.0), (8.0, 10.0))
    assert checked(GenerateSettings, {"sliders": [("width", "0:-10,8:10")]}).width == curve
    assert checked(GenerateSettings, {"sliders": {"distance": [[0, -10], [8, 10]]}}).distance == curve
    assert GenerateSettings(width=curve).is_spacious
    assert not GenerateSettings(width=((0.0, 0.0), (8.0, 0.0))).is_spacious
    with pytest.raises(ParameterError, match=r"width = 0:-10,8:11: it is 11 at 8 s, and must be a number from -10 to"):
        checked(GenerateSettings, {"sliders": [("width", "0:-10,8:11")]})
    with pytest.raises(ParameterError, match=r"distance = far: 'far' is no number\. -10 at the ear"):
        checked(GenerateSettings, {"sliders": [("distance", "far")]})
