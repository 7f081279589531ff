import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.features.descriptors import ATTACK_HOP, attack, normalise
from engine.generation.onset import FALL_DB
from engine.generation.render import lay_out
from engine.generation.rises import FLOOR_DB, HELD_DB, SLOWEST_DB, SlowRises, Softening, slow_rises_around
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE

STEEP = 6.0  # dB, below the 12 from which softening begins


def softening(drive: float) -> Softening:
    return Softening(lambda seconds: np.full(np.shape(seconds), drive), STEEP)


def slowed(sound: np.ndarray, asked: Softening, blocks: int = 1) -> np.ndarray:
    """Return a sound (samples, channels) after the stage, given to it in blocks."""
    stage = SlowRises(asked)
    parts = [stage.process(part) for part in np.array_split(sound, blocks)]
    return np.concatenate([*parts, stage.flush()])


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


@pytest.mark.parametrize(("drive", "rise_db"), [(-10.0, SLOWEST_DB), (-5.0, (12.0 * SLOWEST_DB) ** 0.5)])
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
    assert np.array_equal(slow_rises_around(sound, softening(drive)), sound)


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
    made, throughout = slowed(sound, Softening(drives, STEEP), 5), slowed(sound, softening(-10.0))
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
    made = slow_rises_around(loop, softening(-10.0))
    again = slow_rises_around(np.roll(loop, by, axis=0), softening(-10.0))
    assert np.roll(made, by, axis=0) == pytest.approx(again, abs=1e-5)


@pytest.mark.parametrize("samples", [1, 100, ATTACK_HOP * 3 // 2])
def test_the_shortest_loops_stay_loops(samples: int):
    made = slow_rises_around(beating()[:samples], softening(-10.0))
    assert made.shape == (samples, 1)
    assert np.isfinite(made).all()


def test_silence_stays_silent():
    silence = np.zeros((SAMPLE_RATE, 2), np.float32)
    assert not slowed(silence, softening(-10.0), 9).any()
    assert not slow_rises_around(silence, softening(-10.0)).any()
    assert len(SlowRises(softening(-10.0)).flush()) == 0


@pytest.mark.parametrize("loop", [False, True])
def test_all_that_is_laid_over_each_other_is_softened_together(loop: bool):
    sounds = [(0, 0.5 * tone(hz, 2.0)[:, None].astype(np.float32)) for hz in (400, 408)]
    settings, asked = GenerateSettings(duration=2.0, loop=loop), softening(-10.0)
    made = np.concatenate(list(lay_out(sounds, settings, 1, asked)))
    wanted = slow_rises_around(beating(), asked) if loop else slowed(beating(), asked)
    assert made == pytest.approx(wanted, abs=1e-5)
    assert np.concatenate(list(lay_out(sounds, settings, 1))) == pytest.approx(beating(), abs=1e-5)
