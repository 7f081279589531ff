"""Player and trainer killed at random moments while somebody trains, listens and exports: nothing finished is lost.

SDA_KILLS says how often; a few times in the usual run, a hundred times before a release.
"""

import json
import os
import random
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from trained_library import library, recordings, trained_home  # noqa: F401 - fixtures

from engine.studio.history import list_outputs
from engine.studio.models import list_models
from engine.studio.sets import create_set
from engine.workers.room import EngineRoom
from webui.server import Server

KILLS = int(os.environ.get("SDA_KILLS", "4"))
PATIENCE_SECONDS = 120.0
LONGEST_PAUSE_SECONDS = 5.0  # before a kill: as long as a player takes until it makes sound, and longer
SETTINGS = {"duration": 0.5, "device": "cpu"}


class Caller:
    """A client that goes on whatever happens, and remembers what it was told is done."""

    def __init__(self, server: Server) -> None:
        self.gate = server.gate
        self.done: list[str] = []
        self.wrong: list[str] = []

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        headers = {"Cookie": f"{self.gate.cookie}={self.gate.secret}", "Origin": self.gate.origin, "X-SDA": "1"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.gate.origin + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def json(self, method: str, path: str, body: Any = None) -> Any:
        status, data = self.ask(method, path, body)
        if status not in (200, 202, 409, 503):
            self.wrong.append(f"{method} {path}: {status} {data[:200]!r}")
        return json.loads(data)


@pytest.fixture
def server(library: Path) -> Iterator[Server]:  # noqa: F811, ARG001 - a model must be there
    room = EngineRoom()
    made = Server(room)
    room.wait_until_ready(PATIENCE_SECONDS)
    yield made
    made.close()
    room.close()


def eventually(what: Callable[[], Any]) -> Any:
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := what()) and time.monotonic() < until:
        time.sleep(0.1)
    assert found
    return found


def listen_and_render(caller: Caller, until: threading.Event) -> None:
    number = 0
    while not until.is_set():
        number += 1
        preview = {"page": "p", "number": number, "model": "sax", "settings": SETTINGS, "what": "whole"}
        caller.ask("POST", "/api/previews", preview)
        job = caller.json("POST", "/api/jobs/render", {"model": "sax", "settings": {**SETTINGS, "seed": number}})
        while not until.is_set() and "id" in job and job["ended"] is None:
            time.sleep(0.05)
            job = caller.json("GET", f"/api/jobs/{job['id']}")
        if job.get("state") == "done":
            caller.done += [file["history"] for file in job["result"]["files"]]


def train_again_and_again(caller: Caller, data_set: str, until: threading.Event) -> None:
    settings = {"steps": 1, "measure": False, "device": "cpu"}
    while not until.is_set():
        job = caller.json("POST", "/api/jobs/train", {"set": data_set, "name": "new", "settings": settings})
        while not until.is_set() and "id" in job and job["ended"] is None:
            time.sleep(0.1)
            job = caller.json("GET", f"/api/jobs/{job['id']}")
        if job.get("state") == "done":
            caller.done.append(job["result"]["model"])
        time.sleep(0.1)


def test_killing_the_workers_loses_nothing_that_was_finished(server: Server, recordings: Path):  # noqa: F811
    room, until, rng = server.app.extensions["sda.room"], threading.Event(), random.Random(7)
    caller, data_set = Caller(server), create_set("mine", recordings).id
    clients = [
        threading.Thread(target=listen_and_render, args=(caller, until)),
        threading.Thread(target=train_again_and_again, args=(caller, data_set, until)),
    ]
    for client in clients:
        client.start()
    killed: list[int] = []
    while len(killed) < KILLS:
        time.sleep(rng.uniform(0.0, LONGEST_PAUSE_SECONDS))
        victims = [found["pid"] for found in room.describe().values() if found and found["state"] != "ended"]
        victim = rng.choice(victims) if victims else None
        if victim and victim not in killed:
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)
    until.set()
    for client in clients:
        client.join()
    assert caller.wrong == []
    kept = {entry.id for entry in list_outputs(count=10_000).entries} | {entry.id for entry in list_models()}
    assert set(caller.done) <= kept
    assert all(entry.problem is None for entry in list_models())
    assert not any(map(psutil.pid_exists, killed)) or all(pid not in psutil.pids() for pid in killed)
    for job in room.jobs.list():
        room.jobs.cancel(job.id, keep=False)
    job = eventually(
        lambda: (
            (made := caller.json("POST", "/api/jobs/render", {"model": "sax", "settings": SETTINGS})).get("id") and made
        )
    )
    assert (
        eventually(lambda: (found := caller.json("GET", f"/api/jobs/{job['id']}"))["ended"] and found)["state"]
        == "done"
    )
