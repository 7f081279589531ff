"""Events made in other processes: the same samples, whoever makes them, stops, dies, or has no memory."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import psutil
import pytest
from imitated_windows import held_paths, needs_proc
from small_corpus import make_corpus, noise, struck, tone
from small_network import small_vae
from small_trades import learn_parent, learn_small

from engine.device import set_threads
from engine.errors import Cancelled
from engine.generation.blending.blend import open_blend
from engine.generation.mix import ahead as making
from engine.generation.mix.output import Output, play
from engine.generation.renderer import prepare
from engine.generation.score.composing import compose
from engine.latent.space import listen, load_space, save_space
from engine.library.entries import MODEL_FILE
from engine.settings import GenerateSettings
from engine.studio import sharing
from engine.studio.opening import Opener
from engine.studio.sharing import Order, find_makers, lending, when_written
from engine.workers import makers as pools
from engine.workers import previewing
from engine.workers.link import Link
from engine.workers.makers import Makers, expect_seconds
from engine.workers.opened import MAKERS
from engine.workers.reply import Reply

PATIENCE_SECONDS = 60.0
SETTINGS = GenerateSettings(duration=1.2, density=5.0, source=0.5, sliders={"brightness": 6.0})
QUICK = GenerateSettings(duration=1.0, density=6.0, source=1.0)
LONG = QUICK.model_copy(update={"duration": 20.0})
KINDS = [
    {},
    {"sliders": {}, "flow": 1.0, "loop": True},
    {"sliders": {"brightness": ((0.0, -8.0), (1.0, 8.0)), "attack": -4.0}, "at": (0.2, -0.4), "distance": 4.0},
    {"sliders": {"roughness": -6.0, "register": 5.0}, "density": ((0.0, 2.0), (1.2, 12.0)), "keep": "nothing"},
]


def eventually(what: Callable[[], bool]) -> bool:
    """Wait until something is so."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not what() and time.monotonic() < until:
        time.sleep(0.05)
    return what()


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> tuple[Path, Path]:
    """Two small models, one of them stereo."""
    set_threads(1)
    made = []
    for sounds in ((struck(220, 0.6), tone(330, 1.2, 0.2), noise(0.4)), (struck(150, 0.5), tone(440, 0.9, 0.3))):
        folder = tmp_path_factory.mktemp("model")
        save_space(folder, listen(small_vae(len(made)), make_corpus(folder, *sounds)), {"name": "small"})
        made.append(folder)
    return made[0], made[1]


@pytest.fixture(scope="module")
def makers() -> Iterator[Makers]:
    pool = Makers(most=1, earned_seconds=0.0)
    yield pool
    pool.close()


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    monkeypatch.setattr(making, "count_cores", lambda: 2)


class Asked:
    """An output of some models in this process, and the same with makers; counts how many events are made here."""

    def __init__(self, folders: tuple[Path, ...], settings: GenerateSettings = SETTINGS) -> None:
        self.settings, self.folders = settings, folders
        self.shares = (1.0,) if len(folders) == 1 else (0.4, 0.6)
        self.events = self.here = 0

    def open(self) -> Output[Any, Any]:
        return open_blend([prepare(load_space(folder)) for folder in self.folders], self.shares, self.settings)

    def shared(self, makers: Makers) -> Output[Any, Any]:
        self.events = self.here = 0
        output = self.open()
        order = Order(self.folders, tuple(map(when_written, self.folders)), self.shares, self.settings)
        elsewhere = makers.share(order, replace(output, make=self._counted(output.make, "here")))
        return replace(output, elsewhere=self._counted(elsewhere, "events"))

    def _counted(self, make: Callable[..., Any], name: str) -> Callable[..., Any]:
        def counted(*asked: Any) -> Any:
            setattr(self, name, getattr(self, name) + 1)
            return make(*asked)

        return counted

    def warm(self, makers: Makers) -> None:
        """Wait until a maker has the models open."""
        probe = Asked(self.folders, QUICK)
        assert eventually(lambda: len(joined(probe.shared(makers))) > 0 and probe.here < probe.events)


def joined(output: Output[Any, Any], **how: Any) -> np.ndarray:
    return np.concatenate(list(play(output, **how)))


