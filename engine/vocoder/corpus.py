"""The corpus speaks: a decoded mel spectrogram sung by frames of the model's own recordings, with their own phase.

decoded mel ─ search ─► a path of recorded frames ─ align ─ correct ─ overlap-add ─► samples

The search is `engine.vocoder.search`. Where what the model hears of both sides agrees, so does the correction: the
error that the model makes on both alike cancels, and a sound that is a recording comes out as that recording.
"""

import math
from itertools import pairwise

import numpy as np
import soxr
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft

from engine.audio.mixdown import mix_down
from engine.features.fourier import Spectra, frames_to_spectra, spectra_to_frames
from engine.features.mel import analysis_window, mel_filters, mel_to_bin_weights
from engine.units import HOP, LOG_FLOOR, N_FFT
from engine.vocoder.search import Path, Voice

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

ALIGN_SAMPLES = 384  # how far a jump may slide to meet the wave before it, ±8 ms
ALIKE_MISFIT = 0.3  # neper² at which a found frame counts little as the wanted sound
LOUDEST_CHANNEL = 2.0  # against the mix of both channels; more is what is left where they cancel
CORRECTION_LIMITS = (-9.0, 4.0)  # neper, -78 to +35 dB
RESAMPLER_MARGIN = 64  # samples read on both sides so that the resampler's edges are not heard


def speak(voice: Voice, path: Path, wanted: Floats, spectra: Spectra | None = None) -> Floats:
    """Sing a path: overlap-add its frames with their own phase, each corrected to the wanted spectrum.

    Args:
        voice: The recordings.
        path: One recorded frame for each wanted one.
        wanted: Decoded log-mel, (frames, mels), neper.
        spectra: What `recorded_spectra` says of the path, where that is known.

    Returns:
        Samples, shape ((frames - 1) * HOP, channels); frame t is centred on sample t * HOP.
    """
    spectra = recorded_spectra(voice, path) if spectra is None else spectra
    return _sound_of(spectra * _correction(voice, path, wanted)[:, None])


def recorded_spectra(voice: Voice, path: Path) -> Spectra:
    """Return the complex spectra of the recorded frames of a path, (frames, channels, bins)."""
    return frames_to_spectra(_windows(voice, path.frames) * analysis_window().numpy())


