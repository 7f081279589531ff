"""Sliders leave the notes alone: what an event of clear pitch becomes under a slider has the note that it had."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from small_corpus import noise

from engine.features.fundamental import find_loudest_note
from engine.generation.calibration.agenda import Look
from engine.generation.calibration.readings import Readings
from engine.generation.calibration.sweep import Sweep
from engine.generation.event import sound
from engine.generation.event.holding import LESS, hold_notes
from engine.generation.event.sing import one_frame_more
from engine.generation.event.way import walk_events
from engine.generation.render import ask_harmony, render
from engine.generation.renderer import prepare
from engine.generation.score.composing import compose
from engine.generation.sliders.bank import compile_bank
from engine.generation.sliders.shaping import shape
from engine.generation.sliders.steering import Way, steer_walks
from engine.properties.beating import change_roughness, measure_roughness
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE
from engine.vocoder.blend import trust
from engine.vocoder.notes import NoteSearch
from engine.vocoder.search import misfit_of

NOTES_HZ = (146.8, 185.0, 233.1, 293.7, 370.0, 466.2)
SEEDS = range(4)


def blown(hz: float, slope: float, seconds: float = 0.7) -> np.ndarray:
    """Return partials whose levels fall by a power of their number: bright where it is small."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    partials = sum(k**-slope * np.sin(2 * np.pi * hz * k * time + k) for k in range(1, int(9_000 / hz)))
    rise = np.minimum(1.0, time / 0.03) * np.minimum(1.0, (seconds - time) / 0.05)
    return 0.3 * rise * partials / np.abs(partials).max()


@pytest.fixture(scope="module")
def pitched(space_at, tmp_path_factory):
    """A renderer of notes of which the high ones are bright."""
    sounds = [blown(hz, 2.2 - 0.3 * place) for place, hz in enumerate(NOTES_HZ)]
    return prepare(space_at(tmp_path_factory.mktemp("pitched"), *sounds))


@pytest.fixture(scope="module")
def breathy(space_at, tmp_path_factory):
    """A renderer of noises."""
    return prepare(space_at(tmp_path_factory.mktemp("breathy"), *(noise(0.6, seed) for seed in range(3))))


def heard(renderer, seed: int, keep: str = "notes", **sliders: float) -> np.ndarray:
    settings = GenerateSettings(one_shot=True, seed=seed, novelty=0.2, source=1.0, keep=keep, sliders=sliders)
    return np.concatenate(list(render(renderer, settings)))[:, 0]


def kept(renderer, slider: str, position: float, keep: str) -> float:
    """Return the share of events whose note stays within 50 cents."""
    pairs = [
        [find_loudest_note(heard(renderer, seed, keep, **moved)).hz for moved in ({}, {slider: position})]
        for seed in SEEDS
    ]
    return float(np.mean([moved > 0 and abs(1200 * np.log2(moved / plain)) < 50 for plain, moved in pairs]))


@pytest.mark.parametrize("slider", ["brightness", "warmth", "roughness", "texture"])
@pytest.mark.parametrize("position", [-8.0, 8.0])
def test_a_slider_leaves_notes_alone(pitched, slider: str, position: float):
    assert kept(pitched, slider, position, "notes") == 1.0


def test_sliders_that_keep_nothing_choose_other_notes(pitched):
    assert min(kept(pitched, "brightness", position, "nothing") for position in (-8.0, 8.0)) < 0.8


def test_without_sliders_nothing_is_to_be_kept(pitched):
    for seed in SEEDS:
        assert np.array_equal(heard(pitched, seed), heard(pitched, seed, "nothing"))


def test_what_has_no_pitch_sounds_as_if_nothing_were_kept(breathy):
    for slider in ("brightness", "roughness"):
        assert np.array_equal(heard(breathy, 1, **{slider: 6.0}), heard(breathy, 1, "nothing", **{slider: 6.0}))


