"""Imagined sound: excerpts of tones, struck bodies, noises and clicks, computed from random numbers alone.

What the shipped network hears before it hears any recording. Nothing here is meant to be listened to; it is meant to
hold, between a few excerpts, every shape that a spectrum of real sound can have: partials in and out of tune, decays,
formants, breath, rooms, the noise floors and band limits of recorders.

All functions take the random numbers they use, so that a seed fixes every sample.
"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from oscillators import (
    Doubles,
    Floats,
    bins_hz,
    db_to_gain,
    filtered,
    ring,
    scan,
    shape_noise,
    times,
    wave_tables,
    with_peak,
)
from scipy import fft

from engine.units import SAMPLE_RATE

LAYER_SHARES = (0.5, 0.25, 0.15, 0.1)  # of excerpts with one to four sounds
PITCH_HZ = (30.0, 220.0, 6000.0)  # lowest, median, highest
PITCH_OCTAVES = 1.6  # standard deviation
HIGHEST_HZ = 22_000.0  # of a partial
KEYFRAMES = 5  # spectra through which an evolving tone passes
BAND_LIMITS_HZ = (22_050.0, 22_050.0, 20_000.0, 16_000.0)  # of recordings: CD, CD, good MP3, lean MP3


def imagine(rng: Generator, samples: int) -> Floats:
    """Return one excerpt at SAMPLE_RATE, shape (samples,): one to four sounds, perhaps in a room, as recorded."""
    mixed = np.zeros(samples, np.float32)
    for _ in range(1 + rng.choice(len(LAYER_SHARES), p=LAYER_SHARES)):
        layer = SOURCES[rng.choice(len(SOURCES), p=SOURCE_SHARES)](rng, samples)
        mixed += with_peak(layer, rng.uniform(-30, 0))
    if rng.random() < 0.1:
        mixed = np.tanh(with_peak(mixed, rng.uniform(-10, 20)))
    if rng.random() < 0.25:
        mixed = place_in_room(rng, mixed)
    return record(rng, with_peak(mixed, -rng.gamma(1.5, 8.0)))


def sing_harmonics(rng: Generator, samples: int) -> Floats:
    """Return a tone of exact harmonics that may bend, evolve, be doubled out of tune, and breathe."""
    time = times(samples)
    pitch_hz = random_pitch(rng)
    octaves = bend(rng, time)
    reach = max(1, int(HIGHEST_HZ / (pitch_hz * 2.0 ** octaves.max())))
    partials = np.arange(1, (1 if rng.random() < 0.07 else reach) + 1, 2 if rng.random() < 0.12 else 1)
    tables = wave_tables(evolving_spectra(rng, partials, pitch_hz, samples / SAMPLE_RATE), partials)
    cycles = np.cumsum(pitch_hz * 2.0**octaves) / SAMPLE_RATE
    voices = int(rng.integers(2, 5)) if rng.random() < 0.2 else 1
    detune = np.exp2(rng.normal(0, rng.uniform(0.001, 0.015), voices)) if voices > 1 else (1.0,)
    tone = sum((scan(tables, cycles * factor + rng.random()) for factor in detune), np.zeros(samples, np.float32))
    if rng.random() < 0.6:
        breath = shape_noise(rng, samples, random_gain(rng))
        tone += breath * (tone.std() / (breath.std() + 1e-9) * db_to_gain(rng.uniform(-60, -10)))
    return tone * random_level(rng, time)


def strike_modes(rng: Generator, samples: int) -> Floats:
    """Return a body whose modes ring: a stiff string, a bar or skin with free ratios, or a dense metallic cluster."""
    pitch_hz = random_pitch(rng)
    kind = rng.choice(3, p=(0.35, 0.5, 0.15))
    if kind == 0:
        order = np.arange(1, int(np.clip(20_000 / pitch_hz, 1, 80)) + 1)
        frequency = pitch_hz * order * np.sqrt(1 + rng.uniform(0, 0.002) * order**2)
    elif kind == 1:
        frequency = pitch_hz * np.cumsum(np.r_[1.0, rng.uniform(0.2, 2.5, rng.integers(1, 16))])
    else:
        frequency = np.exp(rng.uniform(np.log(300), np.log(18_000), rng.integers(20, 80)))
    if rng.random() < 0.3:  # each mode split in two that beat
        frequency = np.r_[frequency, frequency * np.exp(rng.normal(0, 0.004, len(frequency)))]
    frequency = frequency[frequency < HIGHEST_HZ]
    amplitude = random_gain(rng)(frequency) * rng.uniform(0.2, 1, len(frequency))
    if rng.random() < 0.35:
        return ring(rng, frequency, 0 * frequency, amplitude, samples) * random_level(rng, times(samples))
    slowest = log_uniform(rng, 0.3, 50.0)
    decay = slowest * (frequency / frequency.min()) ** rng.uniform(0, 1.2) * np.exp(rng.normal(0, 0.4, len(frequency)))
    onset = int(rng.uniform(-0.5, 0.8) * samples)
    rung = ring(rng, frequency, decay, amplitude * np.exp(-decay * max(0, -onset) / SAMPLE_RATE), samples)
    since = times(samples)
    rung *= 1 - np.exp(-(since + max(0, -onset) / SAMPLE_RATE) / log_uniform(rng, 0.0003, 0.02)).astype(np.float32)
    if onset > 0 and rng.random() < 0.6:
        blow = shape_noise(rng, samples, random_gain(rng)) * np.exp(-since / log_uniform(rng, 0.002, 0.04))
        rung += with_peak(blow.astype(np.float32), rng.uniform(-30, 0)) * np.abs(rung).max()
    return np.r_[np.zeros(max(0, onset), np.float32), rung][:samples]


def blow_noise(rng: Generator, samples: int) -> Floats:
    """Return coloured noise, its colour at rest or moving."""
    noise = shape_noise(rng, samples, random_gain(rng))
    if rng.random() < 0.4:
        other = shape_noise(rng, samples, random_gain(rng))
        share = np.linspace(0, 1, samples, dtype=np.float32) ** rng.uniform(0.3, 3)
        noise = noise / (noise.std() + 1e-9) * (1 - share) + other / (other.std() + 1e-9) * share
    return noise * random_level(rng, times(samples))


def scatter_clicks(rng: Generator, samples: int) -> Floats:
    """Return up to thirty clicks of one colour."""
    clicks = np.zeros(samples, np.float32)
    count = rng.integers(1, 30)
    clicks[rng.integers(0, samples, count)] = rng.normal(0, 1, count)
    return filtered(clicks, random_gain(rng)(bins_hz(samples)))


SOURCES: tuple[Callable[[Generator, int], Floats], ...] = (sing_harmonics, strike_modes, blow_noise, scatter_clicks)
SOURCE_SHARES = (0.42, 0.24, 0.24, 0.1)


def random_pitch(rng: Generator) -> float:
    """Return a fundamental in Hz."""
    low, median, high = PITCH_HZ
    return float(np.clip(median * 2 ** rng.normal(0, PITCH_OCTAVES), low, high))


def random_gain(rng: Generator) -> Callable[[Doubles], Doubles]:
    """Return a random colour: a function from Hz to linear gain, -100 to 30 dB.

    A tilt above a corner, up to five bumps and dips of any breadth, and in a third of the cases formants.
    """
    tilt_db, corner = rng.uniform(0, 15), rng.uniform(-4, 1)  # octaves are from 1 kHz
    bumps = int(rng.integers(0, 6))
    height, centre = rng.normal(0, 14, bumps), rng.uniform(-5, 4.4, bumps)
    breadth = log_uniform(rng, 0.05, 1.5, bumps)
    formants = int(rng.integers(2, 6)) if rng.random() < 0.33 else 0
    formant_hz = log_uniform(rng, 200, 6000, formants)
    formant_width_hz, formant_db = rng.uniform(50, 250, formants), rng.uniform(8, 30, formants)

    def gain(hz: Doubles) -> Doubles:
        octave = np.log2(np.maximum(hz, 20.0) / 1000.0)
        level_db = -tilt_db * np.maximum(octave - corner, 0)
        for peak_db, middle, width in zip(height, centre, breadth, strict=True):
            level_db += peak_db * np.exp(-0.5 * ((octave - middle) / width) ** 2)
        for peak_db, middle, width in zip(formant_db, formant_hz, formant_width_hz, strict=True):
            level_db += peak_db / (1 + ((hz - middle) / width) ** 2)
        return db_to_gain(np.clip(level_db, -100, 30))

    return gain


def random_level(rng: Generator, time: Doubles) -> Floats:
    """Return a course of level: at rest, struck once or again and again, swelling, or trembling."""
    kind = rng.integers(0, 4)
    level = np.ones_like(time)
    if kind == 1:
        level = np.zeros_like(time)
        decay, rise = log_uniform(rng, 0.02, 2), log_uniform(rng, 0.0005, 0.05)
        for onset in rng.uniform(-0.3, 0.6, 1 if rng.random() < 0.7 else rng.integers(2, 9)):
            since = np.maximum(time - onset, 0)
            level = np.maximum(level, rng.uniform(0.2, 1) * (1 - np.exp(-since / rise)) * np.exp(-since / decay))
    elif kind == 2:
        level = np.interp(time, np.linspace(0, time[-1], 5), db_to_gain(rng.uniform(-30, 0, 5)))
    elif kind == 3:
        level = 1 + rng.uniform(0, 1) * np.sin(2 * np.pi * (rng.uniform(1, 40) * time + rng.random()))
    return level.astype(np.float32)


def bend(rng: Generator, time: Doubles) -> Doubles:
    """Return the course of a pitch in octaves: a glide, a vibrato, a drop as of a struck skin, or none of these."""
    octaves = np.zeros_like(time)
    if rng.random() < 0.4:
        octaves += rng.normal(0, 0.15) * time / time[-1]
    if rng.random() < 0.5:
        octaves += rng.uniform(0, 0.03) * np.sin(2 * np.pi * (rng.uniform(3, 8) * time + rng.random()))
    if rng.random() < 0.12:
        octaves += rng.uniform(0, 2.5) * np.exp(-time / log_uniform(rng, 0.005, 0.15))
    return octaves


def evolving_spectra(rng: Generator, partials: NDArray[np.int64], pitch_hz: float, seconds: float) -> Doubles:
    """Return amplitudes (1 or KEYFRAMES, partials) of a tone: steady, decaying, or changing its colour on the way."""
    gain = random_gain(rng)(partials * pitch_hz)
    weight = rng.uniform(0.3, 1, len(partials))
    if rng.random() < 0.4:
        return (gain * weight)[None]
    way = np.linspace(0, 1, KEYFRAMES)[:, None]
    later = random_gain(rng)(partials * pitch_hz) if rng.random() < 0.4 else gain
    decay = rng.uniform(0, 6) if rng.random() < 0.7 else 0.0
    return gain ** (1 - way) * later**way * weight * np.exp(-decay * seconds * way * partials**0.7)


def place_in_room(rng: Generator, sound: Floats) -> Floats:
    """Add an exponentially decaying, coloured tail; it wraps round, so the excerpt begins inside of earlier sound."""
    tail = rng.standard_normal(len(sound), dtype=np.float32)
    tail *= np.exp(-times(len(sound)) / log_uniform(rng, 0.02, 0.6)).astype(np.float32)
    answer = fft.rfft(tail / np.sqrt(np.square(tail).sum())) * random_gain(rng)(bins_hz(len(sound)))
    wet = answer / (np.sqrt(np.square(np.abs(answer)).mean()) + 1e-9) * db_to_gain(rng.uniform(-25, 3))
    return filtered(sound, 1 + wet)


def record(rng: Generator, sound: Floats) -> Floats:
    """Return a sound as a recorder keeps it: with a noise floor, perhaps band-limited, perhaps cut off."""
    count = len(sound)
    sound = sound + rng.standard_normal(count, dtype=np.float32) * np.float32(db_to_gain(rng.uniform(-130, -60)))
    if rng.random() < 0.6:
        limit_hz = rng.choice((*BAND_LIMITS_HZ, rng.uniform(5_000, 22_000)))
        steepness = log_uniform(rng, 30, 3_000)  # Hz from the pass band to 120 dB below it
        sound = filtered(sound, db_to_gain(-120 * np.clip((bins_hz(count) - limit_hz) / steepness, 0, 1)))
        floor_db = rng.uniform(-101, -93) if rng.random() < 0.3 else rng.uniform(-160, -100)  # 16 bits, or better
        sound += rng.standard_normal(count, dtype=np.float32) * np.float32(db_to_gain(floor_db))
    if rng.random() < 0.15:
        place = rng.integers(0, count)
        sound[slice(place, None) if rng.random() < 0.6 else slice(None, place)] = 0.0
    return sound.astype(np.float32)


def log_uniform(rng: Generator, low: float, high: float, size: int | None = None) -> Doubles:
    """Return numbers whose logarithms are uniform between those of `low` and `high`."""
    return np.exp(rng.uniform(np.log(low), np.log(high), size))
