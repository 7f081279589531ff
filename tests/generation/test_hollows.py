import numpy as np
import pytest
from small_corpus import make_corpus, noise, tone
from small_network import small_vae

from engine.generation.event.way import walk_events
from engine.generation.render import let_flow
from engine.generation.renderer import prepare
from engine.generation.score.composing import compose
from engine.generation.sliders.bank import compile_bank
from engine.generation.walk.hollows import DEEPEST_DB, fill_hollows
from engine.generation.walk.onward import JOIN_FRAMES, Onward
from engine.generation.walk.walking import walk_along
from engine.latent.certificate import unmeasured
from engine.latent.encode import decode, encode
from engine.latent.space import listen
from engine.model.base import load_base
from engine.settings import GenerateSettings
from engine.units import LATENT_HOP, LATENT_STRIDE, SAMPLE_RATE

SECOND = SAMPLE_RATE // LATENT_HOP
SOFT, LOUD = -30.0, -12.0


@pytest.fixture(scope="module")
def decoded():
    vae = small_vae()
    return decode(vae, encode(vae, noise(2.0).astype(np.float32)))


@pytest.fixture(scope="module")
def levelled(tmp_path_factory):
    """A soft tone that is too short to go on in itself, and two loud ones, as the shipped network hears them."""
    heard = ((500, 2.0, SOFT), (700, 4.0, LOUD), (900, 4.0, LOUD))
    sounds = [tone(hz, seconds, 10 ** (db / 20)) for hz, seconds, db in heard]
    return listen(load_base(), make_corpus(tmp_path_factory.mktemp("levelled"), *sounds))


def levels(log_mel: np.ndarray) -> np.ndarray:
    """Level of each latent frame, dB."""
    power = np.exp(2.0 * log_mel.astype(np.float64)).sum(1)
    return 10 * np.log10(power.reshape(-1, LATENT_STRIDE).mean(1))


def test_where_a_walk_is_loud_enough_nothing_is_filled(decoded):
    filled = fill_hollows(decoded, levels(decoded.log_mel) - 0.1)
    assert np.array_equal(filled.log_mel, decoded.log_mel)
    assert np.array_equal(filled.fine(), decoded.fine())


def test_a_hollow_is_filled_to_the_level_that_it_is_to_have(decoded):
    asked = levels(decoded.log_mel)
    asked[10:30] += 9.0
    found = levels(fill_hollows(decoded, asked).log_mel)
    assert np.abs(found - asked)[13:27].max() < 0.2
    assert np.abs(found - asked)[:6].max() < 0.2


def test_what_is_dreamt_is_filled_like_what_is_sung(decoded):
    filled = fill_hollows(decoded, levels(decoded.log_mel) + 6.0)
    assert np.allclose(filled.fine() - decoded.fine(), (filled.log_mel - decoded.log_mel)[:, :1], atol=1e-4)


def test_a_silent_walk_is_not_made_loud(decoded):
    filled = fill_hollows(decoded, levels(decoded.log_mel) + 60.0)
    assert levels(filled.log_mel) == pytest.approx(levels(decoded.log_mel) + DEEPEST_DB, abs=0.1)


def test_the_level_of_a_way_is_that_of_its_recordings_and_at_a_join_between_them(levelled):
    onward, clip = Onward(levelled), levelled.clips[0]
    length = len(levelled.tracks[0])
    way = onward.way(onward.begin_of(clip, True), length + 2 * SECOND, np.random.default_rng(0))
    low, high = way.level[2 : length - JOIN_FRAMES - 2], way.level[length + 2 : -2]
    assert np.ptp(low) < 1.0
    assert np.ptp(high) < 1.0
    assert high.mean() - low.mean() == pytest.approx(LOUD - SOFT, abs=1.5)
    assert np.all(np.diff(way.level[length - JOIN_FRAMES : length - 1]) > 0.0)


@pytest.mark.parametrize("sliders", [{}, {"brightness": 4.0}, {"motion": -6.0}])
def test_an_event_that_goes_on_is_nowhere_softer_than_what_it_passes(levelled, sliders):
    renderer = prepare(levelled)
    settings = let_flow(GenerateSettings(duration=20.0, density=0.2, sliders=sliders), 1.0, renderer)
    bank = compile_bank(settings, unmeasured(), levelled.chart)
    event = next(compose(settings, levelled.clips, renderer.guide.places))
    (walk,) = walk_events(renderer, bank, settings, [event])
    known = walk_along(renderer.guide, event, settings.seed, settings.novelty)
    assert np.array_equal(walk.track, known.track)
    bare = known.level - levels(decode(levelled.vae, known.track).log_mel)
    left = known.level - levels(walk.steered.walked.log_mel)
    assert bare.max() > 3.0
    assert (left - np.maximum(bare - DEEPEST_DB, 0.0))[3:-3].max() < 2.0
