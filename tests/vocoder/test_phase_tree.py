import heapq

import numpy as np
import pytest

from engine.vocoder.phase_tree import integrate, least_of_each

BINS, FRAMES = 13, 17


def neighbours(bin_steps, frame_steps, place):
    bin_, frame = place
    if bin_ + 1 < BINS:
        yield (bin_ + 1, frame), bin_steps[bin_, frame]
    if bin_ > 0:
        yield (bin_ - 1, frame), -bin_steps[bin_ - 1, frame]
    if frame + 1 < FRAMES:
        yield (bin_, frame + 1), frame_steps[bin_, frame]
    if frame > 0:
        yield (bin_, frame - 1), -frame_steps[bin_, frame - 1]


def integrate_by_heap(weight, bin_steps, frame_steps, start, fixed):
    """Prim's algorithm, edge by edge: heaviest edge first, of equal ones that from the heavier point."""
    value = np.where(fixed | np.isneginf(weight), start, np.nan)
    done = fixed | np.isneginf(weight)
    edges = []

    def open_edges(place):
        for other, step in neighbours(bin_steps, frame_steps, place):
            if not done[other]:
                ends = sorted((weight[place], weight[other]))
                heapq.heappush(edges, (-ends[0], -ends[1], place, other, step))

    for place in map(tuple, np.argwhere(fixed)):
        open_edges(place)
    while True:
        while edges:
            *_, place, other, step = heapq.heappop(edges)
            if not done[other]:
                value[other], done[other] = value[place] + step, True
                open_edges(other)
        if done.all():
            return value
        peak = np.unravel_index(np.where(done, -np.inf, weight).argmax(), weight.shape)
        value[peak], done[peak] = start[peak], True
        open_edges(peak)


def random_grid(seed, holes=0.0, given=0.0):
    random = np.random.default_rng(seed)
    weight = random.standard_normal((BINS, FRAMES))
    weight[random.random(weight.shape) < holes] = -np.inf
    fixed = (random.random(weight.shape) < given) & (weight > -np.inf)
    return (
        weight,
        random.standard_normal((BINS - 1, FRAMES)),
        random.standard_normal((BINS, FRAMES - 1)),
        random.standard_normal((BINS, FRAMES)),
        fixed,
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("holes", "given"), [(0.0, 0.0), (0.45, 0.0), (0.0, 0.1), (0.45, 0.1)])
def test_the_tree_is_the_one_that_a_heap_grows(seed, holes, given):
    grid = random_grid(seed, holes, given)
    np.testing.assert_allclose(integrate(*grid), integrate_by_heap(*grid), atol=1e-9)


def test_steps_of_a_field_give_the_field_back_on_any_weights():
    weight, *_, field, _ = random_grid(0)
    fixed = np.zeros(field.shape, bool)
    fixed[3, 4] = True
    found = integrate(weight, np.diff(field, axis=0), np.diff(field, axis=1), field * fixed, fixed)
    np.testing.assert_allclose(found, field, atol=1e-9)


def test_a_plateau_is_crossed_like_anything_else():
    field = np.add.outer(np.arange(BINS) * 2.0, np.arange(FRAMES) * 0.5)
    flat = np.zeros(field.shape)
    found = integrate(flat, np.diff(field, axis=0), np.diff(field, axis=1), flat, flat > 0)
    np.testing.assert_allclose(found - found[0, 0], field, atol=1e-9)


def test_fixed_points_keep_their_value_even_when_the_steps_contradict():
    grid = random_grid(1, given=0.3)
    *_, start, fixed = grid
    np.testing.assert_allclose(integrate(*grid)[fixed], start[fixed], atol=1e-12)


def test_without_any_reliable_point_everything_keeps_its_start():
    _, bin_steps, frame_steps, start, fixed = random_grid(2)
    nothing = np.full(start.shape, -np.inf)
    np.testing.assert_array_equal(integrate(nothing, bin_steps, frame_steps, start, fixed), start)


@pytest.mark.parametrize("count", [0, 1, 50, 5000])
def test_the_least_of_each_group_is_found(count):
    random = np.random.default_rng(count)
    groups = random.integers(0, 1 + count // 3, count) * 10_000_000
    values = random.integers(0, 4, count) - 1.5
    least = [min(np.flatnonzero(groups == group), key=lambda place: values[place]) for group in np.unique(groups)]
    assert least_of_each(groups, values).tolist() == least