def spread(mono: Floats, balance: Floats) -> Floats:
    """Give a mono sound the channels of a path.

    Args:
        mono: Shape ((frames - 1) * HOP,).
        balance: What `channel_balance` returned, (frames, channels, bins).

    Returns:
        Samples, shape ((frames - 1) * HOP, channels).
    """
    padded = np.pad(mono, (N_FFT // 2, N_FFT))
    windows = sliding_window_view(padded, N_FFT)[::HOP][: len(balance)]
    return _sound_of(frames_to_spectra(windows * analysis_window().numpy())[:, None] * balance)


def _sound_of(spectra: Spectra) -> Floats:
    """Return the sound ((frames - 1) * HOP, channels) of spectra (frames, channels, bins) of windowed frames."""
    shaped = spectra_to_frames(spectra, N_FFT)
    shaped *= analysis_window().numpy()
    sound = overlap_add(shaped)
    sound /= overlap_weight(len(spectra))
    return sound


def channel_balance(spectra: Spectra) -> Floats:
    """Return how loud each channel is in each band, against the mix of both, (frames, channels, bins).

    Args:
        spectra: What `recorded_spectra` says of a path, (frames, channels, bins).
    """
    filters = mel_filters().numpy().T
    mix = np.abs(spectra.sum(1)) @ filters / np.float32(spectra.shape[1])
    single = np.abs(spectra) @ filters
    balance = np.clip(single / (mix[:, None] + LOG_FLOOR), 0.0, LOUDEST_CHANNEL)
    on_bins: Floats = (balance @ mel_to_bin_weights().numpy().T).astype(np.float32)
    return on_bins


def overlap_add(windows: Floats) -> Floats:
    """Add windows (frames, channels, N_FFT) at distances of HOP, frame t centred on sample t * HOP.

    Returns:
        Samples, shape ((frames - 1) * HOP, channels).
    """
    frames, channels, _ = windows.shape
    overlap = N_FFT // HOP
    pieces = windows.reshape(frames, channels, overlap, HOP)
    out = np.zeros((frames + overlap - 1, channels, HOP), dtype=windows.dtype)
    for part in range(overlap):
        out[part : part + frames] += pieces[:, :, part]
    centred = out[overlap // 2 : overlap // 2 + frames - 1]
    return centred.transpose(0, 2, 1).reshape(-1, channels)


def overlap_weight(frames: int) -> Floats:
    """Return what twice windowed frames at distances of HOP add up to, ((frames - 1) * HOP, 1); less at both ends."""
    window = analysis_window().numpy()
    few = min(frames, 2 * N_FFT // HOP)  # behind these, and before the last ones, every hop is like the one before
    weight = overlap_add(np.broadcast_to(window**2, (few, 1, N_FFT)))
    middle = few // 2 * HOP
    return np.concatenate([weight[:middle], *[weight[middle - HOP : middle]] * (frames - few), weight[middle:]])


def best_slide(onward: Floats, field: Floats) -> int:
    """Find where in a field of sound a window starts whose wave best continues another sound.

    Args:
        onward: How the other sound goes on, (N_FFT, channels).
        field: Shape (N_FFT + 2 * ALIGN_SAMPLES, channels).

    Returns:
        0 to 2 * ALIGN_SAMPLES; the middle where one of them is silent.
    """
    wave = mix_down(onward) * analysis_window().numpy()
    mono = mix_down(field)
    if not wave.any() or not mono.any():
        return ALIGN_SAMPLES
    size = fft.next_fast_len(len(mono) + N_FFT, real=True)
    match = fft.irfft(fft.rfft(mono, size) * fft.rfft(wave, size).conj(), size)[: len(mono) - N_FFT + 1]
    energy = np.concatenate([[0.0], np.cumsum(mono.astype(np.float64) ** 2)])
    return int(np.argmax(match / np.sqrt(energy[N_FFT:] - energy[:-N_FFT] + 1e-9)))


def _windows(voice: Voice, frames: Indices) -> Floats:
    """Return the recorded window of each frame, (frames, channels, N_FFT).

    Each run of frames that follow each other in a strand is read in one piece, played at its speed, and slid so that
    its wave meets the wave of the run before.
    """
    continues = (np.diff(frames) == 1) & (np.diff(voice.strands[frames]) == 0)
    edges = [0, *(np.flatnonzero(~continues) + 1), len(frames)]
    out = np.empty((len(frames), voice.channels, N_FFT), np.float32)
    onward = np.zeros((0, voice.channels), np.float32)
    for first, last in pairwise(edges):
        length = N_FFT + (last - first) * HOP  # one hop more than the run, for the next one to meet
        field = _read(voice, int(frames[first]), length + 2 * ALIGN_SAMPLES)
        slide = best_slide(onward, field[: N_FFT + 2 * ALIGN_SAMPLES]) if len(onward) else ALIGN_SAMPLES
        piece = field[slide : slide + length]
        out[first:last] = sliding_window_view(piece, N_FFT, axis=0)[: (last - first) * HOP : HOP]
        onward = piece[-N_FFT:]
    return out


def _read(voice: Voice, frame: int, length: int) -> Floats:
    """Return `length` samples at the speed of a frame, from ALIGN_SAMPLES before its window on, then silence."""
    speed = float(voice.speeds[frame])
    reach = N_FFT // 2 + ALIGN_SAMPLES
    margin = 0 if speed == 1.0 else RESAMPLER_MARGIN
    first = round(float(voice.centres[frame]) - (reach + margin) * speed)
    last = first + math.ceil((length + 2 * margin) * speed)
    source = voice.samples[max(0, first) : max(0, last)]
    padding = (max(0, -first), max(0, last - max(first, 0) - len(source)))
    source = np.pad(source, (padding, (0, 0))) if any(padding) else source
    if speed == 1.0:
        return source
    return soxr.resample(source, speed, 1.0, quality="HQ")[margin : margin + length].astype(np.float32)


def _correction(voice: Voice, path: Path, wanted: Floats) -> Floats:
    """Return the gain (frames, bins) that turns the found frames into what was wanted.

    What the model misses in a recording is added to what it wants, as far as the two are the same sound.
    """
    heard, recorded = (rows[path.frames].astype(np.float32) for rows in (voice.heard, voice.recorded))
    alike = np.exp(-path.misfit / ALIKE_MISFIT)[:, None]
    gain = np.clip(wanted + alike * (recorded - heard) - recorded, *CORRECTION_LIMITS)
    return np.exp(gain @ mel_to_bin_weights().numpy().T)
