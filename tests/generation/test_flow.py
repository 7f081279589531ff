import hashlib
from dataclasses import astuple
from itertools import pairwise

import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.dataset.clips import Clip
from engine.generation.score.composing import compose, longest_samples
from engine.generation.score.flow import (
    CLOSING_SECONDS,
    ClipEdges,
    Passing,
    blended_flow,
    find_close,
    join_events,
    measure_flow,
    share_going_on,
)
from engine.generation.walk.onward import Onward
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE

CLIPS = tuple(Clip(0, 94 * place, 94 * (place + 1), sustained=True, peak=0.5) for place in range(5))
PLACES = np.zeros((5, 2), np.float32)


def score(**settings):
    given = GenerateSettings(**{"duration": 30.0, "density": 1.0, **settings})
    return list(compose(given, CLIPS, PLACES))


def test_without_flow_the_score_is_what_it_has_always_been():
    for flow in (None, 0.0, ((0.0, 0.0), (9.0, 0.0))):
        events = score(flow=flow, density=((0.0, 0.3), (20.0, 6.0)), seed=7)
        written = repr([astuple(event)[:6] for event in events])
        assert hashlib.sha256(written.encode()).hexdigest()[:16] == "973656a612328492"
        assert all(event.join is None for event in events)


def test_all_events_go_on_until_the_next_has_come_in():
    events = score(flow=1.0)
    for event, following in pairwise(events):
        assert event.join.goes_on
        assert event.start + event.longest > following.start
    assert events[-1].start + events[-1].longest == 30 * SAMPLE_RATE


def test_starts_clips_and_number_of_events_do_not_depend_on_flow():
    still, flowing = score(flow=0.0), score(flow=1.0)
    assert [(one.start, one.clip) for one in still] == [(one.start, one.clip) for one in flowing]


def test_as_many_events_go_on_as_flow_says_and_none_stops_going_on_as_it_rises():
    shares, before = [], set()
    for flow in (0.25, 0.5, 0.75, 1.0):
        going = {one.index for one in score(flow=flow, duration=300.0) if one.join.goes_on}
        assert before <= going
        shares.append(len(going) / 300)
        before = going
    assert np.allclose(shares, (0.25, 0.5, 0.75, 1.0), atol=0.1)


