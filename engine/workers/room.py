"""The engine room: the workers of the app and their jobs, as the window's process has them. Loads no torch."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from engine.errors import EngineError, ParameterError
from engine.workers.changes import Changes
from engine.workers.foreign import reading_foreign
from engine.workers.job import Job
from engine.workers.jobs import KINDS, TRAINING, JobBoard
from engine.workers.link import Link
from engine.workers.player import learn_to_play
from engine.workers.reader import learn_to_read
from engine.workers.reply import Reply
from engine.workers.stream import Stream
from engine.workers.trainer import learn_to_train
from engine.workers.worker import Trade

ANSWER_SECONDS = 60.0
FIRST_SOUND_SECONDS = 120.0  # a large model may have to be opened first
CLOSING_SECONDS = 2.0  # until a model that the player has opened is closed
CROSSED_SECONDS = 10.0  # a player that lives for less ended because of how it begins
BACKING_OFF_SECONDS = 3.0
MOST_PAGES = 100  # whose last preview is remembered
QUIET_SECONDS = 2.0  # without previews until a training gets its core back
REPLACED = "The part of the program that makes sound ended unexpectedly and was started again."
TRAINER_LOST = "The training ended unexpectedly. What it had learned until half a minute before can be gone on from."


class EngineRoom:
    """A player that is always there, and a trainer for each training."""

    def __init__(
        self,
        player: Callable[[], Trade] = learn_to_play,
        trainer: Callable[[], Trade] = learn_to_train,
        reader: Callable[[], Trade] = learn_to_read,
    ) -> None:
        """Start the player.

        Args:
            player: What it can do.
            trainer: What a trainer can do.
            reader: What a reader can do.
        """
        self._learn_to_play, self._learn_to_train, self._learn_to_read = player, trainer, reader
        self.changes = Changes()
        self.jobs = JobBoard(self)
        self._guard = threading.RLock()
        self._closing = False
        self._notices: list[str] = []
        self._trainer: Link | None = None
        self._latest: dict[str, tuple[int, Stream]] = {}
        self._listening = 0
        self._quiet: threading.Timer | None = None
        self._player = Link(self._learn_to_play, self._replace_player)

    def ask(self, task: str, values: Mapping[str, Any], *, timeout_seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        """Let the player do something quick.

        Raises:
            EngineError: what it raised; `worker_lost` where it ended, `worker_slow` where it takes too long.
        """
        return self.ask_bytes(task, values, timeout_seconds=timeout_seconds)[0]

    def ask_bytes(
        self, task: str, values: Mapping[str, Any], *, timeout_seconds: float = ANSWER_SECONDS
    ) -> tuple[dict[str, Any], bytes]:
        """Let the player do something quick whose answer has raw bytes as well; raises what `ask` does."""
        reply = Reply()
        player = self._player
        number = player.ask(task, values, reply)
        try:
            result = reply.result(timeout_seconds)
        except EngineError:
            player.cancel(number)
            raise
        return dict(result.values), result.payload

    def let_go(self, model: str) -> None:
        """Let the player close a model by its id, before its folder is moved; that goes on where it does not answer."""
        with suppress(EngineError):
            self.ask("let-go", {"model": model}, timeout_seconds=CLOSING_SECONDS)

    def ask_apart(
        self, task: str, values: Mapping[str, Any], name: str, *, timeout_seconds: float = ANSWER_SECONDS
    ) -> dict[str, Any]:
        """Let a worker of its own read a file, so that neither a crash nor an endless loop costs the player.

        Args:
            task: By name, see `engine.workers.reader`.
            values: That it needs.
            name: Of the file, as the person knows it.
            timeout_seconds: After which the reader is ended.

        Raises:
            EngineError: what it raised; `dataset.unreadable` where it ended, or took too long.
        """
        reader, reply = Link(self._learn_to_read, lambda _: None), Reply()
        try:
            with reading_foreign(name):
                reader.ask(task, values, reply)
                return dict(reply.result(timeout_seconds).values)
        finally:
            reader.close()

    def stream(self, task: str, values: Mapping[str, Any], *, page: str = "", number: int = 0) -> Stream:
        """Let the player make sound, and hear it while it comes.

        Args:
            task: By name.
            values: That it needs.
            page: Who asks; a later request of the same page overtakes this one. Empty: nobody overtakes it.
            number: Of the request, rising.

        Raises:
            ParameterError: a later request of the page was there first (`overtaken`).
            EngineError: there is no sound.
        """
        stream = Stream(self._player, task, values, self._hear_less)
        self._hear_more()
        if page:
            self._overtake(page, number, stream)
        try:
            stream.head = stream.reply.head(FIRST_SOUND_SECONDS)
        except EngineError:
            stream.close()
            raise
        return stream

    def find_stream(self, page: str, number: int) -> Stream | None:
        """Return what a page hears or has heard last; None where that is another one."""
        with self._guard:
            latest, stream = self._latest.get(page, (-1, None))
            return stream if latest == number else None

    def _overtake(self, page: str, number: int, stream: Stream) -> None:
        with self._guard:
            latest, before = self._latest.pop(page, (-1, None))
            self._latest[page] = (number, stream) if number > latest or before is None else (latest, before)
            while len(self._latest) > MOST_PAGES:
                self._latest.pop(next(iter(self._latest)))
        if number > latest and before:
            before.close()
        elif number <= latest:
            stream.close()
            raise ParameterError(f"request {number} came after {latest}, which overtakes it", code="overtaken")

    def start(self, job: Job, reply: Reply) -> Callable[[bool], None]:
        """Let a worker do a job; return what stops it."""
        if KINDS[job.kind] is TRAINING:
            return self._train(job, reply)
        player = self._player
        number = player.ask(job.kind, job.values, reply)
        return lambda _: player.cancel(number)

    def _train(self, job: Job, reply: Reply) -> Callable[[bool], None]:
        trainer = Link(self._learn_to_train, self._lose_trainer)
        with self._guard:
            self._trainer = trainer
        reply.when_ended(lambda _: self._end_trainer(trainer))
        number = trainer.ask(job.kind, job.values, reply)

        def stop(keep: bool) -> None:
            trainer.cancel(number)
            if not keep:
                with self._guard:
                    self._trainer = None  # it is not lost, but wanted gone
                trainer.kill()

        return stop

    def hear_training(self, side: str) -> tuple[dict[str, Any], bytes]:
        """Return a recording as the model in training hears it by now, or as it is: what it says of it, and samples.

        Args:
            side: "model" or "original".

        Raises:
            ParameterError: no training is under way, or it has not learned long enough (`unheard_unknown`).
        """
        trainer = self._trainer
        if trainer is None:
            raise ParameterError("no training is under way", code="unheard_unknown")
        reply = Reply()
        trainer.ask("hear", {"side": side}, reply)
        result = reply.result(ANSWER_SECONDS)
        return dict(result.values), result.payload

    def changed(self, *nouns: str) -> None:
        """Take note of what is other than before."""
        self.changes.touch(*nouns)

    def notices(self) -> list[str]:
        """Return what the person should know of the workers, each line once."""
        with self._guard:
            said, self._notices = self._notices, []
            return said

    def notice(self, line: str) -> None:
        """Keep a line for `notices`."""
        with self._guard:
            self._notices.append(line)
        self.changed("workers")

    def describe(self) -> dict[str, Any]:
        """Return how the workers are, for the page and for a bug report."""
        return {"player": _describe(self._player), "trainer": _describe(self._trainer)}

    def wait_until_ready(self, timeout_seconds: float) -> bool:
        """Wait until the player is warm; say whether it is."""
        return self._player.ready.wait(timeout_seconds) and self._player.alive

    def close(self) -> None:
        """End all workers and wait until they are gone; a training that is under way can be resumed."""
        with self._guard:
            self._closing = True
            workers = [link for link in (self._player, self._trainer) if link]
        if self._quiet:
            self._quiet.cancel()
        ends = [threading.Thread(target=link.close) for link in workers]
        for end in ends:
            end.start()
        for end in ends:
            end.join()
        for job in self.jobs.list():
            if job.sound:
                job.sound.close()

    def _replace_player(self, lost: Link) -> None:
        """Start another player; one that ended as soon as it began is given time."""
        if time.monotonic() - lost.started < CROSSED_SECONDS and not lost.start_seconds:
            time.sleep(BACKING_OFF_SECONDS)
        with self._guard:
            if self._closing:
                return
            self._player = Link(self._learn_to_play, self._replace_player)
        self.notice(REPLACED)

    def _lose_trainer(self, lost: Link) -> None:
        with self._guard:
            is_ours = self._trainer is lost
            self._trainer = None if is_ours else self._trainer
        if is_ours:
            self.notice(TRAINER_LOST)

    def _end_trainer(self, trainer: Link) -> None:
        with self._guard:
            if self._trainer is trainer:
                self._trainer = None
        threading.Thread(target=trainer.close, daemon=True).start()
        self.changed("workers")

    def _hear_more(self) -> None:
        """Let a training leave a core to what is heard."""
        with self._guard:
            self._listening += 1
            if self._quiet:
                self._quiet.cancel()
                self._quiet = None
            if self._trainer:
                self._trainer.spare(1)

    def _hear_less(self) -> None:
        """Let a training have its core back, once nothing has been heard for a while."""
        with self._guard:
            self._listening -= 1
            if self._listening == 0 and not self._closing:
                self._quiet = threading.Timer(QUIET_SECONDS, self._give_back)
                self._quiet.daemon = True
                self._quiet.start()

    def _give_back(self) -> None:
        with self._guard:
            if self._listening == 0 and self._trainer:
                self._trainer.spare(0)


def _describe(link: Link | None) -> dict[str, Any] | None:
    if link is None:
        return None
    state = "ended" if not link.alive else "ready" if link.ready.is_set() else "starting"
    return {"state": state, "pid": link.process_id, "start_seconds": link.start_seconds}
