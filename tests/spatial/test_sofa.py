import numpy as np
import pytest
from simple_head import simple_head

from engine.errors import ParameterError
from engine.spatial import sofa
from engine.spatial.hrtf import even_vectors
from engine.spatial.sofa import CONVENTION, HrtfError, read_sofa


def refusal(path):
    """Return the one line that says why a file is refused."""
    with pytest.raises(ParameterError) as caught:
        read_sofa(path)
    assert caught.value.code == "hrtf"
    message = caught.value.message
    assert message.startswith(f"{path.name}: ")
    assert message.endswith(
        f"choose a SOFA file of the kind {CONVENTION}, or none for the HRTF that comes with the program"
    )
    assert "\n" not in message
    return message


def outcome(path):
    """Return the title of a file, or why it is refused."""
    try:
        return read_sofa(path).title
    except HrtfError as error:
        return error.message


def test_what_was_written_is_read(write_sofa):
    measured = read_sofa(write_sofa(rate=44_100.0))
    assert measured.title == "A simple head"
    assert measured.sample_rate == 44_100
    assert np.array_equal(measured.responses, simple_head(even_vectors(40), sample_rate=44_100))
    assert np.allclose(measured.places.vectors, even_vectors(40))
    assert np.allclose(measured.places.distance_metres, 1.4)
    assert measured.delays_samples.tolist() == [[0.0, 0.0]] * 40


def test_positions_may_be_spherical(write_sofa):
    azimuth, elevation = np.arange(0, 360, 9.0), np.tile([-30.0, 30.0], 20)
    positions = np.stack([azimuth, elevation, np.full(40, 2.0)], axis=1)
    path = write_sofa(
        SourcePosition=positions, SourcePosition_Type="spherical", SourcePosition_Units="degree, degree, metre"
    )
    places = read_sofa(path).places
    assert places.azimuth_degrees[10] == pytest.approx(-90)  # 90 in the file: left
    assert np.allclose(places.elevation_degrees, elevation)
    assert np.allclose(places.distance_metres, 2.0)


def test_the_left_ear_comes_first_whatever_the_order_of_the_receivers(write_sofa):
    responses = simple_head(even_vectors(40))
    usual = read_sofa(write_sofa("a.sofa", responses=responses))
    path = write_sofa("b.sofa", responses=responses[:, ::-1], ReceiverPosition=[[0, -0.09, 0], [0, 0.09, 0]])
    assert np.array_equal(read_sofa(path).responses, usual.responses)


@pytest.mark.parametrize("folder", ["Übungsräume", "音", "with space"])
def test_any_folder_will_do(write_sofa, tmp_path, folder):
    moved = tmp_path / folder / "größe.sofa"
    moved.parent.mkdir()
    write_sofa().rename(moved)
    assert len(read_sofa(moved).places) == 40


def test_any_ending_will_do(write_sofa, tmp_path):
    moved = write_sofa().rename(tmp_path / "hrtf.nc")
    assert len(read_sofa(moved).places) == 40


def test_no_file(tmp_path):
    assert f"does not exist in {tmp_path}" in refusal(tmp_path / "none.sofa")
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"RIFF....WAVE", "is no SOFA file"),
        (b"\x89HDF\r\n\x1a\n" + bytes(500), "damaged"),
        (b"CDF\x01" + bytes(500), "is in the classic format of netCDF"),
    ],
    ids=["empty", "another kind", "header only", "classic"],
)
def test_no_sofa(tmp_path, content, reason):
    path = tmp_path / "no.sofa"
    path.write_bytes(content)
    assert reason in refusal(path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_file(write_sofa, share):
    path = write_sofa()
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    assert "damaged or incomplete" in refusal(path)


def test_scrambled_bytes_are_refused_or_read_and_never_a_crash(write_sofa, tmp_path):
    content = write_sofa().read_bytes()
    rng = np.random.default_rng(0)
    path = tmp_path / "scrambled.sofa"
    for _ in range(30):
        scrambled = bytearray(content)
        at = int(rng.integers(8, len(content) - 64))
        scrambled[at : at + 32] = rng.bytes(32)
        path.write_bytes(scrambled)
        assert outcome(path).count("\n") == 0


def test_another_convention(write_sofa):
    path = write_sofa(convention="GeneralFIR")
    assert "is of the kind GeneralFIR, not SimpleFreeFieldHRIR" in refusal(path)


def test_another_number_of_ears(write_sofa):
    one = simple_head(even_vectors(40))[:, :1]
    path = write_sofa(responses=one, Data_Delay=[[0.0]], ReceiverPosition=[[0, 0.09, 0]])
    assert "has responses for 1 ears, not for 2" in refusal(path)


def test_values_that_cannot_be(write_sofa):
    responses = simple_head(even_vectors(40))
    broken = responses.copy()
    broken[3, 1, 5] = np.nan
    assert "Data.IR has missing or infinite values" in refusal(write_sofa("a.sofa", responses=broken))
    silent = responses.copy()
    silent[3, 1] = 0.0
    assert "an ear hears nothing from some directions" in refusal(write_sofa("b.sofa", responses=silent))
    assert "its sample rate is 100 Hz; 8000 to 384000 Hz" in refusal(
        write_sofa("c.sofa", responses=responses, rate=100.0)
    )
    positions = np.zeros((40, 3))
    near = write_sofa("d.sofa", responses=responses, SourcePosition=positions)
    assert "at a distance of 0 m would be inside the head" in refusal(near)


def test_a_rounding_beyond_straight_down_is_straight_down(write_sofa):
    positions = np.array([[0.0, -90.00000763, 3.25], *([9.0 * place, 0.0, 3.25] for place in range(39))])
    kind = {"SourcePosition_Type": "spherical", "SourcePosition_Units": "degree, degree, metre"}
    path = write_sofa(SourcePosition=positions, **kind)
    assert read_sofa(path).places.elevation_degrees.min() == -90


def test_a_listener_who_turns_away(write_sofa):
    assert "does not look to the front" in refusal(write_sofa(ListenerView=[[0.0, 1.0, 0.0]]))


def test_too_few_directions(write_sofa):
    assert "has 6 directions; at least 8" in refusal(write_sofa(vectors=even_vectors(6)))


def test_too_much_is_refused_before_it_is_read(write_sofa, monkeypatch):
    path = write_sofa()
    monkeypatch.setattr(sofa, "LONGEST_SAMPLES", 100)
    assert "has 40 directions of 128 samples; up to" in refusal(path)
    monkeypatch.setattr(sofa, "LARGEST_BYTES", 2**10)
    assert "MB; up to 0 MB can be read" in refusal(path)
