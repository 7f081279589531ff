"""Recordings are gone through in pieces: the same is found as in one, in memory that does not follow their length."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from small_corpus import make_corpus, noise, write_sounds

from engine.dataset import clips as pieces
from engine.dataset.clips import find_clips, frame_levels
from engine.dataset.corpus import Corpus, Recording
from engine.dataset.gathering import write_corpus
from engine.dataset.newcomers import fingerprint_file, leave_out_copies
from engine.units import HOP, LATENT_HOP, N_FFT, SAMPLE_RATE

MINUTE = 60 * SAMPLE_RATE
MEGABYTE = 2**20


def levels_at_once(samples: np.ndarray, frames: int) -> np.ndarray:
    """Return what `frame_levels` is to return, from all samples together."""
    mono = np.pad(samples.mean(axis=1, dtype=np.float64), (0, frames * LATENT_HOP - len(samples)))
    return 10 * np.log10((mono.reshape(frames, LATENT_HOP) ** 2).mean(1) + 1e-20)


def noisy_corpus(folder: Path, minutes: int) -> Corpus:
    """Return the corpus of one recording of noise that swells every ten seconds, mapped from a file."""
    count = minutes * MINUTE
    samples = np.lib.format.open_memmap(folder / "samples.npy", "w+", np.float32, (count + 2 * N_FFT, 1))
    swell = (np.linspace(0.05, 0.5, 10 * SAMPLE_RATE) * noise(10.0)).astype(np.float32)
    for first in range(0, count, len(swell)):
        samples[N_FFT + first : N_FFT + first + len(swell), 0] = swell
    return Corpus(samples, (Recording("long.wav", N_FFT, count),))


def peak_of(work: Callable[[], object]) -> int:
    """Return the most bytes that Python and NumPy held while it worked."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("samples", [1, 2_047, 2_048, 30_000, 511 * LATENT_HOP, 512 * LATENT_HOP, 512 * LATENT_HOP + 5])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("piece", [3, 512])
def test_levels_in_pieces_are_those_at_once_to_the_bit(monkeypatch, samples: int, channels: int, piece: int):
    monkeypatch.setattr(pieces, "PIECE_FRAMES", piece)
    sound = noise(samples * channels / SAMPLE_RATE)[: samples * channels].reshape(-1, channels).astype(np.float32)
    frames = -(-(1 + len(sound) // HOP) // 4)
    assert np.array_equal(frame_levels(sound, frames), levels_at_once(sound, frames))


def test_a_recording_is_mixed_where_it_is_asked_for(tmp_path):
    corpus = make_corpus(tmp_path, np.stack([noise(0.5), noise(0.5, 1)], axis=1))
    (recording,) = corpus.recordings
    whole, mixed = corpus.recorded(recording).mean(axis=1), corpus.mono(recording)
    assert len(mixed) == len(whole)
    assert mixed.shape == whole.shape
    for part in (slice(None), slice(0, 10), slice(777, 5_000), slice(20_000, 10**6)):
        assert np.array_equal(mixed[part], whole[part])


@pytest.mark.parametrize("block", [1_000, 2**18])
def test_a_copy_is_known_whatever_the_pieces(tmp_path, monkeypatch, block: int):
    monkeypatch.setattr("engine.dataset.corpus.BLOCK_SAMPLES", block)
    files = write_sounds(tmp_path / "files", noise(1.3), noise(0.7, 2))
    corpus = write_corpus(tmp_path, files, 1)
    digests = {fingerprint_file(path) for _, path in files}
    assert len(digests) == 2
    assert leave_out_copies(corpus, []) == ([], [])
    copied = write_corpus(tmp_path_of(tmp_path, "copy"), [], 1, before=corpus)
    assert np.array_equal(copied.samples, corpus.samples)


def tmp_path_of(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder


def test_memory_does_not_follow_the_length_of_a_recording_when_its_clips_are_found(tmp_path):
    short, long = (noisy_corpus(tmp_path_of(tmp_path, str(minutes)), minutes) for minutes in (2, 8))
    find_clips(short)
    least, most = (peak_of(lambda corpus=corpus: find_clips(corpus)) for corpus in (short, long))
    assert most < 16 * MEGABYTE
    assert most < 1.3 * least


def test_memory_does_not_follow_the_length_of_a_recording_when_copies_are_looked_for(tmp_path):
    short, long = (noisy_corpus(tmp_path_of(tmp_path, str(minutes)), minutes) for minutes in (2, 8))
    least, most = (peak_of(lambda corpus=corpus: leave_out_copies(corpus, [])) for corpus in (short, long))
    assert most < 16 * MEGABYTE
    assert most < 1.1 * least
