"""The server answers the page of this program, and nobody else."""

import http.client
import json
from collections.abc import Mapping

from webui.self_test.checks import expect
from webui.self_test.ground import Ground

ANSWER_SECONDS = 60.0
ASKED = "/api/system"


def check_api(ground: Ground) -> str:
    """With the cookie there is an answer; without it, or under another name, there is none."""
    gate = ground.server.gate
    cookie = {"Cookie": f"{gate.cookie}={gate.secret}"}
    status, answer = ask(ground, ASKED, cookie)
    expect(status == http.HTTPStatus.OK, f"with the cookie: {status}")
    for why, headers, expected in (
        ("without the cookie", {}, http.HTTPStatus.UNAUTHORIZED),
        ("with a wrong cookie", {"Cookie": f"{gate.cookie}=x"}, http.HTTPStatus.UNAUTHORIZED),
        ("under another name", {**cookie, "Host": "localhost"}, http.HTTPStatus.FORBIDDEN),
        ("for another page", {**cookie, "Sec-Fetch-Site": "cross-site"}, http.HTTPStatus.FORBIDDEN),
    ):
        status, _ = ask(ground, ASKED, headers)
        expect(status == expected, f"{why}: {status} instead of {expected.value}")
    return f"version {json.loads(answer)['version']} answers on {gate.host}"


def ask(ground: Ground, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Return status and body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", ground.server.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", path, headers={"Host": ground.server.gate.host, **headers})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
