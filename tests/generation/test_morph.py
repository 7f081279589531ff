import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.audio.loudness import loudness_lufs
from engine.errors import ShapeError
from engine.features.descriptors import normalise
from engine.generation.blending.morph import ONSET_HOP, align, envelope, find_gains, find_onset, morph
from engine.properties.brightness import brightness
from engine.units import BINS, HOP, MEL_BANDS, SAMPLE_RATE


def sound(samples: np.ndarray) -> np.ndarray:
    return samples.astype(np.float32)[:, None]


def constant(share: float, *sounds: np.ndarray) -> np.ndarray:
    frames = max(map(len, sounds)) // HOP + 1
    return np.tile([[1.0 - share], [share]], frames)


LOW, HIGH = sound(tone(200, 0.6, 0.5)), sound(noise(0.6, 1, 0.02))


def test_half_way_is_as_loud_and_as_bright_as_lies_between():
    made = morph([LOW, HIGH], constant(0.5, LOW, HIGH))
    assert made.shape == LOW.shape
    low, middle, high = (loudness_lufs(one) for one in (HIGH, made, LOW))
    assert low < middle < high
    assert middle == pytest.approx((low + high) / 2, abs=0.1)
    dark, between, bright = (brightness(normalise(one[:, 0])) for one in (LOW, made, HIGH))
    assert dark < between < bright


def test_a_sound_and_itself_are_that_sound():
    made = morph([HIGH, HIGH], constant(0.5, HIGH))
    apart = made * np.sqrt((HIGH**2).sum() / (made**2).sum()) - HIGH
    assert np.sqrt((apart**2).mean() / (HIGH**2).mean()) < 0.02


def test_what_is_sung_by_one_alone_is_not_filtered():
    made = morph([LOW, HIGH], constant(0.0, LOW, HIGH))
    inside = slice(2 * 2048, -2 * 2048)
    assert np.abs(made - LOW)[inside].max() < 0.02 * np.abs(LOW).max()


def test_a_share_may_change_during_a_sound():
    frames = len(LOW) // HOP + 1
    rising = np.linspace(0.0, 1.0, frames)
    made = morph([LOW, HIGH], np.stack([1.0 - rising, rising]))
    begin, end = made[: SAMPLE_RATE // 8, 0], made[-SAMPLE_RATE // 8 :, 0]
    assert brightness(normalise(begin)) < brightness(normalise(end)) - 2.0


def test_silence_is_between_nothing():
    silent = np.zeros((9_600, 1), np.float32)
    assert not morph([silent, silent], constant(0.5, silent)).any()
    assert np.isfinite(morph([silent, sound(noise(0.2))], constant(0.5, silent))).all()


def test_both_channels_are_filtered_alike():
    stereo = np.concatenate([HIGH, 0.5 * HIGH], axis=1)
    made = morph([stereo, np.tile(LOW, 2)], constant(0.3, LOW))
    assert made.shape == stereo.shape
    assert not np.allclose(made[:, 0], made[:, 1])


def test_sounds_that_do_not_fit_are_refused():
    with pytest.raises(ShapeError, match="2 sounds need as many shares"):
        morph([LOW, HIGH], constant(0.5, LOW)[:1])
    with pytest.raises(ShapeError, match="same channels"):
        morph([LOW, np.tile(HIGH, 2)], constant(0.5, LOW))


def test_beginnings_fall_together_between_where_they_were():
    late = np.concatenate([np.zeros((20 * ONSET_HOP, 1), np.float32), sound(struck(300, 0.3))])
    early = sound(struck(300, 0.3))
    assert find_onset(late) - find_onset(early) == 20 * ONSET_HOP
    onsets = [find_onset(one) for one in align([early, late], np.array([0.5, 0.5]))]
    assert max(onsets) - min(onsets) <= ONSET_HOP
    assert onsets[0] == pytest.approx(10 * ONSET_HOP, abs=ONSET_HOP)
    alone, _ = align([early, late], np.array([1.0, 0.0]))
    assert np.array_equal(alone, early)


def test_gains_lead_to_one_envelope_where_nothing_has_to_be_lifted_far():
    rng = np.random.default_rng(0)
    envelopes = rng.uniform(-1.0, 1.0, (3, 5, MEL_BANDS))
    shares = np.tile(np.array([[0.2], [0.3], [0.5]]), 5)
    made = envelopes + find_gains(envelopes, shares)
    assert np.allclose(made, made[:1], atol=1e-6)
    alone = np.tile(np.array([[1.0], [0.0], [0.0]]), 5)
    assert np.abs(find_gains(envelopes, alone)[0]).max() < 1e-5


def test_the_envelope_of_a_flat_spectrum_is_flat():
    assert np.allclose(envelope(np.full((4, BINS), 0.1)), np.log(0.1), atol=0.1)
