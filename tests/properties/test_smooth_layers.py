from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
import pytest
from small_corpus import struck, tone

from engine.features.descriptors import normalise
from engine.generation.mix.laying import lay_over
from engine.generation.mix.together import change_beside
from engine.generation.score.composing import Event
from engine.generation.score.timeline import Turn
from engine.properties.attack import attack
from engine.properties.beating import measure_roughness
from engine.properties.property import Reach, Request
from engine.properties.roughness import PROPERTY, roughness
from engine.properties.softening import soften_beside
from engine.units import SAMPLE_RATE

REACH = Reach(-2.0, 0.3, 0.15)
BESIDE = PROPERTY.beside
BEFORE, BEYOND = BESIDE.before, BESIDE.beyond
Layers = list[tuple[Event, np.ndarray]]


def event(index: int, seconds: float) -> Event:
    return Event(index, round(seconds * SAMPLE_RATE), 0, None, None)


def chord(seconds: float = 0.5) -> Layers:
    """Return tones that overlap and beat with each other, each of them smooth by itself."""
    parts = [(440, 0.3), (495, 0.15), (390, 0.1), (550, 0.05), (440, 0.2), (500, 0.1)]
    return [
        (event(place, place * seconds), tone(hz, 1.5, level)[:, None].astype(np.float32))
        for place, (hz, level) in enumerate(parts)
    ]


def in_turn(sounds: Iterable[tuple[Event, np.ndarray]]) -> Iterator[tuple[Turn, np.ndarray]]:
    """Yield events as they are heard, each as soon as it is known when the next starts."""
    sounds = iter(sounds)
    before = next(sounds)
    for after in sounds:
        yield Turn(before[0], before[0].start, after[0].start), before[1]
        before = after
    yield Turn(before[0], before[0].start, 10**9), before[1]


def asking(drive: float) -> Request:
    return Request(REACH, lambda seconds: np.full(np.shape(seconds), drive))


def smoothed(sounds: Layers, drive: float) -> Layers:
    made = change_beside(in_turn(sounds), BESIDE, asking(drive))
    return [(turn.event, sound) for turn, sound in made]


def smoothed_around(sounds: Layers, drive: float, samples: int) -> Layers:
    """Return events of a loop, as they are in the second of three rounds."""
    rounds = [
        (Event(one.index, one.start + turned * samples, 0, None, None), sound)
        for turned in range(3)
        for one, sound in sorted(sounds, key=lambda one: one[0].start)
    ]
    second = smoothed(rounds, drive)[len(sounds) : 2 * len(sounds)]
    return sorted(second, key=lambda one: one[0].index)


def around(sounds: Layers, samples: int) -> np.ndarray:
    """Return the sum of events around a loop, (samples, 1)."""
    mix = np.zeros(samples)
    for one, sound in sounds:
        np.add.at(mix, (one.start + np.arange(len(sound))) % samples, sound[:, 0])
    return mix[:, None].astype(np.float32)


def mixed(sounds: Layers) -> np.ndarray:
    total = max(one.start + len(sound) for one, sound in sounds)
    return np.concatenate(list(lay_over(((one.start, sound) for one, sound in sounds), total, sounds[0][1].shape[1])))


def test_layers_beat_the_less_the_smoother_they_are_to_be():
    found = [roughness(normalise(mixed(smoothed(chord(), drive))[:, 0])) for drive in (0.0, -2.5, -5.0, -10.0)]
    assert (np.diff(found) < -0.1).all()
    assert found[-1] < found[0] - 0.6


@pytest.mark.parametrize("drive", [0.0, 6.0])
def test_what_is_not_to_be_smooth_is_left_alone(drive: float):
    plain = chord()
    assert all(made is sound for (_, made), (_, sound) in zip(smoothed(plain, drive), plain, strict=True))


def test_what_sounds_alone_and_is_smooth_is_left_alone():
    lone = [(event(place, 2.0 * place), tone(440, 1.0)[:, None].astype(np.float32)) for place in range(3)]
    assert all(made is sound for (_, made), (_, sound) in zip(smoothed(lone, -10.0), lone, strict=True))


