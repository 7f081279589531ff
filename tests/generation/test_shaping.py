import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from engine.audio.loudness import loudness_lufs
from engine.features.descriptors import normalise
from engine.generation.sliders import shaping
from engine.generation.sliders.looking import MOTION, ROUGH, TRAITS, WARM, look_along, look_at
from engine.generation.sliders.shaping import Version, Wanted, shape
from engine.properties.colouring import sound_of, spectra_of
from engine.properties.motion import motion
from engine.units import SAMPLE_RATE

PATIENCE_SECONDS = 10.0
SPANS = np.array([1.0, 6.0, 0.5, 20.0, 0.2], np.float32)


def chord(seconds: float = 1.0, channels: int = 1) -> np.ndarray:
    t = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    partials = [np.sin(2 * np.pi * 220 * k * t + channel) / k for channel in range(channels) for k in range(1, 20)]
    hiss = 1e-3 * np.random.default_rng(3).standard_normal(len(t))
    mono = (0.05 * sum(partials) + hiss).astype(np.float32)
    return np.repeat(mono[:, None], channels, axis=1)


def wavering(depth: float) -> np.ndarray:
    """Return a chord whose upper half swells against its lower half, three times a second."""
    t = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    swell = depth * np.sin(2 * np.pi * 3 * t)
    low, high = (
        sum(np.sin(2 * np.pi * 220 * k * t) / k for k in ks) * (1 + sign * swell)
        for ks, sign in ((range(1, 5), 1), (range(5, 20), -1))
    )
    hiss = 1e-3 * np.random.default_rng(3).standard_normal(len(t))
    return (0.05 * (low + high) + hiss).astype(np.float32)[:, None]


def wanted(traits: np.ndarray, direction: np.ndarray, strength: float = 1.0) -> Wanted:
    count = len(traits)
    places = np.array([SAMPLE_RATE / 2]) if count == 1 else np.linspace(0, SAMPLE_RATE, count)
    return Wanted(traits, direction.astype(float), np.full(count, strength), places)


def moved(sound: np.ndarray, name: str, spans: float, strength: float = 1.0) -> np.ndarray:
    """Shape a sound so that one descriptor moves by so many spans, and return the result."""
    place = TRAITS.index(name)
    aim, direction = look_at(sound)[None].copy(), np.zeros((1, len(TRAITS)))
    aim[0, place] += spans * SPANS[place]
    direction[0, place] = np.sign(spans)
    return shape(sound, wanted(aim, direction, strength), SPANS, 0).sound


@pytest.mark.parametrize("name", TRAITS)
@pytest.mark.parametrize("spans", [-0.4, 0.4])
def test_a_descriptor_goes_most_of_the_way_to_where_it_was_wanted(name: str, spans: float):
    sound, place = chord(), TRAITS.index(name)
    if name == "warmth":
        spans = min(spans, 0.1)  # nearly all energy is low already
    if name == "texture":
        spans = min(spans, 0.1)  # noise goes no higher than the sound's own envelope
    if name == "motion":
        sound = wavering(0.5)  # a chord that stands still cannot be stiller
    change = (look_at(moved(sound, name, spans)) - look_at(sound)) / SPANS
    assert 0.4 <= change[place] / spans <= (1.25 if name == "motion" else 1.2)


@pytest.mark.parametrize("name", TRAITS)
def test_shaping_keeps_the_loudness(name: str):
    for channels in (1, 2):
        sound = chord(channels=channels)
        shaped = moved(sound, name, -0.4)
        assert shaped.shape == sound.shape
        assert shaped.dtype == np.float32
        assert loudness_lufs(shaped) == pytest.approx(loudness_lufs(sound), abs=0.1)


def test_where_nothing_is_missing_the_sound_is_left_alone():
    sound = chord()
    shaped = shape(sound, wanted(look_at(sound)[None], np.zeros((1, len(TRAITS)))), SPANS, 0)
    assert shaped.sound is sound
    assert shaped.before == pytest.approx(look_at(sound)[None], abs=1e-4)


def test_what_went_farther_than_was_wanted_is_not_undone():
    sound = chord()
    less = look_at(sound)[None] - np.array([[0.5, 0.0, 0.0, 0.0, 0.0]])
    assert shape(sound, wanted(less, np.array([[1, 0, 0, 0, 0]])), SPANS, 0).sound is sound


def test_without_strength_nothing_is_shaped():
    sound = chord()
    assert moved(sound, "brightness", 0.8, strength=0.0) is sound


def test_what_is_asked_of_moments_is_done_at_those_moments():
    sound = chord(1.0)
    aim, direction = np.tile(look_at(sound), (2, 1)), np.zeros((2, len(TRAITS)))
    aim[1, 0] += 0.8
    direction[1, 0] = 1
    shaped = shape(sound, wanted(aim, direction), SPANS, 0).sound
    third = SAMPLE_RATE // 4
    early, late = (look_at(part)[0] for part in (shaped[:third], shaped[-third:]))
    assert late - early > 0.3
    assert early == pytest.approx(look_at(sound[:third])[0], abs=0.2)


def test_the_motion_that_is_seen_is_the_one_that_is_described():
    for sound in (chord(), wavering(0.5)):
        assert look_at(sound)[MOTION] == pytest.approx(motion(normalise(sound[:, 0])), rel=0.15)


