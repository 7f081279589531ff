import json
from dataclasses import fields, replace

import pytest
import torch
from small_network import SMALL

from engine.errors import ModelError
from engine.model.base import BASE_SHAPE
from engine.model.shape import LIMITS, VaeShape, expected_weights, shape_from_dict, weight_sizes
from engine.model.vae import Vae

OTHERS = [{part.name: getattr(SMALL, part.name) + 1} for part in fields(VaeShape) if part.name != "regions"]


@pytest.mark.parametrize(
    "shape", [SMALL, BASE_SHAPE, *(replace(SMALL, **other) for other in [*OTHERS, {"regions": 32}, {"regions": 1}])]
)
def test_the_tensors_that_a_shape_implies_are_those_of_the_network(shape: VaeShape):
    with torch.device("meta"):
        state = Vae(shape).state_dict()
    assert {name: tuple(tensor.shape) for name, tensor in state.items()} == weight_sizes(shape)
    assert {tensor.dtype for tensor in state.values()} == {torch.float32}
    assert {kind for _, kind in expected_weights(shape).values()} == {"float32"}


def test_the_limits_are_those_of_every_part_of_a_shape():
    assert list(LIMITS) == [part.name for part in fields(VaeShape)]


def test_a_shape_comes_back_from_its_numbers():
    assert shape_from_dict(json.loads(json.dumps(SMALL.to_dict()))) == SMALL


@pytest.mark.parametrize("name", LIMITS)
def test_the_limits_of_a_shape_are_kept(name: str):
    low, high = LIMITS[name]
    for allowed in (low, high):
        assert getattr(shape_from_dict({**SMALL.to_dict(), name: allowed}), name) == allowed
    for refused in (low - 1, high + 1, float(low), True, "8", None):
        with pytest.raises(ModelError, match=f"network's {name} is .* from {low} to {high}"):
            shape_from_dict({**SMALL.to_dict(), name: refused})


@pytest.mark.parametrize("values", [None, [], "16", {}, {"width": 16}, {**dict.fromkeys(LIMITS, 8), "extra": 1}])
def test_what_is_no_shape_is_refused(values: object):
    with pytest.raises(ModelError, match="a network is described by " + ", ".join(LIMITS)):
        shape_from_dict(values)


def test_numbers_that_fit_their_limits_but_not_each_other_are_refused():
    with pytest.raises(ModelError, match="regions"):
        shape_from_dict({**SMALL.to_dict(), "regions": 3})
