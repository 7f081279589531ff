import numpy as np
import pytest

from engine.dataset.clips import Clip
from engine.errors import ShapeError
from engine.generation.score.composing import (
    FEWEST_NEAR,
    JITTER,
    LAYERS,
    LONGEST_EVENT_SECONDS,
    NEAR_SHARE,
    SHORTEST_EVENT_SECONDS,
    SPAN,
    Event,
    choose_clip,
    compose,
    event_rng,
    in_turn,
    latent_seconds,
    place_at,
)
from engine.settings import GenerateSettings
from engine.units import LATENT_HOP, SAMPLE_RATE, seconds_to_samples

CLIPS = tuple(Clip(0, first, first + 5, False, 0.5) for first in range(7))
PLACES = np.random.default_rng(0).uniform(-1, 1, (len(CLIPS), 2)).astype(np.float32)
CASES = [(0.1, 0.1), (0.1, 20.0), (1.0, 2.5), (3.2, 1.0), (10.0, 2.0), (60.0, 0.1), (30.0, 20.0), (7.77, 3.3)]


RISING = ((0.0, 0.1), (10.0, 20.0))
CURVES = [  # duration, density, and the area under it
    (10.0, RISING, 100.5),
    (20.0, RISING, 300.5),
    (4.0, ((1.0, 2.0), (3.0, 6.0)), 2.0 + 8.0 + 6.0),
    (12.0, ((0.0, 20.0), (0.1, 0.1), (11.9, 0.1), (12.0, 20.0)), 1.005 + 1.18 + 1.005),
    (5.0, ((20.0, 3.0),), 15.0),
]


def score(duration: float, density, seed: int = 1, **others) -> list[Event]:
    settings = GenerateSettings(duration=duration, density=density, seed=seed, **others)
    return list(compose(settings, CLIPS, PLACES))


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


@pytest.mark.parametrize(("duration", "density", "area"), CURVES)
@pytest.mark.parametrize("seed", [1, 2])
def test_there_are_as_many_events_as_the_area_under_a_density(duration: float, density, area: float, seed: int):
    events = score(duration, density, seed)
    assert len(events) == round(area)
    starts = [event.start for event in events]
    assert starts == sorted(set(starts))
    assert starts[-1] < seconds_to_samples(duration)


def test_every_event_comes_when_it_is_due_within_the_jitter():
    due = [(0.1 * seconds + 0.995 * seconds**2) for seconds in (one.start / SAMPLE_RATE for one in score(10.0, RISING))]
    away = np.array(due) - np.arange(len(due))
    assert away[0] == 0.0
    assert np.abs(away).max() < JITTER + 1e-2
    assert np.abs(away).max() > 0.8 * JITTER


@pytest.mark.parametrize("density", [0.1, 1.0, 20.0])
def test_a_density_that_stays_is_a_number(density: float):
    assert score(30.0, ((0.0, density), (30.0, density))) == score(30.0, density)


def test_an_event_knows_how_far_apart_events_are_at_its_time():
    for event in score(10.0, RISING):
        assert 1 / event.gap_seconds == pytest.approx(0.1 + 1.99 * event.start / SAMPLE_RATE, abs=1e-3)


def test_in_a_loop_events_may_last_beyond_the_end():
    total = seconds_to_samples(4.0)
    plain, loop = score(4.0, 1.0, loop=False), score(4.0, 1.0, loop=True)
    assert [event.start for event in plain] == [event.start for event in loop]
    assert all(event.start + event.longest <= total for event in plain)
    assert loop[-1].longest == seconds_to_samples(LAYERS) > total - loop[-1].start
    assert all(event.longest <= total for event in score(1.0, 0.5, loop=True))


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
    longest = seconds_to_samples(min(LONGEST_EVENT_SECONDS, max(SHORTEST_EVENT_SECONDS, LAYERS / density)))
    for event in score(duration, density):
        assert event.longest == min(longest, total - event.start)
        assert 0 < event.drawn_out <= total - event.start
        assert event.drawn_out <= min(LONGEST_EVENT_SECONDS, SPAN / density) * SAMPLE_RATE + 1


def test_the_same_seed_writes_the_same_score_and_another_seed_another():
    assert score(10.0, 3.0, 5) == score(10.0, 3.0, 5)
    assert [event.start for event in score(10.0, 3.0, 5)] != [event.start for event in score(10.0, 3.0, 6)]


def test_an_event_does_not_depend_on_what_comes_after_it():
    short, long = score(4.0, 3.0, 5), score(40.0, 3.0, 5)
    assert [(event.start, event.clip) for event in short] == [(event.start, event.clip) for event in long[: len(short)]]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12, 40, 173])
@pytest.mark.parametrize("first_seed", [0, 1, 1000, 2**31 - 400])
def test_the_first_choices_of_neighbouring_seeds_visit_everything_evenly(count: int, first_seed: int):
    chosen = [in_turn(seed, 0, count) for seed in range(first_seed, first_seed + 2 * count)]
    assert set(chosen) == set(range(count))
    assert max(chosen.count(clip) for clip in chosen) <= 4


@pytest.mark.parametrize("count", [1, 2, 7, 40])
@pytest.mark.parametrize("seed", [0, 3, 2**31 - 1])
def test_every_choice_comes_once_before_any_comes_again(count: int, seed: int):
    for cycle in range(3):
        chosen = [in_turn(seed, cycle * count + place, count) for place in range(count)]
        assert sorted(chosen) == list(range(count))


