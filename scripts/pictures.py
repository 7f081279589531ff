"""Pictures of the window for the documentation: all four places, in both themes, at two sizes.

    python scripts/pictures.py [--out docs] [--home FOLDER]

Everything is made from the built-in data set: it is learned, some outputs are made and starred, and the places are
photographed in Chromium (`apt-get install chromium`, or its path in SDA_CHROMIUM). With --home a data folder is used
that an earlier run left, which spares the training.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIZES = {"1440": (1440, 900), "1024": (1024, 640)}
THEMES = ("dark", "light")
MINUTES = 2.0
OUTPUTS: list[dict[str, Any]] = [
    {"duration": 8.0, "density": 2.0, "seed": 4, "sliders": {"brightness": 3}},
    {"duration": 8.0, "density": 5.0, "seed": 5, "sliders": {"motion": 5}},
    {"duration": 8.0, "density": 1.0, "seed": 6, "novelty": 0.8},
    {"duration": 8.0, "density": 3.0, "seed": 7, "sliders": {"brightness": [[0.0, -4.0], [4.0, 6.0], [8.0, 0.0]]}},
]


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "docs")
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with library(options.home), served() as (address, room):
        job = train_beside(room)
        for theme in THEMES:
            for size, (width, height) in SIZES.items():
                photograph(address(), theme, width, height, options.out / f"{{}}-{theme}-{size}.png")
        room.jobs.cancel(job, keep=False)


@contextmanager
def library(home: Path | None) -> Iterator[None]:
    """Let the block have a library with a model, a data set and some outputs."""
    from engine.dataset.synthesis import write_demo_recordings
    from engine.settings import TrainSettings
    from engine.studio.measuring import measure_sliders
    from engine.studio.sets import create_set
    from engine.studio.train import train

    folder = home or Path(tempfile.mkdtemp(prefix="sda-pictures-"))
    os.environ["SDA_HOME"] = str(folder)
    try:
        if not (folder / "models").is_dir():
            recordings = folder / "recordings"
            write_demo_recordings(recordings)
            create_set("built-in", recordings)
            settings = TrainSettings(minutes=MINUTES, measure=False)
            train(recordings, "glass", settings, on_event=lambda _: None, should_stop=lambda: False)
            measure_sliders("glass", on_slider=print, on_measured=print, should_stop=lambda: False)
        yield
    finally:
        if home is None:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def served() -> Iterator[tuple[Any, Any]]:
    """Serve the page; yields what makes an address that lets a browser in, and the room."""
    from engine.studio.sets import examine, list_sets
    from engine.workers.room import EngineRoom
    from webui.server import Server

    room = EngineRoom()
    server = Server(room)
    try:
        room.wait_until_ready(120)
        for one in list_sets():
            examine(one.about.id)
        make_outputs(room)
        yield server.start_address, room
    finally:
        server.close()
        room.close()


def make_outputs(room: Any) -> None:
    """Make some outputs, as the page asks for them."""
    from engine.studio.history import list_outputs, star_output
    from engine.studio.models import list_models

    if list_outputs().entries:
        return
    model = list_models()[0].id
    for settings in OUTPUTS:
        wait_for(room, room.jobs.submit("render", "glass", {"model": model, "settings": settings}).id)
    star_output(list_outputs().entries[1].id)


def train_beside(room: Any) -> str:
    """Begin a training that is still under way when its place is photographed; return its job."""
    from engine.studio.sets import list_sets

    values = {"set": list_sets()[0].about.id, "name": "glass in more detail", "settings": {"minutes": 10}}
    job = room.jobs.submit("train", values["name"], values)
    while len(job.curve) < 12 and not job.has_ended:
        time.sleep(0.5)
    return str(job.id)


def wait_for(room: Any, job: str) -> None:
    """Wait until a job has ended."""
    while not room.jobs.get(job).has_ended:
        time.sleep(0.1)


def photograph(address: str, theme: str, width: int, height: int, out: Path) -> None:
    """Photograph all places as one browser shows them."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("SDA_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio", "--hide-scrollbars"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
        page = context.new_page()
        page.goto(address)
        for place in ("Collect", "Train", "Library", "Play"):
            page.get_by_role("link", name=place, exact=True).click()
            page.wait_for_timeout(2_500)
            if place == "Play":
                prepare_play(page)
            page.screenshot(path=str(out).format(place.lower()))
        browser.close()
    print(f"{out.parent}: {theme}, {width} × {height}")


def prepare_play(page: Any) -> None:
    """Bring the place where sound is made into the middle of its work."""
    first = page.get_by_role("list", name="History").get_by_role("listitem").first
    if first.is_visible():
        first.click()
    else:
        page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(4_000)


if __name__ == "__main__":
    main()
