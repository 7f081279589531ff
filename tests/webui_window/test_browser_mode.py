"""sda app --browser: the page for a browser, its one-time address on standard output, and an end without leftovers."""

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError

import psutil
import pytest
from driven import PATIENCE_SECONDS, ROOT

from webui.server import bind

PROGRAM = "from engine.cli.main import main\nmain()"
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/start/[\w-]{20,}")

TRAINING = """
import functools, sys
from small_trades import learn_small
from engine.cli.main import main
from engine.workers.room import EngineRoom
from webui import desktop

def make_room():
    room = EngineRoom(learn_small, learn_small)
    job = room.jobs.submit("train", "sax", {})
    while job.run is None:
        pass
    return room

if __name__ == "__main__":
    desktop.Session = functools.partial(desktop.Session, make_room=make_room)
    main()
"""


class Served:
    """A program that serves the page for a browser, and the browser's side of it."""

    def __init__(self, home: Path, *options: str, program: list[str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *(program or ["-c", PROGRAM]), "app", "--browser", "--no-open", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "SDA_HOME": str(home), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        )
        self._jar = http.cookiejar.CookieJar()
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        self.origin = ""

    def read(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        return line

    def enter(self, address: str) -> None:
        """Open the page as a browser does."""
        self.origin = address.partition("/start/")[0]
        with self._browser.open(address, timeout=PATIENCE_SECONDS) as page:
            assert page.url == f"{self.origin}/"

    def get(self, path: str) -> dict[str, object]:
        with self._browser.open(f"{self.origin}{path}", timeout=PATIENCE_SECONDS) as answer:
            return json.loads(answer.read())

    def end(self, given: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """End the program; return its exit status and what it wrote to standard error; nothing may be left of it."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        assert family
        self.process.send_signal(given)
        said = self.process.communicate(timeout=PATIENCE_SECONDS)[1]
        _, left = psutil.wait_procs(family, timeout=PATIENCE_SECONDS)
        assert left == []
        return self.process.returncode, said

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    started: list[Served] = []

    def start(*options: str, home: str = "home", program: list[str] | None = None) -> Served:
        started.append(Served(tmp_path / home, *options, program=program))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_the_address_lets_a_browser_in_and_the_end_is_clean(serve: Callable[..., Served], tmp_path: Path):
    home = "Säx & Überraschung / 声"
    served = serve(home=home)
    address = served.read().rstrip("\n")
    assert ADDRESS.fullmatch(address)
    served.enter(address)
    state = served.get("/api/state")
    assert state["version"]
    assert served.get("/api/system")["data_folder"] == str(tmp_path / home)
    listening = [one for one in psutil.Process(served.process.pid).net_connections("all") if one.status == "LISTEN"]
    assert [f"{one.laddr.ip}:{one.laddr.port}" for one in listening] == [served.origin.removeprefix("http://")]
    with pytest.raises(HTTPError) as refused:
        urllib.request.urlopen(address, timeout=PATIENCE_SECONDS)  # another browser, later
    with refused.value:
        assert refused.value.code == 403
    status, said = served.end()
    assert status == 0
    assert served.process.stdout
    assert "Traceback" not in said
    assert "Ctrl-C" in said


def test_two_homes_have_two_programs_at_once(serve: Callable[..., Served], tmp_path: Path):
    both = [serve(home="one"), serve(home="two")]
    for one, home in zip(both, ("one", "two"), strict=True):
        one.enter(one.read().strip())
        assert one.get("/api/system")["data_folder"] == str(tmp_path / home)
    assert [one.end(signal.SIGINT)[0] for one in both] == [0, 0]


def test_as_json_the_address_is_one_object_on_one_line(serve: Callable[..., Served]):
    with bind(0) as free:
        port = free.getsockname()[1]
    served = serve("--json", "--port", str(port))
    told = json.loads(served.read())
    assert set(told) == {"address", "port"}
    assert told["port"] == port
    assert told["address"].startswith(f"http://127.0.0.1:{port}/start/")
    assert served.end()[0] == 0


def test_a_port_that_is_taken_is_refused_in_one_line(serve: Callable[..., Served]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        served = serve("--port", str(port))
        out, said = served.process.communicate(timeout=PATIENCE_SECONDS)
    assert served.process.returncode == 1
    assert out == ""
    assert said == f"sda: port {port} is taken by another program: choose another one, or leave out --port\n"


def test_files_wait_for_the_page(serve: Callable[..., Served], tmp_path: Path):
    sound, other = tmp_path / "säx.wav", tmp_path / "notes.txt"
    sound.write_bytes(b"RIFF")
    other.write_bytes(b"")
    served = serve(str(sound), str(other), str(tmp_path / "gone.wav"))
    served.enter(served.read().strip())
    (waiting,) = served.get("/api/opened")["opened"]
    assert (waiting["name"], waiting["kind"]) == ("säx.wav", "sound")
    status, said = served.end()
    assert status == 0
    assert "notes.txt: is no sound" in said
    assert "gone.wav: there is no such file" in said


def test_ctrl_c_during_a_training_says_that_it_can_be_gone_on_with(serve: Callable[..., Served], tmp_path: Path):
    script = tmp_path / "program.py"
    script.write_text(TRAINING, "utf-8")
    served = serve(program=[str(script)])
    assert ADDRESS.fullmatch(served.read().strip())
    status, said = served.end(signal.SIGINT)
    assert status == 0
    assert "The training of sax is interrupted. It can be gone on with" in said


def test_enter_on_a_terminal_prints_another_address(tmp_path: Path):
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    environment = {**os.environ, "SDA_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PROGRAM, "app", "--browser", "--no-open"]
    program = f"import os, fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv({command[0]!r}, {command!r})"
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
        start_new_session=True,
    )
    try:
        assert process.stdout
        first = process.stdout.readline()
        os.write(ours, b"\n")
        second = process.stdout.readline()
        assert ADDRESS.fullmatch(first.strip())
        assert ADDRESS.fullmatch(second.strip())
        assert first != second
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.communicate()
        os.close(ours)
        os.close(theirs)
