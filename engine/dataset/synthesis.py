"""A small set of recordings made by formula, to try the whole program without any material of one's own.

Struck bars of wood, metal and glass, breath blown over a pipe, and a bowed string on a body, all tuned to D Dorian.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import scipy  # its parts are loaded where they are used: scipy.signal takes more than half a second
import soundfile
from numpy.random import Generator
from numpy.typing import NDArray

from engine.errors import DatasetError
from engine.units import SAMPLE_RATE, db_to_amplitude, seconds_to_samples

Samples = NDArray[np.float64]

PEAK_DB = -3.0
BAR_RATIOS = (1.0, 2.756, 5.404, 8.933, 13.344)  # modes of a bar with free ends (Fletcher, Rossing: 2.4)
BODY_HZ = (98.0, 185.0, 290.0, 440.0, 700.0, 1150.0, 2400.0)  # of a cello-like box: air, plates, bridge hill


@dataclass(frozen=True)
class Material:
    """How a bar loses its sound: `damping` per second at any frequency, more with frequency in kHz squared."""

    damping: float
    damping_per_khz2: float
    mallet_hz: float  # above this the mallet is too soft to excite


WOOD = Material(damping=5.5, damping_per_khz2=9.0, mallet_hz=1400.0)
METAL = Material(damping=1.3, damping_per_khz2=0.25, mallet_hz=3200.0)
GLASS = Material(damping=2.6, damping_per_khz2=0.12, mallet_hz=6500.0)


def write_demo_recordings(folder: Path, seed: int = 0) -> list[Path]:
    """Write twelve sounds of 0.8 to 3 s as 48 kHz 24-bit WAV, peaking at PEAK_DB.

    Args:
        folder: Made if it is missing; files of the same names are replaced.
        seed: Of the players' irregularities, 0 or more; the same seed gives the same bytes.

    Returns:
        The files written.

    Raises:
        DatasetError: The folder or a file in it cannot be written.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, (name, play) in enumerate(RECORDINGS.items()):
            path = folder / f"{name}.wav"
            sound = finish(play(random=np.random.default_rng([seed, number])))
            soundfile.write(path, sound.T, SAMPLE_RATE, subtype="PCM_24")
            written.append(path)
    except (OSError, soundfile.LibsndfileError) as error:
        raise DatasetError(f"{folder}: the demo recordings cannot be written there ({error}); choose another") from None
    return written


def strike_bar(pitch_hz: float, seconds: float, material: Material, channels: int, random: Generator) -> Samples:
    """Strike a bar: partials at BAR_RATIOS, each dying exponentially, and the mallet's short noise.

    Every channel hears the modes from another place, so at slightly different levels.

    Returns:
        Shape (channels, samples).
    """
    time = np.arange(seconds_to_samples(seconds)) / SAMPLE_RATE
    sound = 0.25 * random.standard_normal((channels, time.size)) * np.exp(-time / 0.004)
    sound = pass_band(sound, 2, material.mallet_hz, "low")
    for order, ratio in enumerate(BAR_RATIOS):
        frequency = pitch_hz * ratio
        rate = material.damping + material.damping_per_khz2 * (frequency / 1000.0) ** 2
        level = np.exp(-frequency / material.mallet_hz) / (1.0 + 0.5 * order)
        places = 1.0 + 0.5 * random.uniform(-1.0, 1.0, (channels, 1)) * (channels > 1)
        sound += level * places * np.exp(-rate * time) * np.sin(2.0 * np.pi * frequency * time)
    return sound * fade(time.size, 0.0005, 0.3 * seconds)


def blow_pipe(pitch_hz: float, seconds: float, channels: int, random: Generator) -> Samples:
    """Blow over a pipe: a soft tone with vibrato inside the breath that the pipe's resonances colour.

    Every channel hears its own breath around the same tone.

    Returns:
        Shape (channels, samples).
    """
    count = seconds_to_samples(seconds)
    time = np.arange(count) / SAMPLE_RATE
    vibrato = np.sin(2.0 * np.pi * 4.8 * time) * np.minimum(time / (0.6 * seconds), 1.0)
    bend = 0.005 * vibrato + 0.0008 * wander(count, 6.0, random)
    phase = 2.0 * np.pi * np.cumsum(pitch_hz * (1.0 + bend)) / SAMPLE_RATE
    tone = np.zeros(count)
    for order, level in enumerate((1.0, 0.3, 0.22, 0.06, 0.04), start=1):
        tone += level * (1.0 + 0.25 * wander(count, 8.0, random)) * np.sin(order * phase)
    breath = pass_band(random.standard_normal((channels, count)), 1, (0.8 * pitch_hz, 2500.0), "band")
    breath = resonate(breath, pitch_hz)
    breath *= 0.2 / breath.std() * (1.0 + 2.0 * np.exp(-time / 0.07))
    swell = np.sin(np.pi * np.minimum(time / seconds + 0.02, 1.0)) ** 0.6 * (1.0 + 0.15 * vibrato)
    return (tone + breath) * swell * fade(count, 0.05, 0.25)


