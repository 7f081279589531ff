import pytest

from engine.checking import checked
from engine.errors import ParameterError
from engine.export.formats import FORMATS
from engine.settings import GenerateSettings
from engine.studio.guide import GROUPS, describe_setting, describe_settings


@pytest.mark.parametrize(
    ("name", "kind", "minimum", "maximum", "unit"),
    [
        ("duration", "number", 0.1, 36_000.0, "s"),
        ("density", "curve", 0.1, 20.0, "/s"),
        ("width", "curve", -10.0, 10.0, None),
        ("sliders", "map", -10.0, 10.0, None),
        ("blend", "map", 0.0, 1.0, None),
        ("at", "place", None, None, None),
        ("path", "path", None, None, None),
        ("seed", "whole", 0, 2**31 - 1, None),
        ("loop", "flag", None, None, None),
        ("channels", "choice", None, None, None),
        ("hrtf", "text", None, None, None),
    ],
)
def test_a_setting_is_as_declared(name: str, kind: str, minimum: float, maximum: float, unit: str):
    found = describe_setting(GenerateSettings, name)
    assert (found.kind, found.minimum, found.maximum, found.unit) == (kind, minimum, maximum, unit)
    assert found.description == GenerateSettings.model_fields[name].description


def test_limits_are_those_that_are_checked():
    """What is a little beyond a limit of the guide is refused, what is on it is not."""
    for name, found in describe_settings().generate.items():
        if found.kind in ("number", "curve") and found.minimum is not None and found.maximum is not None:
            for limit, beyond in ((found.minimum, -1e-6), (found.maximum, 1e-6)):
                checked(GenerateSettings, {name: limit})
                with pytest.raises(ParameterError, match=name):
                    checked(GenerateSettings, {name: limit + beyond})


def test_every_setting_has_words_and_a_default_that_it_takes():
    guide = describe_settings()
    for group, kind in GROUPS.items():
        settings = getattr(guide, group)
        assert list(settings) == list(kind.model_fields)
        for name, found in settings.items():
            assert found.description.endswith("."), (group, name)
            checked(kind, {name: found.default})


def test_choices_are_all_of_them():
    guide = describe_settings()
    assert guide.export["format"].choices == ("auto", *FORMATS)
    assert guide.generate["channels"].choices == ("auto", "mono", "stereo", "binaural")


def test_what_may_be_nothing_is_optional():
    guide = describe_settings()
    assert {name for name, one in guide.generate.items() if one.optional} == {"hrtf", "at", "path", "flow"}
