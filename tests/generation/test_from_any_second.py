"""An output from any sample on is what the whole is there, a loop goes round, and an event can be heard by itself."""

import threading
from collections.abc import Iterator
from functools import partial
from itertools import islice

import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.errors import Cancelled, ParameterError
from engine.generation import render as rendering
from engine.generation.blending import blend as blending
from engine.generation.blending.blend import open_blend, render_blend
from engine.generation.event import sound as sounding
from engine.generation.mix import output as outputs
from engine.generation.mix.ahead import ahead
from engine.generation.mix.output import play_event
from engine.generation.render import let_flow, open_output, render
from engine.generation.renderer import Renderer, prepare
from engine.generation.score import timeline
from engine.generation.score.composing import compose
from engine.generation.sliders.bank import compile_bank
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE, seconds_to_samples

EXACT = 1e-6  # -120 dB
TOTAL = 3.6  # seconds
FIRST = 120_001  # sample, on no grid, behind the longest lead
PLAIN = [
    {},
    {"density": ((0.0, 1.0), (4.0, 9.0)), "novelty": ((0.0, 0.0), (4.0, 1.0)), "source": 0.5},
    {"at": (0.2, -0.4)},
    {"path": ((-0.8, 0.0), (0.6, 0.7), (0.0, -0.5))},
    {"channels": "stereo"},
    {"width": ((0.0, -10.0), (2.0, 10.0))},
    {"movement": "orbit", "orbit_seconds": 3.0},
    {"movement": "drift", "width": 4.0},
    {"distance": ((0.0, 8.0), (2.5, -8.0), (4.0, 9.0)), "reverb_seconds": 0.8, "width": ((0.0, -10.0), (4.0, 0.0))},
    {"distance": -7.0},
    {"channels": "binaural", "movement": "orbit", "distance": 4.0, "reverb_seconds": 0.8},
]
STEERED = [
    {"sliders": {"brightness": ((0.0, -8.0), (4.0, 8.0)), "texture": 4.0}},
    {"sliders": {"roughness": -8.0}, "width": 8.0},
    {"sliders": {"attack": -9.0}},
    {"sliders": {"attack": ((0.0, 6.0), (2.0, -9.0), (4.0, -2.0)), "motion": -5.0}},
    {"sliders": {"roughness": ((0.0, -8.0), (4.0, -3.0)), "attack": -6.0, "warmth": 3.0}},
    {"sliders": {"roughness": -6.0, "attack": -6.0}, "distance": -5.0, "movement": "drift"},
]
MOVING = [((0.0, 1.0), (1.0, 1.0), (4.0, 0.1)), ((0.0, 0.0), (1.0, 0.0), (4.0, 0.9))]


class Deaf:
    """Harmony that leaves every event as it is: what it remembers is the one thing that may differ."""

    def __init__(self, *_: object) -> None:
        pass

    def fit(self, sound: np.ndarray, *_: object, **__: object) -> np.ndarray:
        return sound

    bring = fit

    def hear(self, _: object) -> None:
        pass


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (rendering, blending):
        monkeypatch.setattr(module, "Harmony", Deaf)


@pytest.fixture(scope="module")
def other(space_at, tmp_path_factory):
    """Another sound space, stereo."""
    sounds = [np.stack([struck(150 + 90 * place, 0.4, seed=place), noise(0.4, place)], axis=1) for place in range(3)]
    return space_at(tmp_path_factory.mktemp("other"), *sounds)


@pytest.fixture(scope="module")
def sustained(space_at, tmp_path_factory):
    """A sound space of tones that beat with each other."""
    return space_at(tmp_path_factory.mktemp("sustained"), *(tone(hz, 2.0, 0.3) for hz in (330.0, 338.0, 350.0)))


def settings_of(**given) -> GenerateSettings:
    return GenerateSettings(**{"duration": TOTAL, "density": 2.5, "source": 1.0, "seed": 3, **given})


def heard(space, settings: GenerateSettings, first: int = 0) -> np.ndarray:
    """Return an output from a sample on, of a model that remembers nothing of other outputs."""
    return np.concatenate(list(render(prepare(space), settings, first=first)))


def blended(spaces, settings: GenerateSettings, first: int = 0) -> np.ndarray:
    return np.concatenate(list(render_blend([prepare(space) for space in spaces], MOVING, settings, first=first)))


@pytest.mark.parametrize("given", PLAIN, ids=str)
def test_from_any_sample_on_an_output_is_what_the_whole_is_there(space, given: dict):
    whole, part = heard(space, settings_of(**given)), heard(space, settings_of(**given), FIRST)
    assert len(part) == len(whole) - FIRST
    assert np.abs(part).max() > 1e-3
    assert np.abs(part - whole[FIRST:]).max() <= EXACT