@pytest.mark.parametrize("keep", ["notes", "nothing"])
def test_an_event_that_keeps_its_note_is_not_transposed_against_other_sliders(pitched, keep: str):
    settings = GenerateSettings(sliders={"brightness": 8.0}, keep=keep)
    bank = compile_bank(settings, pitched.certificate, pitched.space.chart)
    event = next(compose(settings, pitched.space.clips, pitched.guide.places))
    assert (ask_harmony(pitched, bank, settings, event).hold > 0.0) == (keep == "nothing")


def test_walks_are_drawn_to_clips_of_their_note_alone(pitched):
    """Every note is there once, so a walk that keeps it is drawn to nothing."""
    settings = GenerateSettings(one_shot=True, sliders={"brightness": 8.0})
    bank = compile_bank(settings, pitched.certificate, pitched.space.chart)
    events = [next(compose(settings.model_copy(update={"seed": 1}), pitched.space.clips, pitched.guide.places))]
    for keep, stays in (("notes", True), ("nothing", False)):
        (walk,) = walk_events(pitched, bank, settings.model_copy(update={"keep": keep}), events)
        (at_home,) = steer_walks(pitched.guide, pitched.steerer, bank, [Way(walk.event, walk.track)], 0, pull=0.0)
        assert np.allclose(walk.steered.track, at_home.track, atol=1e-5) == stays


def test_what_sings_an_event_is_sought_at_its_note(pitched, breathy, monkeypatch):
    sought = []
    find = NoteSearch.find
    monkeypatch.setattr(NoteSearch, "find", lambda *of: (sought.append(of), find(*of))[1])
    heard(breathy, 1, brightness=7.5)  # no position of another test, whose sounds would be remembered
    heard(pitched, 1, "nothing", brightness=7.5)
    assert not sought
    heard(pitched, 1, brightness=7.5)
    assert sought


def test_clips_know_their_notes(pitched, breathy):
    notes = pitched.guide.notes
    assert 2.0**notes.octaves == pytest.approx(NOTES_HZ, rel=3e-3)
    assert not notes.others_of(0).any()
    assert not breathy.guide.notes.is_pitched(0)
    assert breathy.guide.notes.others_of(0) is None


@pytest.mark.parametrize(("position", "judged"), [(10.0, True), (0.0, False)])
def test_a_sweep_says_how_many_notes_were_kept(pitched, breathy, position: float, judged: bool):
    look = Look("brightness", 1, (position,) if position else ())
    for renderer, is_pitched in ((pitched, True), (breathy, False)):
        with ThreadPoolExecutor(1) as pool:
            sweep = Sweep(renderer, Readings(1.0), pool)
            sweep.take([look])
        kept = sweep.readings.kept("brightness", (1,), compensated=False)
        assert kept.share == (1.0 if is_pitched and judged else None)


def test_beating_that_keeps_notes_has_no_period_of_its_own():
    sound = blown(560.0, 1.0)[:, None].astype(np.float32)
    wanted = measure_roughness(sound) + 1.3  # more than high partials alone can do
    steady, unsteady = (change_roughness(sound, wanted, keeps_notes=keeps) for keeps in (False, True))
    assert measure_roughness(unsteady) == pytest.approx(measure_roughness(steady), abs=0.1)
    assert find_loudest_note(unsteady[:, 0]).hz == pytest.approx(560.0, rel=0.02)
    assert find_loudest_note(steady[:, 0]).hz == pytest.approx(70.0, rel=0.02)


@pytest.mark.parametrize("hz", [153.0, 197.0, 311.0])
def test_high_partials_that_beat_leave_low_notes_alone(hz: float):
    """At these notes a beating of 70 Hz is about half of them or less, and deeper would be heard an octave lower."""
    sound = blown(hz, 1.0)[:, None].astype(np.float32)
    rough = change_roughness(sound, measure_roughness(sound) + 0.22, keeps_notes=True)
    assert not np.allclose(rough, sound, atol=0.01)
    assert find_loudest_note(rough[:, 0]).hz == pytest.approx(hz, rel=0.02)


