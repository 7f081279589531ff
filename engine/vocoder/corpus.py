"""The corpus speaks: a decoded mel spectrogram sung by frames of the model's own recordings, with their own phase.

decoded mel ─ search ─► a path of recorded frames ─ align ─ correct ─ overlap-add ─► samples

The model never hears a recording exactly; it hears its own decoding of it. Frames are therefore compared by what the
model hears of both sides, and where they agree so does the correction: the error that the model makes on both alike
cancels, and a sound that is a recording comes out as that recording.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import soxr
import torch
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft

from engine.errors import ShapeError
from engine.features.mel import analysis_window, mel_filters, mel_to_bin_weights
from engine.units import HOP, LOG_FLOOR, MEL_BANDS, N_FFT

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

NEIGHBOURS = 12  # candidates of a frame by similarity
SEARCH_EVERY = 2  # frames; the others take what follows the candidates of the frame before
FOLLOWED = 12  # candidates more: the continuations of the best paths so far
BLOCK = 8  # consecutive frames of which the search keeps the nearest
REDUCED = 24  # dimensions of the search space
LEVEL_WEIGHT = 0.3  # of the level in the search, against 1 for the shape: a gain is cheap to correct
AUDIBLE_RANGE = 9.2  # neper (80 dB) below the loudest moment: what is under it does not steer the search
JUMP_COST = 1.0  # neper², what leaving a recording must save
REPEAT_COST = 2.0  # neper², more for going back to what has just been played: a short loop buzzes
REPEAT_FRAMES = 48  # how long something has just been played, half a second
SEAM_WEIGHT = 0.5  # of the spectral step at a jump, neper²
ALIGN_SAMPLES = 384  # how far a jump may slide to meet the wave before it, ±8 ms
ALIKE_MISFIT = 0.3  # neper² at which a found frame counts little as the wanted sound
LOUDEST_CHANNEL = 2.0  # against the mix of both channels; more is what is left where they cancel
CORRECTION_LIMITS = (-9.0, 4.0)  # neper, -78 to +35 dB
RESAMPLER_MARGIN = 64  # samples read on both sides so that the resampler's edges are not heard
CHUNK_VALUES = 16_000_000  # distances held at once, 64 MB


@dataclass(frozen=True)
class Strand:
    """One recording at one speed, as the model hears it.

    Attributes:
        recording: Index of the recording.
        start: Its first sample in the corpus.
        speed: 1 as recorded; above 1 faster and higher. Frame t is centred on sample start + t * HOP * speed.
        recorded: Log-mel of each frame, (frames, mels), neper.
        heard: What the model decodes for each frame, (frames, mels), neper.
    """

    recording: int
    start: int
    speed: float
    recorded: Floats
    heard: Floats


@dataclass(frozen=True)
class Voice:
    """The recordings of a model, laid end to end, and what the model hears in them at several speeds.

    Attributes:
        samples: Shape (samples, channels). At least N_FFT zeros stand before, between and after the recordings.
        centres: The sample on which each frame is centred, (frames,).
        speeds: The speed at which each frame is played, (frames,).
        strands: Which strand each frame belongs to, (frames,).
        recordings: Which recording each frame belongs to, (frames,).
        recorded: Log-mel of each frame, (frames, mels), neper.
        heard: What the model decodes for each frame, (frames, mels), neper.
        reduced: `heard` in the search space, (frames, REDUCED).
        axes: Projection from weighted log-mel to the search space, (mels, REDUCED).
        loudest: Highest value in `heard`, neper.
    """

    samples: Floats
    centres: NDArray[np.float64]
    speeds: NDArray[np.float64]
    strands: Indices
    recordings: Indices
    recorded: Floats
    heard: Floats
    reduced: Floats
    axes: Floats
    loudest: float

    @property
    def channels(self) -> int:
        """Return 1 or 2."""
        return self.samples.shape[1]


@dataclass(frozen=True)
class Path:
    """Which recorded frame speaks at each moment.

    Attributes:
        frames: Indices into the voice, (frames,).
        misfit: Distance between what was wanted and what was found, (frames,), neper².
    """

    frames: Indices
    misfit: Floats


def build_voice(samples: Floats, strands: Sequence[Strand]) -> Voice:
    """Prepare recordings for the search.

    Raises:
        ShapeError: a strand does not have MEL_BANDS columns, or there is none.
    """
    spectra = [spectrum for strand in strands for spectrum in (strand.heard, strand.recorded)]
    if not strands or any(spectrum.ndim != 2 or spectrum.shape[1] != MEL_BANDS for spectrum in spectra):
        raise ShapeError(f"a voice needs strands of shape (frames, {MEL_BANDS})")
    lengths = [len(strand.heard) for strand in strands]
    heard = np.concatenate([strand.heard for strand in strands])
    recordings = np.repeat([strand.recording for strand in strands], lengths)
    loudest = float(heard.max())
    shape = _searchable(heard, loudest)
    _, spread = np.linalg.eigh(np.cov(shape.T.astype(np.float64)))
    axes = np.ascontiguousarray(spread[:, ::-1][:, :REDUCED], dtype=np.float32)
    reduced = shape @ axes
    return Voice(
        samples=samples,
        centres=np.concatenate([part.start + HOP * part.speed * np.arange(len(part.heard)) for part in strands]),
        speeds=np.repeat([strand.speed for strand in strands], lengths),
        strands=np.repeat(np.arange(len(strands)), lengths),
        recordings=recordings,
        recorded=np.concatenate([strand.recorded for strand in strands]),
        heard=heard,
        reduced=reduced,
        axes=axes,
        loudest=loudest,
    )


def find_path(voice: Voice, wanted: Floats) -> Path:
    """Choose a recorded frame for each wanted one: alike, and where possible the continuation of the one before.

    Args:
        voice: The recordings.
        wanted: Decoded log-mel, (frames, mels), neper.
    """
    if wanted.ndim != 2 or wanted.shape[1] != MEL_BANDS or len(wanted) == 0:
        raise ShapeError(f"the search takes (frames, {MEL_BANDS}), not {wanted.shape}")
    target = _searchable(wanted, voice.loudest) @ voice.axes
    near = _nearest(voice.reduced, target[::SEARCH_EVERY])
    steps = np.arange(len(target))
    onward = near[steps // SEARCH_EVERY] + (steps % SEARCH_EVERY)[:, None]
    return _cheapest(voice, np.minimum(onward, len(voice.reduced) - 1), target)


def speak(voice: Voice, path: Path, wanted: Floats) -> Floats:
    """Sing a path: overlap-add its frames with their own phase, each corrected to the wanted spectrum.

    Args:
        voice: The recordings.
        path: One recorded frame for each wanted one.
        wanted: Decoded log-mel, (frames, mels), neper.

    Returns:
        Samples, shape ((frames - 1) * HOP, channels); frame t is centred on sample t * HOP.
    """
    return _filtered(_windows(voice, path.frames), _correction(voice, path, wanted)[:, None])


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
    return _filtered(windows[:, None], balance)


def _filtered(windows: Floats, gain: Floats) -> Floats:
    """Weigh, filter and add windows (frames, channels, N_FFT) by gains (frames, channels, bins), either may be mono."""
    window = analysis_window().numpy()
    spectra = fft.rfft(windows * window, axis=-1, workers=-1) * gain
    shaped = fft.irfft(spectra, N_FFT, axis=-1, workers=-1).astype(np.float32) * window
    weight = overlap_add(np.broadcast_to(window**2, (len(windows), 1, N_FFT)))  # less at both ends, where windows lack
    return overlap_add(shaped) / weight


def channel_balance(voice: Voice, path: Path) -> Floats:
    """Return how loud each channel of a path is in each band, against the mix of both, (frames, channels, bins)."""
    windows = _windows(voice, path.frames) * analysis_window().numpy()
    filters = mel_filters().numpy().T
    mix = np.abs(fft.rfft(windows.mean(1), axis=-1, workers=-1)) @ filters
    single = np.abs(fft.rfft(windows, axis=-1, workers=-1)) @ filters
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


def best_slide(onward: Floats, field: Floats) -> int:
    """Find where in a field of sound a window starts whose wave best continues another sound.

    Args:
        onward: How the other sound goes on, (N_FFT, channels).
        field: Shape (N_FFT + 2 * ALIGN_SAMPLES, channels).

    Returns:
        0 to 2 * ALIGN_SAMPLES; the middle where one of them is silent.
    """
    wave = onward.mean(1) * analysis_window().numpy()
    mono = field.mean(1)
    if not wave.any() or not mono.any():
        return ALIGN_SAMPLES
    size = fft.next_fast_len(len(mono) + N_FFT, real=True)
    match = fft.irfft(fft.rfft(mono, size) * fft.rfft(wave, size).conj(), size)[: len(mono) - N_FFT + 1]
    energy = np.concatenate([[0.0], np.cumsum(mono.astype(np.float64) ** 2)])
    return int(np.argmax(match / np.sqrt(energy[N_FFT:] - energy[:-N_FFT] + 1e-9)))


def _searchable(log_mel: Floats, loudest: float) -> Floats:
    """Scale log-mels so that squared distances are in neper² a band, with most of the level taken out."""
    audible = np.maximum(log_mel, loudest - AUDIBLE_RANGE)
    level = audible.mean(1, keepdims=True)
    return ((audible - level) + LEVEL_WEIGHT * level) / np.float32(np.sqrt(MEL_BANDS))


def _nearest(reduced: Floats, target: Floats) -> Indices:
    """Return for each row of `target` the nearest row in each of the NEIGHBOURS nearest blocks of `reduced`.

    Consecutive frames are much alike; one of each BLOCK leaves room for candidates that differ.

    Returns:
        Shape (frames, NEIGHBOURS), or fewer columns where there are not as many blocks.
    """
    rows, keys = torch.from_numpy(target), torch.from_numpy(reduced)
    blocks = -(-len(keys) // BLOCK)
    missing = blocks * BLOCK - len(keys)
    size = torch.nn.functional.pad(keys.square().sum(1), (0, missing), value=torch.inf)
    columns = torch.nn.functional.pad(keys, (0, 0, 0, missing)).T
    found = []
    for part in rows.split(max(1, CHUNK_VALUES // (blocks * BLOCK))):
        distance = torch.addmm(size, part, columns, alpha=-2).reshape(len(part), blocks, BLOCK)
        block = torch.topk(distance.amin(2), min(NEIGHBOURS, blocks), dim=1, largest=False).indices
        inside = distance.gather(1, block[..., None].expand(-1, -1, BLOCK)).argmin(2)
        found.append(block * BLOCK + inside)
    return torch.cat(found).numpy()


def _cheapest(voice: Voice, near: Indices, target: Floats) -> Path:
    """Find the cheapest path by the Viterbi algorithm.

    The candidates of a frame are those near it, and the continuations of the FOLLOWED best paths so far: a path that
    fits can always stay in its recording.

    Args:
        voice: The recordings.
        near: Candidates for each frame, (frames, candidates).
        target: What is wanted, in the search space, (frames, REDUCED).
    """
    last = len(voice.reduced) - 1
    candidates, origins = [near[0]], [near[0]]
    misfits = [_misfit(voice, near[0], target[0])]
    total = misfits[0]
    for t in range(1, len(target)):
        before = candidates[-1]
        followed = np.argsort(total, kind="stable")[:FOLLOWED]
        now = np.concatenate([near[t], np.minimum(before[followed] + 1, last)])
        price = total[:, None] + _step_prices(voice, before, now)
        origins.append(price.argmin(0))
        candidates.append(now)
        misfits.append(_misfit(voice, now, target[t]))
        total = price[origins[-1], np.arange(len(now))] + misfits[-1]
    at = int(total.argmin())
    frames, misfit = np.empty(len(target), np.int64), np.empty(len(target), np.float32)
    for t in range(len(target) - 1, -1, -1):
        frames[t], misfit[t] = candidates[t][at], misfits[t][at]
        at = int(origins[t][at]) if t else at
    return Path(frames, misfit)


def _misfit(voice: Voice, candidates: Indices, target: Floats) -> Floats:
    """Return the distance of candidates to what is wanted, (candidates,), neper²."""
    distance: Floats = ((voice.reduced[candidates] - target) ** 2).sum(-1)
    return distance


def _step_prices(voice: Voice, before: Indices, now: Indices) -> Floats:
    """Return what each step from one candidate to the next costs, (before, now), neper²."""
    natural = np.minimum(before + 1, len(voice.reduced) - 1)
    inside = (natural > before) & (voice.strands[natural] == voice.strands[before])
    step = voice.reduced[natural][:, None] - voice.reduced[now][None]
    back = before[:, None] - now[None]
    same = voice.strands[before][:, None] == voice.strands[now][None]
    jump = JUMP_COST + SEAM_WEIGHT * np.einsum("ijd,ijd->ij", step, step)
    jump += REPEAT_COST * (same & (back >= 0) & (back < REPEAT_FRAMES))
    return np.where((natural[:, None] == now[None]) & inside[:, None], 0.0, jump).astype(np.float32)


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
    heard, recorded = voice.heard[path.frames], voice.recorded[path.frames]
    alike = np.exp(-path.misfit / ALIKE_MISFIT)[:, None]
    gain = np.clip(wanted + alike * (recorded - heard) - recorded, *CORRECTION_LIMITS)
    return np.exp(gain @ mel_to_bin_weights().numpy().T)
