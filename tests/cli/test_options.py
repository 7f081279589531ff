import pytest
from pydantic import BaseModel, Field

from engine.cli.options import describe_setting, given, read_pairs, setting, switch
from engine.errors import ParameterError
from engine.settings import ExportSettings, GenerateSettings, SpaceSettings, TagSettings, TrainSettings


class Knobs(BaseModel):
    gain: float = Field(0.5, ge=0.25, le=2.0, description="How loud.")
    steps: int | None = Field(None, ge=1, le=5000, description="How many.")
    place: str | None = Field(None, description="Where.")
    loud: bool = Field(False, description="Be loud.")


def test_help_states_default_and_limits_of_the_field():
    assert describe_setting(Knobs, "gain") == "How loud. [default 0.5; 0.25 to 2]"
    assert describe_setting(Knobs, "steps") == "How many. [1 to 5,000]"
    assert describe_setting(Knobs, "place") == "Where."
    assert describe_setting(TrainSettings, "seed").endswith(" [default 0; 0 to 2,147,483,647]")
    assert "[" not in describe_setting(GenerateSettings, "sliders")


def test_choices_are_shown_in_place_of_a_value():
    assert setting(TrainSettings, "device").metavar == "auto|cpu|cuda|mps"
    assert setting(GenerateSettings, "channels").metavar == "auto|mono|stereo|binaural"


@pytest.mark.parametrize("value", [0, 0.0, False, ""])
def test_a_value_that_is_false_was_still_given(value: object):
    assert given(seed=value, minutes=None) == {"seed": value}


def test_what_stands_for_a_value_can_be_said_where_the_type_does_not_say_it():
    assert setting(GenerateSettings, "sliders", option="--set", metavar="NAME=VALUE").metavar == "NAME=VALUE"
    assert setting(Knobs, "gain").metavar == "NUMBER"


def test_a_switch_is_described_by_its_field():
    assert switch(Knobs, "loud").help == "Be loud."


def test_pairs_are_split_at_the_first_equals_sign():
    assert read_pairs("--set", ["discovered 1=-4", "a=b=c", "x="]) == [("discovered 1", "-4"), ("a", "b=c"), ("x", "")]
    assert read_pairs("--set", []) is read_pairs("--set", None) is None


@pytest.mark.parametrize("wrong", ["brightness", "=5", " =5", ""])
def test_what_is_no_pair_is_refused(wrong: str):
    with pytest.raises(ParameterError, match="must be NAME=VALUE, such as brightness=5"):
        read_pairs("--set", [wrong])


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
