#!/usr/bin/env python3
"""Write a set of recordings that anyone can make: python scripts/bench_sets.py large|long FOLDER.

`large` is 500 short sounds: bars of wood, metal and glass, breath and bow. `long` is one recording of twenty minutes: a
texture of the same instruments that changes slowly and is never silent.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
from numpy.random import Generator

from engine.dataset.synthesis import GLASS, METAL, WOOD, Samples, blow_pipe, bow_string, finish, strike_bar
from engine.units import SAMPLE_RATE, db_to_amplitude, seconds_to_samples

LARGE_FILES = 500
LONG_MINUTES = 20.0
VOICE_SECONDS, EVERY_SECONDS = 16.0, 2.5  # of a voice of the texture, and between two of them
LONG_PEAK_DB = -14.0  # of one voice: as many sound at once as last until it ends
SCALE = (0, 2, 3, 5, 7, 9, 10)  # semitones, Dorian
LOWEST_HZ = 146.83
SHORT_OCTAVES = 2.5


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
SETS: Mapping[str, Callable[[Path], None]] = {"large": write_large, "long": write_long}


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
