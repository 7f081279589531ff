from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from safetensors.torch import save_file as save_torch

from engine.errors import ModelError
from engine.model.tensors import load_arrays, map_array, save_arrays

ARRAYS = {
    "turned": np.arange(6, dtype=np.float32).reshape(2, 3).T,
    "number": np.array(2.5, np.float32),
    "half": np.ones(2, np.float16),
    "places": np.array([[1, 2**40]]),
    "none": np.zeros((0, 4), np.float32),
}
EXPECTED = {name: (array.shape, array.dtype) for name, array in ARRAYS.items()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save_arrays(tmp_path / "arrays", ARRAYS)
    return tmp_path / "arrays"


def test_arrays_of_every_layout_come_back_to_the_bit_and_may_be_changed(path):
    loaded = load_arrays(path, EXPECTED)
    for name, array in ARRAYS.items():
        assert np.array_equal(loaded[name], array), name
        assert (loaded[name].dtype, loaded[name].shape) == (array.dtype, array.shape), name
        assert loaded[name].flags.writeable


def test_saving_replaces_the_whole_file_and_leaves_nothing_beside_it(path):
    save_arrays(path, {"x": np.zeros(3, np.float32)})
    assert list(load_file(path)) == ["x"]
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"half": None}, "does not hold the tensors its settings imply (see half)"),
        ({"more": np.zeros(1, np.float32)}, "(see more)"),
        ({"half": np.ones(3, np.float16)}, "tensor half has shape (3,), its settings imply (2,)"),
        ({"half": np.ones(2, np.float32)}, "tensor half has type float32, expected float16"),
        ({"half": np.ones(2, np.int16)}, "tensor half has type I16, expected float16"),
        ({"half": np.array([1, np.nan], np.float16)}, "tensor half holds numbers that are not finite"),
        ({"number": np.array(-np.inf, np.float32)}, "tensor number holds numbers that are not finite"),
    ],
)
def test_arrays_that_are_not_expected_are_refused(path, change, said: str):
    changed = {**load_file(path), **change}
    save_file({name: array for name, array in changed.items() if array is not None}, path)
    with pytest.raises(ModelError) as caught:
        load_arrays(path, EXPECTED)
    assert said in caught.value.message
    assert str(path) in caught.value.message


@pytest.mark.parametrize("kept", [0, 7, 60, -1])
def test_a_file_that_is_cut_off_is_refused(path, kept: int):
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ModelError, match="cannot be read"):
        load_arrays(path, EXPECTED)


def test_a_type_that_numpy_does_not_have_is_named(tmp_path):
    save_torch({"x": torch.zeros(2, dtype=torch.bfloat16)}, tmp_path / "x")
    with pytest.raises(ModelError, match="tensor x has type BF16, expected float32"):
        load_arrays(tmp_path / "x", {"x": ((2,), np.float32)})


def test_a_mapped_array_is_the_one_that_was_saved_and_is_not_read_into_memory(tmp_path):
    arrays = {"wide": np.arange(12.0).reshape(3, 4), "half": np.linspace(0, 1, 7).astype(np.float16).reshape(7, 1)}
    save_arrays(tmp_path / "some.safetensors", arrays)
    for name, array in arrays.items():
        mapped = map_array(tmp_path / "some.safetensors", name)
        assert isinstance(mapped, np.memmap)
        assert not mapped.flags.writeable
        assert mapped.dtype == array.dtype
        assert np.array_equal(mapped, array)


@pytest.mark.parametrize("content", [b"", b"\x02\0\0\0\0\0\0\0[]", b"\x02\0\0\0\0\0\0\0{}", bytes(40)])
def test_an_array_that_is_not_there_is_not_mapped(tmp_path, content):
    (tmp_path / "some.safetensors").write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read"):
        map_array(tmp_path / "some.safetensors", "wide")
