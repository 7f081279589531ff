#!/usr/bin/env python3
"""Write a set of recordings that anyone can make: python scripts/bench_sets.py large|long|plucked|sung FOLDER.

`large` is 500 short sounds: bars of wood, metal and glass, breath and bow. `long` is one recording of twenty minutes: a
texture of the same instruments that changes slowly and is never silent. `plucked` and `sung` are notes, one of each
semitone over two octaves: strings plucked harder or softer, and vowels with vibrato.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
from numpy.random import Generator
from scipy.signal import lfilter

from engine.dataset.synthesis import GLASS, METAL, WOOD, Samples, blow_pipe, bow_string, finish, strike_bar
from engine.units import SAMPLE_RATE, db_to_amplitude, seconds_to_samples

LARGE_FILES = 500
LONG_MINUTES = 20.0
VOICE_SECONDS, EVERY_SECONDS = 16.0, 2.5  # of a voice of the texture, and between two of them
LONG_PEAK_DB = -14.0  # of one voice: as many sound at once as last until it ends
SCALE = (0, 2, 3, 5, 7, 9, 10)  # semitones, Dorian
LOWEST_HZ = 146.83
SHORT_OCTAVES = 2.5
NOTES = 25  # of the sets of notes, a semitone apart
PLUCKED_LOWEST_HZ, SUNG_LOWEST_HZ = 110.0, 130.81
NOTE_SECONDS = (1.2, 2.2)
VIBRATO_CENTS, VIBRATO_HZ = (8.0, 22.0), (4.8, 6.2)
VOWELS_HZ = ((730, 1_090, 2_440), (530, 1_840, 2_480), (270, 2_290, 3_010), (570, 840, 2_410), (300, 870, 2_240))
FORMANT_WIDTH_HZ = (70.0, 90.0, 130.0)
HIGHEST_PARTIAL_HZ = 9_000.0


def write_large(folder: Path, files: int = LARGE_FILES) -> None:
    """Write short sounds of 0.2 to 1.5 s, as many as are wanted; the same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        random = np.random.default_rng([1, number])
        name, play = SHORT[number % len(SHORT)]
        pitch_hz = LOWEST_HZ * 2.0 ** random.uniform(0.0, SHORT_OCTAVES)
        sound = finish(play(pitch_hz, random.uniform(*SHORT_SECONDS[name]), 1, random))
        soundfile.write(folder / f"{name}_{number:03}.wav", sound.T, SAMPLE_RATE, subtype="PCM_16")


def write_long(folder: Path, minutes: float = LONG_MINUTES) -> None:
    """Write one recording of an evolving texture, mono; the same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(2)
    hop, waiting = seconds_to_samples(EVERY_SECONDS), np.zeros(seconds_to_samples(VOICE_SECONDS))
    voices = max(1, round(60 * minutes / EVERY_SECONDS))
    with soundfile.SoundFile(folder / "texture.wav", "w", SAMPLE_RATE, 1, "PCM_16") as out:
        for number in range(voices + len(waiting) // hop):  # the first ones come in before the recording begins
            waiting += voice_of_texture(number / voices, random)
            if number >= len(waiting) // hop:
                out.write(np.clip(waiting[:hop], -1.0, 1.0))
            waiting = np.concatenate([waiting[hop:], np.zeros(hop)])


def voice_of_texture(place: float, random: Generator) -> Samples:
    """Return one voice, (samples,): higher, and more often bowed, the further the recording is.

    Args:
        place: In the recording, 0 to 1.
        random: Of the player's irregularities.
    """
    middle = 9.0 + 6.0 * np.sin(2.0 * np.pi * 1.5 * place)
    pitch_hz = step_to_hz(int(np.clip(middle + random.normal(0.0, 2.5), 0, 18)))
    play: Callable[..., Samples] = bow_string if random.random() < 0.2 + 0.5 * place else blow_pipe
    return db_to_amplitude(LONG_PEAK_DB + 3.0) * finish(play(pitch_hz, VOICE_SECONDS, 1, random))[0]


def write_plucked(folder: Path) -> None:
    """Write plucked strings, one of each semitone; the same bytes every time."""
    write_notes(folder, PLUCKED_LOWEST_HZ, pluck_string)


def write_sung(folder: Path) -> None:
    """Write sung vowels, one of each semitone; the same bytes every time."""
    write_notes(folder, SUNG_LOWEST_HZ, sing_vowel)


def write_notes(folder: Path, lowest_hz: float, play: Callable[[float, int, Generator], Samples]) -> None:
    """Write NOTES sounds a semitone apart, the lowest first."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(NOTES):
        random = np.random.default_rng([3, number])
        samples = seconds_to_samples(random.uniform(*NOTE_SECONDS))
        sound = finish(play(lowest_hz * 2.0 ** (number / 12.0), samples, random)[None])
        soundfile.write(folder / f"note_{number:02}.wav", sound.T, SAMPLE_RATE, subtype="PCM_16")


