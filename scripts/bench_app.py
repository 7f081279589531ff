"""How fast the app answers: the tiers of exploring, idle and beside a training, long lists, and memory.

    python scripts/bench_app.py MODEL [--previews 1000] [--set FOLDER] [--lists] [--page]

MODEL is a model of your library. Nothing of the library is changed but for a training that is stopped and discarded
(with --set), and with --lists everything happens in a library of its own, in a temporary folder. With --page the same
is measured as a person has it, in Chromium; two short outputs may be made for that, which stay in the history.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from engine.paths import models_folder

SAMPLE_RATE = 48_000
FLOAT_BYTES = 4
SEEDS = 12
TURNS = 5


class Page:
    """A page's side of the conversation with the server.

    Args:
        server: Of the app.
    """

    def __init__(self, server: Any) -> None:
        self._host = f"127.0.0.1:{server.port}"
        self.start_address = server.start_address
        self.number = 0
        connection = http.client.HTTPConnection(self._host)
        connection.request("GET", server.gate.issue_start(), headers={"Host": self._host})
        answer = connection.getresponse()
        answer.read()
        self._cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]

    def ask(self, method: str, path: str, body: Any = None) -> http.client.HTTPResponse:
        """Send a request, and return the answer once its head is there."""
        connection = http.client.HTTPConnection(self._host, timeout=300)
        headers = {"Host": self._host, "Cookie": self._cookie, "X-SDA": "1", "Origin": f"http://{self._host}"}
        data = None if body is None else json.dumps(body)
        if data is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.read()[:300]!r}")
        return answer

    def json(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request, and return what is answered."""
        return json.loads(self.ask(method, path, body).read())

    def preview(self, model: str, seconds_wanted: float | None = None, **asked: Any) -> tuple[float, float, int]:
        """Hear a preview; return seconds until its first samples and until enough of it was there, and samples."""
        self.number += 1
        begun = time.perf_counter()
        values = {"page": "bench", "number": self.number, "model": model, "what": "from", "at": 0.0, **asked}
        answer = self.ask("POST", "/api/previews", values)
        frame = FLOAT_BYTES * int(answer.getheader("X-Channels") or 1)
        wanted = None if seconds_wanted is None else int(seconds_wanted * SAMPLE_RATE) * frame
        taken, first = 0, 0.0
        while data := answer.read1(1 << 16):
            first = first or time.perf_counter() - begun
            taken += len(data)
            if wanted is not None and taken >= wanted:
                break
        whole = time.perf_counter() - begun
        answer.close()
        return first, whole, taken // frame


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--previews", type=int, default=0, help="Previews in a row, to see whether memory grows.")
    parser.add_argument("--set", type=Path, help="Folder of recordings: the same beside a training on them.")
    parser.add_argument("--lists", action="store_true", help="A history of 10,000 and a library of 1,000.")
    parser.add_argument("--page", action="store_true", help="In Chromium, instead of through the API.")
    options = parser.parse_args()
    (measure_page if options.page else measure_api)(Console(width=120), options)


def measure_api(console: Console, options: argparse.Namespace) -> None:
    """Measure what the page asks for, without the page."""
    with serving() as (page, room, started):
        console.print(f"player ready after {started:.2f} s")
        model = page.json("GET", f"/api/models/{options.model}")["id"]
        console.print(table_of("idle", measure_tiers(page, model)))
        console.print(memory_table(room))
        if options.set:
            with training(page, options.set):
                console.print(table_of("beside a training", measure_tiers(page, model)))
                console.print(memory_table(room))
        if options.previews:
            console.print(watch_memory(page, room, model, options.previews))
    if options.lists:
        console.print(table_of("long lists", measure_lists()))


def measure_page(console: Console, options: argparse.Namespace) -> None:
    """Measure the page in Chromium."""
    import bench_page
    import bench_page_lists

    with bench_page.chromium() as browser:
        with serving() as (page, _, _):
            folder = models_folder() / page.json("GET", f"/api/models/{options.model}")["id"]
            page.ask("POST", f"/api/models/{folder.name}/use", {})
            opening = bench_page.measure_opening(browser, page.start_address)
            console.print(bench_page.table_of_figures("opened", opening))
            console.print(bench_page.table_of_figures("idle", bench_page.measure_play(browser, page.start_address)))
            if options.set:
                with training(page, options.set):
                    found = bench_page.measure_play(browser, page.start_address, beside_training=True)
                console.print(bench_page.table_of_figures("beside a training", found))
        if options.lists:
            with long_lists(folder) as page:
                found = bench_page_lists.measure_lists(browser, page.start_address)
            console.print(bench_page.table_of_figures("a history of 10,000, a library of 1,000", found))


@contextmanager
def serving() -> Iterator[tuple[Page, Any, float]]:
    """Serve the app for as long as the block lasts; yields a page, the room, and the seconds until it was warm."""
    from engine.workers.room import EngineRoom
    from webui.server import Server

    begun = time.perf_counter()
    room = EngineRoom()
    server = Server(room)
    try:
        room.wait_until_ready(120)
        started = time.perf_counter() - begun
        yield Page(server), room, started
    finally:
        server.close()
        room.close()


