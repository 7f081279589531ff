"""How a second start finds the first."""

import json
import os
import stat
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from webui.window.instance import Instance, announced, find_running, hand_over, instance_file, write_privately


def test_only_the_person_can_read_where_it_runs(data_home: Path):
    with announced(4711, "secret"):
        assert stat.S_IMODE(instance_file().stat().st_mode) == 0o600
        assert json.loads(instance_file().read_text()) == {"pid": os.getpid(), "port": 4711, "secret": "secret"}
    assert list(data_home.iterdir()) == []


def test_the_file_of_another_program_stays():
    with announced(4711, "secret"):
        write_privately(instance_file(), json.dumps({"pid": 1, "port": 1, "secret": "x"}))
    assert find_running() == Instance(1, 1, "x")


def test_what_was_readable_before_is_not_any_more(data_home: Path):
    data_home.mkdir()
    instance_file().write_text("{}")
    instance_file().chmod(0o644)
    with announced(1, "x"):
        assert stat.S_IMODE(instance_file().stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"pid": "x", "port": 1, "secret": ""}', "\x00"])
def test_a_damaged_file_counts_as_none(data_home: Path, text: str):
    data_home.mkdir()
    instance_file().write_text(text)
    assert find_running() is None


def test_the_program_does_not_find_itself():
    with announced(1, "x"):
        assert find_running() is None


class Other(BaseHTTPRequestHandler):
    """Another program on the port."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *arguments: object) -> None:
        pass


def test_another_program_on_the_port_is_no_answer():
    with HTTPServer(("127.0.0.1", 0), Other) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        assert hand_over(Instance(os.getpid(), server.server_port, "x"), []) is None
        thread.join()


def test_nobody_on_the_port_is_no_answer():
    assert hand_over(Instance(os.getpid(), 9, "x"), []) is None
