import numpy as np
import pytest
import soundfile

from engine.audio.source import RecordingError
from engine.export.measure import measure, measure_loudness, read_fingerprint

SINE = np.sin(2 * np.pi * 997 * np.arange(96_000) / 96_000).astype(np.float32)


def test_a_full_scale_sine_is_read_as_what_it_is(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.stack([SINE, SINE], axis=1), 96_000, "FLOAT")
    found = measure(tmp_path / "a.wav")
    assert (found.samples, found.sample_rate, found.channels) == (96_000, 96_000, 2)
    assert found.loudness_lufs == pytest.approx(0.0, abs=0.05)
    assert found.true_peak_db == pytest.approx(0.0, abs=0.05)


def test_only_what_can_be_read_is_counted(tmp_path):
    soundfile.write(tmp_path / "a.flac", SINE, 96_000)
    content = (tmp_path / "a.flac").read_bytes()
    (tmp_path / "a.flac").write_bytes(content[: len(content) // 2])
    assert 0 < measure(tmp_path / "a.flac").samples < 60_000


def test_loudness_and_fingerprint_alone_are_those_of_the_whole_measurement(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.stack([SINE, -0.5 * SINE], axis=1)[:70_001], 44_100)
    found = measure(tmp_path / "a.wav")
    assert measure_loudness(tmp_path / "a.wav") == found.loudness_lufs
    assert read_fingerprint(tmp_path / "a.wav") == found.fingerprint


@pytest.mark.parametrize("read", [measure, measure_loudness, read_fingerprint])
def test_what_is_no_sound_is_refused(tmp_path, read):
    (tmp_path / "a.wav").write_bytes(b"nothing")
    with pytest.raises(RecordingError, match=r"a\.wav"):
        read(tmp_path / "a.wav")