def measure_tiers(page: Page, model: str) -> dict[str, list[float]]:
    """Measure every tier some times, seconds."""
    found: dict[str, list[float]] = {}
    moments = len(page.json("GET", f"/api/models/{model}/map")["moments"])
    plain, moved = {"duration": 10.0}, {"duration": 10.0, "sliders": {"brightness": 5, "warmth": -3}}

    def add(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    page.preview(model, settings={**plain, "seed": 1}, what="event")
    for seed in range(2, 2 + SEEDS):
        for words, settings in (("without sliders", plain), ("two sliders moved", moved)):
            asked = {**settings, "seed": seed}
            add(f"one event, {words}, not heard before", page.preview(model, settings=asked, what="event")[1])
            add(f"one event, {words}, heard before", page.preview(model, settings=asked, what="event")[1])
            first, _, _ = page.preview(model, 0.01, settings=asked, at=3.0)
            add(f"from the playhead, {words}: first samples", first)
            add(f"from the playhead, {words}: two seconds", page.preview(model, 2.0, settings=asked, at=3.0)[1])
    for turn in range(SEEDS):
        asked = {**plain, "seed": 1, "sliders": {"brightness": turn - 5.5}}
        add("a slider moved while it plays: first samples", page.preview(model, 0.01, settings=asked, at=4.0)[0])
    for turn in range(3 * SEEDS):
        begun = time.perf_counter()
        page.ask("GET", f"/api/models/{model}/moments/{(7 * turn) % moments}/sound?seconds=1").read1(1024)
        add("a click on the map", time.perf_counter() - begun)
        begun = time.perf_counter()
        page.json("GET", "/api/state?since=0")
        add("what has changed", time.perf_counter() - begun)
    return found


@contextmanager
def training(page: Page, folder: Path) -> Iterator[None]:
    """Let a training run beside the block; it is stopped and forgotten."""
    made = page.json("POST", "/api/sets", {"name": f"bench {os.getpid()}", "folder": str(folder.absolute())})
    job = page.json(
        "POST", "/api/jobs/train", {"set": made["id"], "name": "bench", "settings": {"minutes": 30, "measure": False}}
    )
    while page.json("GET", f"/api/jobs/{job['id']}")["stage"] != "training":
        time.sleep(0.5)
    time.sleep(10)
    try:
        yield
    finally:
        page.json("POST", f"/api/jobs/{job['id']}/cancel", {"keep": False})
        while page.json("GET", f"/api/jobs/{job['id']}")["ended"] is None:
            time.sleep(0.5)
        for run in page.json("GET", "/api/runs")["runs"]:
            if run["name"] == "bench":
                page.ask("DELETE", f"/api/runs/{run['id']}")
        page.ask("DELETE", f"/api/sets/{made['id']}")


def watch_memory(page: Page, room: Any, model: str, count: int) -> Table:
    """Hear many previews with sliders at random, and return how the player's memory went."""
    player = psutil.Process(room.describe()["player"]["pid"])
    rng, table = random.Random(1), Table("previews", "player's memory, MB", title="previews with sliders at random")
    names = [one["name"] for one in page.json("GET", f"/api/models/{model}/sliders")["sliders"]]
    for number in range(count + 1):
        if number % max(1, count // 10) == 0:
            table.add_row(str(number), f"{player.memory_info().rss / 1e6:.0f}")
        moved = {name: rng.uniform(-10, 10) for name in rng.sample(names, 3)}
        page.preview(model, settings={"duration": 6.0, "seed": number, "sliders": moved}, what="event")
    return table


def measure_lists() -> dict[str, list[float]]:
    """Measure a history of 10,000 and a library of 1,000 through the API, seconds."""
    found: dict[str, list[float]] = {}
    with long_lists() as page:
        for name, path in {
            "history of 10,000: a page": "/api/history?count=50",
            "history of 10,000: searched": "/api/history?count=50&words=sound-9",
            "history of 10,000: starred": "/api/history?count=50&starred=1",
            "library of 1,000: all": "/api/models",
            "library of 1,000: searched": "/api/models?words=model-77",
        }.items():
            found[name] = [timed(lambda path=path: page.json("GET", path)) for _ in range(TURNS)]
    return found


@contextmanager
def long_lists(model: Path | None = None) -> Iterator[Page]:
    """Serve 1,000 models without weights and 10,000 outputs, from a temporary folder.

    Args:
        model: Folder of a model that is there as well, with an output that all outputs share.
    """
    from bench_library import make_history, make_models

    before = os.environ.get("SDA_HOME")
    with tempfile.TemporaryDirectory() as home:
        os.environ["SDA_HOME"] = home
        try:
            file = Path(home) / "output.wav"
            if model:
                shutil.copytree(model, models_folder() / model.name)
                write_noise(file)
            make_models(1_000)
            make_history(10_000, file if model else None)
            with serving() as (page, _, _):
                yield page
        finally:
            if before is None:
                del os.environ["SDA_HOME"]
            else:
                os.environ["SDA_HOME"] = before


def write_noise(file: Path) -> None:
    """Write ten seconds of quiet noise."""
    import numpy as np
    import soundfile

    soundfile.write(file, np.random.default_rng(1).normal(0, 0.1, (10 * SAMPLE_RATE, 2)), SAMPLE_RATE)


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds some work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def table_of(title: str, found: dict[str, list[float]]) -> Table:
    """Return medians and worst cases as a table, milliseconds."""
    table = Table("what", "median, ms", "90 %, ms", "worst, ms", title=title)
    for name, values in found.items():
        ordered = sorted(values)
        shown = (statistics.median(ordered), ordered[int(0.9 * (len(ordered) - 1))], ordered[-1])
        table.add_row(name, *(f"{1000 * value:.0f}" for value in shown))
    return table


def memory_table(room: Any) -> Table:
    """Return the memory of each process as a table."""
    workers = {name: found["pid"] for name, found in room.describe().items() if found}
    table = Table("process", "memory, MB", title="memory")
    for name, process in {"window": os.getpid(), **workers}.items():
        table.add_row(name, f"{psutil.Process(process).memory_info().rss / 1e6:.0f}")
    return table


if __name__ == "__main__":
    main()
