"""The page in a real browser, against the real server, player and trainer, and a model of the built-in data set.

Any console error, any request that is refused and not expected, and any violation of the content policy fails a test.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from page_driver import Driver
from playwright.sync_api import Browser

from engine.dataset.synthesis import write_demo_recordings
from engine.latent.certificate import SliderCertificate, load_certificate, save_certificate
from engine.paths import models_folder
from engine.settings import TrainSettings
from engine.sliders import SLIDERS
from engine.studio.train import train
from engine.workers.room import EngineRoom
from webui.server import Server

TRAINED_STEPS = 25


@pytest.fixture(scope="session")
def demo_recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recordings of the built-in data set."""
    folder = tmp_path_factory.mktemp("demo")
    write_demo_recordings(folder)
    return folder


@pytest.fixture(scope="session")
def few_recordings(tmp_path_factory: pytest.TempPathFactory, demo_recordings: Path) -> Path:
    """Three of them: a training listens to each recording before it ends."""
    folder = tmp_path_factory.mktemp("few")
    for path in sorted(demo_recordings.rglob("*.wav"))[:3]:
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory, demo_recordings: Path) -> Path:
    """A data folder with one model, "demo", trained on the built-in data set, with a certificate as it may have."""
    home = tmp_path_factory.mktemp("demo-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SDA_HOME", str(home))
        settings = TrainSettings(steps=TRAINED_STEPS, measure=False, device="cpu")
        report = train(demo_recordings, "demo", settings, on_event=lambda _: None, should_stop=lambda: False)
        certify(models_folder() / report.model)
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a module's tests, empty; a module that wants a model overrides this with `copy_demo`."""
    return tmp_path_factory.mktemp("home") / "säx library"


@pytest.fixture(autouse=True)
def data_home(home: Path) -> Path:
    """Leave the data folder where the module's workers have it."""
    return home


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    """The program, for all tests of a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SDA_HOME", str(home))
        room = EngineRoom()
        made = Server(room)
        yield made
        made.close()
        room.close()


@pytest.fixture
def driver(browser: Browser, server: Server) -> Iterator[Driver]:
    """A fresh page, let in and shown; what it complains about fails the test."""
    made = Driver(browser, server)
    yield made
    made.close()


def certify(folder: Path) -> None:
    """Give a model a certificate: to measure one takes longer than all these tests."""
    certificate = load_certificate(folder)
    sliders = dict(certificate.sliders)
    for place, name in enumerate(SLIDERS):
        middle = 11.0 if name == "brightness" else -12.0
        curve = tuple(middle + (1 + place) * step / 10 for step in (-10, -5, 0, 5, 10))
        ends = (curve[0], curve[2], curve[4])
        sliders[name] = SliderCertificate(name, "certified", range=ends, curve=curve, steadiness=1.0, throw=1.0)
    sliders["tension"] = SliderCertificate("tension", "off", reason="all recordings are about equally dissonant")
    save_certificate(folder, replace(certificate, sliders=sliders, seeds=4, seconds=2.0))


def copy_demo(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder of its own with the model "demo"."""
    return Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("library") / "home"))
