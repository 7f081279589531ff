"""The doctor's portrait of one recording: its average spectrum, its mel statistics and how it opens."""

import hashlib
from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded where they are used: together they take more than half a second
from numpy.typing import NDArray

from engine.audio.loudness import LoudnessMeter
from engine.units import BINS, DB_PER_NEPER, HOP, MEL_BANDS, N_FFT, SAMPLE_RATE, SILENCE_DB

PIECE_FRAMES = 469  # 5 s, analysed at once
OPENING_FRAMES = 30 * SAMPLE_RATE // HOP
OPENING_CELLS = 48
OPENING_BANDS = 24  # of four mel bands each, up to 8 kHz: coding takes away from the highest first
OPENING_RANGE_DB = 50.0

LIMIT_LOW_HZ, LIMIT_HIGH_HZ = 3_500.0, 19_900.0
MISSED_BELOW_HZ = 18_500.0  # a limit above is not missed
LIMIT_WINDOW_BINS = 35  # 820 Hz, whose median ignores single partials
LIMIT_GAP_BINS = 16  # 375 Hz, the width that a coder's or converter's cliff may have
LIMIT_DROP_DB = 22.0
FLOOR_PERCENT = 15  # of the bins of a window lie below its noise: partials stand above it
FLOOR_FROM_HZ = 300.0  # lower down rumble is filtered away
FLOOR_DROP_DB = 14.0  # by which the noise, wherever it is least, is above what is left behind the cliff
LIMIT_FLOOR_DB = -118.0  # a bin below this, before the cliff, is hiss
SHORTEST_LIMIT_FRAMES = 12
LOWEST_LEVEL_DB, LEVELS = -200, 280  # of a frame, in steps of 1 dB
OWN_SILENCE_DB = 40.0  # below the loudest frame, where that lies lower than SILENCE_DB: soft recordings have pauses too


@dataclass(frozen=True)
class Portrait:
    """The sound of one recording in numbers.

    Attributes:
        loudness_lufs: Integrated loudness.
        silence_share: Share of frames below SILENCE_DB, or further down in soft recordings, 0 to 1.
        mel_db: Mean log-mel of the frames with sound in dB, shape (mels,).
        opening_db: The first 30 s from the onset on, in few cells, without its level, shape (cells * bands,).
        band_limit_hz: Where the spectrum breaks off, None if it does not.
        mono_loss_db: By how much the mean of both channels is weaker than they are, 0 for mono.
        fingerprint: Of the decoded samples; equal for equal sound in any lossless format.
    """

    loudness_lufs: float
    silence_share: float
    mel_db: NDArray[np.float64]
    opening_db: NDArray[np.float64]
    band_limit_hz: float | None
    mono_loss_db: float
    fingerprint: str