@pytest.mark.parametrize("name", ["brightness", "roughness", "texture"])
def test_what_does_not_move_stays_nearly_where_it_is(name: str):
    sound = wavering(0.3)
    drift = np.abs(look_at(moved(sound, name, 0.4)) - look_at(sound)) / SPANS
    assert drift[MOTION] < 0.25
    assert drift[TRAITS.index("brightness")] < 0.3 or name == "brightness"


def test_each_moment_is_looked_at_by_itself_and_the_last_one_beyond_the_end_too():
    sound = np.concatenate([chord(), wavering(0.8)])
    at = np.array([SAMPLE_RATE / 2, 3 * SAMPLE_RATE / 2, 5 * SAMPLE_RATE / 2])
    seen = look_along(sound, at)
    assert seen.shape == (3, len(TRAITS))
    assert seen[1, MOTION] > seen[0, MOTION] + 0.05
    assert np.isfinite(seen).all()


def test_roughness_that_was_steered_away_by_the_side_is_brought_back():
    rough = TRAITS.index("roughness")
    smooth, aim = moved(wavering(0.3), "roughness", -0.8), look_at(wavering(0.3))[None].copy()
    aim[0, TRAITS.index("brightness")] += 0.3
    direction = np.zeros((1, len(TRAITS)))
    direction[0, TRAITS.index("brightness")] = 1
    missing = aim[0, rough] - look_at(smooth)[rough]
    assert missing > 0.1
    assert aim[0, rough] - look_at(shape(smooth, wanted(aim, direction), SPANS, 0).sound)[rough] < 0.6 * missing


def test_a_trait_that_may_become_what_it_likes_is_left_alone():
    sound = wavering(0.5)
    aim = look_at(sound)[None].copy()
    aim[0, MOTION] -= 0.3
    assert shape(sound, wanted(aim, np.zeros((1, len(TRAITS)))), SPANS, 0).sound is not sound
    aim[0, MOTION] = np.nan
    assert shape(sound, wanted(aim, np.zeros((1, len(TRAITS)))), SPANS, 0).sound is sound


def test_a_stereo_sound_is_looked_at_as_its_middle_is():
    stereo = np.stack([wavering(0.5)[:, 0], 0.3 * wavering(0.9)[:, 0]], axis=1).astype(np.float32)
    assert look_at(stereo) == pytest.approx(look_at(stereo.mean(1, keepdims=True)), rel=1e-5)


def test_roughness_is_not_held_where_that_would_cost_what_was_asked_for(monkeypatch: pytest.MonkeyPatch):
    t = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    thin = 0.05 * sum(np.sin(2 * np.pi * 530 * k * t) / k for k in range(1, 8)).astype(np.float32)[:, None]
    beside = 0.05 * np.sin(2 * np.pi * 490 * t).astype(np.float32)[:, None]
    monkeypatch.setattr(shaping, "change_roughness", lambda sound, wanted, **_: sound + beside)  # noqa: ARG005
    direction = np.zeros((1, len(TRAITS)))
    direction[0, WARM] = -1.0
    for rougher, is_held in ((0.2, False), (8.0, True)):
        asked = look_at(thin)[None].copy()
        asked[0, ROUGH] += rougher * SPANS[ROUGH]
        shaped = look_at(shape(thin, wanted(asked, direction), SPANS, 0).sound)
        assert (shaped[WARM] > asked[0, WARM] + 0.1 * SPANS[WARM]) == is_held


@pytest.mark.parametrize("spans", [-0.6, 0.6])
def test_brightness_lays_no_noise_between_partials(spans: float):
    """Between 2,310 and 2,530 Hz there are no partials of 220 Hz."""
    sound, hz = chord(), np.fft.rfftfreq(SAMPLE_RATE, 1 / SAMPLE_RATE)

    def standing_out_db(some: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(some[:, 0] * np.hanning(len(some)))) ** 2
        around, at = (power[(hz > 2_420 - reach) & (hz < 2_420 + reach)].sum() for reach in (45, 4))
        return float(10 * np.log10(at / (around - at)))

    assert standing_out_db(moved(sound, "brightness", spans)) > standing_out_db(sound) - 5.0


def test_no_sound_waits_for_another_one(monkeypatch):
    """Events are shaped side by side: one made from spectra and one made from samples could wait for each other."""
    sound = chord()
    from_sound = Version(len(sound), sound=sound)
    from_spectra = Version(len(sound), spectra=np.stack([spectra_of(sound[:, 0])]))
    entered, free = threading.Event(), threading.Event()

    def slow_sound_of(spectra, samples):
        entered.set()
        assert free.wait(PATIENCE_SECONDS)
        return sound_of(spectra, samples)

    monkeypatch.setattr(shaping, "sound_of", slow_sound_of)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(lambda: from_spectra.sound)
        assert entered.wait(PATIENCE_SECONDS)
        quick = pool.submit(lambda: (from_sound.sound, from_sound.spectra))
        assert quick.result(PATIENCE_SECONDS)[0] is sound
        free.set()
        assert slow.result(PATIENCE_SECONDS).shape == sound.shape
