"""The jobs of the app: one training, one render, a few that wait; each is followed, stopped, and offered again."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engine.errors import ParameterError
from engine.studio.run import discard_run, unfinished_runs
from engine.workers.job import Job
from engine.workers.messages import Failure
from engine.workers.reply import LOST, Reply
from engine.workers.spool import Spool

MOST_WAITING = 8
MOST_KEPT = 50  # jobs that have ended
NOTHING_KEPT = "stopped; nothing of it is kept"
MOST_SOUNDS = 4  # of jobs that have ended, still to be heard from the spool


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    Attributes:
        queue: Jobs of one queue run one after the other.
        waits: How many may wait in it; one more is refused.
        changes: Nouns that are other than before once it is done.
    """

    queue: str
    waits: int
    changes: tuple[str, ...] = ()


TRAINING = Kind("training", 0, ("models",))
MAKING = Kind("making", MOST_WAITING, ("history",))
KINDS: Mapping[str, Kind] = {
    "train": TRAINING,
    "extend": TRAINING,
    "feedback": TRAINING,
    "resume": TRAINING,
    "render": MAKING,
    "replay": MAKING,
    "export": Kind("making", MOST_WAITING),
    "pack": Kind("making", MOST_WAITING),
    "reconstruct": Kind("making", MOST_WAITING),
    "measure": Kind("making", MOST_WAITING, ("models",)),
    "export-model": Kind("files", MOST_WAITING),
    "import": Kind("files", MOST_WAITING, ("models",)),
    "examine": Kind("examining", MOST_WAITING, ("sets",)),
}


class Ground(Protocol):
    """The workers that jobs run in."""

    def start(self, job: Job, reply: Reply) -> Callable[[bool], None]:
        """Let a worker do a job; return what stops it, told whether to keep what was done."""

    def changed(self, *nouns: str) -> None:
        """Take note of what is other than before."""


class JobBoard:
    """All jobs of this run of the program, the newest first."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._guard = threading.RLock()
        self._jobs: list[Job] = []
        self._stops: dict[str, Callable[[bool], None]] = {}

    def submit(self, kind: str, title: str, values: Mapping[str, Any], *, heard: bool = False) -> Job:
        """Begin a job, or let it wait for its turn.

        Args:
            kind: From KINDS.
            title: For the person.
            values: For the worker's task of that name.
            heard: Whether its sound is kept to be heard while it is made.

        Raises:
            ParameterError: as many as may are waiting (`busy`).
        """
        limits = KINDS[kind]
        with self._guard:
            ahead = [job for job in self._jobs if KINDS[job.kind].queue == limits.queue and not job.has_ended]
            if len(ahead) > limits.waits:
                first = ahead[-1]
                raise ParameterError(
                    f"{first.title} is still under way; wait for it, or stop it, then try again", code="busy"
                )
            job = Job(kind, title, values, sound=Spool() if heard else None)
            self._jobs.insert(0, job)
            self._forget_old()
        self._ground.changed("jobs")
        self._advance(limits.queue)
        return job

    def list(self) -> list[Job]:
        """Return all jobs, the newest first."""
        with self._guard:
            return list(self._jobs)

    def get(self, wanted: str) -> Job:
        """Return a job.

        Raises:
            ParameterError: there is none of this id (`job_unknown`).
        """
        found = next((job for job in self.list() if job.id == wanted), None)
        if found is None:
            raise ParameterError(f"there is no job {wanted!r}; it may be of an earlier start", code="job_unknown")
        return found

    def cancel(self, wanted: str, *, keep: bool = True) -> Job:
        """Stop a job; of a training what was learned is kept, unless told otherwise. One that has ended stays so.

        Raises:
            ParameterError: there is none of this id.
        """
        job = self.get(wanted)
        with self._guard:
            if job.state == "waiting":
                job.end("cancelled")
                stop = None
            else:
                stop = self._stops.get(job.id)
                if stop and job.state == "running":
                    job.state, job.discards = "stopping", not keep
        if stop:
            stop(keep)
        self._ground.changed("jobs")
        return job

    def remove(self, wanted: str) -> None:
        """Forget a job that has ended.

        Raises:
            ParameterError: there is none of this id, or it is under way (`busy`).
        """
        job = self.get(wanted)
        if not job.has_ended:
            raise ParameterError(f"{job.title} is under way; stop it first", code="busy")
        with self._guard:
            self._jobs.remove(job)
        if job.sound:
            job.sound.close()
        self._ground.changed("jobs")

    def again(self, wanted: str) -> Job:
        """Begin a job anew that has ended without a result; a training goes on from where it was saved, if it was.

        Raises:
            ParameterError: there is none of this id, it is under way or done, or too many wait.
        """
        job = self.get(wanted)
        if job.state not in ("failed", "cancelled", "interrupted"):
            raise ParameterError(f"{job.title} is {job.state}; there is nothing to begin anew", code="busy")
        if job.state == "interrupted" and job.run in {run.id for run in unfinished_runs()}:
            return self.submit("resume", job.title, {"run": job.run})
        return self.submit(job.kind, job.title, job.values, heard=job.sound is not None)

    def _advance(self, queue: str) -> None:
        """Begin the next job of a queue, if none of it is under way."""
        with self._guard:
            mine = [job for job in self._jobs if KINDS[job.kind].queue == queue and not job.has_ended]
            job = mine[-1] if mine and all(one.state == "waiting" for one in mine) else None
            if job is None:
                return
            job.begin()
            reply = self._reply_of(job)
        stop = self._ground.start(job, reply)
        with self._guard:
            if not job.has_ended:
                self._stops[job.id] = stop

    def _reply_of(self, job: Job) -> Reply:
        def heard(data: bytes) -> None:
            if job.sound:
                job.sound.head = reply.begun
                job.sound.write(data)

        def told(values: Mapping[str, Any]) -> None:
            job.take(values)
            self._ground.changed("jobs")

        reply = Reply(told, heard)
        reply.when_ended(lambda ended: self._end(job, ended))
        return reply

    def _end(self, job: Job, reply: Reply) -> None:
        """Take note of what came of a job, and begin the next one of its queue."""
        failure = reply.failure
        if failure is None:
            job.end("done", result=dict(reply.values))
        elif failure.error == "Cancelled":
            job.end("cancelled", error=_plain(failure))
        elif failure.code == LOST and job.discards:
            _discard(job)
            job.end("cancelled", error={"code": "cancelled", "message": NOTHING_KEPT, "field": None})
        else:
            job.end("interrupted" if failure.code == LOST and job.run else "failed", error=_plain(failure))
        with self._guard:
            self._stops.pop(job.id, None)
        self._ground.changed("jobs", *KINDS[job.kind].changes)
        self._advance(KINDS[job.kind].queue)

    def _forget_old(self) -> None:
        ended = [job for job in self._jobs if job.has_ended]
        for job in [one for one in ended if one.sound][MOST_SOUNDS:]:
            if job.sound:
                job.sound.close()
                job.sound = None
        for job in ended[MOST_KEPT:]:
            self._jobs.remove(job)


def _discard(job: Job) -> None:
    """Remove what a training has saved."""
    for run in unfinished_runs():
        if run.id == job.run:
            discard_run(run)


def _plain(failure: Failure) -> dict[str, str | None]:
    return {"code": failure.code, "message": failure.message, "field": failure.field}