def test_cycles_differ_in_their_order():
    orders = {tuple(in_turn(4, 12 * cycle + place, 12) for place in range(12)) for cycle in range(5)}
    assert len(orders) == 5


def test_a_one_shot_is_a_single_event_of_natural_length():
    settings = GenerateSettings(one_shot=True, seed=3, duration=100.0, density=20.0)
    assert list(compose(settings, CLIPS, PLACES)) == [Event(0, 0, in_turn(3, 0, len(CLIPS)), None, None)]


def test_a_score_is_written_as_it_is_read():
    events = compose(GenerateSettings(duration=36_000.0, density=20.0), CLIPS, PLACES)
    assert [next(events).index for _ in range(3)] == [0, 1, 2]


def test_without_a_place_clips_come_in_turn():
    settings = GenerateSettings(seed=5)
    chosen = [choose_clip(settings, index, 0.1 * index, PLACES) for index in range(2 * len(CLIPS))]
    assert chosen == [in_turn(5, index, len(CLIPS)) for index in range(2 * len(CLIPS))]


@pytest.mark.parametrize("clips", [1, 2, 3, 10, 100])
@pytest.mark.parametrize("at", [(0.0, 0.0), (-1.0, 0.5)])
def test_at_a_place_the_clips_nearest_to_it_come_in_turn(clips: int, at: tuple[float, float]):
    places = np.random.default_rng(clips).uniform(-1, 1, (clips, 2)).astype(np.float32)
    near = min(clips, max(FEWEST_NEAR, round(NEAR_SHARE * clips)))
    settings = GenerateSettings(at=at, seed=2)
    chosen = [choose_clip(settings, index, 0.0, places) for index in range(near)]
    order = sorted(range(clips), key=lambda clip: float(np.hypot(*(places[clip] - at))))
    assert sorted(chosen) == sorted(order[:near])


def test_along_a_path_the_clips_are_those_it_passes():
    places = np.stack([np.linspace(-1, 1, 101), np.zeros(101)], 1).astype(np.float32)
    settings = GenerateSettings(path=((-1.0, 0.0), (1.0, 0.0)), duration=20.0, density=5.0)
    clips = (CLIPS[0],) * len(places)
    for event in compose(settings, clips, places):
        here = -1.0 + 2.0 * event.start / SAMPLE_RATE / 20.0
        assert abs(places[event.clip, 0] - here) <= 2 * (NEAR_SHARE + 0.01)


def path(*stops: tuple[float, float], loop: bool = False) -> GenerateSettings:
    return GenerateSettings(path=stops, duration=8.0, loop=loop)


def test_a_path_is_walked_at_an_even_pace():
    corner = path((0.0, 0.0), (0.6, 0.0), (0.6, 0.2))
    found = place_at(corner, np.array([0.0, 3.0, 6.0, 7.0, 8.0]))
    wanted = [(0.0, 0.0), (0.3, 0.0), (0.6, 0.0), (0.6, 0.1), (0.6, 0.2)]
    assert found == pytest.approx(np.array(wanted), abs=1e-9)


def test_the_path_of_a_loop_comes_back():
    corner = path((0.0, 0.0), (0.3, 0.0), (0.3, 0.4), loop=True)  # 3 + 4 + 5 tenths
    found = place_at(corner, np.array([0.0, 2.0, 14 / 3, 8.0]))
    assert found == pytest.approx(np.array([(0.0, 0.0), (0.3, 0.0), (0.3, 0.4), (0.0, 0.0)]), abs=1e-9)
    assert place_at(corner, np.array([14 / 3 + 5 / 3])) == pytest.approx(np.array([(0.15, 0.2)]), abs=1e-9)


def test_before_and_after_a_path_is_its_beginning_and_its_end():
    found = place_at(path((-1.0, 0.0), (1.0, 0.5)), np.array([-1.0, 100.0]))
    assert found.tolist() == [[-1.0, 0.0], [1.0, 0.5]]


@pytest.mark.parametrize("loop", [False, True])
@pytest.mark.parametrize("stops", [((0.2, -0.3),), ((0.2, -0.3), (0.2, -0.3))])
def test_a_path_of_one_place_stays_there(stops, loop: bool):
    assert place_at(path(*stops, loop=loop), np.array([0.0, 4.0])).tolist() == [[0.2, -0.3]] * 2


def test_an_output_is_at_its_place_or_nowhere():
    times = np.array([0.0, 1.0, 5.0])
    assert place_at(GenerateSettings(at=(0.5, -0.5)), times).tolist() == [[0.5, -0.5]] * 3
    assert place_at(GenerateSettings(), times) is None


@pytest.mark.parametrize("shape", [(6, 2), (7,), (7, 3)])
def test_places_that_are_not_those_of_the_clips_are_refused(shape):
    with pytest.raises(ShapeError, match=r"7 clips have places \(7, 2\), not"):
        next(compose(GenerateSettings(), CLIPS, np.zeros(shape, np.float32)))


def test_latent_frames_are_heard_where_their_samples_are():
    found = latent_seconds(SAMPLE_RATE // 2, 4)
    assert found == pytest.approx([0.5 + frame * LATENT_HOP / SAMPLE_RATE for frame in range(4)], abs=1e-12)


def test_random_numbers_belong_to_seed_event_and_purpose():
    def draw(*of):
        return event_rng(*of).random()

    drawn = [draw(1, 2, "walk"), draw(2, 2, "walk"), draw(1, 3, "walk"), draw(1, 2, "time")]
    assert len(set(drawn)) == 4
    assert draw(1, 2, "walk") == drawn[0]