class Listener:
    """Makes the portrait of one recording from its blocks, in memory that does not grow with its length.

    Args:
        sample_rate: As stored, in Hz.
        channels: 1 or 2.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._loudness = LoudnessMeter(channels)
        self._hash = hashlib.blake2b(f"{sample_rate} {channels}".encode(), digest_size=16)
        self._waiting = np.zeros((0, channels), np.float32)
        self._power = np.zeros(BINS)
        self._power_frames = 0
        self._mel_sums = np.zeros((LEVELS, MEL_BANDS))  # by the level of their frames
        self._frames = np.zeros(LEVELS, np.int64)
        self._opening: list[NDArray[np.float32]] = []
        self._energy = np.zeros(2)  # of the mean of the channels, of the channels

    def hear_source(self, block: NDArray[np.float32]) -> None:
        """Take the next block (samples, channels) at the file's own rate."""
        self._hash.update((block + np.float32(0.0)).tobytes())  # minus zero becomes zero

    def hear(self, block: NDArray[np.float32]) -> None:
        """Take the next block (samples, channels) at SAMPLE_RATE."""
        self._loudness.update(block)
        self._energy += (np.square(block.mean(1)).sum(dtype=np.float64), np.square(block).mean(1).sum(dtype=np.float64))
        self._waiting = np.concatenate([self._waiting, block])
        piece = PIECE_FRAMES * HOP
        while len(self._waiting) > piece + N_FFT:
            self._analyse(self._waiting[: piece + N_FFT], PIECE_FRAMES)
            self._waiting = self._waiting[piece:]

    def finish(self) -> Portrait:
        """Return the portrait when there are no more blocks; at least one sample has been heard."""
        self._analyse(self._waiting, 1 + len(self._waiting) // HOP)
        power = self._power / max(1, self._power_frames)
        mono, both = self._energy
        quietest = self._find_quietest()
        sounding = int(self._frames[quietest:].sum())
        return Portrait(
            loudness_lufs=self._loudness.lufs(),
            silence_share=1.0 - sounding / int(self._frames.sum()),
            mel_db=DB_PER_NEPER * self._mel_sums[quietest:].sum(0) / max(1, sounding),
            opening_db=describe_opening(np.concatenate(self._opening, axis=1)),
            band_limit_hz=find_band_limit(power) if self._power_frames >= SHORTEST_LIMIT_FRAMES else None,
            mono_loss_db=10.0 * float(np.log10((both + 1e-30) / (mono + 1e-30))),
            fingerprint=self._hash.hexdigest(),
        )

    def _find_quietest(self) -> int:
        """Return the place of the lowest level that is no silence."""
        loudest_db = float(np.flatnonzero(self._frames)[-1]) + LOWEST_LEVEL_DB
        return max(0, round(min(SILENCE_DB, loudest_db - OWN_SILENCE_DB)) - LOWEST_LEVEL_DB)

    def _analyse(self, samples: NDArray[np.float32], frames: int) -> None:
        """Add the first `frames` frames of `samples`, whose power is the mean of the channels'."""
        import torch  # takes seconds to import, and who only names the folder does without

        from engine.features.mel import magnitude_to_log, magnitude_to_mel, spectrum

        transform = spectrum(torch.from_numpy(np.ascontiguousarray(samples.T)))[..., :frames]
        power = transform.abs().square().mean(0)
        mel = magnitude_to_log(magnitude_to_mel(power.sqrt())).numpy()
        rms_db = 10.0 * np.log10(power.sum(0).numpy() / 3.0 + 1e-30)  # of a frame under its window
        levels = np.clip(np.floor(rms_db).astype(int) - LOWEST_LEVEL_DB, 0, LEVELS - 1)
        self._frames += np.bincount(levels, minlength=LEVELS)
        np.add.at(self._mel_sums, levels, mel.T)
        whole = power[:, N_FFT // 2 // HOP : 1 + (len(samples) - N_FFT // 2) // HOP].numpy()
        self._power += whole.sum(1)
        self._power_frames += whole.shape[1]
        if sum(part.shape[1] for part in self._opening) < OPENING_FRAMES:
            self._opening.append(mel.reshape(MEL_BANDS // 4, 4, -1).mean(1)[:OPENING_BANDS])


def describe_opening(mel: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the first 30 s from the onset on as OPENING_CELLS steps in dB, its mean level removed, (cells * bands,).

    The onset is where a frame first comes within 30 dB of the loudest, so silence put before a copy does not count.
    """
    level = mel.max(axis=0)
    onset = int(np.flatnonzero(level > level.max() - 30.0 / DB_PER_NEPER)[0])
    part = mel[:, onset : onset + OPENING_FRAMES] * DB_PER_NEPER
    part = np.maximum(part, part.max() - OPENING_RANGE_DB)
    sums = np.concatenate([np.zeros((len(part), 1)), np.cumsum(part, axis=1, dtype=np.float64)], axis=1)
    edges = np.linspace(0, part.shape[1], OPENING_CELLS + 1)
    at_edges = np.stack([np.interp(edges, np.arange(sums.shape[1]), row) for row in sums])
    cells = np.diff(at_edges, axis=1) / np.diff(edges)
    return np.asarray((cells - cells.mean()).T.ravel())


def find_band_limit(power: NDArray[np.float64]) -> float | None:
    """Return the frequency at which an average spectrum falls off a cliff for good, None if there is none.

    Dark sounds fall too, but over octaves; a coder's low-pass and a converter's filter fall LIMIT_DROP_DB within
    a few hundred hertz, and nothing comes after. A sound that ends above the noise of its room or its format falls
    into that noise, which is there below the cliff as well, between its partials or beside them. A low-pass takes the
    noise away too: behind it there is less than anywhere before it.

    Args:
        power: Mean squared magnitude, 1 being a full-scale sine, shape (bins,).
    """
    exact = 10.0 * np.log10(power + 1e-20)
    level = scipy.ndimage.median_filter(exact, LIMIT_WINDOW_BINS, mode="nearest")
    reach = (LIMIT_WINDOW_BINS + LIMIT_GAP_BINS) // 2
    bin_hz = SAMPLE_RATE / N_FFT
    edges = np.arange(round(LIMIT_LOW_HZ / bin_hz), round(LIMIT_HIGH_HZ / bin_hz))
    before = level[edges - reach]
    highest_after = np.maximum.accumulate(level[::-1])[::-1][edges + reach]
    drop = before - highest_after
    floor = scipy.ndimage.percentile_filter(exact, FLOOR_PERCENT, LIMIT_WINDOW_BINS, mode="nearest")
    lowest = np.minimum.accumulate(floor[round(FLOOR_FROM_HZ / bin_hz) :])
    lowest_before = lowest[edges - reach - round(FLOOR_FROM_HZ / bin_hz)]
    cliff = (drop >= LIMIT_DROP_DB) & (lowest_before - highest_after >= FLOOR_DROP_DB) & (before > LIMIT_FLOOR_DB)
    if not cliff.any():
        return None
    edge = int(edges[cliff][drop[cliff].argmax()])
    around = level[edge - 2 * reach : edge + reach + 1]
    halfway = (level[edge - reach] + level[edge + reach]) / 2
    limit_hz = float((edge - 2 * reach + np.flatnonzero(around < halfway)[0]) * bin_hz)
    return limit_hz if limit_hz < MISSED_BELOW_HZ else None
