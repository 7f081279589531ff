"""The one frame in which all models of all users hear, and conversions between its units.

Models can be blended because they agree on these numbers; none of them is a setting. Times are in seconds or
samples at SAMPLE_RATE, levels in dB relative to full scale, spectra are natural logarithms of magnitude.
"""

import math

SAMPLE_RATE = 48_000  # Hz, of everything between reading and export
N_FFT = 2048  # samples, 43 ms: resolves partials 23 Hz apart
HOP = 512  # samples, 11 ms: attacks stay attacks
BINS = N_FFT // 2 + 1
MEL_BANDS = 128
MEL_LOW_HZ = 30.0
MEL_HIGH_HZ = 20_000.0
LOG_FLOOR = 1e-6  # added to a magnitude before its logarithm: 120 dB below a full-scale sine
DB_PER_NEPER = 20.0 / math.log(10.0)  # 8.69: of a difference of logarithms of magnitudes
LATENT_STRIDE = 4  # frames per latent frame: 23 latent frames per second
LATENT_HOP = HOP * LATENT_STRIDE  # samples per latent frame

SHORTEST_FILE_SECONDS = 0.005  # shorter recordings hold no sound that could be learned
PADDED_FILE_SECONDS = 0.02  # shorter ones are followed by silence up to this
SILENCE_DB = -70.0  # a passage below this is silence
TRUE_PEAK_DB = -1.0  # dBTP, the ceiling of everything that is written


def amplitude_to_db(amplitude: float) -> float:
    """Convert a linear amplitude (1 = full scale) to dB; zero gives -200 dB rather than minus infinity."""
    return 20.0 * math.log10(max(abs(amplitude), 1e-10))


def db_to_amplitude(level_db: float) -> float:
    """Convert dB relative to full scale to a linear amplitude."""
    return 10.0 ** (level_db / 20.0)


def seconds_to_samples(seconds: float) -> int:
    """Convert a time to the nearest whole number of samples at SAMPLE_RATE."""
    return round(seconds * SAMPLE_RATE)


def samples_to_seconds(samples: int) -> float:
    """Convert a number of samples at SAMPLE_RATE to seconds."""
    return samples / SAMPLE_RATE
