import build_hrtf
import numpy as np
import pytest
import sofar
from simple_head import simple_head

from engine.spatial.direction import directions, directions_to_sofa
from engine.spatial.hrtf import KEMAR_ARRAYS, KEMAR_SOFA

PLACES = directions([*range(-180, 180, 15), 0, 0], [0.0] * 24 + [90.0, -90.0], 1.4)


@pytest.fixture
def source(tmp_path):
    """A source file like that of the manikin, of a head that only delays."""
    sofa = sofar.Sofa("SimpleFreeFieldHRIR")
    sofa.Data_IR = simple_head(PLACES.vectors, sample_rate=44_100)
    sofa.Data_SamplingRate = 44_100.0
    sofa.SourcePosition = directions_to_sofa(PLACES)
    path = tmp_path / "source.sofa"
    sofar.write_sofa(str(path), sofa)
    return path


def test_both_files_are_written_and_the_comparison_is_printed(source, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build_hrtf, "TARGET", tmp_path)
    monkeypatch.setattr("sys.argv", ["build_hrtf.py", str(source)])
    build_hrtf.main()
    printed = capsys.readouterr().out
    assert "azimuth  -90: delay of the right ear at 1 kHz" in printed
    assert "all 26 directions" in printed
    written = sofar.read_sofa(str(tmp_path / KEMAR_SOFA), verbose=False)
    assert written.Data_SamplingRate == 48_000
    assert written.Data_IR.shape == (26, 2, 256)
    assert np.array_equal(build_hrtf.rounded(written.Data_IR), written.Data_IR)
    assert f"{KEMAR_ARRAYS}: {(tmp_path / KEMAR_ARRAYS).stat().st_size} bytes" in printed


def test_the_array_file_is_the_same_each_time(source, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["build_hrtf.py", str(source)])
    written = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(build_hrtf, "TARGET", tmp_path / name)
        build_hrtf.main()
        written.append((tmp_path / name / KEMAR_ARRAYS).read_bytes())
    assert written[0] == written[1]


def test_a_time_known_up_to_a_period_is_put_where_the_delay_is():
    found = build_hrtf.nearest_period(np.array([-0.00029, 0.0002]), np.array([0.00064, 0.0001]))
    assert found == pytest.approx([0.00071, 0.0002])
