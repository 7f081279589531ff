import json

import numpy as np
import pytest

from engine.generation.mix.carrying import arrays_to_bytes, bytes_to_arrays

ARRAYS = {
    "samples": np.random.default_rng(1).normal(size=(480, 2)).astype(np.float32),
    "turned": np.asfortranarray(np.random.default_rng(2).normal(size=(3, 5))),
    "frames": np.array([3, 1, 2]),
    "none": np.zeros((0, 2), np.float32),
    "number": np.array(0.1),
}


def test_arrays_come_back_as_they_were_also_in_memory():
    table, data = arrays_to_bytes(ARRAYS)
    found = bytes_to_arrays(json.loads(json.dumps(table)), data)
    assert list(found) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert np.array_equal(found[name], array)
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert found[name].strides == array.strides
        assert found[name].flags.aligned
        assert found[name].flags.writeable


def test_a_part_of_an_array_is_carried_as_an_array_of_its_own():
    part = ARRAYS["samples"].T[1:, 10:20]
    table, data = arrays_to_bytes({"part": part})
    assert len(data) == part.nbytes
    assert np.array_equal(bytes_to_arrays(table, data)["part"], part)


@pytest.mark.parametrize("kind", ["|O", "|V8", "<U4", "<f2"])
def test_other_than_numbers_are_not_taken(kind: str):
    with pytest.raises(ValueError, match="are not carried"):
        bytes_to_arrays([{"name": "a", "kind": kind, "shape": [1], "order": "C"}], bytes(8))


@pytest.mark.parametrize("length", [7, 9])
def test_a_table_has_exactly_its_bytes(length: int):
    with pytest.raises(ValueError, match=r"bytes|buffer"):
        bytes_to_arrays([{"name": "a", "kind": "<f8", "shape": [1], "order": "C"}], bytes(length))
