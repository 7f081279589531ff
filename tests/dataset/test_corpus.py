import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.audio.files import read
from engine.dataset.corpus import GAP, RECORDINGS_FILE, SAMPLES_FILE, Recording, load_corpus, with_channels
from engine.dataset.gathering import write_corpus
from engine.errors import DatasetError, ModelError
from engine.units import HOP, LATENT_STRIDE, N_FFT


@pytest.fixture
def recordings(tmp_path: Path) -> list[tuple[str, Path]]:
    """Mono and stereo, at several rates, one of them 20 ms long."""
    random = np.random.default_rng(0)
    made = []
    for name, samples, channels, rate in [
        ("long.wav", 30_000, 1, 48_000),
        ("stereo.wav", 5_000, 2, 48_000),
        ("ünder/other rate.wav", 4_410, 2, 44_100),
        ("blip.wav", 960, 1, 48_000),
    ]:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, random.uniform(-0.5, 0.5, (samples, channels)), rate, subtype="FLOAT")
        made.append((name, path))
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus"


def tamper(folder: Path, change) -> None:
    """Change the description of a corpus."""
    path = folder / RECORDINGS_FILE
    listing = json.loads(path.read_text("utf-8"))
    change(listing)
    path.write_text(json.dumps(listing), "utf-8")


def test_recordings_come_back_as_they_are_read(recordings, folder):
    written = write_corpus(folder, recordings, 2)
    for corpus in (written, load_corpus(folder)):
        assert [recording.name for recording in corpus.recordings] == [name for name, _ in recordings]
        for recording, (_, path) in zip(corpus.recordings, recordings, strict=True):
            wanted = read(path)
            assert np.array_equal(corpus.recorded(recording), wanted if wanted.shape[1] == 2 else wanted[:, [0, 0]])
        assert corpus.channels == 2
        assert corpus.seconds == pytest.approx((30_000 + 5_000 + 4_800 + 960) / 48_000)


def test_silence_stands_before_between_and_after_the_recordings(recordings, folder):
    corpus = write_corpus(folder, recordings, 1)
    sounding = np.zeros(len(corpus.samples), bool)
    for recording in corpus.recordings:
        sounding[recording.start : recording.start + recording.samples] = True
    assert not corpus.samples[~sounding].any()
    edges = np.flatnonzero(np.diff(np.concatenate([[True], sounding, [True]]).astype(int)))
    assert (edges[1::2] - edges[::2] == GAP).all()
    assert GAP >= N_FFT


def test_a_mono_corpus_averages_stereo_and_a_stereo_corpus_doubles_mono(recordings, folder):
    mono = write_corpus(folder, recordings, 1)
    stereo = read(recordings[1][1])
    assert np.allclose(mono.recorded(mono.recordings[1])[:, 0], stereo.mean(1), atol=1e-7)
    assert np.array_equal(with_channels(np.array([[0.5], [1.0]], np.float32), 2), [[0.5, 0.5], [1.0, 1.0]])
    assert np.array_equal(with_channels(np.array([[0.5, 1.0]], np.float32), 1), [[0.75]])
    same = np.ones((3, 2), np.float32)
    assert with_channels(same, 2) is same


@pytest.mark.parametrize(
    ("samples", "frames", "latent"), [(1, 1, 1), (511, 1, 1), (512, 2, 1), (2047, 4, 1), (2048, 5, 2)]
)
def test_latent_frames_hold_all_frames(samples: int, frames: int, latent: int):
    recording = Recording("a", GAP, samples)
    assert (recording.frames, recording.latent_frames) == (frames, latent)
    assert recording.latent_frames * HOP * LATENT_STRIDE > samples
    assert recording.seconds == samples / 48_000


