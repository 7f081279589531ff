"""Corpora of computed sounds for tests."""

from pathlib import Path

import numpy as np
import soundfile

from engine.dataset.corpus import Corpus
from engine.dataset.gathering import write_corpus
from engine.units import SAMPLE_RATE


def write_sounds(folder: Path, *sounds: np.ndarray, sample_rate: int = SAMPLE_RATE) -> list[tuple[str, Path]]:
    """Write sounds (samples,) or (samples, channels) as 0.wav, 1.wav … and return name and path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [(f"{number}.wav", folder / f"{number}.wav") for number in range(len(sounds))]
    for (_, path), sound in zip(written, sounds, strict=True):
        soundfile.write(path, sound, sample_rate, subtype="FLOAT")
    return written


def make_corpus(folder: Path, *sounds: np.ndarray) -> Corpus:
    """Return the corpus of some sounds, stereo if one of them is."""
    return write_corpus(folder, write_sounds(folder, *sounds), max(sound[0].size for sound in sounds))


def tone(pitch_hz: float, seconds: float, level: float = 0.5) -> np.ndarray:
    """Return a sine, (samples,)."""
    return level * np.sin(2 * np.pi * pitch_hz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)


def noise(seconds: float, seed: int = 0, level: float = 0.1) -> np.ndarray:
    """Return white noise, (samples,)."""
    return level * np.random.default_rng(seed).standard_normal(round(seconds * SAMPLE_RATE))


def struck(pitch_hz: float, seconds: float, decay_seconds: float = 0.2, seed: int = 0) -> np.ndarray:
    """Return a struck sound, (samples,): a tone and noise that decay from the first sample."""
    decay = np.exp(-np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE / decay_seconds)
    return (tone(pitch_hz, seconds, 0.4) + noise(seconds, seed, 0.05)) * decay