@pytest.mark.parametrize("hz", [110.0, 130.8, 155.6])
def test_beating_is_slow_enough_for_low_notes_to_be_heard(hz: float):
    sound = blown(hz, 1.0)[:, None].astype(np.float32)
    wanted = measure_roughness(sound) + 0.2
    rough = change_roughness(sound, wanted, keeps_notes=True)
    assert not np.allclose(rough, sound, atol=0.01)
    assert find_loudest_note(rough[:, 0]).hz == pytest.approx(hz, rel=0.02)


def test_highs_that_a_sound_hardly_has_are_raised_with_other_sliders_than_brightness_only(pitched, monkeypatch):
    asked = []
    monkeypatch.setattr(sound, "hold_notes", lambda *of: (asked.append(of), hold_notes(*of))[1])
    for slider in ("brightness", "warmth"):
        heard(pitched, 3, **{slider: 8.5})
    (*bright, hushed), (*_, other) = asked[0], asked[-1]
    assert (hushed, other) == (1.0, 0.0)
    search, plain, steered = bright
    louder = replace(steered, decoded=SimpleNamespace(log_mel=steered.walked.log_mel + 2.0))
    held = [hold_notes(search, plain, louder, share) for share in (0.0, 0.5, 1.0)]
    raised = [one.decoded.log_mel - steered.walked.log_mel for one in held]
    assert all((less <= more + 1e-5).all() for more, less in pairwise(raised))
    assert raised[0] == pytest.approx(2.0, abs=1e-3)
    assert np.abs(raised[2] - raised[0])[:, :60].max() < 1e-5  # of the low half of the bands nothing is taken
    assert raised[2].min() < 0.5


@pytest.mark.parametrize("tilt", [-5.0, 5.0])
def test_a_recording_in_another_colour_still_carries_an_event(pitched, tilt: float):
    """A colour is a filter: what is far from all recordings by its colour alone is not dreamt."""
    settings = GenerateSettings(one_shot=True, seed=1, novelty=0.0, source=1.0, sliders={"brightness": 8.0})
    bank = compile_bank(settings, pitched.certificate, pitched.space.chart)
    (walk,) = walk_events(pitched, bank, settings, [next(compose(settings, pitched.space.clips, pitched.guide.places))])
    walked = walk.steered.walked
    plain = pitched.plain.hear(walk.track, 1.0, 1, None, np.zeros(1), walked)
    colour = (tilt * np.linspace(-1.0, 1.0, walked.log_mel.shape[1])).astype(np.float32)
    coloured = replace(walk.steered, decoded=SimpleNamespace(log_mel=walked.log_mel + colour))
    held = hold_notes(pitched.guide.notes.search, plain, coloured)
    path = held.find(one_frame_more(held.decoded.log_mel))
    loud = plain.power > 0.01 * plain.power.max()
    by_colour = misfit_of(pitched.space.voice, path.frames, one_frame_more(held.decoded.log_mel))
    assert trust(replace(path, misfit=by_colour), 0.7)[loud].mean() < 0.3
    assert trust(path, 0.7)[loud].mean() > 0.9


def test_shaping_that_loses_a_note_is_done_again_with_less_until_it_stays(pitched, monkeypatch):
    asked, lost = [], []

    def shape_once(sung, wanted, spans, seed, before=None):
        shaped = shape(sung, wanted, spans, seed, before)
        asked.append((wanted.strength, before))
        lost.extend([shaped.sound] if len(asked) < 3 else [])
        return shaped

    monkeypatch.setattr(sound, "shape", shape_once)
    monkeypatch.setattr(sound, "keeps_note", lambda _, heard: not any(heard is one for one in lost))
    heard(pitched, 2, brightness=9.5)  # no position of another test
    (whole, looked_at), *less = asked
    assert looked_at is None
    assert [strength.tolist() for strength, _ in less] == [(share * whole).tolist() for share in LESS[:2]]
    assert all(before is not None for _, before in less)  # it is the same sound, and was looked at already
