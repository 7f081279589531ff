import json
import struct
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.errors import ModelError
from engine.model.checkpoint import load_tensors, load_weights, save_tensors, save_weights


@pytest.fixture
def path(tmp_path: Path, vae) -> Path:
    save_weights(tmp_path / "weights.safetensors", vae)
    return tmp_path / "weights.safetensors"


def replaced(path: Path, **changes: torch.Tensor | None) -> Path:
    """Write the tensors of `path` again, some changed, some (None) left out."""
    tensors = {**load_file(path), **changes}
    save_file({name: value for name, value in tensors.items() if value is not None}, path)
    return path


def test_weights_come_back_to_the_bit_ready_for_use(path, vae):
    loaded = load_weights(path, vae.shape)
    assert loaded.state_dict().keys() == vae.state_dict().keys()
    assert all(torch.equal(value, vae.state_dict()[name]) for name, value in loaded.state_dict().items())
    assert not loaded.training


def test_saving_replaces_the_whole_file_and_leaves_nothing_beside_it(path, vae):
    with torch.no_grad():
        vae.scale.fill_(9.0)
    save_weights(path, vae)
    assert load_weights(path, vae.shape).scale == 9.0
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file(path, monkeypatch: pytest.MonkeyPatch):
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.model.tensors.os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        save_tensors(path, {"x": torch.zeros(3)})
    assert path.read_bytes() == before


def test_tensors_of_every_layout_are_saved(tmp_path):
    tensors = {"a": torch.arange(6).reshape(2, 3).T, "b": torch.zeros(()), "c": torch.ones(2, dtype=torch.float16)}
    save_tensors(tmp_path / "t", tensors)
    expected = {name: (tuple(value.shape), value.dtype) for name, value in tensors.items()}
    loaded = load_tensors(tmp_path / "t", expected)
    assert all(torch.equal(loaded[name], tensors[name]) for name in tensors)


@pytest.mark.parametrize("kept", [0, 5, 200, -1])
def test_a_truncated_file_is_refused(path, vae, kept: int):
    content = path.read_bytes()
    path.write_bytes(content[:kept])
    with pytest.raises(ModelError, match="cannot be read"):
        load_weights(path, vae.shape)


@pytest.mark.parametrize(
    "content",
    [
        b"not a model at all, only text that somebody renamed",
        struct.pack("<Q", 2**62) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94\x8c\x06system\x94\x93\x94.",
    ],
)
def test_a_foreign_file_is_refused(path, vae, content: bytes):
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"weights.safetensors cannot be read"):
        load_weights(path, vae.shape)


def test_a_file_whose_table_points_outside_of_it_is_refused(path):
    header = json.dumps({"x": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + b"\0\0\0\0")
    with pytest.raises(ModelError, match="cannot be read"):
        load_tensors(path, {"x": ((4,), torch.float32)})


@pytest.mark.parametrize("make", [lambda _: None, Path.mkdir])
def test_a_missing_file_and_a_folder_in_its_place_are_refused(tmp_path, vae, make):
    make(tmp_path / "weights.safetensors")
    with pytest.raises(ModelError, match="cannot be read"):
        load_weights(tmp_path / "weights.safetensors", vae.shape)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"band_mean": None}, "does not hold the tensors"),
        ({"intruder": torch.zeros(1)}, r"does not hold the tensors.*intruder"),
        ({"band_mean": torch.zeros(127)}, r"tensor band_mean has shape \(127,\)"),
        ({"band_mean": torch.zeros(128, 1)}, "has shape"),
        ({"band_mean": torch.zeros(128, dtype=torch.float64)}, "has type float64, expected float32"),
        ({"band_mean": torch.zeros(128, dtype=torch.int32)}, "has type int32, expected float32"),
        ({"band_mean": torch.full((128,), float("nan"))}, "not finite"),
        ({"scale": torch.tensor(float("inf"))}, "tensor scale holds numbers that are not finite"),
    ],
)
def test_tensors_that_the_settings_do_not_imply_are_refused(path, vae, change, said: str):
    with pytest.raises(ModelError, match=said) as caught:
        load_weights(replaced(path, **change), vae.shape)
    assert str(path) in caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("change", [{"width": 25}, {"depth": 3}, {"detail_width": 8}])
def test_weights_of_a_network_of_another_size_are_refused(path, vae, change):
    with pytest.raises(ModelError, match=r"its settings imply|does not hold"):
        load_weights(path, replace(vae.shape, **change))