@pytest.mark.usefixtures("deaf")
@pytest.mark.parametrize("given", STEERED, ids=str)
def test_so_it_is_with_sliders_but_for_what_tension_remembers(space, given: dict):
    whole, part = heard(space, settings_of(**given)), heard(space, settings_of(**given), FIRST)
    assert np.abs(part).max() > 1e-3
    assert np.abs(part - whole[FIRST:]).max() <= EXACT


@pytest.mark.usefixtures("deaf")
@pytest.mark.parametrize("given", [PLAIN[0], PLAIN[8], STEERED[4]], ids=str)
def test_so_it_is_where_the_shares_of_models_move(space, other, given: dict):
    whole, part = blended([space, other], settings_of(**given)), blended([space, other], settings_of(**given), FIRST)
    assert np.abs(part - whole[FIRST:]).max() <= EXACT


def end_of_the_third(space, settings: GenerateSettings) -> int:
    """Return the sample behind the third event of an output."""
    event = next(islice(compose(settings, space.clips, prepare(space).guide.places), 2, None))
    return event.start + event.longest


@pytest.mark.usefixtures("deaf")
@pytest.mark.parametrize("loop", [False, True])
@pytest.mark.parametrize(("given", "behind"), [
    ({"width": 8.0}, 300),
    ({"sliders": {"roughness": -8.0}}, -2_000),
    ({"sliders": {"roughness": -8.0}, "width": 8.0}, 300),
], ids=str)  # fmt: skip
def test_so_it_is_where_sustained_sounds_beat_and_one_ends(sustained, given: dict, behind: int, loop: bool):
    settings = settings_of(density=1.5, novelty=0.0, loop=loop, **given)
    first = end_of_the_third(sustained, settings) + behind
    whole, part = heard(sustained, settings), heard(sustained, settings, first)
    assert np.abs(part - np.roll(whole, -first, axis=0)[: len(part)]).max() <= EXACT


@pytest.mark.usefixtures("deaf")
@pytest.mark.parametrize("loop", [False, True])
def test_so_it_is_where_what_sounds_has_just_been_held_back(sustained, loop: bool):
    settings = settings_of(duration=3.607, density=1.5, novelty=0.0, loop=loop, sliders={"attack": -9.0})
    first = 148_817  # in a notch, out of which the sum would rise at once
    whole, part = heard(sustained, settings), heard(sustained, settings, first)
    assert np.abs(part - np.roll(whole, -first, axis=0)[: len(part)]).max() <= EXACT


@pytest.mark.parametrize("seconds", [0.0, 0.3, 3.59])
def test_it_may_begin_anywhere(space, seconds: float):
    settings, first = settings_of(distance=3.0, reverb_seconds=0.8), seconds_to_samples(seconds)
    assert np.abs(heard(space, settings, first) - heard(space, settings)[first:]).max() <= EXACT


@pytest.mark.usefixtures("deaf")
@pytest.mark.parametrize("given", [*PLAIN[:2], PLAIN[3], *PLAIN[5:7], *PLAIN[8:], *STEERED], ids=str)
def test_a_loop_is_heard_in_a_circle(space, given: dict):
    settings = settings_of(loop=True, **given)
    whole, part = heard(space, settings), heard(space, settings, FIRST)
    assert part.shape == whole.shape == (seconds_to_samples(TOTAL), whole.shape[1])
    assert np.abs(part - np.roll(whole, -FIRST, axis=0)).max() <= EXACT


@pytest.mark.usefixtures("deaf")
def test_a_loop_of_models_is_heard_in_a_circle(space, other):
    settings = settings_of(loop=True, **STEERED[5])
    whole = blended([space, other], settings)
    part = blended([space, other], settings, FIRST)
    assert np.abs(part - np.roll(whole, -FIRST, axis=0)).max() <= EXACT


@pytest.mark.usefixtures("deaf")
@pytest.mark.parametrize("duration", [0.1, 0.35])
def test_a_loop_that_is_shorter_than_what_its_stages_remember_is_one_too(space, duration: float):
    settings = settings_of(loop=True, duration=duration, distance=6.0, sliders={"roughness": -5.0, "attack": -5.0})
    whole, first = heard(space, settings), seconds_to_samples(duration) // 3
    assert np.abs(heard(space, settings, first) - np.roll(whole, -first, axis=0)).max() <= EXACT


@pytest.mark.parametrize("given", [{"sliders": {"brightness": 6.0, "tension": -6.0}}, STEERED[1], STEERED[5]], ids=str)
def test_no_loop_has_a_seam_where_its_round_ends(space, given: dict):
    settings = settings_of(loop=True, density=4.0, duration=1.6, **given)
    for first in (0, 50_001):
        loop = heard(space, settings, first)
        steps = np.abs(np.diff(loop, axis=0)).max(0)
        assert (np.abs(loop[0] - loop[-1]) <= steps).all()


