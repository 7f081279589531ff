import numpy as np
import pytest
from sklearn.decomposition import PCA

from engine.errors import ShapeError
from engine.latent.basis import (
    LEAST_DEVIATION,
    LEAST_DIRECTIONS,
    LEAST_VARIANCE,
    MOST_DIRECTIONS,
    Basis,
    fit_basis,
    signed,
)


def cloud(*deviations: float, frames: int = 2_000, seed: int = 0) -> np.ndarray:
    """Return frames that vary by so much along directions at random angles, around a middle that is not 0."""
    random = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(random.standard_normal((len(deviations), len(deviations))))
    return (random.standard_normal((frames, len(deviations))) * deviations @ turn + 3.0).astype(np.float32)


@pytest.fixture
def frames() -> np.ndarray:
    return cloud(3.0, 2.0, 1.5, 1.0, 0.7, 0.01)


@pytest.fixture
def basis(frames) -> Basis:
    return fit_basis(frames)


def test_directions_are_the_eigenvectors_of_the_covariance(frames, basis):
    values, vectors = np.linalg.eigh(np.cov(frames.T.astype(np.float64)))
    for place, (value, vector) in enumerate(zip(values[::-1], vectors.T[::-1], strict=True)):
        if place < basis.directions:
            assert abs(vector @ basis.axes[place]) == pytest.approx(1.0, abs=1e-4)
            assert basis.deviations[place] == pytest.approx(np.sqrt(value), rel=1e-4)
            assert basis.variances[place] == pytest.approx(value / values.sum(), rel=1e-4)


def test_directions_are_those_of_another_implementation(frames, basis):
    found = PCA(basis.directions, svd_solver="full").fit(frames.astype(np.float64))
    assert np.allclose(np.abs(found.components_ @ basis.axes.T), np.eye(basis.directions), atol=1e-4)
    assert np.allclose(found.explained_variance_, basis.deviations**2, rtol=1e-4)
    assert np.allclose(found.explained_variance_ratio_, basis.variances, rtol=1e-4)
    assert np.allclose(found.mean_, basis.mean, atol=1e-5)


def test_the_corpus_has_unit_variance_and_no_mean_in_its_coordinates(frames, basis):
    coordinates = basis.to_coordinates(frames)
    assert coordinates.dtype == np.float32
    assert np.allclose(np.cov(coordinates.T), np.eye(basis.directions), atol=1e-3)
    assert np.allclose(coordinates.mean(0), 0.0, atol=1e-4)


def test_coordinates_become_offsets_and_offsets_coordinates(basis):
    wanted = np.random.default_rng(1).standard_normal((5, 7, basis.directions)).astype(np.float32)
    offset = basis.to_offset(wanted)
    assert offset.shape == (5, 7, 6)
    assert offset.dtype == np.float32
    assert np.allclose(basis.to_coordinates(basis.mean + offset), wanted, atol=1e-4)
    assert np.allclose(basis.to_coordinates(basis.mean), 0.0)


def test_frames_come_back_from_all_their_coordinates():
    frames = cloud(2.0, 1.5, 1.0)
    basis = fit_basis(frames)
    assert basis.directions == 3
    assert np.allclose(basis.mean + basis.to_offset(basis.to_coordinates(frames)), frames, atol=1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_the_largest_entry_of_every_direction_is_positive(seed: int):
    basis = fit_basis(cloud(3.0, 2.0, 1.5, 1.0, seed=seed))
    largest = np.take_along_axis(basis.axes, np.abs(basis.axes).argmax(1)[:, None], 1)
    assert (largest > 0).all()


def test_a_sign_does_not_depend_on_where_the_direction_came_from():
    axes = np.random.default_rng(0).standard_normal((6, 4))
    assert np.array_equal(signed(axes), signed(-axes))
    assert np.array_equal(np.abs(signed(axes)), np.abs(axes))


@pytest.mark.parametrize("share", [0.5 * LEAST_VARIANCE, 2 * LEAST_VARIANCE])
def test_a_direction_counts_from_two_percent_of_the_variance_on(share: float):
    rest = (1 - share) / 3
    basis = fit_basis(cloud(*np.sqrt([rest, rest, rest, share]), frames=20_000))
    assert basis.directions == (4 if share > LEAST_VARIANCE else 3)
    assert (basis.variances >= LEAST_VARIANCE).all()


def test_there_are_at_least_two_directions_and_no_more_than_the_most():
    assert fit_basis(cloud(10.0, 0.01, 0.01)).directions == LEAST_DIRECTIONS
    assert fit_basis(cloud(*np.ones(40))).directions == MOST_DIRECTIONS


def test_the_radius_encloses_all_but_one_in_a_hundred(frames, basis):
    distance = np.linalg.norm(basis.to_coordinates(frames), axis=1)
    assert (distance <= basis.radius).mean() == pytest.approx(0.99, abs=0.001)


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_few_frames_or_frames_that_do_not_vary_have_a_basis(count: int, spread: float):
    frames = (2.0 + spread * np.random.default_rng(0).standard_normal((count, 5))).astype(np.float32)
    basis = fit_basis(frames)
    assert basis.directions >= LEAST_DIRECTIONS
    assert (basis.deviations >= LEAST_DEVIATION * 0.999).all()
    parts = (basis.mean, basis.axes, basis.deviations, basis.variances, basis.to_coordinates(frames), basis.radius)
    assert all(np.isfinite(part).all() for part in parts)
    assert np.allclose(basis.axes @ basis.axes.T, np.eye(basis.directions), atol=1e-5)


@pytest.mark.parametrize("shape", [(0, 5), (5,), (1, 5, 5)])
def test_what_are_no_frames_is_refused(shape):
    with pytest.raises(ShapeError, match=r"latent frames \(frames, latent\), not"):
        fit_basis(np.zeros(shape, np.float32))
