import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.features.descriptors import ATTACK_HOP, normalise
from engine.generation.mix.output import lay_out
from engine.generation.score.timeline import find_passage
from engine.properties.attack import attack
from engine.properties.onset import FALL_DB
from engine.properties.property import Reach, Request
from engine.properties.rises import (
    FLOOR_DB,
    HELD_DB,
    LEAD_SAMPLES,
    MIX_PEAK_DB,
    SLOWEST_MIX_DB,
    SlowRises,
)
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE

STEEP = Reach(0.0, 6.0, 1.0)  # dB, below the 12 from which softening begins


def softening(drive: float) -> Request:
    return Request(STEEP, lambda seconds: np.full(np.shape(seconds), drive))


def slowed(sound: np.ndarray, asked: Request, blocks: int = 1, first: int = 0, period: int | None = None):
    """Return a sound (samples, channels) after the stage, given to it in blocks."""
    stage = SlowRises(asked, first, period)
    parts = [stage.process(part) for part in np.array_split(sound, blocks)]
    return np.concatenate([*parts, stage.flush()])


def slowed_around(loop: np.ndarray, asked: Request, first: int = 0) -> np.ndarray:
    """Return once around a loop from a sample on, as the stage has it that has heard it before."""
    heard = np.arange(first - LEAD_SAMPLES, first + len(loop) + 2 * ATTACK_HOP)
    return slowed(loop[heard % len(loop)], asked, 9, int(heard[0]), len(loop))[LEAD_SAMPLES:][: len(loop)]


def beating() -> np.ndarray:
    """Two tones 8 Hz apart with a notch every 125 ms, 2 s, (samples, 1)."""
    return (0.5 * (tone(400, 2.0) + tone(408, 2.0)))[:, None].astype(np.float32)


