"""The minutes of a training, by a clock that only the imitated work moves: every part gets what it was promised."""

import math
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from quick_training import forget, never, train_on
from small_corpus import noise, write_sounds
from small_network import SMALL, small_vae

from engine.generation.calibration import certify
from engine.latent import effort
from engine.latent.certificate import unmeasured
from engine.latent.space import load_space
from engine.model.vae import Vae
from engine.settings import TrainSettings
from engine.studio import session, train
from engine.studio.allotment import (
    COMPARING_SHARE,
    KEPT_SHARE,
    LISTENING_SHARE,
    MEASURING_SHARE,
    SAVING_SECONDS,
    allot,
    most_listening,
    seconds_to_resume,
)
from engine.studio.models import find_model
from engine.studio.train import resume
from engine.training import schedule
from engine.training.events import Notice, Progress
from engine.training.loop import Trainer

MINUTES = 2.0
READING, STEP = 3.0, 2.0  # seconds
FRAME = {"gpu": 1e-6, "cpu": 0.02}  # seconds that a network takes to hear a frame

SETTINGS = TrainSettings(minutes=MINUTES)


def test_the_parts_are_the_minutes():
    whole = allot(SETTINGS, 10.0, grows=False, spent=5.0)
    assert whole.total == 60 * MINUTES - 5.0
    assert whole.steps + whole.listening + whole.measuring + whole.saving == pytest.approx(whole.total)
    assert (whole.listening, whole.measuring, whole.saving) == (10.0, 60 * MINUTES * MEASURING_SHARE, SAVING_SECONDS)


def test_a_model_that_grows_is_compared_in_its_time():
    alone, grown = (allot(SETTINGS, 10.0, grows=grows) for grows in (False, True))
    assert grown.listening - alone.listening == pytest.approx(10.0 * COMPARING_SHARE)
    assert grown.steps == pytest.approx(alone.steps - 10.0 * COMPARING_SHARE)


def test_sliders_that_are_not_measured_leave_their_time_to_the_steps():
    measured, not_measured = (allot(SETTINGS.model_copy(update={"measure": one}), 10.0, grows=False) for one in (1, 0))
    assert not_measured.steps - measured.steps == pytest.approx(measured.measuring)


@pytest.mark.parametrize("done", [0.0, 0.5, 1.0])
def test_a_resumed_training_has_all_that_comes_after_the_steps_and_its_share_of_them(done: float):
    whole, rest = (allot(SETTINGS, 10.0, grows=False, done=share) for share in (0.0, done))
    assert rest.steps == pytest.approx(whole.steps * (1 - done))
    assert (rest.listening, rest.measuring, rest.saving) == (whole.listening, whole.measuring, whole.saving)
    assert seconds_to_resume(SETTINGS, 0.0) == 60 * MINUTES
    assert seconds_to_resume(SETTINGS, done) <= 60 * MINUTES


def test_what_takes_all_the_time_leaves_none_and_is_not_made_up_for():
    none = allot(SETTINGS, 1_000.0, grows=False)
    assert none.steps == 0.0
    assert none.left_to_measure(100.0) == pytest.approx(60 * MINUTES - 100.0 - SAVING_SECONDS)


def test_measuring_has_all_that_is_left_and_half_of_its_share_however_late_it_is():
    whole = allot(SETTINGS, 10.0, grows=False)
    assert whole.left_to_measure(60.0) == pytest.approx(60 * MINUTES - 60.0 - SAVING_SECONDS)
    for late in (110.0, 200.0):
        assert whole.left_to_measure(late) == KEPT_SHARE * whole.measuring > 0.0


@pytest.mark.parametrize("grows", [False, True])
def test_listening_gives_way_to_measuring(grows: bool):
    whole = allot(SETTINGS, 10.0, grows=grows)
    assert whole.left_to_listen(whole.steps, grows=grows) == pytest.approx(10.0)
    late = whole.left_to_listen(whole.steps + 5.0, grows=grows)
    assert late == pytest.approx(10.0 - 5.0 / (1 + COMPARING_SHARE * grows))
    assert whole.left_to_listen(1_000.0, grows=grows) == 0.0


def test_listening_has_a_share_of_the_minutes_that_are_left():
    alone, grown = (most_listening(SETTINGS, grows=grows, spent=20.0) for grows in (False, True))
    assert alone == pytest.approx(LISTENING_SHARE * (60 * MINUTES - 20.0))
    assert grown * (1 + COMPARING_SHARE) == pytest.approx(alone)
    assert most_listening(SETTINGS, grows=False, spent=1_000.0) == 0.0


def test_listening_is_never_cut_short_where_steps_are_counted():
    assert most_listening(TrainSettings(steps=5), grows=True, spent=1_000.0) == math.inf