def test_flow_may_follow_a_curve():
    events = score(flow=((0.0, 0.0), (30.0, 1.0)), duration=30.0, density=8.0)
    going = np.array([one.join is not None and one.join.goes_on for one in events])
    assert going[: len(going) // 3].mean() < 0.35 < 0.65 < going[-len(going) // 3 :].mean()


def test_the_last_event_of_a_loop_goes_on_into_the_first():
    events = score(flow=1.0, loop=True, duration=10.0)
    assert events[-1].start + events[-1].longest > 10 * SAMPLE_RATE
    assert events[-1].join.close is None


@pytest.mark.parametrize("density", [0.1, 0.33, 2.0, 9.0, ((0.0, 0.2), (10.0, 4.0))])
def test_no_event_lasts_longer_than_the_longest(density):
    for loop in (False, True):
        settings = GenerateSettings(duration=41.0, density=density, flow=1.0, loop=loop)
        events = list(compose(settings, CLIPS, PLACES))
        assert max(one.longest for one in events) <= longest_samples(settings)


def test_a_score_read_from_the_middle_is_the_same():
    settings = GenerateSettings(duration=30.0, density=2.0, flow=0.6)
    whole = [one for one in compose(settings, CLIPS, PLACES) if one.start >= 480_000]
    assert list(compose(settings, CLIPS, PLACES, 480_000)) == whole


@pytest.mark.parametrize("distance", [1.5, 2.5, 5.0])
def test_neighbours_of_one_loudness_are_together_as_loud_as_one(distance):
    join = join_events(True, distance, distance, distance, None)
    passing = Passing(join, is_begun=False, is_cut=True)
    first, second = (noise(join.longest / SAMPLE_RATE + 0.1, seed)[: join.longest, None] for seed in (1, 2))
    both = np.zeros((join.following + join.longest, 1), np.float32)
    both[: join.longest] += passing.fade(first.astype(np.float32), 0.5)
    both[join.following :] += passing.fade(second.astype(np.float32), 0.5)
    inside = both[join.rise : 2 * join.following, 0]
    step = SAMPLE_RATE // 20
    level = 10 * np.log10((inside[: len(inside) // step * step].reshape(-1, step) ** 2).mean(1))
    assert np.ptp(level) < 2.5
    assert np.abs(level - 20 * np.log10(0.1)).max() < 2.0


def test_where_a_sound_begins_it_begins_at_once():
    join = join_events(True, 2.0, 2.0, 2.0, None)
    sound = np.ones((join.longest, 1), np.float32)
    early = slice(480, 960)
    assert Passing(join, is_begun=True, is_cut=True).fade(sound, 0.5)[early].min() > 0.99
    assert Passing(join, is_begun=False, is_cut=True).fade(sound, 0.5)[early].max() < 0.6


def test_an_output_closes_without_a_hard_stop():
    join = join_events(True, 5.0, 5.0, 0.0, find_close(5.0, 30.0))
    sound = np.ones((join.longest, 1), np.float32)
    faded = Passing(join, is_begun=True, is_cut=True).fade(sound, 0.5)
    step = SAMPLE_RATE // 10
    level = 20 * np.log10(np.abs(faded.reshape(-1, step)).mean(1) + 1e-9)
    audible = level[:-1] > -40
    assert np.diff(level)[audible].min() > -12
    assert level[-1] < -55
    assert np.ptp(level[: round(10 * (5.0 - CLOSING_SECONDS))]) < 0.5


def test_an_event_that_begins_late_is_as_soft_as_all_that_goes():
    late, early = (join_events(True, 0.5, left, 0.0, find_close(left, 30.0)) for left in (0.4, 5.0))
    sounds = [Passing(one, True, True).fade(np.ones((one.longest, 1), np.float32), 0.5) for one in (late, early)]
    end = SAMPLE_RATE // 5
    assert np.allclose(*(sound[-end:] for sound in sounds))


def test_the_flow_of_a_blend_lies_between_those_of_its_models_at_every_moment():
    assert blended_flow([1.0, 0.0], [0.25, 0.75]) == 0.25
    assert blended_flow([1.0, 0.0], [((0.0, 0.0), (4.0, 1.0)), ((0.0, 1.0), (4.0, 0.0))]) == ((0.0, 0.0), (4.0, 1.0))


def test_all_events_go_on_where_as_much_is_to_sound_as_in_the_recordings():
    assert share_going_on(0.8, 0.8) == 1.0
    assert share_going_on(0.4, 0.8) == 0.5
    assert share_going_on(((0.0, 0.2), (1.0, 1.0)), 0.8) == ((0.0, 0.25), (1.0, 1.0))


def flow_of(space) -> float:
    return measure_flow(space, ClipEdges(space), Onward(space).silent_share)


def test_the_flow_of_a_set_is_0_where_it_is_made_of_single_events(make_space):
    assert flow_of(make_space(struck(220, 0.6), struck(440, 0.5, seed=1), struck(330, 0.7))) == 0.0


def test_the_flow_of_a_set_that_is_never_silent_is_1(make_space):
    assert flow_of(make_space(noise(3.0), noise(2.5, 1))) == 1.0


def test_the_flow_of_a_set_is_the_share_of_its_time_that_sounds(make_space):
    silent = np.concatenate([noise(3.0), np.zeros(3 * SAMPLE_RATE), noise(3.0, 1)])
    assert flow_of(make_space(silent, tone(200, 0.5))) == pytest.approx(0.68, abs=0.06)
