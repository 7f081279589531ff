from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.errors import ExportError, ShapeError
from engine.export import sound_file
from engine.export.formats import FORMATS, choose_encoding
from engine.export.sound_file import SoundFile
from engine.settings import ExportSettings

NOISE = np.random.default_rng(0).uniform(-1, 1, (20_000, 2)).astype(np.float32)


def write(path, sound, size=20_000, expected_samples=0, **settings):
    encoding = choose_encoding(path, ExportSettings(**settings))
    with SoundFile(path, Path("a.wav"), encoding, sound.shape[1], expected_samples=expected_samples) as file:
        for at in range(0, len(sound), size):
            file.write(sound[at : at + size])
    assert file.samples == len(sound)
    return soundfile.read(path, dtype="float64", always_2d=True)[0]


@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_24_bit_is_written_unless_told_otherwise(tmp_path, name):
    assert np.abs(write(tmp_path / name, NOISE) - NOISE).max() <= 2.0**-24
    info = soundfile.info(tmp_path / name)
    assert (info.samplerate, info.channels, info.subtype, info.frames) == (48_000, 2, "PCM_24", 20_000)


def test_32_bit_float_keeps_every_bit_and_goes_above_full_scale(tmp_path):
    assert np.array_equal(write(tmp_path / "a.wav", 3 * NOISE, bit_depth="32f"), 3 * NOISE)


def test_32_bit_float_files_do_not_hold_the_time_at_which_they_were_written(tmp_path):
    write(tmp_path / "a.wav", NOISE, bit_depth="32f")
    content = (tmp_path / "a.wav").read_bytes()
    assert content[content.index(b"PEAK") + 12 :][:4] == bytes(4)


@pytest.mark.parametrize("bit_depth", ["16", "24"])
def test_what_exceeds_full_scale_is_clipped_and_does_not_wrap(tmp_path, bit_depth):
    read = write(tmp_path / "a.wav", np.array([[2.0], [-2.0]], np.float32), bit_depth=bit_depth)
    assert read[:, 0] == pytest.approx([1.0, -1.0], abs=1e-4)


@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_16_bit_is_dithered_so_that_quiet_sound_survives(tmp_path, name):
    quiet = np.full((200_000, 1), 0.3 * 2.0**-15, np.float32)
    read = write(tmp_path / name, quiet, bit_depth="16") * 2.0**15
    assert read.mean() == pytest.approx(0.3, abs=0.02)
    assert read.var() == pytest.approx(0.25, abs=0.01)  # triangular noise of two steps and the rounding: 1/6 + 1/12


def test_dither_is_the_same_however_the_sound_is_cut(tmp_path):
    whole = write(tmp_path / "a.wav", NOISE, bit_depth="16")
    assert np.array_equal(write(tmp_path / "b.wav", NOISE, size=777, bit_depth="16"), whole)


@pytest.mark.parametrize("name", ["a.ogg", "a.opus", "a.mp3"])
def test_lossy_formats_are_given_long_blocks_in_pieces(tmp_path, name, monkeypatch):
    monkeypatch.setattr(sound_file, "PIECE", 1_000)
    assert write(tmp_path / name, 0.1 * NOISE).shape == NOISE.shape


def test_the_sample_rate_is_written(tmp_path):
    write(tmp_path / "a.wav", NOISE, sample_rate=96_000)
    assert soundfile.info(tmp_path / "a.wav").samplerate == 96_000


@pytest.mark.parametrize("kind", FORMATS)
def test_a_disk_that_takes_no_more_ends_in_one_line(tmp_path, kind):
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(ExportError, match=r"^a\.wav cannot be written: the disk is gone, or limits"):
            write(tmp_path / f"a.{kind}", np.tile(NOISE, (5, 1)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_outgrows_a_wav_becomes_rf64_when_the_length_is_known(tmp_path, monkeypatch):
    monkeypatch.setattr(sound_file, "LARGEST_WAV", 60_000)
    write(tmp_path / "a.wav", NOISE, expected_samples=len(NOISE))
    assert soundfile.info(tmp_path / "a.wav").format == "RF64"
    with pytest.raises(ExportError, match="more than 10000 samples"):
        write(tmp_path / "b.wav", NOISE)
    write(tmp_path / "c.wav", NOISE[:10_000])
    assert soundfile.info(tmp_path / "c.wav").format == "WAV"


def test_invalid_numbers_and_shapes_are_refused(tmp_path):
    with pytest.raises(ExportError, match="NaN"):
        write(tmp_path / "a.wav", np.full((3, 1), np.nan, np.float32))
    encoding = choose_encoding(tmp_path / "b.wav", ExportSettings())
    with (
        pytest.raises(ShapeError, match=r"\(samples, 2\)"),
        SoundFile(tmp_path / "b.wav", Path("b.wav"), encoding, 2) as file,
    ):
        file.write(NOISE[:, :1])
