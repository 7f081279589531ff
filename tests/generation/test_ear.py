import numpy as np
import pytest

from engine.generation.calibration.ear import fit_ear, learn_ear
from engine.generation.renderer import prepare
from engine.latent.ear import Ear
from engine.sliders import TIMBRE

SPANS = np.array([2.0, 10.0, 0.5, 20.0])


def decoded(events: int) -> np.ndarray:
    return np.random.default_rng(2).standard_normal((events, len(TIMBRE))) * SPANS


def test_what_is_heard_as_decoded_is_left_as_it_is():
    ear = fit_ear(decoded(30), decoded(30), SPANS)
    assert ear.matrix == pytest.approx(np.eye(len(TIMBRE)), abs=1e-6)
    assert ear.constant == pytest.approx(np.zeros(len(TIMBRE)), abs=1e-5)


def test_a_linear_ear_is_found_from_many_events():
    truth = Ear(
        np.eye(4, dtype=np.float32) + 0.2 * np.random.default_rng(3).standard_normal((4, 4)).astype(np.float32),
        np.array([0.5, -2.0, 0.1, 3.0], np.float32),
    )
    seen = decoded(20_000)
    found = fit_ear(seen, truth.hear(seen.astype(np.float32)), SPANS)
    assert found.hear(seen) == pytest.approx(truth.hear(seen.astype(np.float32)), abs=0.05)


def test_with_few_events_only_the_constant_is_trusted():
    seen = decoded(1)
    found = fit_ear(seen, seen + 1.0, SPANS)
    assert found.matrix == pytest.approx(np.eye(4), abs=1e-6)
    assert found.hear(seen) == pytest.approx(seen + 1.0, abs=1e-5)


def test_the_ear_of_a_model_is_the_same_every_time(space):
    first, again = learn_ear(prepare(space)), learn_ear(prepare(space))
    assert np.array_equal(first.matrix, again.matrix)
    assert np.isfinite(first.matrix).all()
    assert np.isfinite(first.constant).all()
