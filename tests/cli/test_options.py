import pytest
from pydantic import BaseModel, Field

from engine.cli.options import describe_setting, given, setting
from engine.settings import ExportSettings, GenerateSettings, SpaceSettings, TagSettings, TrainSettings


class Knobs(BaseModel):
    gain: float = Field(0.5, ge=0.25, le=2.0, description="How loud.")
    steps: int | None = Field(None, ge=1, le=5000, description="How many.")


def test_help_states_default_and_limits_of_the_field():
    assert describe_setting(Knobs, "gain") == "How loud. [default 0.5; 0.25 to 2]"
    assert describe_setting(Knobs, "steps") == "How many. [1 to 5,000]"


def test_choices_are_shown_in_place_of_a_value():
    assert setting(TrainSettings, "device").metavar == "auto|cpu|cuda|mps"
    assert setting(GenerateSettings, "channels").metavar == "auto|mono|stereo"


@pytest.mark.parametrize("value", [0, 0.0, False, ""])
def test_a_value_that_is_false_was_still_given(value: object):
    assert given(seed=value, minutes=None) == {"seed": value}


def test_what_an_option_takes_is_said_in_a_word():
    shown = {name: setting(ExportSettings, name).metavar for name in ("format", "sample_rate", "loudness", "ceiling")}
    assert shown == {
        "format": "auto|wav|flac|ogg|opus|mp3",
        "sample_rate": "44100|48000|88200|96000|176400|192000",
        "loudness": "NUMBER",
        "ceiling": "NUMBER",
    }
    assert setting(TagSettings, "title").metavar == "TEXT"
    assert setting(SpaceSettings, "hrtf").metavar == "FILE"


def test_a_setting_without_default_and_limits_is_its_description():
    assert describe_setting(TagSettings, "title") == "Title of the sound, in the file's tags."
    assert describe_setting(ExportSettings, "loudness").endswith("instead of its own. [-60 to -5]")
