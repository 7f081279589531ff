import numpy as np
import pytest

from engine.curves import value_at
from engine.errors import ParameterError
from engine.generation.renderer import prepare
from engine.generation.score.composing import compose, longest_samples
from engine.generation.score.timeline import find_event, find_events, find_passage, find_turns
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE, seconds_to_samples

SCORES = [{}, {"density": 0.3}, {"density": 15.0}, {"density": ((0.0, 0.5), (6.0, 12.0))}]


@pytest.fixture(scope="module")
def model(space):
    """Clips and their places."""
    return space.clips, prepare(space).guide.places


def settings_of(**given) -> GenerateSettings:
    return GenerateSettings(**{"duration": 9.0, "seed": 5, **given})


def turns_of(model, settings, first, lead=0, beyond=0, neighbours=0, ringing=0):
    passage = find_passage(settings, first, lead, beyond, neighbours, ringing)
    return passage, list(find_turns(passage, settings, *model))


@pytest.mark.parametrize("score", SCORES, ids=str)
@pytest.mark.parametrize("begin", [0, 1, 30_000, 200_001, 431_999, 432_000])
def test_a_score_can_be_read_from_any_sample_on(model, score: dict, begin: int):
    whole = list(compose(settings_of(**score), *model))
    assert list(compose(settings_of(**score), *model, begin)) == [event for event in whole if event.start >= begin]


def test_the_end_of_a_long_score_is_read_without_its_beginning(model, monkeypatch):
    settings = GenerateSettings(duration=36_000.0, density=20.0, seed=2)
    drawn = []
    rng = np.random.default_rng
    monkeypatch.setattr(np.random, "default_rng", lambda key: drawn.append(key) or rng(key))
    begin = seconds_to_samples(35_999.5)
    events = list(compose(settings, *model, begin))
    assert 8 <= len(events) <= 12
    assert all(event.start >= begin for event in events)
    assert len(drawn) < 60


@pytest.mark.parametrize("score", SCORES, ids=str)
def test_no_event_lasts_longer_than_the_longest(model, score: dict):
    settings = settings_of(**score)
    lasting = [event.longest for event in compose(settings, *model)]
    assert max(lasting) <= longest_samples(settings)
    densest = 1.0 / float(np.min(value_at(settings.density, np.linspace(0, 9, 50))))
    assert longest_samples(settings) == pytest.approx(2.0 * densest * SAMPLE_RATE, rel=0.01)


@pytest.mark.parametrize("score", SCORES, ids=str)
@pytest.mark.parametrize("loop", [False, True])
@pytest.mark.parametrize("ringing", [0, 9_600])
def test_all_that_sounds_in_a_passage_is_found_and_its_neighbours_only_where_asked_for(
    model, score: dict, loop: bool, ringing: int
):
    settings = settings_of(loop=loop, **score)
    period = seconds_to_samples(9.0)
    events = list(compose(settings, *model))
    for first, lead, neighbours in [(0, 0, 0), (150_000, 0, 0), (200_000, 60_000, 0), (250_000, 30_000, 4_096)]:
        passage, turns = turns_of(model, settings, first, lead, 960 if loop else 0, neighbours, ringing)
        rounds = range(-3, 4) if loop else [0]
        all_of_them = [(event.index, event.start + turned * period) for turned in rounds for event in events]
        ends = {event.index: event.longest + ringing for event in events}
        sounding = [(i, s) for i, s in all_of_them if s + ends[i] > passage.begin and s < passage.end]
        found = [(turn.event.index, turn.start) for turn in turns]
        assert set(sounding) <= set(found)
        assert found == sorted(found, key=lambda one: one[1])
        assert set(found) <= set(all_of_them)
        beside = {
            (i, s)
            for i, s in all_of_them
            if any(s < b + ends[a] + neighbours and s + ends[i] > b - neighbours for a, b in sounding)
        }
        if neighbours:
            assert beside <= set(found)
        else:
            assert set(found) == set(sounding)


def test_before_what_follows_no_later_turn_starts(model):
    for settings in (settings_of(), settings_of(loop=True)):
        passage, turns = turns_of(model, settings, 100_000)
        assert [turn.following for turn in turns[:-1]] == [turn.start for turn in turns[1:]]
        assert turns[-1].following == passage.until


def test_a_loop_is_heard_once_around_and_an_output_to_its_end():
    straight, loop = settings_of(), settings_of(loop=True)
    assert find_passage(straight, 1_000, 5_000) == find_passage(straight, 1_000, 1_000)
    assert (find_passage(straight, 1_000, 5_000).begin, find_passage(straight, 1_000, 5_000).last) == (0, 432_000)
    around = find_passage(loop, 1_000, 5_000, 960)
    assert (around.first, around.last, around.begin, around.end) == (1_000, 433_000, -4_000, 433_960)


@pytest.mark.parametrize("duration", [0.5, 9.0])
def test_each_event_of_a_loop_is_found_once_in_the_order_of_its_first_turn(model, duration: float):
    settings = settings_of(loop=True, duration=duration, density=6.0)
    passage, turns = turns_of(model, settings, 12_000, 100_000)
    events = list(find_events(passage, settings, *model))
    assert sorted(event.index for event in events) == list(range(len(list(compose(settings, *model)))))
    assert events == list(dict.fromkeys(turn.event for turn in turns))


@pytest.mark.parametrize("first", [-1, 432_000, 10**9])
def test_a_passage_begins_inside_its_output(first: int):
    with pytest.raises(ParameterError, match=r"an output of 9 s cannot be heard from .* on; begin inside it"):
        find_passage(settings_of(), first, 0)


@pytest.mark.parametrize("score", SCORES, ids=str)
def test_the_event_at_a_sample_is_the_last_that_has_begun(model, score: dict):
    settings = settings_of(**score)
    events = list(compose(settings, *model))
    for sample in (0, 1, 100_000, 300_000, 431_999, 10**7):
        begun = [event for event in events if event.start <= sample]
        assert find_event(settings, *model, sample) == begun[-1]


def test_a_one_shot_is_its_only_event(model):
    settings = settings_of(one_shot=True)
    assert find_event(settings, *model, 10**6) == next(compose(settings, *model))