def test_the_softer_of_two_partials_gives_way_and_the_stronger_stays():
    loud, soft = (tone(hz, 1.0, level)[:, None].astype(np.float32) for hz, level in ((440, 0.3), (500, 0.1)))
    (_, first), (_, second) = smoothed([(event(0, 0.0), loud), (event(1, 0.0), soft)], -10.0)
    middle = slice(SAMPLE_RATE // 4, -SAMPLE_RATE // 4)
    assert np.std(first[middle]) == pytest.approx(np.std(loud[middle]), rel=0.15)
    assert np.std(second[middle]) < 0.5 * np.std(soft[middle])


def test_a_strike_is_not_announced():
    held, hit = tone(300, 2.0, 0.05)[:, None].astype(np.float32), struck(360, 1.0)[:, None].astype(np.float32)
    plain = [(event(0, 0.0), held), (event(1, 1.0), hit)]
    made = smoothed(plain, -10.0)
    assert [len(sound) for _, sound in made] == [len(held), len(hit)]
    assert np.abs([sound[[0, -1]] for _, sound in made]).max() < 1e-3
    mix = mixed(plain)
    smeared = soften_beside(mix, np.pad(mix[:, 0], (BEFORE, BEYOND)), REACH, -10.0)
    before, after, as_one = (attack(normalise(sound[:, 0])) for sound in (mix, mixed(made), smeared))
    assert after > before
    assert after > as_one + 3.0


def test_smoothing_takes_little_of_the_loudness():
    plain, made = (mixed(sounds).astype(np.float64) for sounds in (chord(), smoothed(chord(), -10.0)))
    assert 10 * np.log10((made**2).sum() / (plain**2).sum()) == pytest.approx(0.0, abs=1.5)


def test_an_event_hears_all_that_sounds_with_it():
    plain = chord()
    whole = np.pad(mixed(plain)[:, 0], (BEFORE, BEYOND))
    for (one, made), (_, sound) in zip(smoothed(plain, -7.0), plain, strict=True):
        around = whole[one.start : one.start + BEFORE + len(sound) + BEYOND]
        assert np.allclose(made, soften_beside(sound, around, REACH, -7.0), atol=1e-6)


def test_events_come_in_order_as_soon_as_all_that_sound_with_them_are_known():
    taken = []

    def endless():
        place = 0
        while True:
            taken.append(place)
            yield event(place, 0.4 * place), tone(300 + 20 * (place % 7), 0.6, 0.2)[:, None].astype(np.float32)
            place += 1

    made = list(islice(change_beside(in_turn(endless()), BESIDE, asking(-10.0)), 20))
    assert [turn.event.index for turn, _ in made] == list(range(20))
    assert len(taken) <= 23


def test_a_loop_may_begin_anywhere():
    total = 3 * SAMPLE_RATE + 700
    plain = chord()
    turned = [(Event(one.index, (one.start + 61_000) % total, 0, None, None), sound) for one, sound in plain]
    first, second = smoothed_around(plain, -10.0, total), smoothed_around(turned, -10.0, total)
    for (_, one), (_, other) in zip(first, second, strict=True):
        assert np.allclose(one, other, atol=1e-5)
    sums = [around(some, total) for some in (plain, first)]
    assert measure_roughness(sums[1]) < measure_roughness(sums[0]) - 0.6


def test_events_of_a_loop_hear_all_that_goes_round():
    total = 3 * SAMPLE_RATE + 700
    plain = chord()
    mix = around(plain, total)[:, 0]
    for (one, made), (_, sound) in zip(smoothed_around(plain, -7.0, total), plain, strict=True):
        heard = mix[np.arange(one.start - BEFORE, one.start + len(sound) + BEYOND) % total]
        assert np.allclose(made, soften_beside(sound, heard, REACH, -7.0), atol=1e-5)


def test_what_has_ended_before_anybody_listens_stays_as_it_is_and_is_heard_by_others():
    plain = chord()
    whole = smoothed(plain, -8.0)
    begin = plain[1][0].start + len(plain[1][1])
    made = list(change_beside(in_turn(plain), BESIDE, asking(-8.0), begin))
    assert made[0][1] is plain[0][1]
    assert made[1][1] is plain[1][1]
    for (_, one), (_, other) in zip(made[2:], whole[2:], strict=True):
        assert np.array_equal(one, other)


def test_an_event_is_not_held_back_once_it_is_known_when_the_next_starts():
    lone = [(Turn(event(0, 0.0), 0, 2 * SAMPLE_RATE), tone(440, 1.0)[:, None].astype(np.float32))]

    def one_and_no_more():
        yield from lone
        pytest.fail("nobody needs the next event")

    turn, _ = next(change_beside(one_and_no_more(), BESIDE, asking(-10.0)))
    assert turn is lone[0][0]


def test_channels_keep_their_balance_and_nothing_is_written_into_a_sound():
    plain = [(one, np.concatenate([sound, 0.25 * sound], axis=1)) for one, sound in chord()]
    before = [sound.copy() for _, sound in plain]
    for (_, made), (_, sound), copy in zip(smoothed(plain, -10.0), plain, before, strict=True):
        assert np.allclose(made[:, 1], 0.25 * made[:, 0], atol=1e-6)
        assert np.array_equal(sound, copy)


@pytest.mark.parametrize("samples", [10, 3_000])
def test_silence_and_very_short_sounds_are_no_trouble(samples: int):
    sounds = [(event(0, 0.0), np.zeros((samples, 1), np.float32)), (event(1, 0.0), struck(330, 0.5)[:samples, None])]
    for _, made in smoothed(sounds, -10.0):
        assert made.shape == (samples, 1)
        assert np.isfinite(made).all()
