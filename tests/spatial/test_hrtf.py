from importlib.resources import files

import numpy as np
import pytest
import sofar
from simple_head import find_direction, simple_head

from engine.errors import ParameterError
from engine.spatial import hrtf
from engine.spatial.direction import directions, sofa_to_directions
from engine.spatial.hrtf import MOST_DIRECTIONS, choose_directions, even_vectors, load_hrtf, load_kemar
from engine.spatial.minimum_phase import TAPS
from engine.spatial.sofa import HrtfError
from engine.units import SAMPLE_RATE

# Azimuth, elevation, right minus left ear in µs at 1 kHz, left over right ear in dB in octave steps from 250 Hz to
# 8 kHz (third octaves): of the source, MIT_KEMAR_normal_pinna.sofa, which is not shipped. See scripts/build_hrtf.py.
SOURCE = [
    (-90, 0, 709.0, (3.59, 4.29, 6.12, 7.64, 7.65, 19.16)),
    (-45, 0, 515.7, (2.85, 3.65, 8.74, 9.30, 13.31, 18.65)),
    (0, 0, 0.0, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)),
    (45, 0, -515.7, (-2.85, -3.65, -8.74, -9.30, -13.31, -18.65)),
    (90, 0, -709.0, (-3.59, -4.29, -6.12, -7.64, -7.65, -19.16)),
    (135, 0, -472.8, (-2.61, -4.41, -10.44, -5.95, -5.61, -19.32)),
    (-60, 30, 584.9, (2.29, 3.80, 8.78, 11.83, 10.48, 14.04)),
    (60, -30, -485.0, (-2.41, -5.90, -10.77, -11.17, -16.37, -19.74)),
]
OCTAVES_HZ = 250 * 2 ** np.arange(6)


