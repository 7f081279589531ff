"""Sound files of every kind, made at random and then harmed: what is read is what was made, or a notice is true.

SDA_FUZZ_SOUNDS says how many; each is its own seed, so that one that fails can be made again.
"""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sound_bytes import encode, make_aiff, make_chunk, make_format, make_riff, to_pcm16

from engine.audio.channels import Mixer, find_speakers
from engine.audio.source import RecordingError, source_blocks
from engine.dataset.folder import check_recording

COUNT = int(os.environ.get("SDA_FUZZ_SOUNDS", "100"))
COUNTED_HEADER = 23  # samples of 16 bits that a size which counts the header has too many, and a rounding
TOGETHER = 20  # in one test
RATES = (8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000)
MP3_RATES = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
VORBIS_RATES = (16_000, 22_050, 32_000, 44_100, 48_000)
OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)
DEPTHS = {"WAV": ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ALAW", "ULAW"),
          "WAVEX": ("PCM_16", "PCM_24", "FLOAT"), "RF64": ("PCM_16", "PCM_24"),
          "AIFF": ("PCM_S8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "ALAW"),
          "FLAC": ("PCM_S8", "PCM_16", "PCM_24")}  # fmt: skip
LEVEL_ERROR = {"PCM_U8": 0.05, "PCM_S8": 0.05, "ALAW": 0.05, "ULAW": 0.05, "VORBIS": 0.1, "OPUS": 0.15, "MP3": 0.15}
CODED = {"MP3": 2 * 1152, "VORBIS": 8_192, "OPUS": 6_000, "FLAC": 4_608}  # samples that are coded together
EXTRA = (b"JUNK", b"bext", b"LIST", b"iXML", b"cue ", b"smpl", b"_PMX")


@dataclass(frozen=True)
class Made:
    """A file, and what is in it: samples (samples, channels) at its rate."""

    stored: bytes
    sound: NDArray[np.float32]
    rate: int
    container: str
    coding: str


def make_random_sound(random: np.random.Generator, rate: int, channels: int) -> NDArray[np.float32]:
    """Return 0.3 to 1.5 s of tones and noise that no coder leaves out, at a level between -30 and -1 dB."""
    time = np.arange(round(random.uniform(0.3, 1.5) * rate)) / rate
    shape = 0.7 + 0.3 * np.cos(2 * np.pi * random.uniform(0.5, 3) * time)
    made = []
    for _ in range(channels):
        tones = [np.sin(2 * np.pi * random.uniform(200, 1_500) * time + random.uniform(0, 6)) for _ in range(4)]
        made.append(sum(tones) * shape + 0.1 * random.standard_normal(len(time)))
    sound = np.stack(made, axis=1)
    return np.asarray(sound / np.abs(sound).max() * 10 ** (random.uniform(-30, -1) / 20), np.float32)


def make_file(random: np.random.Generator) -> Made:
    """Return a healthy file of any kind."""
    container = str(random.choice(["WAV", "WAVEX", "RF64", "AIFF", "FLAC", "VORBIS", "OPUS", "MP3", "bytes"]))
    if container == "bytes":
        return make_by_hand(random)
    rates = {"MP3": MP3_RATES, "VORBIS": VORBIS_RATES, "OPUS": OPUS_RATES}.get(container, RATES)
    rate = int(random.choice(rates))
    channels = int(random.choice([1, 2] if container in ("MP3", "OPUS", "VORBIS") else [1, 2, 3, 4, 5, 6, 8]))
    sound = make_random_sound(random, rate, channels)
    if container in ("MP3", "VORBIS", "OPUS"):
        kind = "MP3" if container == "MP3" else "OGG"
        how = {} if container == "MP3" else {"subtype": container}
        if container == "MP3" and random.random() < 0.5:
            how = {"bitrate_mode": "VARIABLE", "compression_level": 0.3}
        return Made(encode(sound, kind, rate=rate, **how), sound, rate, kind, container)
    depth = str(random.choice(DEPTHS[container]))
    sound = sound[: len(sound) // 2 * 2]  # of an odd number of bytes libsndfile makes one sample more in an AIFF
    return Made(encode(sound, container, rate=rate, subtype=depth), sound, rate, container, depth)


def make_by_hand(random: np.random.Generator) -> Made:
    """Return a WAV or AIFF with chunks and sizes as no library writes them."""
    sound = make_random_sound(random, 44_100, int(random.choice([1, 2])))
    extra = [make_random_chunk(random, ">") for _ in range(random.integers(0, 3))]
    if random.random() < 0.4:
        told = int(random.choice([0, len(sound), len(sound) + 3]))
        stored = make_aiff(sound, frames=told, before=b"".join(extra))
        return Made(stored, sound, 44_100, "AIFF", "PCM_16")
    samples = to_pcm16(sound)
    size = int(random.choice([0, len(samples), len(samples) + 44, 0xFFFFFFFF]))
    form = make_chunk(b"fmt ", make_format(channels=sound.shape[1]))
    before = [make_random_chunk(random, "<") for _ in range(random.integers(0, 3))]
    whole = size == len(samples)
    behind = [make_random_chunk(random, "<") for _ in range(random.integers(0, 3))] if whole else []
    told = None if random.random() < 0.5 else int(random.choice([0, 36, 0xFFFFFFFF]))
    stored = make_riff(*before, form, make_chunk(b"data", samples, size=size), *behind, size=told)
    tag = b"ID3\x03\0\0\0\0\x01\0" + bytes(128) if random.random() < 0.2 else b""
    return Made(tag + stored, sound, 44_100, "WAV", "PCM_16")


def make_random_chunk(random: np.random.Generator, order: str) -> bytes:
    body = random.integers(0, 256, random.integers(0, 3_000), dtype=np.uint8).tobytes()
    return make_chunk(EXTRA[random.integers(0, len(EXTRA))], body, pad=bool(random.random() < 0.7), order=order)


def check_file(random: np.random.Generator, path: Path, seed: int) -> None:
    """Make a file, harm it or not, read it, and hold it against what was made."""
    made = make_file(random)
    is_cut = random.random() < 0.5
    stored = made.stored[: random.integers(0, len(made.stored))] if is_cut else made.stored
    path.write_bytes(stored)
    what = f"seed {seed}: {made.container} {made.coding} {made.rate} Hz, {made.sound.shape}, cut {is_cut}"
    if is_cut and not is_usable(path):
        return
    file = check_recording(path, path.name)
    heard = np.concatenate([block for block in source_blocks(path, 0.4) if len(block)])
    expected = Mixer(made.sound.shape[1], find_speakers(made.sound.shape[1])).mix(made.sound)
    rate, length = made.rate, len(expected)
    slack = CODED.get(made.coding, CODED.get(made.container, 0))
    assert file.sample_rate == rate, what
    assert abs(len(heard) - file.seconds * rate) < 1, what
    if not is_cut:
        assert abs(len(heard) - length) <= (2 if made.coding == "OPUS" else 0), f"{what}: {len(heard)} for {length}"
        assert file.missing_seconds is None, f"{what}: {file.notice}"
    elif length - len(heard) > slack:
        assert_loss_is_told(file, length - len(heard), slack, rate, f"{what}: {file.notice}")
    assert len(heard) <= length + slack, what
    assert_level(heard, expected, made.coding, what)


def is_usable(path: Path) -> bool:
    """Return whether anything of a harmed file can be used."""
    try:
        check_recording(path, path.name)
    except RecordingError:
        return False
    return True


def assert_loss_is_told(file, lost: float, slack: float, rate: int, what: str) -> None:
    """A file that lacks its end says so, and how much where it knows; one whose header told nothing cannot."""
    if "did not finish" in (file.notice or ""):
        return
    assert file.missing_seconds is not None or not tells_its_length(file.path), what
    if file.missing_seconds:
        assert file.missing_seconds * rate == pytest.approx(lost, abs=2 * slack + COUNTED_HEADER), what


def tells_its_length(path: Path) -> bool:
    """Return whether a file says how long it should be: sizes of 0 and of everything say nothing."""
    stored = path.read_bytes()
    at = stored.find(b"data")
    size = struct.unpack("<I", stored[at + 4 : at + 8])[0] if at >= 0 and len(stored) >= at + 8 else 1
    return size not in (0, 0xFFFFFFFF)


def assert_level(heard: NDArray[np.float32], expected: NDArray[np.float32], coding: str, what: str) -> None:
    """As loud as it was made, over what is there of it."""
    if len(heard) < 4_096:
        return
    there = expected[: round(len(heard) * min(1.0, len(expected) / max(len(heard), 1)))]
    for channel in range(min(heard.shape[1], there.shape[1])):
        wanted = float(there[:, channel].std())
        error = LEVEL_ERROR.get(coding, 0.002) * wanted + 2.0**-7 * (coding in ("PCM_U8", "PCM_S8"))
        assert abs(float(heard[:, channel].std()) - wanted) < error + 1e-4, what


@pytest.mark.parametrize("first", range(0, COUNT, TOGETHER))
def test_what_is_read_has_the_length_and_level_it_was_made_with_or_a_true_notice(tmp_path: Path, first: int):
    for seed in range(first, min(COUNT, first + TOGETHER)):
        check_file(np.random.default_rng(seed), tmp_path / f"{seed}", seed)