def test_events_of_a_loop_sound_alike_in_every_round_though_tension_remembers(space):
    """A loop is as long as an event, so that each is heard at its end and again at its beginning."""
    settings = settings_of(loop=True, duration=1.5, density=2.0, sliders={"tension": 7.0, "brightness": 5.0})
    renderer, made = prepare(space), []
    output = open_output(renderer, settings)
    put = output.put

    def noted(event, samples):
        made.append((event.index, samples.copy()))
        return put(event, samples)

    object.__setattr__(output, "put", noted)
    for _ in outputs.play(output, seconds_to_samples(1.0)):
        pass
    first = {}
    assert len(made) > len({index for index, _ in made})
    for index, samples in made:
        assert np.array_equal(first.setdefault(index, samples), samples)


def test_a_one_shot_is_whole_from_its_beginning_and_shorter_from_later_on(space):
    settings = settings_of(one_shot=True, distance=4.0, reverb_seconds=0.8)
    whole = heard(space, settings)
    assert np.array_equal(heard(space, settings, 0), whole)
    assert np.array_equal(heard(space, settings, 5_000), whole[5_000:])


@pytest.mark.parametrize("first", [seconds_to_samples(TOTAL), -1])
@pytest.mark.parametrize("loop", [False, True])
def test_an_output_has_no_samples_outside(space, first: int, loop: bool):
    with pytest.raises(ParameterError, match="begin inside it"):
        next(render(prepare(space), settings_of(loop=loop), first=first))


@pytest.mark.parametrize(
    "given", [{}, {"channels": "stereo"}, {"width": 10.0}, {"channels": "binaural", "movement": "orbit"}], ids=str
)
def test_no_sound_is_heard_longer_than_is_reckoned_with(space, other, given: dict):
    event = timeline.find_event(settings_of(), space.clips, prepare(space).guide.places, FIRST)
    for model in (space, other):
        output = open_output(prepare(model), settings_of(**given))
        longer = max(len(output.put(event, np.ones((samples, 1), np.float32))) - samples for samples in (1, 4_800))
        assert longer <= output.ringing
        assert bool(output.ringing) == bool(longer)


def test_no_sound_of_several_models_is_longer_than_is_reckoned_with(space, other):
    output = open_blend([prepare(space), prepare(other)], [0.5, 0.5], settings_of(duration=6.0))
    lasting = [
        (made.parts[0].event, made.samples)
        for made in ahead(output.score(partial(compose, output.settings)), output.make)
    ]
    assert max(len(samples) - event.longest for event, samples in lasting) <= output.ringing