def spectra_of(kemar, index):
    """Return the spectra of both ears with their delays, one bin a hertz."""
    hz = np.arange(SAMPLE_RATE // 2 + 1)
    minimum = np.fft.rfft(kemar.responses[index].astype(float), SAMPLE_RATE)
    return minimum * np.exp(-2j * np.pi * hz * kemar.delays_samples[index][:, None] / SAMPLE_RATE)


@pytest.mark.parametrize(("azimuth", "elevation", "late_us", "levels_db"), SOURCE)
def test_the_ears_hear_what_they_heard_in_the_source(kemar, azimuth, elevation, late_us, levels_db):
    left, right = spectra_of(kemar, find_direction(kemar, azimuth, elevation))
    phase = np.angle(left[1_000] * right[1_000].conj() * np.exp(-2j * np.pi * 1_000 * late_us * 1e-6))
    assert abs(phase / (2 * np.pi * 1_000)) < 30e-6
    for hz, level_db in zip(OCTAVES_HZ, levels_db, strict=True):
        band = slice(round(hz * 2 ** (-1 / 6)), round(hz * 2 ** (1 / 6)))
        found = 10 * np.log10((np.abs(left[band]) ** 2).sum() / (np.abs(right[band]) ** 2).sum())
        assert found == pytest.approx(level_db, abs=1.5)


def test_left_is_left(kemar):
    at_left = find_direction(kemar, -90)
    assert kemar.delays_samples[at_left, 0] < kemar.delays_samples[at_left, 1]
    assert (kemar.responses[at_left, 0] ** 2).sum() > 4 * (kemar.responses[at_left, 1] ** 2).sum()


def test_the_head_is_the_same_on_both_sides(kemar):
    places = kemar.places
    mirror = [
        find_direction(kemar, -a, e) for a, e in zip(places.azimuth_degrees, places.elevation_degrees, strict=True)
    ]
    assert np.array_equal(kemar.responses[mirror][:, ::-1], kemar.responses)
    assert np.array_equal(kemar.delays_samples[mirror][:, ::-1], kemar.delays_samples)


def test_delays_change_smoothly_around_the_head(kemar):
    circle = [find_direction(kemar, azimuth) for azimuth in range(-180, 180, 5)]
    late = np.diff(kemar.delays_samples[circle], axis=1)[:, 0] / SAMPLE_RATE
    assert np.abs(np.diff(late)).max() < 75e-6  # 5 degrees of a head: 45 µs where it is steepest
    assert np.abs(late).max() < 0.0008


def test_the_array_file_holds_the_numbers_of_the_sofa_file(kemar):
    sofa = sofar.read_sofa(str(files("engine.spatial") / hrtf.KEMAR_SOFA), verbose=False)
    assert np.array_equal(sofa.Data_IR, kemar.responses.astype(np.float64))
    assert np.array_equal(sofa.Data_Delay, kemar.delays_samples)
    places = sofa_to_directions(sofa.SourcePosition, sofa.SourcePosition_Type)
    assert np.allclose(places.vectors, kemar.places.vectors, atol=1e-12)
    assert np.array_equal(places.distance_metres, kemar.places.distance_metres)
    assert sofa.Data_SamplingRate == SAMPLE_RATE


def test_the_sofa_file_says_whose_it_is_and_meets_the_standard():
    sofa = sofar.read_sofa(str(files("engine.spatial") / hrtf.KEMAR_SOFA), verbose=False)
    sofa.verify()
    assert sofa.GLOBAL_SOFAConventions == "SimpleFreeFieldHRIR"
    assert "Gardner" in sofa.GLOBAL_AuthorContact
    assert "Gardner" in sofa.GLOBAL_References
    assert "no restrictions on use, provided the authors are cited" in sofa.GLOBAL_License
    assert "minimum-phase" in sofa.GLOBAL_History


def test_both_files_are_small():
    assert all((files("engine.spatial") / name).stat().st_size < 2e6 for name in (hrtf.KEMAR_SOFA, hrtf.KEMAR_ARRAYS))


def test_without_its_array_file_the_bundled_hrtf_comes_from_its_sofa_file(monkeypatch, tmp_path, kemar):
    folder = files("engine.spatial")
    content = bytearray((folder / hrtf.KEMAR_ARRAYS).read_bytes())
    content[-1] ^= 1
    (tmp_path / hrtf.KEMAR_SOFA).write_bytes((folder / hrtf.KEMAR_SOFA).read_bytes())
    monkeypatch.setattr(hrtf, "files", lambda _: tmp_path)
    for step in ("missing", "damaged"):
        read = load_kemar.__wrapped__()
        assert np.array_equal(read.responses, kemar.responses), step
        assert np.array_equal(read.delays_samples, kemar.delays_samples), step
        assert np.allclose(read.places.vectors, kemar.places.vectors, atol=1e-12), step
        (tmp_path / hrtf.KEMAR_ARRAYS).write_bytes(content)


def test_an_installation_without_an_hrtf_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(hrtf, "files", lambda _: tmp_path)
    with pytest.raises(ParameterError, match="damaged or missing; install the program again") as caught:
        load_kemar.__wrapped__()
    assert caught.value.code == "hrtf"


def test_the_bundled_sofa_file_can_be_loaded_like_a_persons_own(kemar):
    own = load_hrtf(files("engine.spatial") / hrtf.KEMAR_SOFA)
    assert np.abs(own.responses - kemar.responses).max() < 0.01
    assert np.abs(np.diff(own.delays_samples) - np.diff(kemar.delays_samples)).max() < 0.25  # samples: 5 µs
    assert "KEMAR" in own.title


@pytest.mark.parametrize("rate", [44_100.0, 48_000.0, 96_000.0])
def test_a_files_rate_does_not_matter(write_sofa, rate):
    own = load_hrtf(write_sofa(rate=rate))
    late = np.diff(own.delays_samples, axis=1)[:, 0] / SAMPLE_RATE
    assert late == pytest.approx(-0.0006 * own.places.vectors[:, 1], abs=1.1 / rate)  # the head has whole samples
    gains = own.responses.astype(float).sum(axis=2)
    assert gains == pytest.approx(1.0 + 0.3 * own.places.vectors[:, 1:2] * (-1, 1), abs=0.02)
    assert own.responses.shape == (40, 2, TAPS)


def test_delays_that_a_file_names_are_added_to_those_inside(write_sofa):
    named = np.tile([10.0, 0.0], (40, 1))
    plain, more = load_hrtf(write_sofa("a.sofa")), load_hrtf(write_sofa("b.sofa", Data_Delay=named))
    assert np.diff(plain.delays_samples) - np.diff(more.delays_samples) == pytest.approx(10.0, abs=1e-6)


def test_of_several_distances_the_one_nearest_to_usual_is_taken():
    places = directions([0, 0, 0, 90, 90], 0, [0.3, 1.4, 3.0, 0.2, 0.5])
    assert choose_directions(places).tolist() == [1, 4]


def test_the_same_direction_counts_once_and_too_many_are_thinned():
    assert choose_directions(directions([0, 360, 90, 90.01], 0, 1.4)).tolist() == [0, 2]
    vectors = even_vectors(9_000)
    azimuth, elevation = np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0])), np.degrees(np.arcsin(vectors[:, 2]))
    kept = choose_directions(directions(azimuth, elevation, 1.4))
    assert 0.9 * MOST_DIRECTIONS < len(kept) <= MOST_DIRECTIONS
    assert (vectors[kept] @ even_vectors(200).T).max(0).min() > np.cos(np.radians(4))


def test_ears_further_apart_than_a_head_are_refused(write_sofa):
    responses = simple_head(even_vectors(40), samples=256)
    responses[3, 0] = np.roll(responses[3, 0], 120)
    with pytest.raises(HrtfError, match=r"own\.sofa: its ears hear a sound 2\.\d ms apart"):
        load_hrtf(write_sofa(responses=responses))


def test_directions_on_one_side_only_are_refused(write_sofa):
    vectors = even_vectors(100)
    with pytest.raises(HrtfError, match=r"own\.sofa: the directions leave a large part of the sphere empty; choose"):
        load_hrtf(write_sofa(vectors=vectors[vectors[:, 0] > 0.3]))
