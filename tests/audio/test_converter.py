import os
import stat
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from required_programs import require_program
from sound_bytes import make_sound

from engine.audio import converter
from engine.audio.files import read
from engine.audio.kinds import find_kind
from engine.audio.source import RecordingError, probe
from engine.dataset.folder import usable_recordings
from engine.errors import Cancelled

SOUND = make_sound(1.0, 48_000)
FORMATS = {"memo.m4a": ["-c:a", "aac", "-f", "ipod"], "really aac.mp3": ["-c:a", "aac", "-f", "ipod"],
           "android.3gp": ["-c:a", "aac", "-f", "3gp"], "alac.m4a": ["-c:a", "alac", "-f", "ipod"],
           "memo.qta": ["-c:a", "aac", "-f", "mov"], "spatial.aac": ["-c:a", "aac", "-f", "adts"],
           "old.wma": ["-c:a", "wmav2", "-f", "asf"], "browser.webm": ["-c:a", "libopus", "-f", "webm"],
           "wv.wv": ["-c:a", "wavpack", "-f", "wv"], "alac.caf": ["-c:a", "alac", "-f", "caf"]}  # fmt: skip


@pytest.fixture
def plain(tmp_path):
    """A WAV that is to be coded."""
    soundfile.write(tmp_path / "plain.wav", SOUND, 48_000, subtype="FLOAT")
    return tmp_path / "plain.wav"


def code(program: str, source, target, options):
    subprocess.run([program, "-v", "error", "-i", source, *options, target], check=True, stdin=subprocess.DEVNULL)
    return target


def write_memo(path):
    """Write the beginning of a voice memo: enough to know what it is."""
    path.write_bytes(b"\0\0\0\x1cftypM4A \0\0\0\0M4A mp42isom" + b"\0\0\0\x20moov....mp4a" + bytes(400))
    return path


@pytest.fixture
def no_converter(monkeypatch):
    """A computer without ffmpeg and afconvert."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(converter, "PLACES", ())
    monkeypatch.setattr(converter, "AFCONVERT", "/nowhere/afconvert")


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Return a function that puts a program of Python lines where ffmpeg is looked for."""
    if os.name == "nt":
        pytest.skip("programs are no scripts on this system")

    def put(*lines: str):
        program = tmp_path / "bin" / "ffmpeg"
        program.parent.mkdir(exist_ok=True)
        program.write_text("\n".join((f"#!{sys.executable}", "import sys, time, os, shutil", *lines)))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(program.parent))

    return put


@pytest.mark.parametrize("name", FORMATS)
def test_what_phones_and_browsers_record_is_read(tmp_path, plain, name: str):
    target = code(require_program("ffmpeg", "ffmpeg"), plain, tmp_path / name, FORMATS[name])
    heard = read(target)[:, 0]
    assert len(heard) == pytest.approx(len(SOUND), abs=4_800)
    correlation = np.correlate(np.pad(heard, 4_800), SOUND, "valid")
    assert correlation.max() / np.square(SOUND).sum() == pytest.approx(1.0, abs=0.1)


def test_a_video_without_sound_is_said_to_have_none(tmp_path):
    ffmpeg = require_program("ffmpeg", "ffmpeg")
    made = ["-f", "lavfi", "-i", "color=s=32x32:d=0.2", "-an", "-c:v", "mpeg4", tmp_path / "film.mp4"]
    subprocess.run([ffmpeg, "-v", "error", *made], check=True, stdin=subprocess.DEVNULL)
    with pytest.raises(RecordingError, match="without any sound"):
        probe(tmp_path / "film.mp4")


def test_a_damaged_memo_is_said_to_be_damaged(tmp_path, plain):
    target = code(require_program("ffmpeg", "ffmpeg"), plain, tmp_path / "memo.m4a", FORMATS["memo.m4a"])
    target.write_bytes(target.read_bytes()[:-2_000])
    with pytest.raises(RecordingError, match="in an MP4: a phone's voice memo, and it is damaged or protected"):
        probe(target)


@pytest.mark.usefixtures("no_converter")
def test_without_a_converter_a_file_is_named_as_what_it_is_with_the_way_out(tmp_path):
    soundfile.write(tmp_path / "good.wav", SOUND, 48_000)
    write_memo(tmp_path / "memo.m4a")
    found = usable_recordings(tmp_path)
    assert [one.name for one in found.files] == ["good.wav"]
    ((name, reason),) = [(one.file, one.reason) for one in found.skipped]
    assert name == "memo.m4a"
    assert reason.startswith("this is AAC in an MP4: a phone's voice memo, and it takes ffmpeg to read it. Install")
    assert reason.endswith("or export it as WAV or FLAC")


def test_a_conversion_is_done_once_for_several_looks(tmp_path, plain, stand_in):
    said = tmp_path / "said.txt"
    stand_in(f"open({str(said)!r}, 'a').write('x')", f"shutil.copy({str(plain)!r}, sys.argv[-1].removeprefix('file:'))")
    memo = write_memo(tmp_path / "memo.m4a")
    assert probe(memo).samples == len(SOUND)
    assert read(memo) == pytest.approx(SOUND[:, None])
    assert said.read_text() == "x"


def test_a_converter_that_fails_says_why_and_leaves_nothing(tmp_path, stand_in):
    stand_in("open(sys.argv[-1].removeprefix('file:'), 'w').write('half')", "sys.exit('moov atom not found')")
    memo = write_memo(tmp_path / "memo.m4a")
    for _ in range(2):
        with pytest.raises(RecordingError, match=r"damaged or protected \(moov atom not found\)"):
            probe(memo)


def test_a_conversion_ends_when_nobody_wants_it_any_more(tmp_path, stand_in):
    stand_in("time.sleep(600)")
    memo = write_memo(tmp_path / "memo.m4a")
    with converter.stopping(lambda: True), pytest.raises(Cancelled, match=r"memo\.m4a was converted"):
        probe(memo)


def test_a_conversion_that_takes_too_long_ends(tmp_path, stand_in, monkeypatch):
    stand_in("time.sleep(600)")
    monkeypatch.setattr(converter, "LONGEST_CONVERSION_SECONDS", 0.0)
    with pytest.raises(RecordingError, match="its conversion took more than"):
        probe(write_memo(tmp_path / "memo.m4a"))


def test_afconvert_of_macos_is_taken_where_there_is_no_ffmpeg(tmp_path, monkeypatch):
    kind = find_kind(write_memo(tmp_path / "memo.m4a"))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(converter, "PLACES", ())
    monkeypatch.setattr(sys, "platform", "darwin")
    (tmp_path / "afconvert").touch()
    monkeypatch.setattr(converter, "AFCONVERT", str(tmp_path / "afconvert"))
    found = converter.find_converter(kind)
    assert (found.path, found.is_ffmpeg) == (str(tmp_path / "afconvert"), False)
    assert found.command(tmp_path / "a.m4a", tmp_path / "b.wav", kind)[3:] == ["-f", "WAVE", "-d", "LEF32"]


def test_the_converter_gets_one_local_file_and_no_shell(tmp_path):
    kind = find_kind(write_memo(tmp_path / "memo.m4a"))
    command = converter.Converter("ffmpeg", is_ffmpeg=True).command(tmp_path / "-i ; rm.m4a", tmp_path / "b.wav", kind)
    assert command[command.index("-i") + 1] == f"file:{tmp_path / '-i ; rm.m4a'}"
    assert command[command.index("-protocol_whitelist") + 1] == "file"
    assert command[command.index("-f") + 1] == "mov"
