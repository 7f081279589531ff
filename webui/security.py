"""The gate before the app: nothing but the page of this program, in a browser that was let in, gets an answer.

Other pages, other programs' ports and names that were pointed at this computer are all refused, whatever the address
asked for: the gate stands before routing. Every response gets the same security headers.
"""

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.http import parse_cookie

from engine.failures import Failure
from webui.errors import answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TOKEN_SECONDS = 60.0
START = "/start/"
NAVIGABLE = ("/", "/specimens")
SAFE_METHODS = ("GET", "HEAD")
AUTHENTICATED = "sda.authenticated"  # in the environment of a request: whether it carries the cookie

DENIED = (  # those that Chromium knows by name: it complains of others in the console
    "accelerometer", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid",
    "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in DENIED),
}
NOT_KEPT = ("Cache-Control", "no-store")  # unless a route says otherwise

HOST = Failure("gate_host", "this address is not the program's own; open the one that it printed")
SITE = Failure("gate_site", "another page asked for this; only the program's own page gets an answer")
ORIGIN = Failure("gate_origin", "another page asked for this; only the program's own page gets an answer")
HEADER = Failure("gate_header", "a request that changes something carries the header X-SDA: 1")
COOKIE = Failure("gate_cookie", "this browser was not let in; open the address that the program printed at its start")


class Gate:
    """A WSGI application before another one; thread-safe.

    Args:
        application: Gets the requests that are let through.
        secret: That the cookie carries, of this launch only.
        port: The server's.
        clock: Seconds that only grow.
    """

    def __init__(
        self, application: "WSGIApplication", *, secret: str, port: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._application = application
        self._secret = secret
        self._clock = clock
        self._tokens: dict[str, float] = {}
        self._guard = threading.Lock()
        self.host = f"127.0.0.1:{port}"
        self.origin = f"http://{self.host}"
        self.cookie = f"sda_{port}"  # all ports of a computer share a jar

    @property
    def secret(self) -> str:
        """Return what the cookie carries."""
        return self._secret

    def issue_start(self) -> str:
        """Return a path that lets a browser in, for TOKEN_SECONDS and until the first request with the cookie."""
        token = secrets.token_urlsafe(32)
        with self._guard:
            self._tokens[token] = self._clock() + TOKEN_SECONDS
        return START + token

    def admits(self, token: str) -> bool:
        """Say whether a token lets a browser in."""
        now = self._clock()
        with self._guard:
            return any(_equal(token, known) and now < until for known, until in self._tokens.items())

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request, or let it through."""
        environ[AUTHENTICATED] = self._has_cookie(environ)
        found = self.find_refusal(environ)
        guarded = _with_headers(start_response)
        if found:
            status, failure = found
            return answer(status, failure)(environ, guarded)
        if environ[AUTHENTICATED]:
            with self._guard:
                self._tokens.clear()
        return self._application(environ, guarded)

    def find_refusal(self, environ: "WSGIEnvironment") -> tuple[int, Failure] | None:
        """Return status and reason where a request is refused; None where it is let through.

        Args:
            environ: Of a WSGI request; method, path and headers are looked at.
        """
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        origin = environ.get("HTTP_ORIGIN")
        if environ.get("HTTP_HOST") != self.host:
            return 403, HOST
        if not _is_ours(environ, path, method):
            return 403, SITE
        if origin != self.origin and (origin is not None or method not in SAFE_METHODS):
            return 403, ORIGIN
        if method not in SAFE_METHODS and environ.get("HTTP_X_SDA") != "1":
            return 403, HEADER
        entering = path.startswith(START) and method in SAFE_METHODS
        return None if entering or self._has_cookie(environ) else (401, COOKIE)

    def _has_cookie(self, environ: "WSGIEnvironment") -> bool:
        """Say whether one of the cookies of our name is right: another port can add a wrong one."""
        return any(_equal(value, self._secret) for value in parse_cookie(environ).getlist(self.cookie))


def _is_ours(environ: "WSGIEnvironment", path: str, method: str) -> bool:
    """Say whether the page itself asks, or a person opens the page; browsers that say nothing are believed."""
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site in (None, "same-origin"):
        return True
    navigates = environ.get("HTTP_SEC_FETCH_MODE", "navigate") == "navigate" and method in SAFE_METHODS
    return site == "none" and navigates and (path in NAVIGABLE or path.startswith(START))


def _equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())


def _with_headers(start_response: "StartResponse") -> "StartResponse":
    """Return a `start_response` that adds the security headers."""

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
        ours = {name.lower() for name in HEADERS}
        kept = [(name, value) for name, value in headers if name.lower() not in ours]
        if not any(name.lower() == "cache-control" for name, _ in kept):
            kept.append(NOT_KEPT)
        return start_response(status, [*kept, *HEADERS.items()], exc_info)

    return start