def test_a_corpus_is_not_read_into_memory_and_cannot_be_changed(recordings, folder):
    corpus = write_corpus(folder, recordings, 1)
    assert isinstance(corpus.samples, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        corpus.samples[0] = 1.0


def test_each_name_is_told_before_it_is_read(recordings, folder):
    told: list[str] = []
    write_corpus(folder, recordings, 1, told.append)
    assert told == [name for name, _ in recordings]


def test_a_recording_that_vanished_is_named(recordings, folder):
    recordings[1][1].unlink()
    with pytest.raises(DatasetError, match=r"stereo\.wav"):
        write_corpus(folder, recordings, 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda listing: listing.update(channels=3),
        lambda listing: listing.update(channels=2),
        lambda listing: listing.update(channels="many"),
        lambda listing: listing.update(channels=float("inf")),
        lambda listing: listing.pop("channels"),
        lambda listing: listing.update(recordings=[]),
        lambda listing: listing.update(recordings=7),
        lambda listing: listing["recordings"].pop(),
        lambda listing: listing["recordings"].reverse(),
        lambda listing: listing["recordings"][0].update(start=0),
        lambda listing: listing["recordings"][1].update(start=-1),
        lambda listing: listing["recordings"][0].update(samples=0),
        lambda listing: listing["recordings"][0].update(samples=10**15),
        lambda listing: listing["recordings"][2].update(samples=4_799),
        lambda listing: listing["recordings"][0].update(start=None),
        lambda listing: listing["recordings"][0].pop("name"),
    ],
)
def test_a_description_that_does_not_agree_with_the_samples_is_refused(recordings, folder, change):
    write_corpus(folder, recordings, 1)
    tamper(folder, change)
    with pytest.raises(ModelError, match="corpus"):
        load_corpus(folder)


@pytest.mark.parametrize("content", ["", "[]", "null", "{", '{"channels": 1}', "[" * 100_000])
def test_a_description_that_is_none_is_refused(recordings, folder, content: str):
    write_corpus(folder, recordings, 1)
    (folder / RECORDINGS_FILE).write_text(content, "utf-8")
    with pytest.raises(ModelError, match="damaged"):
        load_corpus(folder)


@pytest.mark.parametrize("size", [0, 100, -4])
def test_samples_that_are_cut_off_are_refused(recordings, folder, size: int):
    write_corpus(folder, recordings, 1)
    content = (folder / SAMPLES_FILE).read_bytes()
    (folder / SAMPLES_FILE).write_bytes(content[:size])
    with pytest.raises(ModelError, match=r"corpus\.f32 has \d+ bytes"):
        load_corpus(folder)


@pytest.mark.parametrize("name", [SAMPLES_FILE, RECORDINGS_FILE])
def test_a_missing_file_is_refused(recordings, folder, name: str):
    write_corpus(folder, recordings, 1)
    (folder / name).unlink()
    with pytest.raises(ModelError, match="cannot be opened"):
        load_corpus(folder)


def test_channels_are_read_as_the_person_says_of_each_recording(tmp_path: Path):
    pair = np.random.default_rng(1).uniform(-0.5, 0.5, (2_000, 2)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", pair, 48_000, subtype="FLOAT")
    sources = [(name, tmp_path / "a.wav") for name in ("left", "right", "both")]
    (tmp_path / "made").mkdir()
    corpus = write_corpus(tmp_path / "made", sources, 1, channels_in={"left": "left", "right": "right"})
    left, right, both = (corpus.recorded(one)[:, 0] for one in corpus.recordings)
    assert np.array_equal(left, pair[:, 0])
    assert np.array_equal(right, pair[:, 1])
    assert both == pytest.approx(pair.mean(axis=1))


def test_very_short_recordings_are_followed_by_silence(tmp_path: Path):
    soundfile.write(tmp_path / "a.wav", np.full(400, 0.5), 48_000, subtype="FLOAT")
    (tmp_path / "made").mkdir()
    corpus = write_corpus(tmp_path / "made", [("a", tmp_path / "a.wav")], 1)
    (recording,) = corpus.recordings
    assert recording.samples == 960
    assert corpus.recorded(recording)[:400].min() == 0.5
    assert not corpus.recorded(recording)[400:].any()
