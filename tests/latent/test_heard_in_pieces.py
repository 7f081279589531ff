"""A long recording is heard in pieces: memory follows what may be heard, not how long the recording is."""

import tracemalloc
from pathlib import Path

import numpy as np
from small_corpus import noise, struck
from small_network import small_vae

from engine.dataset.corpus import Corpus, Recording
from engine.latent import portraits
from engine.latent.effort import Effort
from engine.latent.encode import hear, hear_stretches
from engine.latent.space import listen
from engine.units import HOP, N_FFT, SAMPLE_RATE

MOST = 3_000  # frames, half a minute
MEGABYTE = 2**20


def long_corpus(folder: Path, seconds: int) -> Corpus:
    """Return the corpus of one recording of strikes, mapped from a file."""
    folder.mkdir()
    count = seconds * SAMPLE_RATE
    samples = np.lib.format.open_memmap(folder / "samples.npy", "w+", np.float32, (count + 2 * N_FFT, 1))
    for number, first in enumerate(range(0, count, SAMPLE_RATE)):
        samples[N_FFT + first : N_FFT + first + SAMPLE_RATE, 0] = struck(100 + 7 * (number % 40), 1.0)
    return Corpus(samples, (Recording("long.wav", N_FFT, count),))


def test_memory_follows_what_may_be_heard_and_not_the_length(tmp_path, monkeypatch):
    monkeypatch.setattr(portraits, "MOST_PORTRAITS", 4)
    monkeypatch.setattr(portraits, "MOST_MOMENTS", 8)
    short, long = (long_corpus(tmp_path / str(seconds), seconds) for seconds in (120, 480))
    peaks = []
    for corpus in (short, short, long):  # the first time, filters are made and kept
        tracemalloc.start()
        space = listen(small_vae(), corpus, effort=Effort(MOST))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert 0.8 * MOST < len(space.voice.heard) <= MOST
    assert peaks[2] < peaks[1] + 4 * MEGABYTE
    assert peaks[2] < 40 * MEGABYTE


def test_a_part_of_a_sound_is_heard_as_in_the_whole():
    vae, sound = small_vae(), noise(8.0).astype(np.float32)
    track, spectrum = hear(vae, sound)
    for first, last in ((0, 10), (17, 90), (len(track) - 9, len(track)), (0, len(track))):
        tracks, spectra = zip(*hear_stretches(vae, sound, part=(first, last)), strict=True)
        assert np.allclose(np.concatenate(tracks), track[first:last], atol=1e-4)
        assert np.allclose(np.concatenate(spectra), spectrum[4 * first : 4 * last], atol=1e-4)


def test_all_that_may_be_heard_at_once_is_heard_as_before(tmp_path):
    corpus = long_corpus(tmp_path / "corpus", 3)
    vae, mono = small_vae(), np.array(corpus.mono(corpus.recordings[0])[:])
    space = listen(vae, corpus)
    track, spectrum = hear(vae, mono)
    assert space.parts == ()
    assert np.array_equal(space.tracks[0], track)
    own = space.voice.recorded[space.voice.speeds == 1.0]
    assert np.array_equal(own, spectrum.astype(np.float16).astype(np.float32))
    assert len(track) == -(-(1 + len(mono) // HOP) // 4) == corpus.recordings[0].latent_frames
