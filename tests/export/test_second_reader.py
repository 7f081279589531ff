"""Other programs read our files; left out where they are not installed, see `required_programs`."""

import json
import subprocess

import numpy as np
import pytest
from required_programs import require_program

from engine.export.formats import FORMATS
from engine.export.master import write_sound
from engine.export.tags import Tags
from engine.settings import ExportSettings

SAMPLES = 30_000
SOUND = np.random.default_rng(0).normal(0, 0.1, (SAMPLES, 2)).astype(np.float32)
TAGS = Tags("Dämmerung", "Ärtist", "Album", "two\nlines", "2026-11-22", "Program 1.0", "sax", 7, '{"model": "säx"}')
KINDS = [(kind.name, depth) for kind in FORMATS.values() for depth in kind.bit_depths or ("auto",)]

KNOWN_WARNINGS = (
    "Discarding ID3 tags because more suitable tags were found.",  # ffmpeg takes LIST INFO and bext of a WAV instead
    "wave header missing extended part of fmt chunk",  # which libsndfile leaves out of floating-point WAVs
)

needs_ffmpeg = pytest.mark.usefixtures("ffmpeg")
needs_sox = pytest.mark.usefixtures("sox")


@pytest.fixture
def ffmpeg() -> None:
    require_program("ffprobe", "ffmpeg")


@pytest.fixture
def sox() -> None:
    require_program("soxi", "sox")


def write(path, **settings):
    write_sound([SOUND], path, ExportSettings(cover=True, **settings), tags=TAGS, loop=True)
    return path


def run(*command):
    done = subprocess.run(command, capture_output=True, check=True)
    warnings = [line for line in done.stderr.decode().splitlines() if not line.endswith(KNOWN_WARNINGS)]
    assert not warnings
    return done.stdout


@needs_ffmpeg
@pytest.mark.parametrize(("kind", "bit_depth"), KINDS)
def test_ffmpeg_finds_sound_tags_and_cover_and_complains_of_nothing(tmp_path, kind, bit_depth):
    path = write(tmp_path / f"a.{kind}", bit_depth=bit_depth)
    found = json.loads(run("ffprobe", "-v", "warning", "-of", "json", "-show_format", "-show_streams", path))
    sound = next(stream for stream in found["streams"] if stream["codec_type"] == "audio")
    assert (sound["sample_rate"], sound["channels"]) == ("48000", 2)
    tags = {key.lower(): text for key, text in (found["format"].get("tags", {}) | sound.get("tags", {})).items()}
    known = ("title", "artist", "album", "comment", "date")
    assert {key: tags[key] for key in known} == {key: getattr(TAGS, key) for key in known}
    if kind != "wav":
        assert (tags["model"], tags["seed"], tags["passport"]) == ("sax", "7", TAGS.passport)
        assert [stream["codec_name"] for stream in found["streams"] if stream["codec_type"] == "video"] == ["png"]
    decoded = np.frombuffer(run("ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-f", "f32le", "-"), np.float32)
    assert len(decoded) == 2 * SAMPLES
    assert np.std(decoded) == pytest.approx(np.std(SOUND), rel=0.1)  # lossy formats lose the highest frequencies


@needs_ffmpeg
def test_ffmpeg_reads_the_broadcast_chunk(tmp_path):
    path = write(tmp_path / "a.wav")
    tags = json.loads(run("ffprobe", "-v", "warning", "-of", "json", "-show_format", path))["format"]["tags"]
    assert tags["coding_history"] == "A=PCM,F=48000,W=24,M=stereo,T=Program 1.0\r\n"
    assert tags["encoded_by"] == "Program 1.0"


@needs_ffmpeg
def test_ffmpeg_measures_the_loudness_and_true_peak_that_were_asked_for(tmp_path):
    path = tmp_path / "a.wav"
    write_sound([SOUND] * 8, path, ExportSettings(loudness=-11.0, ceiling=-2.0))
    command = ("ffmpeg", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-")
    words = subprocess.run(command, capture_output=True, text=True, check=True).stderr.rpartition("Summary:")[2].split()
    assert float(words[words.index("I:") + 1]) == pytest.approx(-11.0, abs=0.15)
    assert float(words[words.index("Peak:") + 1]) <= -1.9


@needs_sox
@pytest.mark.parametrize(
    ("name", "bit_depth", "bits"), [("a.wav", "16", b"16"), ("a.wav", "32f", b"25"), ("a.flac", "24", b"24")]
)
def test_sox_agrees_on_length_and_bits(tmp_path, name, bit_depth, bits):
    path = write(tmp_path / name, bit_depth=bit_depth)
    assert run("soxi", "-s", path).split() == [str(SAMPLES).encode()]
    assert run("soxi", "-p", path).split() == [bits]


@needs_sox
@pytest.mark.parametrize("rate", [44_100, 192_000])
def test_sox_reads_the_sample_rate_and_the_whole_sound(tmp_path, rate):
    path = write(tmp_path / "a.wav", sample_rate=rate, bit_depth="32f")
    assert run("soxi", "-r", path).split() == [str(rate).encode()]
    decoded = np.frombuffer(run("sox", path, "-t", "f32", "-"), np.float32)
    assert len(decoded) == 2 * round(SAMPLES * rate / 48_000)
