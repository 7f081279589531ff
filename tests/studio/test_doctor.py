import os
from pathlib import Path

import pytest

from engine import __version__
from engine.spatial import hrtf as hrtf_module
from engine.studio.doctor import check_hrtf, examine_installation, find_packages


def test_knows_the_program_and_its_packages():
    found = examine_installation()
    assert found.version == __version__
    assert {"torch", "numpy", "flask", "waitress"} <= set(found.packages)
    assert all(found.packages.values())
    assert "ruff" not in found.packages
    assert found.problems == ()


def test_a_package_that_is_missing_is_a_problem(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "importlib.metadata.requires", lambda _: ["numpy>=2", "nowhere-to-be-found>=1", "x; extra == 'dev'"]
    )
    assert dict(find_packages())["nowhere-to-be-found"] is None
    assert "nowhere-to-be-found" in examine_installation().problems[0]


def test_folders_have_their_sizes(data_home: Path):
    (data_home / "models" / "a1").mkdir(parents=True)
    (data_home / "models" / "a1" / "weights").write_bytes(b"x" * 1_000)
    found = {one.name: one for one in examine_installation().folders}
    assert (found["models"].size_bytes, found["data"].size_bytes) == (1_000, 1_000)
    assert found["trash"].size_bytes is None
    assert found["trash"].path == str(data_home / "trash")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root, and Windows, write where others may not")
def test_a_folder_that_cannot_be_written_is_a_problem(data_home: Path):
    data_home.mkdir()
    data_home.chmod(0o500)
    problems = examine_installation().problems
    data_home.chmod(0o700)
    assert any(str(data_home) in line for line in problems)


def test_a_file_where_the_folder_should_be_is_a_problem(data_home: Path):
    data_home.write_text("in the way")
    assert any(str(data_home) in line for line in examine_installation().problems)


def test_the_bundled_hrtf_is_read():
    assert (check_hrtf().directions, check_hrtf().problem) == (710, None)


def test_a_damaged_hrtf_is_a_problem(monkeypatch: pytest.MonkeyPatch):
    hrtf_module.load_kemar.cache_clear()
    monkeypatch.setattr(hrtf_module, "KEMAR_SHA256", "0")
    monkeypatch.setattr(hrtf_module, "KEMAR_SOFA", "nowhere.sofa")
    assert "install the program again" in str(check_hrtf().problem)
    hrtf_module.load_kemar.cache_clear()


def test_what_workers_know_is_passed_on():
    device = {"torch_device": "cpu", "reason": "asked for"}
    found = examine_installation(device=device, workers={"player": {"start_seconds": 1.7}}).to_dict()
    assert found["device"] == device
    assert found["workers"]["player"]["start_seconds"] == 1.7
