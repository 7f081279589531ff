"""Words before a training begins, where its minutes or the computer's memory will not do."""

from pathlib import Path

import numpy as np
import pytest
from quick_training import train_on
from small_corpus import make_corpus, noise, write_sounds

from engine.studio import session
from engine.studio.forecast import (
    Outlook,
    in_words,
    look_ahead,
    tell_memory,
    tell_minutes,
    tell_share,
)
from engine.training.events import Notice, Progress, Stage
from engine.training.schedule import Recipe
from engine.units import HOP, SAMPLE_RATE

HOUR = 3_600.0


def outlook(hours: float, minutes: float) -> Outlook:
    """Return that of a usual computer: three of five seconds are steps, each brings five seconds of sound."""
    return Outlook(hours * HOUR, minutes, 0.6 * 60 * minutes, 262.0, 5.0)


def test_a_large_set_in_few_minutes_is_told_with_the_minutes_that_do():
    assert tell_minutes(outlook(5, 3)) == (
        "5 hours of sound in 3 minutes: each second is heard less than 0.1 times; 1 hour would do"
    )
    assert tell_minutes(outlook(1, 3)) == (
        "1 hour of sound in 3 minutes: each second is heard about 0.2 times; 10 minutes would do"
    )


@pytest.mark.parametrize("hours", [0.01, 0.1, 0.2])
def test_a_set_for_which_the_minutes_will_do_is_not_spoken_of(hours: float):
    assert tell_minutes(outlook(hours, 3)) is None


@pytest.mark.parametrize("hours", [0.5, 1, 2, 5, 20])
@pytest.mark.parametrize("minutes", [0.5, 3, 10])
def test_the_minutes_that_do_would_not_be_spoken_of(hours: float, minutes: float):
    few = outlook(hours, minutes)
    if tell_minutes(few) is not None:
        assert few.minutes_that_do > minutes
        assert tell_minutes(outlook(hours, few.minutes_that_do)) is None


def test_no_time_for_steps_is_told_as_well():
    told = tell_minutes(Outlook(5 * HOUR, 0.5, 0.0, 262.0, 5.0))
    assert told is not None
    assert told.startswith("5 hours of sound in 30 seconds: each second is heard less than 0.1 times; ")


def test_what_is_heard_is_what_the_recipe_renews():
    seen = look_ahead(HOUR, 3.0, 100.0, Recipe(frames=64, reservoir=384, renewed=2), 0.25)
    excerpt = 64 * HOP / SAMPLE_RATE
    assert seen.times == pytest.approx((384 + 2 * 400) * excerpt / HOUR)


def test_the_share_that_sings_is_told(tmp_path: Path):
    corpus = make_corpus(tmp_path, noise(20.0))
    most = round(5 * SAMPLE_RATE / HOP)
    assert tell_share(corpus, most).startswith("5 seconds of the 20 seconds will sing (25%), chosen so that ")
    assert "With more --minutes up to 20 seconds can" in tell_share(corpus, most)
    assert "With more" not in tell_share(corpus, 10**7)


def test_too_little_memory_is_told():
    assert tell_memory(250_000, 8e9) is None
    told = tell_memory(250_000, 1e9)
    assert told is not None
    assert told.startswith("the training takes about 1.7 GB of memory, and 1.0 GB are free: close other programs, ")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5 * HOUR, "5 hours"),
        (1.5 * HOUR, "1.5 hours"),
        (HOUR, "1 hour"),
        (180.0, "3 minutes"),
        (60.0, "1 minute"),
        (45.0, "45 seconds"),
        (30.0, "30 seconds"),
        (12.0, "12 seconds"),
    ],
)
def test_lengths_are_told_as_a_person_says_them(seconds: float, words: str):
    assert in_words(seconds) == words


def test_it_is_told_before_the_first_step_and_kept_with_the_model(tmp_path, monkeypatch):
    monkeypatch.setattr(session, "FORECAST_SECONDS", 1.0)
    monkeypatch.setattr(session, "measure_step", lambda *_: 1_000.0)
    monkeypatch.setattr(session, "size_batch", lambda *of: of[-1])
    write_sounds(tmp_path / "set", *[np.tile(noise(5.0, seed), 5) for seed in range(2)])
    events: list[object] = []
    report = train_on(tmp_path / "set", steps=None, minutes=0.1, on_event=events.append)
    told = [at for at, event in enumerate(events) if isinstance(event, Notice) and "each second is heard" in event.text]
    begun = [at for at, event in enumerate(events) if isinstance(event, Progress | Stage) and at > told[0]]
    assert len(told) == 1
    assert isinstance(events[begun[0]], Stage)
    assert not [event for event in events[: told[0]] if isinstance(event, Progress)]
    assert any("each second is heard" in text for text in report.warnings)
