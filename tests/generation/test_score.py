import pytest

from engine.dataset.clips import Clip
from engine.generation.score import (
    JITTER,
    LAYERS,
    LONGEST_SECONDS,
    SHORTEST_SECONDS,
    SPAN,
    Event,
    choose_clip,
    compose,
    event_rng,
)
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE, seconds_to_samples

CLIPS = tuple(Clip(0, first, first + 5, False, 0.5) for first in range(7))
CASES = [(0.1, 0.1), (0.1, 20.0), (1.0, 2.5), (3.2, 1.0), (10.0, 2.0), (60.0, 0.1), (30.0, 20.0), (7.77, 3.3)]


def score(duration: float, density: float, seed: int = 1) -> list[Event]:
    return list(compose(GenerateSettings(duration=duration, density=density, seed=seed), CLIPS))


@pytest.mark.parametrize(("duration", "density"), CASES)
@pytest.mark.parametrize("seed", [0, 1, 99])
def test_density_is_exact_and_starts_are_sorted_and_inside(duration: float, density: float, seed: int):
    events = score(duration, density, seed)
    assert len(events) == max(1, round(duration * density))
    assert [event.index for event in events] == list(range(len(events)))
    starts = [event.start for event in events]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert starts[-1] < seconds_to_samples(duration)


def test_each_event_begins_near_its_place_but_not_on_a_pulse():
    gap = SAMPLE_RATE / 4.0
    shifts = [(event.start - event.index * gap) / gap for event in score(60.0, 4.0)[1:]]
    assert max(map(abs, shifts)) <= JITTER + 1e-3
    assert max(shifts) > 0.8 * JITTER
    assert min(shifts) < -0.8 * JITTER
    assert abs(sum(shifts) / len(shifts)) < 0.05


@pytest.mark.parametrize(("duration", "density"), CASES)
def test_events_end_with_the_output_and_before_too_many_sound_at_once(duration: float, density: float):
    total = seconds_to_samples(duration)
    longest = seconds_to_samples(min(LONGEST_SECONDS, max(SHORTEST_SECONDS, LAYERS / density)))
    for event in score(duration, density):
        assert event.longest == min(longest, total - event.start)
        assert 0 < event.drawn_out <= total - event.start
        assert event.drawn_out <= min(LONGEST_SECONDS, SPAN / density) * SAMPLE_RATE + 1


def test_the_same_seed_writes_the_same_score_and_another_seed_another():
    assert score(10.0, 3.0, 5) == score(10.0, 3.0, 5)
    assert [event.start for event in score(10.0, 3.0, 5)] != [event.start for event in score(10.0, 3.0, 6)]


def test_an_event_does_not_depend_on_what_comes_after_it():
    short, long = score(4.0, 3.0, 5), score(40.0, 3.0, 5)
    assert [(event.start, event.clip) for event in short] == [(event.start, event.clip) for event in long[: len(short)]]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12, 40, 173])
@pytest.mark.parametrize("first_seed", [0, 1, 1000, 2**31 - 400])
def test_the_first_clips_of_neighbouring_seeds_visit_the_whole_corpus_evenly(count: int, first_seed: int):
    chosen = [choose_clip(seed, 0, count) for seed in range(first_seed, first_seed + 2 * count)]
    assert set(chosen) == set(range(count))
    assert max(chosen.count(clip) for clip in chosen) <= 4


@pytest.mark.parametrize("count", [1, 2, 7, 40])
@pytest.mark.parametrize("seed", [0, 3, 2**31 - 1])
def test_every_clip_comes_once_before_any_comes_again(count: int, seed: int):
    for cycle in range(3):
        chosen = [choose_clip(seed, cycle * count + place, count) for place in range(count)]
        assert sorted(chosen) == list(range(count))


def test_cycles_differ_in_their_order():
    orders = {tuple(choose_clip(4, 12 * cycle + place, 12) for place in range(12)) for cycle in range(5)}
    assert len(orders) == 5


def test_a_one_shot_is_a_single_event_of_natural_length():
    settings = GenerateSettings(one_shot=True, seed=3, duration=100.0, density=20.0)
    assert list(compose(settings, CLIPS)) == [Event(0, 0, choose_clip(3, 0, len(CLIPS)), None, None)]


def test_a_score_is_written_as_it_is_read():
    events = compose(GenerateSettings(duration=36_000.0, density=20.0), CLIPS)
    assert [next(events).index for _ in range(3)] == [0, 1, 2]


def test_random_numbers_belong_to_seed_event_and_purpose():
    def draw(*of):
        return event_rng(*of).random()

    drawn = [draw(1, 2, "walk"), draw(2, 2, "walk"), draw(1, 3, "walk"), draw(1, 2, "time")]
    assert len(set(drawn)) == 4
    assert draw(1, 2, "walk") == drawn[0]