def count_made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the indices of events that are made, which grow."""
    made: list[int] = []
    sound = sounding.make_sound
    monkeypatch.setattr(sounding, "make_sound", lambda *of, **how: made.append(of[-1].event.index) or sound(*of, **how))
    return made


@pytest.mark.parametrize("loop", [False, True])
def test_the_first_sound_comes_after_few_events_however_long_the_output_is(space, monkeypatch, loop: bool):
    made = count_made(monkeypatch)
    settings = settings_of(duration=600.0 if loop else 36_000.0, density=2.0, loop=loop)
    first = seconds_to_samples(settings.duration / 2)
    blocks = render(prepare(space), settings, first=first, one_core=True)
    block = next(block for block in blocks if len(block))
    assert block.any()
    last = timeline.find_event(settings, space.clips, prepare(space).guide.places, first).index
    assert made[-1] == last  # the next one is not waited for
    assert len(made) <= 4
    assert made[0] >= last - 3


def only(monkeypatch: pytest.MonkeyPatch, index: int) -> None:
    """Let scores consist of one event."""

    def one(*of) -> Iterator:
        return (event for event in compose(*of) if event.index == index)

    monkeypatch.setattr(timeline, "compose", one)


@pytest.mark.parametrize("given", [*PLAIN, *STEERED, {"sliders": {"tension": 6.0, "brightness": 5.0}}], ids=str)
@pytest.mark.parametrize("seconds", [2.2])
def test_an_event_alone_is_what_an_output_of_just_that_event_is(space, monkeypatch, given: dict, seconds: float):
    settings = settings_of(**given)
    renderer = prepare(space)
    alone = play_event(open_output(renderer, settings), seconds_to_samples(seconds))
    score = compose(let_flow(settings, renderer.flow, renderer), space.clips, renderer.guide.places)
    assert alone.event == [event for event in score if event.start <= seconds * SAMPLE_RATE][-1]
    assert alone.recording == space.corpus.recordings[space.clips[alone.event.clip].recording].name
    only(monkeypatch, alone.event.index)
    whole = heard(space, settings)[alone.event.start :]
    length = min(len(whole), len(alone.samples))
    assert np.abs(alone.samples).max() > 1e-3
    assert np.abs(alone.samples[:length] - whole[:length]).max() <= EXACT
    assert np.abs(whole[length:]).max(initial=0.0) < 1e-4  # the tail of the room is heard to -80 dB


@pytest.mark.parametrize("given", [{}, STEERED[0], {"distance": 3.0}], ids=str)
def test_an_event_of_several_models_can_be_heard_alone(space, other, monkeypatch, given: dict):
    settings = settings_of(**given)
    alone = play_event(open_blend([prepare(space), prepare(other)], MOVING, settings), FIRST)
    names = {recording.name for one in (space, other) for recording in one.corpus.recordings}
    assert alone.recording in names
    only(monkeypatch, alone.event.index)
    whole = blended([space, other], settings)[alone.event.start :]
    length = min(len(whole), len(alone.samples))
    assert np.abs(alone.samples[:length] - whole[:length]).max() <= EXACT


def test_an_event_of_a_blend_is_named_after_the_model_with_the_largest_share(space, other):
    for shares, leader in (([0.3, 0.7], other), ([0.7, 0.3], space)):
        output = open_blend([prepare(space), prepare(other)], shares, settings_of(at=(0.0, 0.0)))
        alone = play_event(output, FIRST)
        clips, guide = leader.clips, prepare(leader).guide
        event = timeline.find_event(settings_of(at=(0.0, 0.0)), clips, guide.places, FIRST)
        assert alone.recording == leader.corpus.recordings[clips[event.clip].recording].name


def test_a_one_shot_is_its_event(space):
    settings = settings_of(one_shot=True, sliders={"brightness": 4.0, "attack": -5.0}, distance=2.0)
    alone = play_event(open_output(prepare(space), settings), FIRST)
    assert np.array_equal(alone.samples, heard(space, settings))


def test_what_was_made_lately_is_not_made_again_and_sounds_the_same(space, monkeypatch):
    made = count_made(monkeypatch)
    renderer, settings = prepare(space), settings_of(duration=1.0)

    def sound(renderer: Renderer, **given) -> np.ndarray:
        return np.concatenate(list(render(renderer, settings.model_copy(update=given))))

    first, events = sound(renderer), len(made)
    assert np.array_equal(sound(renderer), first)
    assert np.array_equal(sound(renderer, width=5.0), sound(prepare(space), width=5.0))
    assert len(made) == 2 * events


@pytest.mark.parametrize("change", [
    {"seed": 4}, {"source": 0.3}, {"novelty": 0.7}, {"at": (0.0, 0.0)}, {"path": ((0.0, 0.0), (1.0, 1.0))},
    {"sliders": {"attack": 5.0}}, {"sliders": {"attack": -5.0}},
], ids=str)  # fmt: skip
def test_what_would_sound_otherwise_is_made_anew(space, change: dict):
    plain, changed = settings_of(), settings_of(**change)
    renderer, other = prepare(space), prepare(space)
    event = next(compose(plain, space.clips, renderer.guide.places))

    def sound(renderer: Renderer, settings: GenerateSettings) -> np.ndarray:
        bank = compile_bank(settings, renderer.certificate, space.chart)
        return sounding.sound_event(renderer, bank, settings, event).samples

    first = sound(renderer, plain)
    again = sound(renderer, changed)
    assert again.shape != first.shape or not np.array_equal(again, first)
    assert np.array_equal(again, sound(other, changed))
    assert sound(renderer, plain) is first


def test_when_nobody_listens_any_more_nothing_is_made_that_waits(space, monkeypatch):
    monkeypatch.setattr("engine.generation.mix.ahead.count_cores", lambda: 2)
    made = count_made(monkeypatch)
    blocks = render(prepare(space), settings_of(duration=60.0))
    list(islice(blocks, 3))
    blocks.close()
    for thread in [one for one in threading.enumerate() if one.name.startswith("ThreadPoolExecutor")]:
        thread.join(10.0)
    assert 3 <= len(made) <= 6


@pytest.mark.parametrize("one_core", [False, True])
def test_an_output_that_is_overtaken_stops_between_events(space, monkeypatch, one_core: bool):
    made = count_made(monkeypatch)
    blocks = render(prepare(space), settings_of(duration=60.0), one_core=one_core, should_stop=lambda: len(made) >= 5)
    with pytest.raises(Cancelled):
        for _ in blocks:
            pass
    assert 5 <= len(made) <= 8


def test_an_event_that_is_overtaken_is_not_finished(space, monkeypatch):
    shaped = []
    monkeypatch.setattr(sounding, "_shaped", lambda *_: shaped.append(1))
    made = count_made(monkeypatch)
    output = open_output(prepare(space), settings_of(sliders={"brightness": 5.0}))
    with pytest.raises(Cancelled):
        play_event(output, FIRST, should_stop=lambda: bool(made))
    assert shaped == []
