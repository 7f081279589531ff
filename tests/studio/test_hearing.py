"""What a training tells besides numbers: a recording as the model hears it, and each slider once it is measured."""

from pathlib import Path

import numpy as np
import pytest

from engine.generation.calibration import certify
from engine.latent.certificate import load_certificate
from engine.latent.space import load_space
from engine.sliders import SLIDERS
from engine.studio import session
from engine.studio.hearing import LONGEST_SECONDS, Hearing
from engine.studio.measuring import measure_sliders
from engine.studio.models import find_model
from engine.training.events import Audition, Begun, Event, Measured
from engine.units import SAMPLE_RATE


def test_a_recording_is_heard_as_the_model_makes_it(library: Path):  # noqa: ARG001
    space = load_space(find_model("sax").path)
    offered = Hearing(space.corpus, space.clips).offer(space.vae)
    heard = offered.hear()
    longest = max(space.corpus.recordings, key=lambda one: one.samples)
    assert offered.recording == longest.name
    assert heard.shape == offered.original.shape
    assert 0 < len(heard) <= LONGEST_SECONDS * SAMPLE_RATE
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() > 0
    assert np.array_equal(heard, offered.hear())


def test_a_training_offers_it_and_says_from_where_it_can_go_on(
    recordings: Path, trained, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(session, "FIRST_HEARD_SECONDS", -1.0)
    events: list[Event] = []
    report = trained(recordings, on_event=events.append)
    assert [event.run for event in events if isinstance(event, Begun)] == [report.model]
    assert [type(event) for event in events].count(Audition) == 1


def test_each_slider_is_told_as_soon_as_it_is_measured(library: Path, monkeypatch: pytest.MonkeyPatch):  # noqa: ARG001
    monkeypatch.setattr(certify, "FIXED_PLAN", (2, 0.3))
    told: list[tuple[str, str]] = []
    report = measure_sliders(
        "sax", on_slider=lambda _: None, on_measured=lambda *one: told.append(one), should_stop=bool
    )
    kept = load_certificate(find_model("sax").path).sliders
    assert list(dict.fromkeys(name for name, _ in told))[: len(SLIDERS)] == list(SLIDERS)
    assert {one.name for one in report.sliders} == set(SLIDERS)
    assert all(kept[name].state != "unmeasured" and kept[name].seeds >= 2 for name in SLIDERS)
    assert {name: kept[name].state for name in SLIDERS} == {name: dict(told)[name] for name in SLIDERS}


def test_measuring_that_is_stopped_leaves_what_was_measured_before(library: Path):  # noqa: ARG001
    before = load_certificate(find_model("sax").path)
    with pytest.raises(session.Cancelled):
        measure_sliders("sax", on_slider=lambda _: None, on_measured=lambda *_: None, should_stop=lambda: True)
    assert load_certificate(find_model("sax").path) == before


def test_a_training_that_is_stopped_while_it_measures_keeps_the_sliders_that_were_measured(
    recordings: Path, trained, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(certify, "FIXED_PLAN", (2, 0.3))
    measured: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, Measured):
            measured.append(event.slider)

    report = trained(recordings, on_event=listen, should_stop=lambda: len(measured) >= 1, steps=3, measure=True)
    states = {slider.name: slider.state for slider in report.sliders}
    assert "brightness" in measured
    assert all(states[name] in ("certified", "weak", "off") for name in measured)
    assert {slider.seeds for slider in report.sliders if slider.name in measured} == {2}
