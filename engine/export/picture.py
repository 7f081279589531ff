"""A picture of a sound for the cover of its file: time to the right, pitch upwards, the louder the lighter."""

from collections.abc import Iterable

import numpy as np
import scipy  # its parts are loaded where they are used: most files have no picture
from numpy.typing import NDArray

from engine.export.png import indices_to_png
from engine.units import DB_PER_NEPER, HOP, LOG_FLOOR, MEL_BANDS, N_FFT

Floats = NDArray[np.float32]
SIZE = 600  # pixels, each way
COLOURS = 96  # steps that can just be told apart; more would make the file larger and not more beautiful
DEPTH_DB = 72.0  # from the lightest to the darkest
TILT_DB = 12.0  # by which the highest band is raised over the lowest; most sounds fall off upwards
SILENCE_DB = DB_PER_NEPER * np.log(LOG_FLOOR)
LOUD_PERCENTILE = 99.8  # what is louder than this share of the picture is as light as it gets
FIRST_STEP = 128  # samples to a column while the sound is short
FIRST_PIECE = 1 << 16  # samples analysed at once
MARGIN = N_FFT // 2  # samples that an analysis frame takes in before and behind its middle


class Panorama:
    """Gathers the log-mel frames of one sound of any length in at most 2 * SIZE columns.

    Columns begin narrow. Whenever there are too many, neighbours are merged and the next ones are twice as wide.
    """

    def __init__(self) -> None:
        self._columns = np.zeros((MEL_BANDS, 0), np.float32)
        self._held: Floats | None = None
        self._step = FIRST_STEP
        self._piece = FIRST_PIECE

    def update(self, block: Floats) -> None:
        """Take the next block, shape (samples, channels), at SAMPLE_RATE."""
        before = np.zeros((MARGIN, block.shape[1]), np.float32) if self._held is None else self._held
        self._held = np.concatenate([before, block])
        while len(self._held) >= MARGIN + self._piece + MARGIN:
            span, self._held = self._held[: self._piece + 2 * MARGIN], self._held[self._piece :]
            self._add(span, self._piece)

    def columns(self) -> Floats:
        """Return the log-mel spectrogram of the whole in neper, shape (mels, columns), at least one column."""
        if self._held is not None and len(self._held) > MARGIN:
            rest, self._held = self._held, None
            missing = -(len(rest) - MARGIN) % self._step
            self._add(np.pad(rest, ((0, missing + MARGIN), (0, 0))), len(rest) - MARGIN + missing)
        if self._columns.shape[1]:
            return self._columns
        return np.full((MEL_BANDS, 1), np.log(LOG_FLOOR), np.float32)

    def _add(self, span: Floats, samples: int) -> None:
        """Analyse the samples that stand in `span` between two margins; their number is a multiple of the step."""
        import torch  # takes seconds to import, and few files have a picture

        from engine.features.mel import log_mel

        hop = min(self._step, HOP)
        frames = log_mel(torch.from_numpy(np.ascontiguousarray(span.T)), hop).mean(0).numpy()
        frames = frames[:, MARGIN // hop : MARGIN // hop + samples // hop]
        self._columns = np.concatenate([self._columns, _merge(frames, self._step // hop)], axis=1)
        if self._columns.shape[1] >= 2 * SIZE and self._columns.shape[1] % 2 == 0:
            self._columns = _merge(self._columns, 2)
            self._step *= 2
            self._piece = max(self._piece, self._step)


def _merge(frames: Floats, count: int) -> Floats:
    """Average the magnitudes of each `count` neighbouring frames (mels, frames)."""
    return np.log(np.exp(frames).reshape(MEL_BANDS, -1, count).mean(2))


def draw_spectrogram(blocks: Iterable[Floats]) -> bytes:
    """Draw a sound of any length.

    Args:
        blocks: Shape (samples, channels) each, at SAMPLE_RATE.

    Returns:
        A PNG file of SIZE by SIZE pixels.
    """
    return indices_to_png(shade(blocks, SIZE, SIZE), make_palette())


def shade(blocks: Iterable[Floats], height: int, width: int) -> NDArray[np.uint8]:
    """Return the spectrogram of a sound of any length as steps of lightness.

    Args:
        blocks: Shape (samples, channels) each, at SAMPLE_RATE.
        height: In pixels.
        width: In pixels.

    Returns:
        Shape (height, width), 0 to COLOURS - 1, the highest pitch first.
    """
    panorama = Panorama()
    for block in blocks:
        panorama.update(block)
    level_db = panorama.columns() * DB_PER_NEPER + np.linspace(0.0, TILT_DB, MEL_BANDS)[:, None]
    factors = (height / MEL_BANDS, width / level_db.shape[1])
    level_db = scipy.ndimage.zoom(level_db, factors, order=3, mode="nearest", grid_mode=True)
    lightest_db = max(float(np.percentile(level_db, LOUD_PERCENTILE)), SILENCE_DB + TILT_DB + DEPTH_DB)
    share = np.clip(1.0 + (level_db - lightest_db) / DEPTH_DB, 0.0, 1.0)
    return np.rint(share[::-1] * (COLOURS - 1)).astype(np.uint8)


def make_palette() -> NDArray[np.uint8]:
    """Return colours from night blue over violet and coral to cream, evenly growing lighter, shape (COLOURS, 3).

    They are a path in OKLCh (Ottosson 2020), in which equal steps of lightness look equal.
    """
    share = np.linspace(0.0, 1.0, COLOURS)
    lightness = 0.15 + 0.82 * share
    hue = np.radians(270.0 + 180.0 * share**1.1)
    chroma = 0.05 + 0.14 * np.sin(np.pi * share**0.9) ** 1.2
    return oklch_to_srgb(lightness, chroma, hue)


def oklch_to_srgb(
    lightness: NDArray[np.float64], chroma: NDArray[np.float64], hue: NDArray[np.float64]
) -> NDArray[np.uint8]:
    """Convert colours, shape (colours,) each, hue in radians, to red, green and blue, shape (colours, 3)."""
    a, b = chroma * np.cos(hue), chroma * np.sin(hue)
    cone = np.stack(
        [
            lightness + 0.3963377774 * a + 0.2158037573 * b,
            lightness - 0.1055613458 * a - 0.0638541728 * b,
            lightness - 0.0894841775 * a - 1.2914855480 * b,
        ]
    )
    to_linear = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ]
    )
    linear = np.clip(to_linear @ cone**3, 0.0, 1.0)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1.0 / 2.4) - 0.055)
    return np.asarray(np.rint(255.0 * encoded.T), np.uint8)
