import dataclasses

import pytest

from engine.errors import ParameterError
from engine.export.tags import PLACES, Tags, check_tags, tags_to_texts, texts_to_tags

TAGS = Tags(title="Dawn", date="2026-11-22", seed=0, passport='{"a": 1}', cover=b"picture")


def test_every_field_has_a_place_in_every_format():
    assert {place.field for place in PLACES} | {"cover"} == {field.name for field in dataclasses.fields(Tags)}
    for places in ([place.comment for place in PLACES], [place.frame for place in PLACES]):
        assert len(set(places)) == len(PLACES)


def test_texts_come_back_and_what_is_empty_is_left_out():
    texts = tags_to_texts(TAGS)
    assert texts == {"title": "Dawn", "date": "2026-11-22", "seed": "0", "passport": '{"a": 1}'}
    assert texts_to_tags(texts, b"picture") == TAGS
    assert tags_to_texts(Tags()) == {}


@pytest.mark.parametrize("seed", ["", "seven", "-1", "1.5", "9" * 5_000])
def test_a_foreign_seed_that_is_no_number_is_left_out(seed):
    assert texts_to_tags({"seed": seed}).seed is None


@pytest.mark.parametrize("date", ["", "2026", "2026-11", "2026-11-22", "2026-11-22T10:30", "2026-11-22T10:30:00"])
def test_dates_of_every_precision_are_taken(date):
    check_tags(Tags(date=date))


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        (Tags(date="22.11.2026"), r"date = '22\.11\.2026': must look like 2026, 2026-11"),
        (Tags(title="a\0b"), r"title = 'a\\x00b': holds characters that are no text"),
        (Tags(artist="\udc80"), "artist = .*: holds characters that are no text"),
        (Tags(passport="x" * (2**20 + 1)), "passport has 1048577 characters: up to 1048576"),
        (Tags(cover=bytes(2**23 + 1)), "cover has 8388609 bytes: up to 8388608"),
    ],
)
def test_what_a_format_could_not_keep_is_refused_in_one_line(tags, said):
    with pytest.raises(ParameterError, match=said) as caught:
        check_tags(tags)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 200
