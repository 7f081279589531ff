"""The makers of this process: started once they earn it, kept warm, given one event each, and let go after a while.

    event ─► a maker that has the models open and nothing to do ─► its sound
                └─ none ─► made here

Nobody waits for a maker to start, to open a model, or to be replaced: until then events are made here. So what an
output sounds like, and that it is made at all, does not depend on makers.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import psutil

from engine.curves import value_at
from engine.device import count_cores
from engine.errors import EngineError
from engine.generation.mix.carrying import Arrays, bytes_to_arrays
from engine.generation.score.composing import Event
from engine.latent.checks import Check
from engine.studio.sharing import Order, Written, lending
from engine.workers.link import Link
from engine.workers.maker import learn_to_make
from engine.workers.reply import Reply
from engine.workers.worker import Trade

if TYPE_CHECKING:
    from engine.generation.mix.output import Output

Asked = TypeVar("Asked")
Made = TypeVar("Made")
Models = tuple[tuple[Path, ...], tuple[Written, ...]]

MOST_VARIABLE = "SDA_MAKERS"  # of the environment: how many makers there are at most; 0 is none
MOST = 7  # the process that plays can lay out what so many make, and hardly more
MEMORY_EACH = 1_000_000_000  # bytes that must be available for each
EARNED_SECONDS = 30.0  # of one core's work on outputs from which on makers pay for their start
PLAIN_SECONDS, STEERED_SECONDS = 0.05, 0.2  # of one core's work for an event
REST_SECONDS = 300.0  # without work, after which makers are let go
MIND_SECONDS = 0.25  # between two looks at whether makers are to be started or let go
POLL_SECONDS = 0.02  # between two questions whether an event is still wanted
DENSITY_POINTS = 64  # at which a density that changes is averaged
MOST_LOST = 3  # makers that may end unexpectedly, before there are no more
CLOSING_SECONDS = 2.0  # until a maker has closed a model


@dataclass
class _Job:
    """One output.

    Attributes:
        models: That take part.
        order: As makers are told.
        seconds: Of one core's work that it is expected to take; 0 once it has begun.
    """

    models: Models
    order: dict[str, Any]
    seconds: float


@dataclass(eq=False)
class _Hand:
    """One maker: whether it has something to do, and of which models it has an output open."""

    link: Link
    busy: bool = False
    opened: Models | None = None

    @property
    def is_free(self) -> bool:
        return self.link.alive and self.link.ready.is_set() and not self.busy


class Makers:
    """The makers of this process, see `engine.studio.sharing.Makers`.

    Args:
        learn: What a maker can do.
        most: Makers that there may be; None is one less than there are cores, MOST at most.
        earned_seconds: Expected work on outputs from which on they are started.
        quiet_seconds: Without work, before one is started: so that nothing is slowed that somebody waits for.
    """

    def __init__(
        self,
        learn: Callable[[], Trade] = learn_to_make,
        *,
        most: int | None = None,
        earned_seconds: float = EARNED_SECONDS,
        quiet_seconds: float = 0.0,
    ) -> None:
        self._learn, self.most = learn, min(count_cores() - 1, read_most()) if most is None else most
        self._earned, self._quiet = earned_seconds, quiet_seconds
        self._guard = threading.Condition()
        self._hands: list[_Hand] = []
        self._refused: set[Models] = set()  # that a maker could not open
        self._latest: _Job | None = None
        self._due = 0.0
        self._last = 0.0
        self._lost = 0
        self._minding = False
        self._closing = False

    @property
    def process_ids(self) -> list[int]:
        """Return the ids of the processes that are there, ready or not."""
        with self._guard:
            return [hand.link.process_id for hand in self._hands]

    @property
    def ready(self) -> int:
        """Return how many makers have models open and nothing to do."""
        with self._guard:
            return sum(hand.is_free and hand.opened is not None for hand in self._hands)

    def share(self, order: Order, output: "Output[Asked, Made]") -> Callable[[Asked, Check], Made]:
        """Return what makes the sounds that `output.make` makes, in a maker where one has time."""
        job = _Job((order.folders, order.written), order.to_values(), expect_seconds(order))

        def make(asked: Asked, check: Check) -> Made:
            is_first = self._begin(job)
            # Somebody waits for the first of many, and a maker has to open the output first
            stays = output.carrying.is_known(asked) or (is_first and not order.settings.one_shot)
            hand = None if stays else self._borrow(job)
            arrays = self._make_in(hand, job, output.carrying.event(asked), check) if hand else None
            return output.make(asked, check) if arrays is None else output.carrying.unpack(asked, arrays)

        return make

    def let_go(self, model: str) -> None:
        """Let all makers close a model by its id, which is the name of its folder."""
        with self._guard:
            if self._latest and any(folder.name == model for folder in self._latest.models[0]):
                self._latest = None  # or it would be opened again at once
            links = [hand.link for hand in self._hands if hand.is_free or hand.busy]
            for hand in self._hands:
                hand.opened = None
        replies = [(link, Reply()) for link in links]
        for link, reply in replies:
            link.ask("let-go", {"model": model}, reply)
        until = time.monotonic() + CLOSING_SECONDS
        for _, reply in replies:
            reply.wait(max(0.0, until - time.monotonic()))

    def close(self) -> None:
        """End all makers, and wait until they are gone."""
        with self._guard:
            self._closing = True
            self._guard.notify_all()
        self._end_all()

    def _begin(self, job: _Job) -> bool:
        """Take note that an event of an output is to be made; return whether it is the first one."""
        with self._guard:
            is_first = job.seconds > 0.0
            self._due, job.seconds = self._due + job.seconds, 0.0
            self._latest, self._last = job, time.monotonic()
            if not self._minding and not self._closing and self._due >= self._earned and self.most > 0:
                self._minding = True
                threading.Thread(target=self._mind, name="makers", daemon=True).start()
        return is_first

    def _borrow(self, job: _Job) -> _Hand | None:
        """Return a maker for one event, None where none is free that has the models open."""
        with self._guard:
            ready = next((hand for hand in self._hands if hand.is_free and hand.opened == job.models), None)
            if ready:
                ready.busy = True
        return ready

    def _open_in_all(self, job: _Job) -> None:
        for hand in self._hands:
            if hand.is_free and hand.opened != job.models:
                self._open_in(hand, job)

    def _open_in(self, hand: _Hand, job: _Job) -> None:
        """Let a maker open the models of an output; nobody waits for that."""
        reply = Reply()

        def told(ended: Reply) -> None:
            with self._guard:
                hand.busy, hand.opened = False, None if ended.failure else job.models
                if ended.failure and hand.link.alive:
                    self._refused.add(job.models)

        hand.busy = True
        reply.when_ended(told)
        hand.link.ask("open", {"order": job.order}, reply)

    def _make_in(self, hand: _Hand, job: _Job, event: Event, check: Check) -> Arrays | None:
        """Return the sound of an event that a maker makes; None where it could not.

        Raises:
            Cancelled: the check did; the maker leaves the event at its next check.
        """
        reply = Reply()
        reply.when_ended(lambda _: self._give_back(hand))
        number = hand.link.ask("make", {"order": job.order, "index": event.index, "start": event.start}, reply)
        try:
            while not reply.wait(POLL_SECONDS):
                check()
        except BaseException:
            hand.link.cancel(number)
            raise
        try:
            result = reply.result()
            return bytes_to_arrays(result.values["arrays"], result.payload)
        except (EngineError, ValueError, LookupError, TypeError):
            return None  # whatever it is, it is seen where the event is made instead

    def _give_back(self, hand: _Hand) -> None:
        with self._guard:
            hand.busy, self._last = False, time.monotonic()

    def _mind(self) -> None:
        """Start makers while there is work, and any that was lost again; let all go when there was none for long.

        They open the models of the latest output as soon as it is quiet enough.
        """
        while True:
            with self._guard:
                self._guard.wait(MIND_SECONDS)
                idle = time.monotonic() - self._last
                if self._closing or idle > REST_SECONDS:
                    self._minding = False
                    break
                is_quiet = idle >= self._quiet
                if is_quiet and self._latest and self._latest.models not in self._refused:
                    self._open_in_all(self._latest)
                wanted = is_quiet and len(self._hands) < self.most and self._lost <= MOST_LOST
                starting = sum(not hand.link.ready.is_set() for hand in self._hands)
            if wanted and psutil.virtual_memory().available >= (1 + starting) * MEMORY_EACH:
                self._start_one()
        self._end_all()

    def _start_one(self) -> None:
        hand = _Hand(Link(self._learn, self._lose))
        with self._guard:
            self._hands.append(hand)
            is_late = self._closing
        if is_late:
            self._end_all()

    def _lose(self, link: Link) -> None:
        """Take note that a maker ended; another one is started."""
        with self._guard:
            self._hands = [hand for hand in self._hands if hand.link is not link]
            self._lost += 1

    def _end_all(self) -> None:
        with self._guard:
            hands, self._hands = self._hands, []
        ends = [threading.Thread(target=hand.link.close) for hand in hands]
        for end in ends:
            end.start()
        for end in ends:
            end.join()


@contextmanager
def helped() -> Iterator[None]:
    """Let makers help with all outputs that are made inside the block, once that pays."""
    makers = Makers()
    try:
        with lending(makers):
            yield
    finally:
        makers.close()


def read_most() -> int:
    """Return how many makers there may be at most, as the environment says; MOST where it says nothing of use."""
    given = os.environ.get(MOST_VARIABLE, "")
    return int(given) if given.isdecimal() else MOST


def expect_seconds(order: Order) -> float:
    """Return how long one core is expected to work on the events of an output."""
    settings = order.settings
    times = np.linspace(0.0, settings.duration, DENSITY_POINTS)
    events = 1.0 if settings.one_shot else settings.duration * float(np.mean(value_at(settings.density, times)))
    return events * len(order.folders) * (STEERED_SECONDS if settings.sliders else PLAIN_SECONDS)