@pytest.mark.parametrize("update", KINDS, ids=str)
def test_samples_are_the_same_on_one_core_with_threads_and_with_processes(folders, makers, update):
    asked = Asked(folders[:1], SETTINGS.model_copy(update=update))
    asked.warm(makers)
    processes = joined(asked.shared(makers))
    assert asked.here < asked.events
    assert np.abs(processes).max() > 1e-3
    assert np.array_equal(processes, joined(asked.open(), one_core=True))
    assert np.array_equal(processes, joined(asked.open()))


def test_a_blend_is_the_same_with_processes(folders, makers):
    asked = Asked(folders)
    asked.warm(makers)
    assert np.array_equal(joined(asked.shared(makers)), joined(asked.open(), one_core=True))
    assert asked.here < asked.events


@pytest.mark.parametrize("count", [1, 2])
def test_an_event_that_a_maker_made_is_known_here(folders, makers, count):
    asked = Asked(folders[:count])
    asked.warm(makers)
    output = asked.shared(makers)
    heard = joined(output)
    assert asked.here < asked.events
    assert all(map(output.carrying.is_known, output.score(lambda *of: compose(output.settings, *of))))
    asked.events = asked.here = 0
    assert np.array_equal(joined(output), heard)
    assert asked.here == asked.events  # remembered here, so no maker is asked again


def test_who_stops_frees_the_makers_at_their_next_check(folders, makers):
    asked = Asked(folders[:1], LONG)
    asked.warm(makers)
    stopped = [False]
    blocks = play(asked.shared(makers), should_stop=lambda: stopped[0])
    next(blocks)
    stopped[0] = True
    with pytest.raises(Cancelled):
        list(blocks)
    assert eventually(lambda: makers.ready == 1)


def test_a_maker_that_is_killed_costs_no_event_and_is_replaced(folders, makers):
    asked = Asked(folders[:1], LONG)
    asked.warm(makers)
    (killed,) = makers.process_ids
    blocks = play(asked.shared(makers))
    heard = [next(blocks)]
    os.kill(killed, signal.SIGKILL)
    heard += blocks
    assert np.array_equal(np.concatenate(heard), joined(asked.open(), one_core=True))
    asked.warm(makers)
    assert killed not in makers.process_ids


def test_a_model_that_was_written_since_is_not_made_elsewhere(folders, makers):
    asked = Asked(folders[1:], QUICK)
    output = asked.shared(makers)
    os.utime(folders[1] / MODEL_FILE, ns=(1, 1))
    assert len(joined(output)) > 0
    assert asked.here == asked.events


@needs_proc
def test_makers_let_go_of_a_model(folders, makers):
    asked = Asked(folders[:1])
    asked.warm(makers)
    (maker,) = makers.process_ids
    assert any(path.startswith(str(folders[0])) for path in held_paths(maker))
    makers.let_go(folders[0].name)
    for _ in range(20):  # nor do they open it again by themselves
        assert not any(path.startswith(str(folders[0])) for path in held_paths(maker))
        time.sleep(pools.MIND_SECONDS / 5)


def test_makers_are_let_go_when_nothing_is_made_for_long(folders, monkeypatch):
    pool = Makers(learn_small, most=1, earned_seconds=0.0)
    joined(Asked(folders[:1], QUICK).shared(pool))
    assert eventually(lambda: len(pool.process_ids) == 1)
    (maker,) = pool.process_ids
    monkeypatch.setattr(pools, "REST_SECONDS", 0.01)
    assert eventually(lambda: not pool.process_ids and not psutil.pid_exists(maker))
    pool.close()


@pytest.mark.parametrize(
    ("cores", "available", "seconds"),
    [(1, 1e12, 1e3), (8, 1.9e9, 1e3), (8, 1e12, 29.0)],
    ids=["core", "memory", "short"],
)
def test_without_cores_memory_or_enough_to_do_there_are_no_makers(folders, monkeypatch, cores, available, seconds):
    looked = []
    memory = SimpleNamespace(virtual_memory=lambda: looked.append(1) or SimpleNamespace(available=available))
    monkeypatch.setattr(pools, "psutil", memory)
    monkeypatch.setattr(pools, "count_cores", lambda: cores)
    monkeypatch.setattr(pools, "expect_seconds", lambda _: seconds)
    monkeypatch.setattr(pools, "MIND_SECONDS", 0.01)
    monkeypatch.delenv("SDA_MAKERS")
    pool = Makers(learn_small)
    joined(Asked(folders[:1], QUICK).shared(pool))
    if available < 1e12:
        assert eventually(lambda: len(pool.process_ids) == 1 and len(looked) > 3)
    assert len(pool.process_ids) == (1 if available < 1e12 else 0)
    pool.close()
    assert pool.process_ids == []


