import json

import numpy as np
import pytest
import soundfile

from engine.dataset.advice import show_seconds
from engine.dataset.folder import usable_recordings
from engine.dataset.health import inspect_folder
from engine.errors import DatasetError

RATE = 48_000


def tone(hz=200, seconds=2.0, seed=0):
    time = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(seed).normal(0, 0.01, len(time))
    return (0.3 * np.sin(2 * np.pi * hz * time) + noise).astype(np.float32)


def fill(folder, count=6):
    for index in range(count):
        sound = tone(150 + 40 * index, seed=index)
        soundfile.write(folder / f"good{index}.wav", sound, RATE, subtype="PCM_24")


def notes_on(folder, name):
    return " | ".join(next(file for file in inspect_folder(folder).files if file.file == name).notes)


def advice_on(folder):
    return " | ".join(inspect_folder(folder).advice)


def test_a_clean_set_is_ready_and_needs_no_advice(tmp_path):
    fill(tmp_path)
    report = inspect_folder(tmp_path)
    assert report.verdict == "Ready to train: 6 recordings, 12.0 s, mono."
    assert report.advice == ()
    assert all(file.notes == () for file in report.files)
    assert sum(file.share for file in report.files) == pytest.approx(1.0)
    assert report.seconds == pytest.approx(12.0)


def test_doctor_and_training_use_and_leave_out_the_same_files(tmp_path):
    fill(tmp_path)
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.flac").write_text("no sound\n" * 20)
    (tmp_path / "film.mp4").touch()
    soundfile.write(tmp_path / "silent.wav", np.zeros(RATE), RATE)
    soundfile.write(tmp_path / "broken.wav", np.full(RATE, np.nan), RATE, subtype="FLOAT")
    soundfile.write(tmp_path / "short.wav", tone(seconds=0.004), RATE)
    report, usable = inspect_folder(tmp_path), usable_recordings(tmp_path)
    assert [file.file for file in report.files] == [file.name for file in usable.files]
    assert [file.seconds for file in report.files] == [file.seconds for file in usable.files]
    assert report.skipped == usable.skipped
    assert len(report.skipped) == 6
    assert "6 files left out" in report.advice[0]


def test_nothing_usable_is_an_error_as_in_training(tmp_path):
    (tmp_path / "empty.wav").touch()
    with pytest.raises(DatasetError, match=r"empty\.wav: the file is empty"):
        inspect_folder(tmp_path)


@pytest.mark.parametrize(
    ("sound", "note"),
    [
        (np.clip(8 * tone(), -1, 1), "clipped: "),
        (tone() + 0.1, r"DC offset +0.100"),
        (np.concatenate([tone(), np.zeros(6 * RATE)]), "75% of it is silence"),
        (1e-3 * tone(), "soft (-74 LUFS), and well above the noise of its format"),
        (4 * tone(), "above full scale"),
        (np.stack([tone(), -tone()], axis=1), "cancel out in mono"),
        (np.stack([tone(), tone()], axis=1), "both channels are the same"),
        (np.stack([tone(seed=index) for index in range(6)], axis=1), "6 channels, mixed to stereo"),
    ],
    ids=["clipped", "offset", "silence", "soft", "above", "cancelling", "twin", "six"],
)
def test_a_fault_is_noted_in_words(tmp_path, sound, note):
    fill(tmp_path)
    soundfile.write(tmp_path / "x.wav", sound, RATE, subtype="FLOAT")
    assert note in notes_on(tmp_path, "x.wav")


def test_a_quiet_file_in_16_bit_holds_the_noise_of_its_format(tmp_path):
    fill(tmp_path)
    soundfile.write(tmp_path / "x.wav", 5e-3 * tone(), RATE, subtype="PCM_16")
    assert "very quiet (-60 LUFS): its hiss is learned too" in notes_on(tmp_path, "x.wav")


def test_a_low_sample_rate_is_named_as_the_cause_of_missing_highs(tmp_path):
    fill(tmp_path)
    soundfile.write(tmp_path / "x.wav", np.random.default_rng(0).normal(0, 0.1, 44_100), 22_050)
    assert "its sample rate of 22050 Hz holds no more" in notes_on(tmp_path, "x.wav")


def test_a_file_that_outweighs_the_rest_is_named(tmp_path):
    fill(tmp_path)
    assert "of your audio" not in advice_on(tmp_path)
    soundfile.write(tmp_path / "x.wav", tone(90, 30.0), RATE)
    assert "x.wav alone is 71% of your audio" in advice_on(tmp_path)


def test_few_files_and_little_sound_are_said_first(tmp_path):
    fill(tmp_path, count=2)
    report = inspect_folder(tmp_path)
    assert report.verdict.startswith("Trains, but there is little to learn from: 2 recordings")
    assert report.advice[0].startswith("only 2 files")
    assert report.advice[1].startswith("only 4.0 s of sound")


def test_mixed_loudness_and_mixed_channels_are_advised_on(tmp_path):
    fill(tmp_path)
    for index in range(3):
        pair = np.stack([tone(500 + index), tone(500 + index, seed=1)], axis=1)
        soundfile.write(tmp_path / f"x{index}.wav", 0.03 * pair, RATE, subtype="FLOAT")
    assert "level the files" in advice_on(tmp_path)
    assert "6 mono and 3 stereo" in advice_on(tmp_path)


def test_the_report_is_plain_json(tmp_path):
    fill(tmp_path)
    (tmp_path / "empty.wav").touch()
    (tmp_path / "notes.txt").touch()
    report = json.loads(json.dumps(inspect_folder(tmp_path).to_dict(), allow_nan=False))
    assert report["skipped"][0]["file"] == "empty.wav"
    assert report["ignored"] == ["notes.txt"]
    assert report["files"][0]["file"] == "good0.wav"
    assert report["files"][0]["notes"] == []


def test_progress_names_each_file_and_ends(tmp_path):
    fill(tmp_path, count=2)
    seen = []
    inspect_folder(tmp_path, lambda *step: seen.append(step))
    assert seen == [(0, 2, "good0.wav"), (1, 2, "good1.wav"), (2, 2, "")]


@pytest.mark.parametrize(("seconds", "text"), [(4.24, "4.2 s"), (200, "3 min 20 s"), (7_500, "2 h 5 min")])
def test_lengths_are_shown_as_people_say_them(seconds, text):
    assert show_seconds(seconds) == text
