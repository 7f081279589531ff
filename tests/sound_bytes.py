"""Sound files byte by byte, as recorders, editors and accidents leave them."""

import io
import struct

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 44_100
Floats = NDArray[np.float32]


def make_sound(seconds: float = 1.0, rate: int = RATE, channels: int = 1, seed: int = 0) -> Floats:
    """Return a tone that fades, with a little noise, (samples,) or (samples, channels); its peak is 0.5."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    parts = []
    for channel in range(channels):
        tone = np.sin(2 * np.pi * (200 + 60 * seed + 150 * channel) * time) * (0.6 + 0.4 * np.cos(7 * time))
        parts.append(tone + 0.02 * random.standard_normal(len(time)))
    sound = np.stack(parts, axis=1)
    sound = np.asarray(0.5 * sound / np.abs(sound).max(), np.float32)
    return sound[:, 0] if channels == 1 else sound


def to_pcm16(sound: Floats) -> bytes:
    """Return samples as whole numbers of 16 bits, little endian."""
    return np.round(sound * 32_767).astype("<i2").tobytes()


def make_chunk(name: bytes, body: bytes, *, size: int | None = None, pad: bool = True, order: str = "<") -> bytes:
    """Return a chunk, which may tell a wrong size or leave out the byte that fills up odd ones."""
    told = struct.pack(order + "I", len(body) if size is None else size)
    return name + told + body + (b"\0" if pad and len(body) % 2 else b"")


def make_format(rate: int = RATE, channels: int = 1, bits: int = 16, tag: int = 1) -> bytes:
    """Return the 16 bytes of a WAV's format."""
    return struct.pack("<HHIIHH", tag, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits)


def make_riff(*chunks: bytes, size: int | None = None) -> bytes:
    """Return a WAV of chunks, which may tell a wrong size."""
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def make_wav(sound: Floats, *, rate: int = RATE, size: int | None = None, riff_size: int | None = None) -> bytes:
    """Return a plain WAV of 16 bits, which may tell wrong sizes."""
    channels = 1 if sound.ndim == 1 else sound.shape[1]
    form = make_chunk(b"fmt ", make_format(rate, channels))
    return make_riff(form, make_chunk(b"data", to_pcm16(sound), size=size), size=riff_size)


def make_aiff(sound: Floats, *, frames: int | None = None, size: int | None = None, before: bytes = b"") -> bytes:
    """Return an AIFF of 16 bits, which may tell wrong sizes; `before`: chunks before the sound."""
    channels = 1 if sound.ndim == 1 else sound.shape[1]
    told = len(sound) if frames is None else frames
    rate = struct.pack(">HQ", 16_383 + 15, RATE << 48)
    common = make_chunk(b"COMM", struct.pack(">hIh", channels, told, 16) + rate, order=">")
    samples = np.round(sound * 32_767).astype(">i2").tobytes()
    body = b"AIFF" + common + before + make_chunk(b"SSND", bytes(8) + samples, size=size, order=">")
    return b"FORM" + struct.pack(">I", len(body)) + body


def encode(sound: Floats, container: str, *, rate: int = RATE, **settings: object) -> bytes:
    """Return a sound file as libsndfile writes it."""
    file = io.BytesIO()
    soundfile.write(file, sound, rate, format=container, **settings)
    return file.getvalue()


def without_first_frame(stored: bytes) -> bytes:
    """Return an MP3 without the frame that tells its length, as streams and old programs leave it."""
    at = max(stored.find(b"Xing"), stored.find(b"Info"))
    return stored[:at] + b"\0\0\0\0" + stored[at + 4 :]