def pluck_string(pitch_hz: float, samples: int, random: Generator) -> Samples:
    """Return a plucked string (samples,), after Karplus and Strong (1983), softly or hard, tuned by interpolation."""
    damping = random.uniform(0.05, 0.5)  # share of the sample before, in the loop: higher is duller
    period = SAMPLE_RATE / pitch_hz - damping
    whole, part = int(period), period % 1.0
    loop = np.convolve([1.0 - damping, damping], [1.0 - part, part])
    burst = lfilter([1.0], [1.0, -random.uniform(0.2, 0.9)], random.standard_normal(whole))
    struck = np.zeros(samples)
    struck[:whole] = burst - np.roll(burst, round(whole * random.uniform(0.1, 0.45)))
    keeps = 10.0 ** (-3.0 / (pitch_hz * random.uniform(1.5, 4.0)))  # 60 dB down after so many seconds
    return np.asarray(lfilter([1.0], [1.0, *np.zeros(whole - 1), *(-keeps * loop)], struck))


def sing_vowel(pitch_hz: float, samples: int, random: Generator) -> Samples:
    """Return a sung vowel (samples,) with vibrato, in the formants of Peterson and Barney (1952)."""
    time = np.arange(samples) / SAMPLE_RATE
    swing = random.uniform(*VIBRATO_CENTS) * np.minimum(1.0, time / 0.4) / 1200.0
    turned = swing * np.sin(2.0 * np.pi * (random.uniform(*VIBRATO_HZ) * time + random.random()))
    phase = 2.0 * np.pi * np.cumsum(pitch_hz * 2.0**turned) / SAMPLE_RATE
    formants, slope = VOWELS_HZ[random.integers(len(VOWELS_HZ))], random.uniform(0.8, 1.6)
    sound = np.zeros(samples)
    for number in range(1, int(HIGHEST_PARTIAL_HZ / pitch_hz) + 1):
        hz = number * pitch_hz
        peaks = sum(1.0 / (1.0 + ((hz - at) / wide) ** 2) for at, wide in zip(formants, FORMANT_WIDTH_HZ, strict=True))
        sound += number**-slope * (0.02 + peaks) * np.sin(number * phase)
    breath = lfilter([1.0, -1.0], [1.0, -0.7], random.standard_normal(samples)) * 0.002
    return (sound / np.abs(sound).max() + breath) * np.minimum(1.0, time / 0.08) * np.minimum(1.0, time[::-1] / 0.15)


def step_to_hz(step: int) -> float:
    """Return the frequency of a step of SCALE above LOWEST_HZ."""
    octave, place = divmod(int(step), len(SCALE))
    return LOWEST_HZ * 2.0 ** (octave + SCALE[place] / 12.0)


def strike(material: object, pitch_hz: float, seconds: float, channels: int, random: Generator) -> Samples:
    """Strike a bar; see `strike_bar`, whose arguments stand in another order."""
    return strike_bar(pitch_hz, seconds, material, channels, random)


SHORT: tuple[tuple[str, Callable[..., Samples]], ...] = (
    ("wood", partial(strike, WOOD)),
    ("metal", partial(strike, METAL)),
    ("breath", blow_pipe),
    ("glass", partial(strike, GLASS)),
    ("bow", bow_string),
)
SHORT_SECONDS = {"wood": (0.2, 0.6), "metal": (0.6, 1.5), "breath": (0.4, 1.2), "glass": (0.3, 1.0), "bow": (0.4, 1.2)}
SETS: Mapping[str, Callable[[Path], None]] = {
    "large": write_large,
    "long": write_long,
    "plucked": write_plucked,
    "sung": write_sung,
}


def main() -> int:
    """Write the set that is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=SETS)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    SETS[arguments.set](arguments.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
