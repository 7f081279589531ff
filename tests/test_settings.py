from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.errors import ParameterError
from engine.settings import (
    ExportSettings,
    GenerateSettings,
    PackSettings,
    SpaceSettings,
    TagSettings,
    TrainSettings,
    checked,
    describe_limits,
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
        (GenerateSettings, "channels", "quad", "one of auto, mono, stereo"),
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
        (SpaceSettings, "motion", "fly", "one of still, orbit, drift"),
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
    with pytest.raises(ParameterError, match=r"hrtf = 3: has the wrong type\. A SOFA file"):
        checked(SpaceSettings, {"hrtf": 3})


def test_a_switch_of_the_wrong_type_is_explained():
    with pytest.raises(ParameterError, match=r"one_shot = 'maybe': has the wrong type\. A single event"):
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
