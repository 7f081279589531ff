import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ParameterError
from engine.library.checks import (
    NAME_LENGTH,
    NOTE_LENGTH,
    TAG_COUNT,
    TAG_LENGTH,
    checked_labels,
    checked_name,
    checked_note,
    checked_settings,
    checked_tags,
)


def test_a_name_loses_the_blanks_around_it():
    assert checked_name("  Säx & Co 2\t") == "Säx & Co 2"
    assert checked_name("x" * NAME_LENGTH) == "x" * NAME_LENGTH


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x00", "\x1b[31mred", "x" * (NAME_LENGTH + 1)])
def test_an_unusable_name_is_refused_with_what_is_allowed(name: str):
    with pytest.raises(ParameterError, match=f"1 to {NAME_LENGTH} printable characters"):
        checked_name(name)


def test_a_note_may_have_many_lines_or_none():
    assert checked_note("  first\r\n\tsecond\n\n") == "first\n\tsecond"
    assert checked_note(" ") == ""
    assert checked_note("x" * NOTE_LENGTH) == "x" * NOTE_LENGTH


@pytest.mark.parametrize("note", ["a\x00", "\x1b[31mred", "x" * (NOTE_LENGTH + 1)])
def test_an_unusable_note_is_refused_under_the_name_of_its_setting(note: str):
    with pytest.raises(ParameterError, match=rf"^licence = .*up to {NOTE_LENGTH} printable characters") as caught:
        checked_note(note, "licence")
    assert len(caught.value.message) < 200


def test_tags_are_kept_once_as_first_written():
    assert checked_tags([" Warm ", "warm", "dark drone", "WARM"]) == ("Warm", "dark drone")
    assert checked_tags(()) == ()


@pytest.mark.parametrize("tag", ["", " ", "a,b", "a\nb", "x" * (TAG_LENGTH + 1)])
def test_an_unusable_tag_is_refused(tag: str):
    with pytest.raises(ParameterError, match=f"1 to {TAG_LENGTH} printable characters without a comma"):
        checked_tags(["good", tag])


def test_too_many_tags_are_refused():
    with pytest.raises(ParameterError, match=f"up to {TAG_COUNT}"):
        checked_tags(map(str, range(TAG_COUNT + 1)))


def test_only_the_labels_that_are_given_are_checked_and_returned():
    assert checked_labels() == {}
    assert checked_labels(name=" sax ", note="", tags=["a", "A"]) == {"name": "sax", "note": "", "tags": ("a",)}
    assert checked_labels(licence="CC BY 4.0\n") == {"licence": "CC BY 4.0"}
    with pytest.raises(ParameterError, match=r"^name = "):
        checked_labels(name="", note="x")


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text("ab é"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from(["duration", "seed", "curves"]), plain))
def test_plain_settings_are_kept_as_they_are(settings: dict[str, object]):
    kept = checked_settings(settings)
    assert kept == settings
    assert kept is not settings


def test_what_is_kept_is_not_shared_with_the_caller():
    settings = {"sliders": {"brightness": 5}}
    kept = checked_settings(settings)
    settings["sliders"]["brightness"] = 9
    assert kept == {"sliders": {"brightness": 5}}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object(), b"x", "\ud800"])
def test_a_setting_without_place_in_json_is_refused_by_name(value: object):
    with pytest.raises(ParameterError, match=r"^density = "):
        checked_settings({"duration": 1.0, "density": value})


def nested(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = {"in": [value]}
    return value


def test_values_may_be_nested_a_few_levels_deep():
    assert checked_settings({"curves": nested(5)}) == {"curves": nested(5)}
    for levels in (10, 300, 3000):
        with pytest.raises(ParameterError, match=r"^curves"):
            checked_settings({"curves": nested(levels)})


@pytest.mark.parametrize(
    "sliders",
    [[1, 2], {"0": 1.0}, {0: 1.0}, {" ": 1.0}, {"brightness": "5"}, {"brightness": True}, {"brightness": None}, 5],
)
def test_sliders_are_kept_by_name_and_never_by_position(sliders: object):
    with pytest.raises(ParameterError, match=r"^sliders = .*a number, or breakpoints, for each name"):
        checked_settings({"sliders": sliders})