def test_the_environment_says_how_many_makers_there_are_at_most(monkeypatch):
    monkeypatch.setattr(pools, "count_cores", lambda: 4)
    monkeypatch.delenv("SDA_MAKERS", raising=False)
    assert Makers().most == 3
    monkeypatch.setenv("SDA_MAKERS", "2")
    assert Makers().most == 2
    monkeypatch.setenv("SDA_MAKERS", "many")
    assert Makers().most == 3


def test_work_is_foreseen_by_events_sliders_and_models(folders):
    plain = GenerateSettings(duration=60.0, density=2.0)
    seconds = [
        expect_seconds(Order(folders[:count], ((), ()), (1.0,), plain.model_copy(update=update)))
        for count, update in ((1, {}), (2, {}), (1, {"sliders": {"warmth": 3.0}}), (1, {"one_shot": True}))
    ]
    assert seconds == pytest.approx([6.0, 12.0, 24.0, 0.05])


def test_opened_models_share_their_work_where_makers_are_lent(library, makers):  # noqa: ARG001
    opened = Opener("cpu").open("sax")
    assert opened.output(SETTINGS).elsewhere is None
    with lending(makers):
        assert find_makers() is makers
        assert opened.output(SETTINGS).elsewhere is not None
        shared = np.concatenate(list(opened.render(QUICK)))
    assert find_makers() is None
    assert np.array_equal(shared, np.concatenate(list(Opener("cpu").open("sax").render(QUICK))))


def test_an_order_comes_through_json_as_it_was(folders):
    curve = ((0.0, 0.1), (1.5, 1 / 3))
    settings = SETTINGS.model_copy(
        update={"sliders": {"warmth": curve}, "path": ((0.1, 0.2), (0.3, -0.7)), "flow": curve}
    )
    order = Order(folders, tuple(map(when_written, folders)), (curve, 0.25), settings)
    assert Order.from_values(json.loads(json.dumps(order.to_values()))) == order


def test_workers_of_a_worker_end_with_it():
    lost: list[Link] = []
    parent, reply = Link(learn_parent, lost.append), Reply()
    parent.ask("start", {}, reply)
    child = psutil.Process(reply.result(PATIENCE_SECONDS).values["pid"])
    os.kill(parent.process_id, signal.SIGKILL)
    assert eventually(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    parent.close()


def test_a_player_that_is_warm_has_makers_for_all_that_it_opens(monkeypatch):
    monkeypatch.setattr(sharing, "_lent", [])
    monkeypatch.setattr(previewing, "warm", lambda: None)  # takes seconds, and is tested by itself
    assert find_makers() is None
    previewing.warm_up()
    assert find_makers() is MAKERS


def test_the_first_event_of_many_is_made_where_somebody_waits_for_it(folders, makers, monkeypatch):
    sent, make_in = [], Makers._make_in
    monkeypatch.setattr(Makers, "_make_in", lambda *of: (sent.append(of[3].index), make_in(*of))[1])
    asked = Asked(folders[:1])
    asked.warm(makers)
    assert eventually(lambda: makers.ready == 1)
    sent.clear()
    joined(asked.shared(makers))
    assert sent
    assert 0 not in sent
    assert eventually(lambda: makers.ready == 1)
    one = Asked(folders[:1], SETTINGS.model_copy(update={"one_shot": True}))
    joined(one.shared(makers))
    assert (one.here, one.events) == (0, 1)  # rows of a pack are many outputs of one event


def test_a_maker_loads_only_what_it_needs():
    """scipy.signal takes half a second and 27 MB, in each of them."""
    learn = "import sys; from engine.workers.maker import learn_to_make; learn_to_make()"
    told = subprocess.run([sys.executable, "-c", f"{learn}; print(*sys.modules)"], capture_output=True, check=True)
    assert b"torch" in told.stdout.split()
    assert b"scipy.signal" not in told.stdout.split()
