import numpy as np
import pytest
import soundfile

from engine.dataset.synthesis import BAR_RATIOS, METAL, strike_bar, write_demo_recordings
from engine.errors import DatasetError
from engine.units import SAMPLE_RATE

PITCHES_HZ = {
    "bar_wood_low_d": 146.83,
    "bar_metal_d": 293.66,
    "bar_glass_a": 440.0,
    "breath_d": 293.66,
    "breath_high_g": 392.0,
    "bowed_a": 110.0,
    "bowed_c": 130.81,
}


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    return write_demo_recordings(tmp_path_factory.mktemp("demo"))


def read(path):
    return soundfile.read(path, always_2d=True)[0].T


def level_near(samples, frequency_hz, width_hz):
    """Largest magnitude within `width_hz`, and its frequency."""
    magnitude = np.abs(np.fft.rfft(samples * np.hanning(samples.size), 4 * samples.size))
    frequencies = np.fft.rfftfreq(4 * samples.size, 1.0 / SAMPLE_RATE)
    near = np.abs(frequencies - frequency_hz) < width_hz
    return magnitude[near].max(), frequencies[near][magnitude[near].argmax()]


def test_a_dozen_short_48_khz_24_bit_files_some_of_them_stereo(recordings):
    infos = [soundfile.info(path) for path in recordings]
    assert len(infos) == 12
    assert {(info.samplerate, info.subtype, info.format) for info in infos} == {(48_000, "PCM_24", "WAV")}
    assert {info.channels for info in infos} == {1, 2}
    assert all(0.6 <= info.duration <= 3.0 for info in infos)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(recordings, tmp_path):
    again, other = write_demo_recordings(tmp_path / "again"), write_demo_recordings(tmp_path / "other", seed=1)
    for first, second, third in zip(recordings, again, other, strict=True):
        assert first.name == second.name == third.name
        assert first.read_bytes() == second.read_bytes() != third.read_bytes()


def test_every_file_peaks_at_3_db_below_full_scale_and_begins_and_ends_at_rest(recordings):
    for path in recordings:
        samples = read(path)
        assert abs(20.0 * np.log10(np.abs(samples).max()) + 3.0) < 0.01, path.name
        assert np.abs(samples[:, [0, -1]]).max() < 1e-3, path.name


def test_no_file_has_an_offset_or_silence_before_its_last_tenth(recordings):
    for path in recordings:
        samples = read(path)
        assert np.abs(samples.mean(1)).max() < 1e-4, path.name
        blocks = samples[0, : int(0.9 * samples.shape[1])]
        levels = [block.std() for block in np.array_split(blocks, 20)]
        assert min(levels) > 10.0 ** (-70.0 / 20.0), path.name


def test_stereo_files_have_width_and_a_common_sound(recordings):
    for path in recordings:
        samples = read(path)
        if samples.shape[0] == 2:
            assert 0.6 < np.corrcoef(samples)[0, 1] < 0.995, path.name


@pytest.mark.parametrize(("name", "pitch_hz"), PITCHES_HZ.items())
def test_files_sound_at_the_pitch_of_their_name(recordings, name, pitch_hz):
    samples = read(next(path for path in recordings if path.stem == name)).mean(0)
    peak, found_hz = level_near(samples, pitch_hz, 0.04 * pitch_hz)
    assert abs(found_hz / pitch_hz - 1.0) < 0.008
    assert peak > 10.0 * level_near(samples, 0.75 * pitch_hz, 0.1 * pitch_hz)[0]


def test_a_bar_has_the_partials_of_a_free_bar_and_nothing_as_loud_between():
    samples = strike_bar(300.0, 2.0, METAL, 1, np.random.default_rng(0))[0]
    peaks = []
    for ratio in BAR_RATIOS:
        peak, found_hz = level_near(samples, 300.0 * ratio, 60.0)
        peaks.append(peak)
        assert abs(found_hz - 300.0 * ratio) < 0.5
    assert all(level_near(samples, f, 60.0)[0] < 0.1 * min(peaks) for f in (560.0, 1200.0, 2150.0))


def test_partials_of_a_bar_die_at_the_rate_of_its_material():
    samples = strike_bar(300.0, 2.0, METAL, 1, np.random.default_rng(0))[0]
    early, late = samples[4800:28800], samples[28800:52800]
    for ratio in BAR_RATIOS[:4]:
        frequency = 300.0 * ratio
        rate = METAL.damping + METAL.damping_per_khz2 * (frequency / 1000.0) ** 2
        fallen = level_near(late, frequency, 20.0)[0] / level_near(early, frequency, 20.0)[0]
        assert fallen == pytest.approx(np.exp(-0.5 * rate), rel=0.02)


def test_struck_sounds_decay_and_bowed_ones_swell(recordings):
    for path in recordings:
        first, second, third = (part.std() for part in np.array_split(read(path)[0], 3))
        if path.stem.startswith("bar"):
            assert first > 2.0 * second > 3.0 * third, path.name
        if path.stem.startswith("bowed"):
            assert second > 1.3 * max(first, third), path.name


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(DatasetError, match="taken"):
        write_demo_recordings(tmp_path / "taken")
