"""The stages of an event and of the mix stand in their order, and each is given the outcome of the one before.

Every stage is the real one; what goes in and what comes out is written down beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.audio.ends import FADE_OUT_SECONDS
from engine.generation import render as rendering
from engine.generation.event import sound as sounding
from engine.generation.event.reference import PlainEvents
from engine.generation.event.sound import Sound, make_sound
from engine.generation.event.way import walk_events
from engine.generation.mix import together
from engine.generation.mix.harmony import Harmony
from engine.generation.mix.together import change_beside
from engine.generation.render import find_level, render
from engine.generation.renderer import Renderer, prepare
from engine.generation.score.composing import Event, compose
from engine.generation.score.edges import CUT_SECONDS, Edges
from engine.generation.sliders.bank import Bank, compile_bank
from engine.generation.sliders.looking import TRAITS
from engine.properties import attack as attacking
from engine.properties.rises import SlowRises
from engine.settings import GenerateSettings
from engine.spatial.distance import Distance
from engine.units import SAMPLE_RATE

STAGES = ("sing", "audible", "shape", "hold_contour", "match_energy")


@dataclass(frozen=True)
class Call:
    """One stage at work."""

    stage: str
    given: tuple[Any, ...]
    made: Any


@pytest.fixture(scope="module")
def renderer(space) -> Renderer:
    return prepare(space)


@pytest.fixture
def calls(monkeypatch) -> list[Call]:
    """Write down the stages of an event that sliders move; its sound without sliders is not written down."""
    written: list[Call] = []
    hidden: list[bool] = []

    def watch(owner: Any, name: str, stage: Any) -> None:
        def noted(*given: Any, **named: Any) -> Any:
            made = stage(*given, **named)
            if not hidden:
                written.append(Call(name, given, made))
            return made

        monkeypatch.setattr(owner, name, noted)

    for name in STAGES:
        watch(sounding, name, getattr(sounding, name))
    watch(attacking, "shape_onset", attacking.shape_onset)
    watch(Edges, "fade", Edges.fade)
    hear = PlainEvents.hear

    def heard_aside(*given: Any) -> Any:
        hidden.append(True)
        try:
            plain = hear(*given)
        finally:
            hidden.pop()
        written.append(Call("plain", given, plain))
        return plain

    monkeypatch.setattr(PlainEvents, "hear", heard_aside)
    return written


def settings_of(**given: Any) -> GenerateSettings:
    return GenerateSettings(**{"duration": 2.0, "density": 3.0, "seed": 3, "source": 1.0, "keep": "nothing", **given})


def score_of(renderer: Renderer, settings: GenerateSettings) -> list[Event]:
    return list(compose(settings.model_copy(update={"flow": 0.0}), renderer.space.clips, renderer.guide.places))


def make_one(renderer: Renderer, settings: GenerateSettings, event: Event) -> tuple[Bank, Sound]:
    bank = compile_bank(settings, renderer.certificate, renderer.space.chart)
    (walk,) = walk_events(renderer, bank, settings, [event])
    return bank, make_sound(renderer, bank, settings, walk)


def test_an_event_goes_through_its_stages_in_order_and_each_hears_the_one_before(renderer, calls):
    settings = settings_of(sliders={"brightness": 7.0, "attack": 4.0})
    event = score_of(renderer, settings)[0]
    bank, sound = make_one(renderer, settings, event)
    assert [call.stage for call in calls] == ["plain", *STAGES[:4], "shape_onset", "fade", "match_energy"]
    plain, sung, freed, shaped, held, risen, faded, levelled = calls
    assert freed.given[0] is sung.made
    assert np.shares_memory(shaped.given[0], freed.made)
    assert held.given[0] is shaped.made.sound
    assert held.given[1] is plain.made.contour
    assert risen.given[0] is held.made
    assert risen.given[1] == bank.drive("attack", event.start / SAMPLE_RATE) != 0.0
    assert risen.given[2] == event.gap_seconds
    assert faded.given[1] is risen.made
    assert levelled.given[0] is faded.made
    assert levelled.given[1] == plain.made.energy
    assert sound.samples is levelled.made


def test_shaping_wants_the_sound_without_sliders_moved_by_what_they_say(renderer, calls):
    settings = settings_of(sliders={"brightness": ((0.0, 2.0), (2.0, 9.0))})
    event = score_of(renderer, settings)[1]
    bank, sound = make_one(renderer, settings, event)
    plain = next(call.made for call in calls if call.stage == "plain")
    asked = next(call.given[1] for call in calls if call.stage == "shape")
    seconds = (event.start + plain.at_samples) / SAMPLE_RATE
    assert np.array_equal(asked.traits, plain.traits + bank.moves(TRAITS, plain.traits, seconds))
    assert np.array_equal(sound.account.wanted, asked.traits)
    assert np.abs(asked.traits - plain.traits).max() > 0.0


def test_without_sliders_an_event_is_sung_and_faded_and_nothing_else(renderer, calls):
    _, sound = make_one(renderer, settings_of(), score_of(renderer, settings_of())[0])
    assert [call.stage for call in calls] == ["sing", "audible", "fade"]
    _, freed, faded = calls
    assert np.array_equal(faded.given[1], freed.made[: len(faded.given[1])])
    assert sound.samples is faded.made
    assert sound.account is None


@pytest.mark.parametrize("sliders", [{}, {"brightness": 7.0}])
def test_an_event_that_the_score_ends_falls_slowly_and_others_as_they_end(renderer, calls, sliders):
    settings = settings_of(sliders=sliders, density=8.0)
    seen = set()
    for event in score_of(renderer, settings):
        calls.clear()
        _, sound = make_one(renderer, settings, event)
        (faded,) = [call for call in calls if call.stage == "fade"]
        natural = len(next(call.made for call in calls if call.stage == "audible"))
        is_cut = event.longest is not None and event.longest <= natural
        seen.add(is_cut)
        assert faded.given[2] == (CUT_SECONDS if is_cut else FADE_OUT_SECONDS)
        assert len(sound.samples) == (event.longest if is_cut else natural)
    assert seen == {True, False}


def test_an_event_is_fitted_to_the_chord_smoothed_and_levelled_and_their_sum_softened_and_put_away(
    renderer, monkeypatch
):
    order: list[str] = []

    def tell(owner: Any, name: str) -> None:
        stage = getattr(owner, name)

        def told(*given: Any, **named: Any) -> Any:
            order.append(stage.__qualname__)
            return stage(*given, **named)

        monkeypatch.setattr(owner, name, told)

    def smooth(*given: Any) -> Iterator[Any]:
        for one in change_beside(*given):
            order.append("change_beside")
            yield one

    monkeypatch.setattr(together, "change_beside", smooth)
    for owner, name in ((Harmony, "fit"), (rendering, "level_of"), (SlowRises, "process"), (Distance, "process")):
        tell(owner, name)
    sliders = {"tension": 5.0, "roughness": -8.0, "attack": -8.0}
    list(render(renderer, settings_of(sliders=sliders, distance=5.0), one_core=True))
    firsts = list(dict.fromkeys(order))
    assert firsts == ["Harmony.fit", "change_beside", "level_of", "SlowRises.process", "Distance.process"]


@pytest.mark.parametrize("density", [2.0, 3.0])
def test_all_that_sounds_at_once_is_as_loud_as_one_event(make_space, density: float):
    renderer = prepare(make_space(*(noise(1.6, seed) for seed in range(3))))

    def level_db(**given: Any) -> float:
        heard = np.concatenate(list(render(renderer, settings_of(**given))))[SAMPLE_RATE // 2 : -SAMPLE_RATE // 2]
        return 10 * float(np.log10((heard.astype(np.float64) ** 2).mean()))

    assert abs(level_db(density=density, duration=4.0, flow=0.0) - level_db(one_shot=True)) < 1.0


@pytest.mark.parametrize(("density", "layers"), [(0.2, 1.0), (1.5, 1.5), (2.0, 2.0)])
def test_the_level_is_divided_by_the_root_of_the_layers(make_space, density: float, layers: float):
    renderer = prepare(make_space(tone(300, 1.0), struck(500, 1.0), noise(1.0)))
    found = find_level(renderer, settings_of(density=density))
    assert found == pytest.approx(renderer.gain / layers**0.5, rel=0.02)
