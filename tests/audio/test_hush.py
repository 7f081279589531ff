import os
import threading

import pytest
from sound_bytes import encode, make_sound

from engine.audio.files import read
from engine.audio.hush import hushed


def test_nothing_is_written_inside_the_outermost_block_and_again_behind_it(capfd: pytest.CaptureFixture[str]):
    with hushed():
        with hushed():
            os.write(2, b"inner")
        os.write(2, b"outer")
    os.write(2, b"behind")
    assert capfd.readouterr().err == "behind"


def test_threads_share_the_silence(capfd: pytest.CaptureFixture[str]):
    inside, go_on = threading.Event(), threading.Event()

    def hush() -> None:
        with hushed():
            inside.set()
            go_on.wait(60)

    thread = threading.Thread(target=hush)
    thread.start()
    assert inside.wait(60)
    with hushed():
        pass
    os.write(2, b"still in the other thread's block")
    go_on.set()
    thread.join(60)
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"


def test_a_damaged_mp3_writes_nothing_on_the_terminal(tmp_path, capfd: pytest.CaptureFixture[str]):
    stored = bytearray(encode(make_sound(2.0), "MP3"))
    stored[3_000:5_000] = b"\xff\xfb\x55" * 666 + b"\xff\xff"
    (tmp_path / "a.mp3").write_bytes(b"ID3\x04\0\0\0\0\x02\0" + bytes(256) + stored)
    assert len(read(tmp_path / "a.mp3")) > 5_000
    assert capfd.readouterr().err == ""
