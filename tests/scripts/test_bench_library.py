"""The benchmark of the library, with a small one."""

import bench_library
import pytest


def test_everything_is_measured_in_a_library_of_its_own(monkeypatch, capsys, data_home):
    monkeypatch.setattr(bench_library, "RUNS", 2)
    monkeypatch.setattr(bench_library, "ADDITIONS", 3)
    assert bench_library.main(["--models", "3", "--entries", "260"]) == 0
    said = capsys.readouterr().out
    for what in ("list all models", "search all outputs", "add an output", "star an output", "in 2 segments"):
        assert what in said
    assert "damaged" not in said
    assert not data_home.exists()


def test_too_small_a_library_is_refused(capsys):
    with pytest.raises(SystemExit):
        bench_library.main(["--models", "1"])
    assert "two models and two entries at least" in capsys.readouterr().err
