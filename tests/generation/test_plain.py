import numpy as np
import pytest

from engine.audio.ends import fade_ends
from engine.generation.event.loudness import weighted_energy
from engine.generation.event.reference import PlainEvents
from engine.generation.event.sing import audible, sing
from engine.generation.score.edges import CUT_SECONDS
from engine.generation.sliders.looking import look_at
from engine.properties.depths import depth_of
from engine.properties.onset import levels

LONGEST = 30_000


def test_a_plain_event_is_what_is_sung_of_the_walk_alone(space):
    track = space.track(space.clips[0])
    sung = audible(sing(space, track, 0.7, 3))[:LONGEST]
    middle = np.array([LONGEST / 2])
    plain = PlainEvents(space).hear(track, 0.7, 3, LONGEST, middle)
    assert plain.traits == pytest.approx(look_at(sung)[None])
    assert plain.energy == pytest.approx(weighted_energy(fade_ends(sung, seconds_out=CUT_SECONDS)))
    assert plain.depth == pytest.approx(depth_of(sung))
    assert np.array_equal(plain.contour, levels(sung))
    assert plain.at_samples is middle


def test_an_event_is_sung_once_and_another_one_again(space):
    events, middle = PlainEvents(space), np.array([LONGEST / 2])
    track, other = (space.track(space.clips[index]) for index in (0, 1))
    plain = events.hear(track, 0.7, 3, LONGEST, middle)
    assert events.hear(track.copy(), 0.7, 3, LONGEST, middle.copy()) is plain
    assert events.hear(other, 0.7, 3, LONGEST, middle) is not plain
    assert events.hear(track, 0.2, 3, LONGEST, middle) is not plain


def test_what_was_heard_long_ago_is_forgotten(space, monkeypatch):
    monkeypatch.setattr("engine.generation.event.reference.REMEMBERED", 1)
    events, middle = PlainEvents(space), np.array([LONGEST / 2])
    track = space.track(space.clips[0])
    plain = events.hear(track, 0.7, 3, LONGEST, middle)
    events.hear(track, 0.7, 4, LONGEST, middle)
    again = events.hear(track, 0.7, 3, LONGEST, middle)
    assert again is not plain
    assert np.array_equal(again.traits, plain.traits)
