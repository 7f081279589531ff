"""Workers begin, stop when they are told to, and can be asked again."""

from collections.abc import Callable

import psutil

from engine.studio.sets import create_demo_set
from engine.workers.job import Job
from webui.self_test.checks import expect
from webui.self_test.ground import Ground, wait_for

MANY_STEPS = 100_000
ENDING_SECONDS = 120.0
LONG_SECONDS = 1_800.0  # of sound: no computer has made it before it is stopped


def check_player(ground: Ground) -> str:
    """A render is stopped while it is made, and the player answers afterwards."""
    job = ground.begin("render", {"model": ground.need_model(), "settings": {"duration": LONG_SECONDS}})
    stop(ground, job, lambda: job.share)
    expect(job.state == "cancelled", f"a render was stopped and ended as {job.state}: {job.error}")
    device = ground.room.ask("device", {})
    player = ground.room.describe()["player"]
    return f"process {player['pid']}, computes on {device['torch_device']}, ready after {player['start_seconds']:.1f} s"


def check_trainer(ground: Ground) -> str:
    """A training is thrown away while it learns: its process ends, and no model comes of it."""
    values = {"set": create_demo_set().id, "name": "stopped", "settings": {"steps": MANY_STEPS, "measure": False}}
    job = ground.begin("train", values)
    wait_for(lambda: ground.room.describe()["trainer"] or job.has_ended, "no trainer was started")
    trainer = ground.room.describe()["trainer"]
    expect(trainer is not None, f"the training ended as {job.state}: {job.error}")
    stop(ground, job, lambda: job.curve or job.stage == "training")
    expect(job.state != "done", "a training that was thrown away was done")
    wait_for(lambda: not psutil.pid_exists(trainer["pid"]), "the trainer did not end", ENDING_SECONDS)
    return f"process {trainer['pid']} began and ended"


def stop(ground: Ground, job: Job, under_way: Callable[[], object]) -> None:
    """Stop a job once it is under way, keep nothing of it, and wait until it has ended."""
    wait_for(lambda: job.has_ended or under_way(), f"{job.kind} did not begin")
    expect(not job.has_ended, f"{job.kind} ended as {job.state}: {job.error}")
    ground.room.jobs.cancel(job.id, keep=False)
    wait_for(lambda: job.has_ended, f"{job.kind} was stopped and came to no end", ENDING_SECONDS)