class Travelling(Vae):
    """A network that counts what it hears by the clock, and is quicker where it is trained."""

    def __init__(self, clock: SimpleNamespace) -> None:
        super().__init__(SMALL)
        self.load_state_dict(small_vae().state_dict())
        self.ticks, self.where = [clock], "cpu"

    def to(self, *_: object, **__: object) -> "Travelling":
        self.where = "gpu"
        return self

    def cpu(self) -> "Travelling":
        self.where = "cpu"
        return self

    def __deepcopy__(self, memo: dict) -> "Travelling":
        copied = Travelling(self.ticks[0])
        copied.load_state_dict(self.state_dict())
        copied.where = self.where
        return copied.train(self.training)

    def encode(self, log_mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self.ticks[0].now += FRAME[self.where] * log_mel.shape[0] * log_mel.shape[-1]
        return super().encode(log_mel)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that work moves: reading, steps, hearing, measuring, which takes all it gets, and saving."""
    clock = SimpleNamespace(now=1_000.0, measuring=None)
    time = SimpleNamespace(monotonic=lambda: clock.now)
    for module in (session, train, schedule, effort):
        monkeypatch.setattr(module, "time", time)

    def takes(seconds: float, real):
        def work(*of: object, **named: object):
            clock.now += seconds
            return real(*of, **named)

        return work

    def measure(_space: object, seconds: float, *_: object):
        clock.measuring = seconds
        clock.now += seconds
        return certify.Certified(unmeasured())

    monkeypatch.setattr(session, "load_base", lambda: Travelling(clock))
    monkeypatch.setattr(session, "size_batch", lambda *of: of[-1])
    monkeypatch.setattr(certify, "certify", measure)
    monkeypatch.setattr(session, "save_space", takes(SAVING_SECONDS, session.save_space))
    monkeypatch.setattr(train, "read_folder", takes(READING, train.read_folder))
    monkeypatch.setattr(Trainer, "step", takes(STEP, Trainer.step))
    return clock


def test_listening_on_the_cpu_is_set_aside_though_the_network_is_trained_elsewhere(clock, recordings: Path):
    report = train_on(recordings, steps=None, minutes=MINUTES, measure=True)
    heard = 60 * MINUTES - READING - report.steps * STEP - clock.measuring - SAVING_SECONDS
    assert heard > 10.0
    assert clock.measuring >= 60 * MINUTES * MEASURING_SHARE - STEP
    assert 0.8 * 60 * MINUTES < report.seconds <= 60 * MINUTES
    assert clock.now - 1_000.0 <= 60 * MINUTES


def test_a_set_that_takes_too_long_to_hear_is_heard_in_part_and_the_minutes_hold(clock, recordings: Path, monkeypatch):
    monkeypatch.setitem(FRAME, "cpu", 0.3)
    monkeypatch.setattr(effort, "LEAST_FRAMES", 4)
    monkeypatch.setattr(effort, "TRIAL_SECONDS", 0.1)
    told: list[str] = []
    report = train_on(
        recordings,
        steps=None,
        minutes=MINUTES,
        measure=True,
        on_event=lambda event: told.append(event.text) if isinstance(event, Notice) else None,
    )
    space = load_space(find_model(report.model).path)
    assert space.parts
    assert clock.now - 1_000.0 <= 60 * MINUTES + STEP
    assert report.steps > 5
    assert [text for text in told if "will sing" in text and "With more --minutes" in text]
    assert any("will sing" in text for text in report.warnings)


SETS = {  # seconds of each recording, and of hearing a frame
    "tiny": ([0.2], 0.1),
    "large": ([0.05] * 60, 0.1),
    "long": ([40.0], 0.01),
}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("slower", [1.0, 4.0])
def test_sliders_have_their_share_of_the_time_whatever_the_set_and_however_slow_the_computer_becomes(
    clock, tmp_path: Path, monkeypatch, name: str, slower: float
):
    monkeypatch.setattr(effort, "LEAST_FRAMES", 4)
    monkeypatch.setattr(effort, "TRIAL_SECONDS", 0.1)
    monkeypatch.setattr(session, "VALIDATION_EXCERPTS", 1)
    lengths, frame = SETS[name]
    monkeypatch.setitem(FRAME, "cpu", frame)
    folder = tmp_path / "set"
    write_sounds(folder, *(noise(seconds, seed) for seed, seconds in enumerate(lengths)))
    real = session.Session._finish

    def finish(*of: object, **named: object):
        monkeypatch.setitem(FRAME, "cpu", FRAME["cpu"] * slower)  # than when the minutes were divided
        return real(*of, **named)

    monkeypatch.setattr(session.Session, "_finish", finish)
    report = train_on(folder, steps=None, minutes=MINUTES, measure=True)
    assert report.steps > 5
    assert clock.measuring >= KEPT_SHARE * 60 * MINUTES * MEASURING_SHARE
    if slower == 1.0:
        assert clock.measuring >= 60 * MINUTES * MEASURING_SHARE - STEP
    assert clock.now - 1_000.0 <= 60 * MINUTES + STEP


def test_a_resumed_training_ends_in_its_time_with_all_its_parts(clock, recordings: Path, monkeypatch):
    monkeypatch.setattr(session, "CHECKPOINT_SECONDS", 0.0)
    shares: list[float] = []
    expected: list[float] = []
    real = session.estimate_listening
    monkeypatch.setattr(session, "estimate_listening", lambda *of: expected.append(real(*of)) or expected[-1])

    def fail(event: object) -> None:
        if isinstance(event, Progress):
            shares.append(event.share)
            if event.step == 20:
                raise MemoryError

    with pytest.raises(MemoryError):
        train_on(recordings, steps=None, minutes=MINUTES, measure=True, on_event=fail)
    begun = clock.now
    report = resume(None, on_event=forget, should_stop=never)
    assert clock.measuring >= 60 * MINUTES * MEASURING_SHARE - STEP
    assert report.steps > 20
    planned = allot(SETTINGS, expected[-1], grows=False, done=shares[0])
    assert clock.now - begun <= planned.total + STEP