def levels(sound: np.ndarray) -> np.ndarray:
    """Return the level of the middle in each 10 ms, dB."""
    middle = sound.astype(np.float64).mean(1)
    power = (middle[: len(middle) // ATTACK_HOP * ATTACK_HOP].reshape(-1, ATTACK_HOP) ** 2).mean(1)
    return 10 * np.log10(power + 10 ** (FLOOR_DB / 10))


def notch(depth_db: float, steps: int) -> np.ndarray:
    """A tone of 1 s that is softer for some steps and comes back at once, (samples, 1)."""
    gain = np.ones(SAMPLE_RATE)
    gain[SAMPLE_RATE // 2 :][: steps * ATTACK_HOP] = 10 ** (-depth_db / 20)
    return (gain * tone(1_000, 1.0))[:, None].astype(np.float32)


@pytest.mark.parametrize(("drive", "rise_db"), [(-10.0, SLOWEST_MIX_DB), (-5.0, (12.0 * SLOWEST_MIX_DB) ** 0.5)])
def test_what_comes_back_rises_by_no_more_than_it_may(drive: float, rise_db: float):
    rises = np.diff(levels(slowed(notch(8.0, 2), softening(drive))))[5:]
    assert rises.max() == pytest.approx(rise_db, abs=1.2)  # a gain goes straight from step to step


@pytest.mark.parametrize("depth_db", [20.0, 40.0])
def test_what_comes_back_from_far_is_held_back_by_so_much_at_most(depth_db: float):
    sound = notch(depth_db, 5)
    lost = (levels(sound) - levels(slowed(sound, softening(-10.0))))[5:]
    fallen = 5 * FALL_DB  # what was heard before has fallen so far meanwhile
    assert lost.max() == pytest.approx(HELD_DB - fallen, abs=0.5)


def test_what_begins_far_above_what_was_heard_is_left_alone():
    late = np.concatenate([np.zeros(SAMPLE_RATE // 2), struck(330, 1.0, 0.4)])[:, None].astype(np.float32)
    assert np.array_equal(slowed(late, softening(-10.0)), late)


def test_the_softer_the_slower_sounds_rise_out_of_notches():
    sound = beating()
    found = [attack(normalise(slowed(sound, softening(drive))[:, 0])) for drive in (-10.0, -7.0, -4.0, 0.0)]
    assert (np.diff(found) > 0.1).all()
    assert found[-1] - found[0] > 2.0


@pytest.mark.parametrize("drive", [0.0, 3.0, 10.0])
def test_what_is_not_softened_stays_to_the_bit(drive: float):
    sound = beating()
    assert np.array_equal(slowed(sound, softening(drive), 7), sound)
    assert np.array_equal(slowed_around(sound, softening(drive)), sound)


def test_what_rises_slowly_and_what_falls_stays():
    swell = np.concatenate([np.geomspace(1e-4, 1.0, SAMPLE_RATE), np.linspace(1.0, 0.0, 500)])
    sound = (swell * tone(1_000, 2.0)[: len(swell)])[:, None].astype(np.float32)
    assert slowed(sound, softening(-10.0))[ATTACK_HOP:] == pytest.approx(sound[ATTACK_HOP:], abs=1e-6)


@pytest.mark.parametrize("blocks", [1, 2, 13, 400])
@pytest.mark.parametrize("samples", [1, ATTACK_HOP, 2 * ATTACK_HOP + 1, 2 * SAMPLE_RATE])
def test_blocks_of_any_size_make_the_same_sound_of_the_same_length(blocks: int, samples: int):
    sound = beating()[:samples]
    whole, parts = slowed(sound, softening(-8.0)), slowed(sound, softening(-8.0), blocks)
    assert len(whole) == len(parts) == samples
    assert parts == pytest.approx(whole, abs=1e-6)


def test_only_the_times_are_slowed_that_are_asked_for():
    def drives(seconds: np.ndarray) -> np.ndarray:
        return np.where(seconds < 1.0, 0.0, -10.0)

    sound = beating()
    made, throughout = slowed(sound, Request(STEEP, drives), 5), slowed(sound, softening(-10.0))
    assert np.array_equal(made[: SAMPLE_RATE - ATTACK_HOP], sound[: SAMPLE_RATE - ATTACK_HOP])
    assert made[SAMPLE_RATE * 5 // 4 :] == pytest.approx(throughout[SAMPLE_RATE * 5 // 4 :], abs=1e-6)
    assert not np.allclose(made[SAMPLE_RATE:], sound[SAMPLE_RATE:], atol=0.01)


def test_what_differs_between_the_channels_stays():
    sound = beating() + np.stack([noise(2.0), -noise(2.0)], 1).astype(np.float32) * 0.1
    made = slowed(sound, softening(-10.0))
    assert made[:, 0] - made[:, 1] == pytest.approx(sound[:, 0] - sound[:, 1], abs=1e-5)
    assert made.mean(1) == pytest.approx(slowed(beating(), softening(-10.0))[:, 0], abs=1e-5)
    assert not np.allclose(made.mean(1), sound.mean(1), atol=0.01)


@pytest.mark.parametrize("turned", [1, 37, 150])
def test_a_loop_may_begin_anywhere(turned: int):
    loop = beating()
    by = turned * ATTACK_HOP
    made = slowed_around(loop, softening(-10.0))
    again = slowed_around(np.roll(loop, by, axis=0), softening(-10.0))
    assert np.roll(made, by, axis=0) == pytest.approx(again, abs=1e-5)


@pytest.mark.parametrize("samples", [ATTACK_HOP * 40, 2 * SAMPLE_RATE - 77])
@pytest.mark.parametrize("first", [0, 1, 7_001, 18_000])
def test_a_loop_is_slowed_in_a_circle(samples: int, first: int):
    def drives(seconds: np.ndarray) -> np.ndarray:
        return np.where(seconds < 0.2, -10.0, -3.0)

    loop, asked = beating()[:samples], Request(STEEP, drives)
    made = slowed_around(loop, asked)
    assert np.abs(made - loop).max() > 0.05
    assert slowed_around(loop, asked, first) == pytest.approx(np.roll(made, -first, axis=0), abs=1e-6)


def test_a_loop_of_whole_steps_is_slowed_as_when_it_is_heard_again_and_again():
    loop, asked = beating()[: 90 * ATTACK_HOP], softening(-9.0)
    third = slowed(np.tile(loop, (5, 1)), asked, 7)[2 * len(loop) : 3 * len(loop)]
    assert slowed_around(loop, asked) == pytest.approx(third, abs=1e-6)


@pytest.mark.parametrize("samples", [1, 100, ATTACK_HOP * 3 // 2])
def test_the_shortest_loops_stay_loops(samples: int):
    made = slowed_around(beating()[:samples], softening(-10.0))
    assert made.shape == (samples, 1)
    assert np.isfinite(made).all()


def restless(seed: int, loudest_db: float) -> np.ndarray:
    """Noise of 4 s whose level jumps every 30 ms between the floor and a loudest one, which comes first."""
    random = np.random.default_rng(seed)
    levels_db = np.append(loudest_db, random.uniform(-80.0, loudest_db, 133))
    gain = np.repeat(10 ** (levels_db / 20), 3 * ATTACK_HOP)
    return (gain * random.standard_normal(len(gain)))[:, None].astype(np.float32)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("first", [1, 480, 30_000, 47_777])
def test_behind_its_lead_it_does_what_it_does_in_the_whole(seed: int, first: int):
    sound, asked = restless(seed, MIX_PEAK_DB - 3.0), softening(-10.0 + seed)
    whole, part = slowed(sound, asked, 11), slowed(sound[first:], asked, 5, first)
    known = first + LEAD_SAMPLES
    assert part[LEAD_SAMPLES:] == pytest.approx(whole[known:], abs=1e-6)
    assert np.abs(whole - sound)[known:].max() > 0.01


def test_what_was_loud_is_remembered_for_most_of_the_lead():
    loud = np.full(10 * ATTACK_HOP, 10 ** (MIX_PEAK_DB / 20))
    soft = np.full(5 * ATTACK_HOP, 10 ** (-56.0 / 20))
    sound = np.concatenate([loud, np.zeros(60 * ATTACK_HOP), soft])[:, None].astype(np.float32)
    asked, first = softening(-10.0), 10 * ATTACK_HOP
    whole, part = slowed(sound, asked), slowed(sound[first:], asked, 1, first)
    assert 61 * ATTACK_HOP < LEAD_SAMPLES
    assert np.abs(whole[first:] - part).max() > 0.3 * soft[0]


def test_silence_stays_silent():
    silence = np.zeros((SAMPLE_RATE, 2), np.float32)
    assert not slowed(silence, softening(-10.0), 9).any()
    assert not slowed_around(silence, softening(-10.0)).any()
    assert len(SlowRises(softening(-10.0)).flush()) == 0


@pytest.mark.parametrize("loop", [False, True])
def test_all_that_is_laid_over_each_other_is_softened_together(loop: bool):
    asked, settings = softening(-10.0), GenerateSettings(duration=2.0, loop=loop)
    passage = find_passage(settings, 0, LEAD_SAMPLES, 2 * ATTACK_HOP)
    starts = range(-2 * SAMPLE_RATE, 4 * SAMPLE_RATE, 2 * SAMPLE_RATE) if loop else [0]
    sounds = [(start, 0.5 * tone(hz, 2.0)[:, None].astype(np.float32)) for start in starts for hz in (400, 408)]
    made = np.concatenate(list(lay_out(sounds, passage, settings, 1, {"attack": asked})))
    wanted = slowed_around(beating(), asked) if loop else slowed(beating(), asked)
    assert made == pytest.approx(wanted, abs=1e-5)
    assert np.concatenate(list(lay_out(sounds, passage, settings, 1, {}))) == pytest.approx(beating(), abs=1e-5)
