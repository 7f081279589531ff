import struct
from io import BytesIO

import numpy as np
import pytest
import soundfile

from engine.errors import ExportError
from engine.export import riff
from engine.export.riff import append_chunks, forget_time_of_peak, is_wave, list_chunks, read_chunk

NOISE = np.random.default_rng(0).uniform(-1, 1, (1_001, 1)).astype(np.float32)


def wave(path, container="WAV", subtype="PCM_24"):
    soundfile.write(path, NOISE, 48_000, subtype, format=container)
    return path


def names(path):
    with path.open("rb") as file:
        return [chunk.name for chunk in list_chunks(file)]


@pytest.mark.parametrize("container", ["WAV", "RF64"])
def test_what_is_appended_is_found_and_the_sound_is_untouched(tmp_path, container):
    path = wave(tmp_path / "a.wav", container)  # 1,001 samples of 3 bytes: an odd number, which is padded
    append_chunks(path, {b"odd ": b"12345", b"even": b"1234"})
    append_chunks(path, {b"last": b"x"})
    with path.open("rb") as file:
        assert [read_chunk(file, name) for name in (b"odd ", b"even", b"last", b"none")] == [
            b"12345",
            b"1234",
            b"x",
            b"",
        ]
    assert names(path)[-4:] == [b"data", b"odd ", b"even", b"last"]
    sound, _ = soundfile.read(path, dtype="float32", always_2d=True)
    assert np.abs(sound - NOISE).max() <= 2.0**-23
    assert path.stat().st_size % 2 == 0


def test_the_size_in_the_header_is_that_of_the_file(tmp_path):
    for container in ("WAV", "RF64"):
        path = wave(tmp_path / f"{container}.wav", container)
        append_chunks(path, {b"more": bytes(1_000)})
        content = path.read_bytes()
        size = struct.unpack_from("<I", content, 4) if container == "WAV" else struct.unpack_from("<Q", content, 20)
        assert size[0] == len(content) - 8


def test_an_rf64_whose_data_have_no_size_of_32_bits_is_walked_through():
    ds64 = struct.pack("<4sIQQQI", b"ds64", 28, 0, 10, 0, 0)
    data = struct.pack("<4sI", b"data", 2**32 - 1) + bytes(10)
    file = BytesIO(b"RF64" + b"\xff" * 4 + b"WAVE" + ds64 + data + struct.pack("<4sI", b"tail", 2) + b"hi")
    assert [(chunk.name, chunk.size) for chunk in list_chunks(file)] == [(b"ds64", 28), (b"data", 10), (b"tail", 2)]
    assert read_chunk(file, b"tail") == b"hi"


def test_what_outgrows_its_size_field_is_refused(tmp_path, monkeypatch):
    path = wave(tmp_path / "a.wav")
    before = path.read_bytes()
    monkeypatch.setattr(riff, "LARGEST_SIZE", 4_000)
    with pytest.raises(ExportError, match="no room for tags"):
        append_chunks(path, {b"more": bytes(1_000)})
    assert path.read_bytes() == before


def test_other_files_take_no_chunks(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"this is no sound")
    with pytest.raises(ExportError, match=r"a\.wav is no WAV"):
        append_chunks(tmp_path / "a.wav", {b"more": b""})
    assert not is_wave(b"RIFF1234AVI ")
    assert list_chunks(BytesIO(b"RIFF")) == []


def test_damaged_sizes_end_the_list_and_not_the_program():
    header = b"RIFF\0\0\0\0WAVE"
    assert list_chunks(BytesIO(header + struct.pack("<4sI", b"data", 2**32 - 1)))[0].size == 0
    assert list_chunks(BytesIO(header + struct.pack("<4sI", b"long", 2**31) + b"abc"))[0].size == 3
    assert len(list_chunks(BytesIO(header + bytes(100_000)))) == riff.MOST_CHUNKS


def test_very_large_chunks_are_not_read_into_memory(tmp_path, monkeypatch):
    path = wave(tmp_path / "a.wav")
    monkeypatch.setattr(riff, "LARGEST_CHUNK", 1_000)
    with path.open("rb") as file:
        assert read_chunk(file, b"data") == b""


def test_the_time_in_a_peak_chunk_is_forgotten(tmp_path):
    path = wave(tmp_path / "a.wav", subtype="FLOAT")
    forget_time_of_peak(path)
    with path.open("rb") as file:
        version, time, peak, at = struct.unpack("<IIfI", read_chunk(file, b"PEAK"))
    assert (version, time, at) == (1, 0, np.abs(NOISE).argmax())
    assert peak == np.abs(NOISE).max()
