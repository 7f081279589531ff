"""Register moves events to other notes, by other recordings and by transposing, and leaves the rest as it is."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from small_corpus import noise, tone

from engine.features.fundamental import Note, find_loudest_note
from engine.generation.calibration.agenda import first_looks
from engine.generation.calibration.readings import Readings
from engine.generation.calibration.standing import WITHOUT_PITCH, Standing
from engine.generation.calibration.sweep import Sweep
from engine.generation.event.register import find_elsewhere
from engine.generation.render import render
from engine.generation.renderer import prepare
from engine.generation.score.flow import find_close, join_events
from engine.generation.sliders.bank import compile_bank
from engine.properties.register import measure_register
from engine.settings import GenerateSettings
from engine.sliders import REGISTER
from engine.units import SAMPLE_RATE

NOTES_HZ = (146.8, 185.0, 233.1, 293.7, 370.0, 466.2)


def reed(hz: float, seconds: float = 0.7) -> np.ndarray:
    """Return partials that fall with their number, and that come and go softly, (samples,)."""
    sound = sum(tone(hz * number, seconds, 0.3 / number**1.5) for number in range(1, int(9_000 / hz)))
    ramp = np.minimum(1.0, np.arange(len(sound)) / (0.03 * SAMPLE_RATE))
    return sound * ramp * ramp[::-1]


@pytest.fixture(scope="module")
def pitched(space_at, tmp_path_factory):
    """A renderer of notes."""
    return prepare(space_at(tmp_path_factory.mktemp("notes"), *map(reed, NOTES_HZ)))


@pytest.fixture(scope="module")
def breathy(space_at, tmp_path_factory):
    """A renderer of noises."""
    return prepare(space_at(tmp_path_factory.mktemp("noises"), *(noise(0.6, seed) for seed in range(3))))


def bank_of(renderer, position: float):
    return compile_bank(GenerateSettings(sliders={REGISTER: position}), renderer.certificate, renderer.space.chart)


def heard(renderer, seed: int, position: float) -> np.ndarray:
    sliders = {REGISTER: position} if position else {}
    settings = GenerateSettings(one_shot=True, seed=seed, novelty=0.0, source=1.0, sliders=sliders)
    return np.concatenate(list(render(renderer, settings)))[:, 0]


def test_the_reach_is_that_of_the_notes_and_a_set_without_pitch_has_none(pitched, breathy):
    reach = pitched.guide.notes.reach
    assert 2.0**reach.low == pytest.approx(NOTES_HZ[0], rel=0.1)
    assert 2.0**reach.high == pytest.approx(NOTES_HZ[-1], rel=0.1)
    assert breathy.guide.notes.reach is None
    assert find_elsewhere(breathy.guide, bank_of(breathy, 10.0), 0, 0.0) is None


@pytest.mark.parametrize("clip", range(len(NOTES_HZ)))
def test_a_note_is_found_whole_semitones_away_and_farther_the_farther_it_is_asked_for(pitched, clip: int):
    octaves = pitched.guide.notes.octaves
    found = [find_elsewhere(pitched.guide, bank_of(pitched, at), clip, 0.0) for at in (-10.0, -5.0, 5.0, 10.0)]
    steps = [12 * (np.log2(one.note.hz) - octaves[clip]) for one in found]
    assert steps == sorted(steps)
    assert steps[0] < 0 < steps[-1]
    assert steps == pytest.approx(np.round(steps), abs=1e-6)
    for one in found:
        assert np.log2(one.note.hz) == pytest.approx(octaves[one.clip] + one.semitones / 12)


def test_a_far_note_is_made_from_a_recording_that_is_near_to_it(pitched):
    high = find_elsewhere(pitched.guide, bank_of(pitched, 10.0), 0, 0.0)
    assert high.clip > 2
    assert abs(high.semitones) < 8


def test_an_event_has_the_note_that_was_asked_for_and_lasts_as_long(pitched):
    for seed, position in ((0, -8.0), (1, 8.0)):
        plain, moved = heard(pitched, seed, 0.0), heard(pitched, seed, position)
        octaves = np.log2(find_loudest_note(moved).hz / find_loudest_note(plain).hz)
        assert np.sign(octaves) == np.sign(position)
        assert abs(octaves) > 0.2
        assert 12 * octaves == pytest.approx(round(12 * octaves), abs=0.3)
        assert len(moved) == pytest.approx(len(plain), rel=0.15)
        assert np.sqrt((moved**2).mean()) == pytest.approx(np.sqrt((plain**2).mean()), rel=0.5)


@pytest.mark.parametrize("position", [-8.0, 8.0])
def test_events_that_go_on_into_each_other_do_so_in_another_register(pitched, position: float):
    settings = GenerateSettings(duration=3.0, density=2.5, flow=1.0, sliders={REGISTER: position}, source=1.0)
    made = np.concatenate(list(render(pitched, settings)))[:, 0]
    assert len(made) == 3 * SAMPLE_RATE
    before_close = made[: int(2.2 * SAMPLE_RATE)].reshape(-1, SAMPLE_RATE // 5)
    assert np.sqrt((before_close**2).mean(1)).min() > 0.005


def test_a_join_that_is_played_faster_is_longer_before():
    join = join_events(True, 0.5, 0.6, 0.4, find_close(2.0, 8.0))
    assert join.played(1.0) == join
    assert join.played(1.5).longest == pytest.approx(1.5 * join.longest, abs=4)
    assert join.played(0.7).played(1 / 0.7).following == pytest.approx(join.following, abs=2)


def test_at_0_and_in_a_set_without_pitch_nothing_is_moved(pitched, breathy):
    assert find_elsewhere(pitched.guide, bank_of(pitched, 0.0), 0, 0.0) is None
    assert np.array_equal(heard(breathy, 1, 0.0), heard(breathy, 1, 9.0))


def test_the_register_of_some_sounds_is_their_mean_fundamental_in_octaves():
    low, high, none = Note(220.0, 1.0), Note(880.0, 1.0), Note(0.0, 0.0)
    assert 2.0 ** measure_register([(low, 1.0), (high, 1.0), (none, 5.0)]) == pytest.approx(440.0)
    assert 2.0 ** measure_register([(low, 3.0), (high, 1.0)]) == pytest.approx(220.0 * 2.0**0.5)
    assert measure_register([(none, 1.0)]) == 0.0


def test_it_is_certified_in_a_set_of_notes_and_off_in_one_without(pitched, breathy):
    for renderer in (pitched, breathy):
        with ThreadPoolExecutor(1) as pool:
            sweep = Sweep(renderer, Readings(0.6), pool)
            all_looks = first_looks(sweep.standing())
            looks = [look for look in all_looks if look.name == REGISTER] or all_looks[:1]
            sweep.take(looks)
        one = sweep.standing().sliders[REGISTER]
        if renderer is pitched:
            assert (one.state, one.steadiness) == ("certified", 1.0)
            assert one.range[0] < one.range[1] < one.range[2]
            assert one.kept is None
        else:
            assert one == WITHOUT_PITCH
            assert REGISTER not in {look.name for look in all_looks}


def test_nothing_is_said_before_anything_was_measured(pitched):
    assert Standing(pitched.space.chart, Readings(1.0)).sliders == {}


@pytest.mark.parametrize("position", [-10.0, 10.0])
def test_what_goes_on_into_the_next_event_may_be_higher_or_lower(pitched, position: float):
    """An event that is played slower is shorter before that: how it meets its neighbours is shorter by as much."""
    settings = GenerateSettings(duration=6.0, density=1.0, flow=1.0, seed=3, sliders={REGISTER: position})
    sound = np.concatenate(list(render(pitched, settings)))
    levels = 10 * np.log10((sound[: len(sound) // 4_800 * 4_800].reshape(-1, 4_800) ** 2).mean(1) + 1e-12)
    assert np.isfinite(sound).all()
    assert levels[2:-25].min() > levels.max() - 35.0
