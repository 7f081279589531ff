from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import butter, sosfilt
from simple_head import find_direction

from engine.errors import ShapeError
from engine.spatial.binaural import TAIL, open_listener, render_binaural
from engine.spatial.delay import REACH
from engine.spatial.direction import directions, vectors_to_directions
from engine.spatial.equalise import equalise
from engine.spatial.hrtf import even_vectors
from engine.spatial.motion import HOP, count_points
from engine.units import SAMPLE_RATE

NOISE = np.random.default_rng(0).normal(0, 0.1, 20_000).astype(np.float32)


def sine(hz, seconds=0.5):
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE).astype(np.float32)


def orbit(samples, seconds, elevation=0.0):
    turn = 360 * np.arange(count_points(samples)) * HOP / SAMPLE_RATE / seconds
    return directions(turn, elevation, 1.0)


def at_1k(samples):
    """Return amplitude and phase of both ears at 1 kHz in the steady middle."""
    middle = samples[4_800:19_200].astype(float)
    turn = np.exp(-2j * np.pi * 1_000 * np.arange(4_800, 19_200) / SAMPLE_RATE)
    return 2 * (middle * turn[:, None]).mean(axis=0)


# Of the source set, as in test_hrtf.py: right minus left ear in µs, left over right ear in dB, at 1 kHz.
@pytest.mark.parametrize(
    ("azimuth", "late_us", "level_db"),
    [(-90, 709.0, 6.10), (-45, 515.7, 7.64), (0, 0.0, 0.0), (45, -515.7, -7.64), (90, -709.0, -6.10)],
)
def test_a_sine_reaches_the_ears_as_it_reached_the_manikins(listener, azimuth, late_us, level_db):
    left, right = at_1k(render_binaural(listener, sine(1_000), directions(azimuth, 0, 1)))
    phase = np.angle(left * right.conj() * np.exp(-2j * np.pi * 1_000 * late_us * 1e-6))
    assert abs(phase / (2 * np.pi * 1_000)) < 30e-6
    assert 20 * np.log10(abs(left) / abs(right)) == pytest.approx(level_db, abs=1.5)


def test_left_is_left(listener):
    heard = render_binaural(listener, NOISE, directions(-90, 0, 1))
    assert (heard[:, 0] ** 2).sum() > 10 * (heard[:, 1] ** 2).sum()
    click = np.zeros(1_000, np.float32)
    click[0] = 1.0
    ears = np.abs(render_binaural(listener, click, directions(-90, 0, 1)))
    first = [int((ear > 0.1 * ear.max()).argmax()) for ear in ears.T]
    assert 25 < first[1] - first[0] < 45  # samples: 0.5 to 0.9 ms


def test_front_and_behind_are_the_same_for_both_ears(listener):
    for azimuth in (0, 180):
        left, right = render_binaural(listener, NOISE, directions(azimuth, 10, 1)).T
        assert np.abs(left - right).max() < 1e-5


def test_mirrored_directions_swap_the_ears(listener):
    for azimuth in (30, 75, 140):
        at_right = render_binaural(listener, NOISE, directions(azimuth, 0, 1))
        at_left = render_binaural(listener, NOISE, directions(-azimuth, 0, 1))
        assert np.abs(at_right[:, ::-1] - at_left).max() < 1e-5


def test_a_still_source_is_a_plain_convolution(kemar, listener):
    index = find_direction(kemar, 60, 20)
    response = equalise(kemar, listener.sphere.areas).responses[index].astype(float)
    delays = listener.delays_samples[index]
    heard = render_binaural(listener, NOISE, directions(60, 20, 1))
    size = 1 << 16
    turn = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size * delays[:, None])
    low = np.fft.rfftfreq(size, 1 / SAMPLE_RATE) < 18_000  # above, fractional delays are approximations
    for ear in (0, 1):
        expected = np.fft.rfft(np.convolve(NOISE.astype(float), response[ear]), size) * turn[ear]
        error = np.fft.rfft(heard[:, ear], size) - expected
        assert np.abs(error[low]).max() / np.abs(expected).max() < 10 ** (-60 / 20)