def resonate(sound: Samples, pitch_hz: float) -> Samples:
    """Send a sound round a loop that lasts one period and loses a little at each turn, high frequencies more."""
    whole, part = divmod(SAMPLE_RATE / pitch_hz - 0.5, 1.0)
    loop = np.zeros(int(whole) + 3)
    loop[0] = 1.0
    loop[int(whole) :] = -0.47 * np.array([1.0 - part, 1.0, part])
    return scipy.signal.lfilter([1.0], loop, sound)


def bow_string(pitch_hz: float, seconds: float, channels: int, random: Generator) -> Samples:
    """Bow a string: harmonics of the stick-slip sawtooth, unsteady in pitch, through a body, swelling slowly.

    Every channel hears the resonances of the body at other strengths.

    Returns:
        Shape (channels, samples).
    """
    count = seconds_to_samples(seconds)
    time = np.arange(count) / SAMPLE_RATE
    unsteady = 0.0015 * wander(count, 5.0, random) + 0.0006 * wander(count, 60.0, random)
    phase = 2.0 * np.pi * np.cumsum(pitch_hz * (1.0 + unsteady)) / SAMPLE_RATE
    swell = np.sin(np.pi * (time / seconds)) ** 1.2
    orders = np.arange(1.0, int(9000.0 / pitch_hz) + 1.0)
    strength = random.uniform(1.0, 8.0, (channels, len(BODY_HZ)))
    body = np.stack([body_gain(orders * pitch_hz, row) for row in strength])
    sound = np.zeros((channels, count))
    for order, gains in zip(orders, body.T, strict=True):
        brighter = swell ** (order * pitch_hz / 2500.0)
        sound += gains[:, None] / order * (brighter * (1.0 + 0.2 * wander(count, 9.0, random)) * np.sin(order * phase))
    scratch = pass_band(random.standard_normal(count), 2, (900.0, 6000.0), "band")
    sound += 0.03 * sound.std() / scratch.std() * scratch * (1.0 + np.mod(phase / np.pi, 2.0))
    return sound * swell * fade(count, 0.08, 0.2)


def body_gain(frequency_hz: Samples, strength: Samples) -> Samples:
    """Return the gain of a body whose resonances at BODY_HZ are `strength` times its floor, falling above 3 kHz."""
    detune = frequency_hz[:, None] / BODY_HZ - np.asarray(BODY_HZ) / frequency_hz[:, None]
    return (1.0 + (strength / (1.0 + (8.0 * detune) ** 2)).sum(1)) / (1.0 + (frequency_hz / 3000.0) ** 2)


def wander(count: int, rate_hz: float, random: Generator) -> Samples:
    """Return a smooth random curve of `count` samples within about ±1, changing `rate_hz` times a second."""
    points = random.uniform(-1.0, 1.0, int(count / SAMPLE_RATE * rate_hz) + 3)
    return np.interp(np.arange(count) * rate_hz / SAMPLE_RATE, np.arange(points.size), points)


def fade(count: int, in_seconds: float, out_seconds: float) -> Samples:
    """Return a gain that rises from and falls to zero along half cosines."""
    gain = np.ones(count)
    rise, fall = seconds_to_samples(in_seconds), seconds_to_samples(out_seconds)
    gain[:rise] = 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / rise)
    gain[-fall:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(1, fall + 1) / fall)
    return gain


def pass_band(sound: Samples, order: int, corner_hz: float | tuple[float, float], kind: str) -> Samples:
    """Send a sound (..., samples) through a Butterworth filter: "low", "high", or "band" with two corners."""
    return scipy.signal.sosfilt(scipy.signal.butter(order, corner_hz, kind, fs=SAMPLE_RATE, output="sos"), sound)


def finish(sound: Samples) -> Samples:
    """Take away what lies below hearing and bring the peak to PEAK_DB."""
    heard = pass_band(sound, 2, 25.0, "high") * fade(sound.shape[1], 0.0005, 0.02)
    return heard * (db_to_amplitude(PEAK_DB) / np.abs(heard).max())


RECORDINGS: dict[str, Callable[..., Samples]] = {
    "bar_wood_low_d": partial(strike_bar, 146.83, 1.0, WOOD, 1),
    "bar_wood_a": partial(strike_bar, 220.00, 0.8, WOOD, 2),
    "bar_metal_d": partial(strike_bar, 293.66, 2.6, METAL, 2),
    "bar_metal_f": partial(strike_bar, 349.23, 2.2, METAL, 1),
    "bar_glass_a": partial(strike_bar, 440.00, 1.4, GLASS, 2),
    "bar_glass_high_c": partial(strike_bar, 523.25, 1.2, GLASS, 1),
    "breath_d": partial(blow_pipe, 293.66, 2.4, 2),
    "breath_f": partial(blow_pipe, 349.23, 1.8, 1),
    "breath_high_g": partial(blow_pipe, 392.00, 1.5, 2),
    "bowed_low_d": partial(bow_string, 73.42, 3.0, 2),
    "bowed_a": partial(bow_string, 110.00, 2.6, 2),
    "bowed_c": partial(bow_string, 130.81, 2.2, 1),
}
