"""The real server: where it listens, what it answers by itself, and that it stops."""

import http.client
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from asking import NearRoom
from flask import Blueprint, Response, request

from webui.security import HEADERS
from webui.server import Server, bind


@pytest.fixture
def server(room: NearRoom) -> Iterator[Server]:
    server = Server(room)
    yield server
    server.close()


def ask(server: Server, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""):
    """Return status, headers and content of an answer to the page."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    ours = {"Cookie": f"{server.gate.cookie}={server.gate.secret}", "Origin": server.gate.origin, "X-SDA": "1"}
    try:
        connection.request(method, path, body, {**ours, **(headers or {})})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def test_listens_on_this_computer_s_own_address_only(server: Server):
    listening = [one.laddr for one in psutil.Process().net_connections("inet") if one.status == psutil.CONN_LISTEN]
    ours = [address for address in listening if address.port == server.port]
    assert [address.ip for address in ours] == ["127.0.0.1"]


def test_lets_a_browser_in(server: Server):
    address = server.start_address()
    assert address.startswith(f"http://127.0.0.1:{server.port}/start/")
    status, headers, _ = ask(server, "GET", address.removeprefix(server.gate.origin), {"Cookie": ""})
    assert (status, headers["Location"]) == (303, "/")
    assert ask(server, "GET", "/api/settings", {"Cookie": headers["Set-Cookie"].partition(";")[0]})[0] == 200


def test_stops_while_an_answer_wakes_it(server: Server, monkeypatch):
    trigger = server._server.trigger
    pull = trigger._physical_pull

    def pulled_by_an_answer_first():
        pull()
        server._thread.join(0.3)  # time enough to close the pipe, if nothing held it
        pull()

    monkeypatch.setattr(trigger, "_physical_pull", pulled_by_an_answer_first)
    server.close()
    assert not server._thread.is_alive()


def test_every_launch_has_another_secret(server: Server, room: NearRoom):
    other = Server(room)
    other.close()
    assert other.gate.secret != server.gate.secret


def test_a_given_port_is_taken_and_one_in_use_refused(server: Server, room: NearRoom):
    with pytest.raises(OSError, match="in use"):
        bind(server.port)
    server.close()
    again = Server(room, port=server.port)
    assert again.port == server.port
    again.close()


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"GET /" + b"x" * 300_000 + b" HTTP/1.1\r\n\r\n", 431),
    ],
)
def test_what_the_server_itself_refuses_is_json_with_all_headers(server: Server, request_bytes: bytes, status: int):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request_bytes)
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.status == status
        assert set(json.loads(response.read())["error"]) == {"code", "message", "field"}
        for name, value in HEADERS.items():
            assert response.headers[name] == value


def test_a_body_beyond_the_limit_is_413(server: Server):
    headers = {"Content-Length": "2000000000"}
    status, _, content = ask(server, "POST", "/api/passports?name=a.wav", headers)
    assert (status, json.loads(content)["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "headers", [b"", b"Expect: 100-continue\r\n", b"Origin: http://evil\r\n", b"Sec-Fetch-Site: cross-site\r\n"]
)
@pytest.mark.parametrize("body", [b"Content-Length: 1000000\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_a_stranger_s_body_is_not_received(server: Server, headers: bytes, body: bytes):
    """The answer is there before any of the body is sent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
        connection.sendall(b"POST /api/passports?name=a HTTP/1.1\r\n" + host + headers + body + b"\r\n")
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.status == 403
        assert json.loads(response.read())["error"]["code"].startswith("gate_")


def test_a_body_without_the_cookie_is_not_received(server: Server):
    headers = {"Cookie": "", "Content-Length": "1000000"}
    assert ask(server, "POST", "/api/passports?name=a.wav", headers)[0] == 401


def test_a_body_of_the_page_is_received(server: Server):
    status, _, content = ask(server, "POST", "/api/passports?name=a.wav", body=b"x" * 3_000_000)
    assert (status, json.loads(content)["error"]["code"][:5]) != (403, "gate_")
    assert "a.wav" in json.loads(content)["error"]["message"]


def test_what_goes_wrong_while_an_answer_is_sent_is_in_a_file_alone(
    server: Server, data_home: Path, monkeypatch: pytest.MonkeyPatch
):
    def breaking() -> Iterator[bytes]:
        yield b"x" * 100
        raise KeyError("in the middle")

    shown: list[logging.LogRecord] = []
    root = logging.Handler()
    monkeypatch.setattr(root, "emit", shown.append)
    monkeypatch.setattr(logging.getLogger(), "handlers", [root])
    blueprint = Blueprint("breaking", __name__)
    blueprint.add_url_rule("/api/breaking", "breaking", lambda: Response(breaking()))
    server.app.register_blueprint(blueprint)
    with pytest.raises(http.client.IncompleteRead):
        ask(server, "GET", "/api/breaking")
    (log,) = (data_home / "logs").iterdir()
    assert "in the middle" in log.read_text()
    assert shown == []


def test_a_cut_body_is_answered_by_nothing(server: Server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        ours = f"Host: 127.0.0.1:{server.port}\r\nCookie: {server.gate.cookie}={server.gate.secret}\r\n"
        ours += f"Origin: {server.gate.origin}\r\nX-SDA: 1\r\nContent-Length: 100\r\n\r\n{{"
        connection.sendall(b"POST /api/presets HTTP/1.1\r\n" + ours.encode())
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(10) == b""


def test_many_at_once_are_all_answered(server: Server):
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(ask(server, "GET", "/api/settings")[0])) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 24


def test_who_goes_away_stops_what_was_being_made(room: NearRoom):
    """A sound without end is closed soon after its listener has gone."""
    closed = threading.Event()

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield np.zeros(4_096, np.float32).tobytes()
        finally:
            closed.set()

    server = Server(room)
    blueprint = Blueprint("endless", __name__)
    blueprint.add_url_rule("/api/endless", "endless", lambda: Response(endless()))
    server.app.register_blueprint(blueprint)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/api/endless", headers={"Cookie": f"{server.gate.cookie}={server.gate.secret}"})
    response = connection.getresponse()
    response.read(10_000)
    connection.close()
    response.close()
    assert closed.wait(10)
    server.close()


def test_who_goes_away_is_noticed_also_while_nothing_is_sent(server: Server):
    noticed = threading.Event()

    def answer() -> Response:
        gone = request.environ["waitress.client_disconnected"]

        def waiting() -> Iterator[bytes]:
            yield b"x" * 100
            for _ in range(1_000):
                if gone():
                    noticed.set()
                    return
                time.sleep(0.01)

        return Response(waiting())

    blueprint = Blueprint("waiting", __name__)
    blueprint.add_url_rule("/api/waiting", "waiting", answer)
    server.app.register_blueprint(blueprint)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/api/waiting", headers={"Cookie": f"{server.gate.cookie}={server.gate.secret}"})
    response = connection.getresponse()
    response.read(10)
    response.close()
    connection.close()
    assert noticed.wait(15)


def test_closing_ends_all_threads_and_connections(room: NearRoom):
    before = threading.active_count()
    server = Server(room)
    waiting = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    assert ask(server, "GET", "/api/settings")[0] == 200
    server.close()
    assert waiting.recv(10) == b""
    waiting.close()
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=10)
