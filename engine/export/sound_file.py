"""Samples to the numbers of a sound file, block by block."""

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from engine.errors import ExportError, ShapeError
from engine.export.formats import Encoding
from engine.export.riff import forget_time_of_peak
from engine.export.target import explained

BYTES = {"PCM_16": 2, "PCM_24": 3, "FLOAT": 4}  # of a sample
LARGEST_WAV = 4_000_000_000  # bytes of samples; the size fields of a WAV have 32 bits, beyond it is written as RF64
PIECE = 1 << 16  # samples given to an encoder at once
DITHER_SEED = 0


class SoundFile:
    """A sound file being written; closed at the end of the `with` block.

    Args:
        path: Where it is written for now.
        target: Where it will be, named when something goes wrong.
        encoding: How it is written.
        channels: 1 or 2.
        expected_samples: Its length if known; a WAV that would exceed 4 GB becomes RF64.

    Attributes:
        samples: Written so far.

    Raises:
        ExportError: it cannot be opened.
    """

    def __init__(
        self, path: Path, target: Path, encoding: Encoding, channels: int, *, expected_samples: int = 0
    ) -> None:
        self._path = path
        self._target = target
        self._encoding = encoding
        self._channels = channels
        self._dither = np.random.default_rng(DITHER_SEED)
        self.samples = 0
        container = encoding.format.container
        self._room = LARGEST_WAV // (channels * BYTES[encoding.subtype]) if container == "WAV" else None
        if self._room is not None and expected_samples > self._room:
            container, self._room = "RF64", None
        with explained(target):
            self._file = soundfile.SoundFile(
                path, "w", encoding.sample_rate, channels, encoding.subtype, format=container, **encoding.format.quality
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind:
            with suppress(soundfile.LibsndfileError):  # what went wrong before is told
                self._file.close()
        else:
            with explained(self._target):
                self._file.close()
                if self._encoding.bit_depth == "32f":
                    forget_time_of_peak(self._path)

    def write(self, block: NDArray[np.float32]) -> None:
        """Append a block (samples, channels); what exceeds ±1 is clipped, except in 32-bit float.

        16 bit is dithered with triangular noise of two steps, the same in every run, however the sound is cut.

        Raises:
            ShapeError: the block has other axes or another number of channels.
            ExportError: the block holds NaN or infinity, the file outgrows the format, or the disk is full.
        """
        if block.ndim != 2 or block.shape[1] != self._channels:
            raise ShapeError(f"a block has the shape (samples, {self._channels}), this one {block.shape}")
        if not np.isfinite(block).all():
            raise ExportError("the sound holds invalid numbers (NaN or infinity) and is not written", code="export.nan")
        self.samples += len(block)
        if self._room is not None and self.samples > self._room:
            raise ExportError(
                f"a WAV file whose length is not known before cannot hold more than {self._room} samples; write FLAC",
                code="export.too_long",
            )
        with explained(self._target):
            for at in range(0, len(block), PIECE):
                self._file.write(self._encode(block[at : at + PIECE]))

    def _encode(self, block: NDArray[np.float32]) -> NDArray[np.float32] | NDArray[np.int16] | NDArray[np.int32]:
        """Turn samples into the numbers that the file holds, or that the encoder is given."""
        bit_depth = self._encoding.bit_depth
        if bit_depth == "32f":
            return block.astype(np.float32)
        if bit_depth == "16":
            noise = self._dither.random((*block.shape, 2)) @ np.array([1.0, -1.0])
            return np.clip(np.rint(block * 2.0**15 + noise), -(2**15), 2**15 - 1).astype(np.int16)
        if bit_depth == "24":
            steps = np.clip(np.rint(block * 2.0**23), -(2**23), 2**23 - 1)
            return steps.astype(np.int32) << 8  # libsndfile takes the upper 24 of 32 bits
        return np.clip(block, -1.0, 1.0).astype(np.float32)
