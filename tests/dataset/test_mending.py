from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.audio.source import RecordingError
from engine.dataset.health import examine
from engine.dataset.mending import write_without_offset

RATE = 44_100
TONES = 0.3 * np.sin(2 * np.pi * np.outer(np.arange(RATE * 12) / RATE, [110, 220, 330]))


@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize(("name", "subtype"), [("a.wav", "PCM_16"), ("a.flac", "PCM_24"), ("a.aiff", "PCM_24")])
def test_the_offset_of_each_channel_goes_and_nothing_else(tmp_path: Path, name: str, subtype: str, channels: int):
    offsets = np.array([0.1, -0.2, 0.05])[:channels]
    soundfile.write(tmp_path / name, TONES[:, :channels] + offsets, RATE, subtype=subtype)
    write_without_offset(tmp_path / name, tmp_path / "mended.wav")
    mended, rate = soundfile.read(tmp_path / "mended.wav", always_2d=True)
    assert (mended.shape, rate) == ((len(TONES), channels), RATE)
    assert np.abs(mended.mean(0)).max() < 1e-6
    steps = 2.0**-15 if subtype == "PCM_16" else 2.0**-22
    assert np.abs(mended - TONES[:, :channels]).max() < 1.1 * steps + np.abs(TONES.mean(0)).max()


def test_the_doctor_has_nothing_more_to_say(tmp_path: Path):
    soundfile.write(tmp_path / "a.wav", TONES[:RATE, :1] + 0.1, RATE)
    write_without_offset(tmp_path / "a.wav", tmp_path / "b.wav")
    found = examine(tmp_path / "b.wav", "b.wav")
    assert abs(found.dc_offset) < 1e-6
    assert examine(tmp_path / "a.wav", "a.wav").dc_offset == pytest.approx(0.1, abs=1e-3)


def test_a_file_that_is_cut_off_is_mended_as_far_as_it_goes(tmp_path: Path):
    path = tmp_path / "a.flac"
    soundfile.write(path, np.random.default_rng(0).normal(0.1, 0.05, RATE * 4), RATE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    write_without_offset(path, tmp_path / "b.wav")
    mended, _ = soundfile.read(tmp_path / "b.wav")
    assert RATE < len(mended) < 3 * RATE
    assert abs(mended.mean()) < 1e-6


def test_what_is_no_recording_is_refused(tmp_path: Path):
    (tmp_path / "a.wav").write_text("no sound")
    with pytest.raises(RecordingError):
        write_without_offset(tmp_path / "a.wav", tmp_path / "b.wav")
    assert not (tmp_path / "b.wav").exists()