def test_a_moving_source_is_filtered_by_responses_that_change_linearly(kemar, listener):
    sound = NOISE[:3_000]
    path = orbit(len(sound), 0.5, 10.0)
    undelayed = replace(listener, delays_samples=np.full_like(listener.delays_samples, REACH))
    heard = render_binaural(undelayed, sound, path)
    rows, shares = listener.sphere.shares(path.vectors)
    responses = listener.sphere.extend(equalise(kemar, listener.sphere.areas).responses)
    at_points = (responses[rows] * shares[..., None, None]).sum(1)
    expected = np.zeros((len(sound) + TAIL, 2))
    for time, sample in enumerate(sound):
        point, part = divmod(time, HOP)
        now = (1 - part / HOP) * at_points[point] + part / HOP * at_points[point + 1]
        expected[time + REACH : time + REACH + now.shape[1]] += sample * now.T
    assert np.abs(heard - expected).max() < 2e-4  # reading at whole samples is not quite exact either


@pytest.mark.parametrize("hz", [200.0, 1_000.0, 5_000.0])
def test_a_source_that_circles_in_four_seconds_makes_no_clicks(listener, hz):
    dry = sine(hz, 4.0)
    heard = render_binaural(listener, dry, orbit(len(dry), 4.0))[2_000:-2_000]
    loudest = np.abs(heard).max()
    assert np.abs(np.diff(heard, axis=0)).max() <= 1.01 * loudest * np.abs(np.diff(dry)).max()
    window = np.blackman(len(heard))
    spectrum = np.abs(np.fft.rfft(heard * window[:, None], axis=0)).max(axis=1)
    away = np.abs(np.fft.rfftfreq(len(heard), 1 / SAMPLE_RATE) - hz) > 100.0
    assert 20 * np.log10(spectrum[away].max() / spectrum.max()) < -70.0


def test_a_sound_may_be_rendered_in_parts(listener):
    whole = render_binaural(listener, NOISE, orbit(len(NOISE), 1.0))
    cut = 40 * HOP
    path = orbit(len(NOISE), 1.0)
    first = render_binaural(listener, NOISE[:cut], path.chosen(np.arange(41)))
    second = render_binaural(listener, NOISE[cut:], path.chosen(np.arange(40, len(path))))
    joined = np.zeros_like(whole)
    joined[: len(first)] += first
    joined[cut:] += second
    assert np.abs(joined - whole).max() < 5e-3 * np.abs(whole).max()  # what sounds on after a part no longer turns


def test_sounds_add_up_and_silence_stays_silent(listener):
    path = orbit(len(NOISE), 2.0)
    other = np.roll(NOISE, 777)
    both = render_binaural(listener, NOISE + 2 * other, path)
    apart = render_binaural(listener, NOISE, path) + 2 * render_binaural(listener, other, path)
    assert np.abs(both - apart).max() < 1e-5
    assert not render_binaural(listener, np.zeros(5_000, np.float32), directions(20, 0, 1)).any()


def test_an_average_direction_keeps_the_level(listener):
    dull = sosfilt(butter(8, 14_000, fs=SAMPLE_RATE, output="sos"), NOISE[:4_000]).astype(np.float32)
    everywhere = vectors_to_directions(even_vectors(60))
    heard = [render_binaural(listener, dull, everywhere.chosen(np.array([index]))) for index in range(60)]
    energy = np.mean([(ears.astype(float) ** 2).sum() / 2 for ears in heard])
    assert 10 * np.log10(energy / (dull**2).sum()) == pytest.approx(0.0, abs=1.0)


def test_twice_as_far_is_half_as_loud(listener):
    near, far = (render_binaural(listener, NOISE, directions(30, 0, metres)) for metres in (1.0, 2.0))
    assert np.abs(far - near / 2).max() < 1e-6


@pytest.mark.parametrize("samples", [0, 1, HOP, 1_000])
def test_the_length_is_that_of_the_sound_and_the_tail(listener, samples):
    heard = render_binaural(listener, NOISE[:samples], directions(0, 0, 1))
    assert heard.shape == (samples + TAIL, 2)
    assert heard.dtype == np.float32
    assert np.abs(heard[-2:]).max() < 1e-4


def test_ears_of_another_head_are_heard_with_their_own_delays(kemar):
    swapped = replace(kemar, responses=kemar.responses[:, ::-1], delays_samples=kemar.delays_samples[:, ::-1])
    heard = render_binaural(open_listener(swapped), NOISE, directions(-90, 0, 1))
    assert (heard[:, 1] ** 2).sum() > 10 * (heard[:, 0] ** 2).sum()


def test_wrong_shapes_are_refused(listener):
    with pytest.raises(ShapeError, match=r"\(samples,\), this one \(10, 2\)"):
        render_binaural(listener, np.zeros((10, 2), np.float32), directions(0, 0, 1))
    with pytest.raises(ShapeError, match="1 or 5 directions, this one 4"):
        render_binaural(listener, np.zeros(1_000, np.float32), directions([0, 1, 2, 3], 0, 1))
