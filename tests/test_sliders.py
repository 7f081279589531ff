import pytest

from engine.sliders import SLIDERS, discovered_number, is_discovered, read_slider_name, show_value


@pytest.mark.parametrize("name", [*SLIDERS, "discovered 1", "discovered 12"])
def test_every_name_is_its_own(name: str):
    assert read_slider_name(name) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (" Brightness ", "brightness"),
        ("discovered-1", "discovered 1"),
        ("Discovered1", "discovered 1"),
        ("discovered_12", "discovered 12"),
    ],
)
def test_names_are_read_as_people_write_them(written: str, name: str):
    assert read_slider_name(written) == name


@pytest.mark.parametrize("wrong", ["", "pitch", "discovered", "discovered 0", "discovered 100", "discovered ²", "1"])
def test_an_unknown_slider_is_answered_with_those_there_are(wrong: str):
    with pytest.raises(ValueError, match=r"there is no slider .*brightness, .*register, and discovered 1, 2 …"):
        read_slider_name(wrong)


def test_the_name_that_was_meant_is_suggested():
    with pytest.raises(ValueError, match=r"there is no slider 'warm'\. Did you mean 'warmth'\?"):
        read_slider_name("warm")


def test_discovered_sliders_are_told_from_named_ones():
    assert is_discovered("discovered 2")
    assert discovered_number("discovered 2") == 2
    assert not any(map(is_discovered, [*SLIDERS, "discovered", "discovered one", "discovered 0"]))


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("brightness", 10.0, "1024 Hz"),
        ("warmth", -6.04, "-6.0 dB"),
        ("roughness", -1.0, "0.10"),
        ("motion", 0.5, "0.50"),
    ],
)
def test_values_are_shown_in_a_unit_that_musicians_read(name: str, value: float, shown: str):
    assert show_value(name, value) == shown
