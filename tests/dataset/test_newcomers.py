from pathlib import Path

import numpy as np
import soundfile
from small_corpus import make_corpus, noise, struck, tone

from engine.dataset.folder import UsableFile, check_recording
from engine.dataset.newcomers import leave_out_copies, name_apart


def usable(path: Path) -> UsableFile:
    return check_recording(path, path.name)


def written(folder: Path, name: str, sound: np.ndarray, subtype: str = "FLOAT") -> UsableFile:
    soundfile.write(folder / name, sound, 48_000, subtype=subtype)
    return usable(folder / name)


def test_a_recording_that_is_there_already_is_named_whatever_it_is_called(tmp_path: Path):
    sounds = tone(440, 0.3), np.stack([noise(0.2), noise(0.2, 1)], axis=1)
    corpus = make_corpus(tmp_path / "in", *sounds)
    new = written(tmp_path, "new.wav", struck(200, 0.3))
    same, stereo = written(tmp_path, "renamed.wav", sounds[0]), written(tmp_path, "stereo.wav", sounds[1])
    twice = written(tmp_path, "again.wav", struck(200, 0.3))
    kept, skipped = leave_out_copies(corpus, [same, new, stereo, twice])
    assert kept == [new]
    assert [(one.file, one.reason) for one in skipped] == [
        ("renamed.wav", "the same sound as 0.wav, which it has"),
        ("stereo.wav", "the same sound as 1.wav, which it has"),
        ("again.wav", "the same sound as new.wav"),
    ]


def test_formats_without_loss_and_doubled_channels_make_no_other_sound(tmp_path: Path):
    sound = np.round(tone(440, 0.3) * 2**15) / 2**15
    mono = make_corpus(tmp_path / "mono", sound)
    stereo = make_corpus(tmp_path / "stereo", sound, np.stack([noise(0.1), noise(0.1, 1)], axis=1))
    files = [
        written(tmp_path, "coded.flac", sound, "PCM_16"),
        written(tmp_path, "doubled.wav", np.tile(sound[:, None], 2)),
    ]
    for corpus in (mono, stereo):
        assert leave_out_copies(corpus, files)[0] == []


def test_one_other_sample_makes_another_sound(tmp_path: Path):
    sound = tone(440, 0.3)
    corpus = make_corpus(tmp_path / "in", sound)
    other = sound.copy()
    other[7_000] += 1e-4
    assert len(leave_out_copies(corpus, [written(tmp_path, "0.wav", other)])[0]) == 1


def test_files_of_one_name_are_told_apart(tmp_path: Path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(440, 0.1), 48_000)
    files = [check_recording(path, name) for name in ("a.wav", "A.wav", "takes/b.wav", "c.wav")]
    named = name_apart(files, ["a.wav", "a (2).wav", "takes/b.wav"])
    assert [file.name for file in named] == ["a (3).wav", "A (4).wav", "takes/b (2).wav", "c.wav"]
    assert {file.path for file in named} == {path}
