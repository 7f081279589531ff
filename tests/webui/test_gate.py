"""Nothing but the page of this program, in a browser that was let in, gets an answer, whatever it asks for."""

import re
from collections.abc import Iterator

import pytest
from asking import HOST, ORIGIN, OURS, PORT, SECRET, Page, error_of
from flask import Flask
from werkzeug.test import TestResponse

from webui.context import GATE
from webui.security import HEADERS, SAFE_METHODS

COOKIE = {"Cookie": f"sda_{PORT}={SECRET}"}
OPEN = "/start/"  # the only addresses without the cookie


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield each method and address of an app, what is variable filled in, and some that it has not."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^<>]+>", "unknown", re.sub(r"<int:[^<>]+>", "0", rule.rule))
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield method, path
    yield from [("GET", "/nothing"), ("POST", "/api/nothing"), ("OPTIONS", "/api/models"), ("TRACE", "/")]


def refused(app: Flask, method: str, path: str, headers: dict[str, str], host: str | None = HOST) -> TestResponse:
    environ = {"HTTP_HOST": host} if host is not None else {}
    client = app.test_client(use_cookies=False)
    response = client.open(path, method=method, headers=headers, environ_overrides=environ)
    if method != "HEAD":
        error_of(response)
    return response


def test_without_the_cookie_nothing_is_answered(app: Flask):
    for method, path in addresses(app):
        if not (path.startswith(OPEN) and method in SAFE_METHODS):
            response = refused(app, method, path, OURS)
            assert response.status_code == 401, (method, path)


@pytest.mark.parametrize("cookie", [f"sda_{PORT}=wrong", f"sda={SECRET}", f"sda_{PORT + 1}={SECRET}", f"sda_{PORT}="])
def test_another_cookie_opens_nothing(app: Flask, cookie: str):
    assert refused(app, "GET", "/api/system", {**OURS, "Cookie": cookie}).status_code == 401


def test_a_wrong_cookie_of_our_name_beside_the_right_one_does_no_harm(app: Flask):
    both = f"sda_{PORT}=wrong; sda_{PORT}={SECRET}"
    response = app.test_client(use_cookies=False).get(
        "/api/settings", headers={**OURS, "Cookie": both}, base_url=ORIGIN
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    "host",
    [f"0.0.0.0:{PORT}", f"localhost:{PORT}", f"evil:{PORT}", f"127.0.0.1.evil:{PORT}", f"127.0.0.1:{PORT + 1}",
     "127.0.0.1", f"127.0.0.1:{PORT}, evil", f"user@127.0.0.1:{PORT}", f"[::1]:{PORT}", ""],
)  # fmt: skip
def test_under_another_name_nothing_is_answered(app: Flask, host: str):
    for method, path in addresses(app):
        response = refused(app, method, path, {**OURS, **COOKIE}, host)
        assert response.status_code == 403, (method, path)
        if method != "HEAD":
            assert error_of(response)["code"] == "gate_host"


def test_without_a_host_nothing_is_answered(app: Flask):
    environ = app.test_client().open("/", headers=COOKIE).request.environ
    environ.pop("HTTP_HOST")
    assert b"gate_host" in b"".join(app(environ, lambda *_: None))


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil",
        f"http://localhost:{PORT}",
        f"https://{HOST}",
        "null",
        f"http://127.0.0.1:{PORT + 1}",
        f"{ORIGIN}/",
    ],
)
def test_another_page_s_origin_is_refused(app: Flask, origin: str):
    for method, path in addresses(app):
        response = refused(app, method, path, {**OURS, **COOKIE, "Origin": origin})
        assert response.status_code == 403, (method, path)


def test_what_changes_something_needs_our_origin_and_our_header(app: Flask):
    for method, path in addresses(app):
        if method in SAFE_METHODS:
            continue
        for missing, code in (("Origin", "gate_origin"), ("X-SDA", "gate_header")):
            headers = {name: value for name, value in {**OURS, **COOKIE}.items() if name != missing}
            response = refused(app, method, path, headers)
            assert (response.status_code, error_of(response)["code"]) == (403, code), (method, path)


@pytest.mark.parametrize("site", ["same-site", "cross-site", "none", "evil"])
def test_another_site_is_refused_also_where_it_only_looks(app: Flask, site: str):
    for method, path in addresses(app):
        navigable = path in ("/", "/specimens") or path.startswith(OPEN)
        if site == "none" and navigable:
            continue
        response = refused(app, method, path, {**OURS, **COOKIE, "Sec-Fetch-Site": site})
        assert response.status_code == 403, (method, path)
        if method != "HEAD":
            assert error_of(response)["code"] == "gate_site"


def test_a_person_may_open_the_page_but_no_script_may_without_a_site(page: Page):
    typed = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}
    with page.get("/", headers=typed) as response:
        assert response.status_code == 200
    assert page.get("/", headers={**typed, "Sec-Fetch-Mode": "no-cors"}).status_code == 403
    assert page.ask("POST", "/", headers=typed).status_code == 403


def test_every_answer_has_the_security_headers(app: Flask, page: Page):
    for method, path in addresses(app):
        good = page.ask(method, path)
        bad = app.test_client().open(path, method=method)
        for response in (good, bad):
            for name, value in HEADERS.items():
                assert response.headers.getlist(name) == [value], (method, path, name)
            assert "Access-Control-Allow-Origin" not in response.headers
            assert response.headers["Cache-Control"], (method, path)
            response.close()


def test_answers_of_the_api_are_not_kept(page: Page):
    assert page.get("/api/settings").headers["Cache-Control"] == "no-store"


class TestStart:
    def test_lets_a_browser_in_and_leads_to_the_page(self, app: Flask):
        client = app.test_client()
        response = client.get(app.extensions[GATE].issue_start(), base_url=ORIGIN, headers={"Sec-Fetch-Site": "none"})
        assert response.status_code == 303
        assert response.headers["Location"] == "/"
        cookie = response.headers["Set-Cookie"]
        assert cookie.startswith(f"sda_{PORT}={SECRET};")
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        assert "Secure" not in cookie
        assert "Domain" not in cookie
        assert client.get("/api/settings", base_url=ORIGIN).status_code == 200

    def test_works_again_until_the_first_request_with_the_cookie(self, app: Flask, page: Page):
        start = app.extensions[GATE].issue_start()
        client = app.test_client(use_cookies=False)
        assert client.get(start, base_url=ORIGIN).status_code == 303
        assert client.get(start, base_url=ORIGIN).status_code == 303
        page.get("/api/settings")
        response = client.get(start, base_url=ORIGIN)
        assert (response.status_code, error_of(response)["code"]) == (403, "gate_token")
        assert "Set-Cookie" not in response.headers

    def test_works_for_a_minute(self, app: Flask, clock):
        start = app.extensions[GATE].issue_start()
        client = app.test_client(use_cookies=False)
        clock.seconds += 59.9
        assert client.get(start, base_url=ORIGIN).status_code == 303
        clock.seconds += 0.2
        assert client.get(start, base_url=ORIGIN).status_code == 403

    @pytest.mark.parametrize("token", ["", "x", "..", "%00", "a" * 5_000, "%F0%9F%8E%B7"])
    def test_a_guess_does_not(self, app: Flask, token: str):
        app.extensions[GATE].issue_start()
        response = app.test_client().get(f"/start/{token}", base_url=ORIGIN)
        assert response.status_code in (403, 404)
        assert "Set-Cookie" not in response.headers

    def test_each_has_another_token(self, app: Flask):
        gate = app.extensions[GATE]
        assert gate.issue_start() != gate.issue_start()
