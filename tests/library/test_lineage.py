from dataclasses import replace

from small_library import make_entry

from engine.library.lineage import family_of, fitting_name, free_version, mark_current

SAX = make_entry("a1", "sax")
SECOND = make_entry("a2", "sax", version=2, family="a1")
THIRD = make_entry("a3", "sax", version=3, family="a1")
DRUMS = make_entry("b1", "drums")


def current(*entries) -> list[str]:
    return [entry.id for entry in mark_current(entries) if entry.current]


def test_the_first_version_belongs_to_the_family_it_founds():
    assert [entry.family_id for entry in (SAX, SECOND, DRUMS)] == ["a1", "a1", "b1"]
    assert family_of(SECOND, [SAX, SECOND, THIRD, DRUMS]) == [SAX, THIRD]


def test_the_latest_version_is_current_until_another_is_chosen():
    assert current(SAX, THIRD, SECOND, DRUMS) == ["a3", "b1"]
    assert current(replace(SAX, chosen=1), THIRD, SECOND, DRUMS) == ["a1", "b1"]
    assert current(replace(SAX, chosen=1), THIRD, replace(SECOND, chosen=2)) == ["a2"]
    assert current(replace(SAX, chosen=1), replace(THIRD, chosen=1), SECOND) == ["a3"]


def test_a_deleted_version_is_not_current_and_the_one_before_is():
    gone = replace(THIRD, deleted="2026-11-23T00:00:00+00:00")
    assert current(SAX, SECOND, gone) == ["a2"]
    assert current(gone) == []


def test_a_damaged_version_stays_current_so_that_the_damage_is_seen():
    assert current(SAX, replace(SECOND, problem="its folder is missing")) == ["a2"]


def test_a_version_takes_its_familys_name_and_another_model_a_free_one():
    named = replace(SAX, name="tenor")
    assert fitting_name(SECOND, [named, DRUMS]) == "tenor"
    assert fitting_name(replace(DRUMS, name="Tenor"), [named]) == "Tenor 2"
    assert fitting_name(replace(DRUMS, name="tenor"), [replace(named, deleted="2026-11-23T00:00:00+00:00")]) == "tenor"


def test_a_taken_version_number_becomes_the_next():
    assert free_version(SECOND, [SAX, DRUMS]) == 2
    assert free_version(SECOND, [SAX, replace(THIRD, version=2)]) == 3
    assert free_version(SECOND, [SAX, replace(THIRD, version=2), replace(DRUMS, family="a1", version=7)]) == 8


def test_real_seconds_are_what_is_not_synthetic():
    assert replace(SAX, seconds=20.0, synthetic_seconds=5.5).real_seconds == 14.5
    assert replace(SAX, seconds=20.0, synthetic_seconds=30.0).real_seconds == 0.0
