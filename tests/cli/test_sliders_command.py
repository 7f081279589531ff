import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_model import small_certificate, write_small_model

from engine.generation.calibration.certify import Certified
from engine.generation.calibration.readings import Readings
from engine.latent.certificate import SliderCertificate, unmeasured
from engine.sliders import SLIDERS
from engine.studio.sliders import FEWEST_JUDGED

CHANGED = (
    SliderCertificate("tension", state="off", reason="all recordings are about equally dissonant"),
    SliderCertificate(
        "warmth",
        state="weak",
        reason="it covers 30% of what the recordings do",
        range=(-12.0, -9.0, -6.5),
        steadiness=0.95,
        throw=0.3,
        side_effects={"brightness": -0.8, "texture": 0.25},
    ),
    SliderCertificate(
        "attack",
        state="certified",
        range=(-10.2, 12.0, 24.3),
        steadiness=1.0,
        throw=1.1,
        side_effects={"tension": -1.1, "roughness": 0.5, "motion": 0.4},
    ),
)


@pytest.fixture
def model(data_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    write_small_model(data_home, small_certificate(*CHANGED), "my sax")


@pytest.mark.usefixtures("model")
def test_each_slider_has_a_row_with_its_ends_in_numbers_and_in_words(sda):
    lines = sda("sliders", "my sax").out.splitlines()
    assert lines[0].split() == ["Slider", "State", "-10", "0", "+10", "Steady", "Throw", "Also", "turns"]
    assert lines[1].split() == ["brightness", "certified", "256", "Hz", "512", "Hz", "1024", "Hz", "1.00", "90%"]
    assert lines[2].split() == ["dark", "bright"]
    warm = next(line for line in lines if line.startswith("warmth"))
    assert warm.split()[2:] == ["-12.0", "dB", "-9.0", "dB", "-6.5", "dB", "0.95", "30%", "dark", "80%"]
    assert lines[lines.index(warm) + 1].split() == ["thin", "warm", "noisy", "25%"]


@pytest.mark.usefixtures("model")
def test_what_is_not_certified_comes_with_its_reason_and_the_rest_follows(sda):
    out = sda("sliders", "my sax").out
    assert "Measured on 4 sounds of 2.0 s at each end." in out
    assert "warmth is weak: it covers 30% of what the recordings do\n" in out
    assert "tension is off: all recordings are about equally dissonant\n" in out
    assert "brightness is" not in out
    discovered = out.partition("Discovered, ")[2].splitlines()
    assert discovered[1].split() == ["discovered", "1", "thin", "60%,", "bright", "30%"]
    assert [line.split()[0] for line in out.partition("In every model, ")[2].splitlines()[1:3]] == ["width", "distance"]
    assert out.splitlines()[-1] == 'To move one: sda generate "my sax" --out moved.wav --set brightness=5'


def test_the_table_fits_80_columns(sda, data_home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")
    write_small_model(data_home, small_certificate(*CHANGED))
    lines = sda("sliders", "sax").out.partition("\n\n")[0].splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[0] for line in lines[1:] if not line.startswith(" ")] == list(SLIDERS)
    assert any(line.rstrip().endswith("consonant 110%") for line in lines)


def test_no_figure_is_cut_at_80_columns(sda, data_home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")
    wide = {"range": (-72.6, -55.3, -39.2), "steadiness": 1.0, "throw": 2.58, "seeds": 2, "spread": 0.97}
    turns = {"attack": 1.16, "motion": 0.36, "roughness": 0.17}
    changed = [SliderCertificate(name, "certified", side_effects=turns, **wide) for name in ("tension", "texture")]
    write_small_model(data_home, small_certificate(*changed))
    out = sda("sliders", "sax").out
    for figure in ("percussive 116%", "258%", "±97%", "-72.6 dB", "-55.3 dB", "-39.2 dB"):
        assert figure in out


def test_the_share_of_notes_kept_stands_below_the_state_and_what_is_not_judged_has_its_reason(
    sda, data_home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "80")
    one = SliderCertificate("warmth", "certified", range=(-12.0, -9.0, -6.5), steadiness=1.0, throw=0.9, keep="notes")
    few = replace(one, name="roughness", kept=0.0, judged=FEWEST_JUDGED - 1)
    changed = replace(one, kept=0.961, judged=26), few, replace(one, name="motion"), replace(one, name="tension")
    write_small_model(data_home, small_certificate(*changed))
    out = sda("sliders", "sax").out
    lines = out.splitlines()
    below = lines[next(place for place, line in enumerate(lines) if line.startswith("warmth")) + 1]
    assert below.split()[:2] == ["notes", "96%"]
    assert max(map(len, out.partition("\n\n")[0].splitlines())) <= 80
    told = " ".join(out.split())
    assert "Notes is the share of sounds of clear pitch that keep it" in told
    assert "Notes are not judged for motion: no sound that was measured has a clear pitch." in told
    assert "Notes are not judged for roughness: too few sounds that were measured have a clear pitch." in told
    assert "Notes are not judged for tension, register: to move them is the point." in told
    before = "measured with keep nothing, until it is measured again"
    assert f"Notes are not judged for brightness, attack, texture: {before}." in told
    assert "To measure it: sda sliders sax --measure" in told
    written = {slider["name"]: slider for slider in json.loads(sda("sliders", "sax", "--json").out)["sliders"]}
    assert (written["warmth"]["kept"], written["warmth"]["not_kept"]) == (0.961, "")
    assert (written["brightness"]["kept"], written["brightness"]["not_kept"]) == (None, before)


@pytest.mark.usefixtures("model")
def test_the_json_holds_what_scripts_need(sda):
    outcome = sda("sliders", "my sax", "--json")
    written = json.loads(outcome.out)
    assert (outcome.status, outcome.err) == (0, "")
    assert [slider["name"] for slider in written["sliders"]] == [*SLIDERS, "discovered 1", "discovered 2"]
    assert written["sliders"][1]["side_effects"] == {"brightness": -0.8, "texture": 0.25}
    assert "discovered" not in written


def test_a_model_from_before_shows_the_sliders_and_promises_nothing(sda, data_home: Path):
    write_small_model(data_home, None)
    outcome = sda("sliders", "sax")
    assert outcome.status == 0
    assert outcome.out.splitlines()[0].split() == ["brightness", "dark", "…", "bright"]
    assert "is not known: this model was made before sliders were measured." in outcome.out


def test_an_unknown_model_is_one_line_and_status_1(sda):
    outcome = sda("sliders", "sax")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith("sda: there is no model 'sax'.")


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(("more", "seconds"), [((), None), (("--minutes", "0.5"), 30.0)])
def test_sliders_are_measured_further_where_that_is_asked_for(
    sda, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...], seconds: float | None
):
    asked = []

    def certify(_space, seconds, on_slider, on_measured, should_stop, readings):
        asked.append((seconds, readings))
        on_slider("warmth")
        on_measured("warmth", "certified")
        assert not should_stop()
        one = SliderCertificate("warmth", "weak", reason="it was measured anew")
        return Certified(small_certificate(one), Readings(2.0))

    monkeypatch.setattr("engine.latent.space.load_space", lambda _path: SimpleNamespace(certificate=unmeasured()))
    monkeypatch.setattr("engine.generation.calibration.certify.certify", certify)
    ran = sda("sliders", "my sax", "--measure", *more)
    assert asked == [(seconds, None)]
    assert "warmth: certified" in ran.err
    assert "warmth is weak: it was measured anew" in ran.out
    assert "warmth is weak: it was measured anew" in sda("sliders", "my sax").out
    sda("sliders", "my sax", "--measure", *more)
    assert asked[1] == (seconds, Readings(2.0))


def test_minutes_without_measuring_are_refused(sda):
    outcome = sda("sliders", "sax", "--minutes", "1")
    assert outcome.status == 2
    assert "--measure" in outcome.err


def test_figures_say_how_sure_they_are_and_of_which_version_they_are(sda, data_home: Path):
    sure = SliderCertificate(
        "warmth", "certified", range=(-12.0, -9.0, -6.5), steadiness=1.0, throw=0.9, seeds=6, spread=0.034
    )
    write_small_model(data_home, small_certificate(sure, replace(sure, name="motion", seeds=2, measured_on="sax@1")))
    out = sda("sliders", "sax").out
    lines = out.splitlines()
    warm = next(line for line in lines if line.startswith("warmth"))
    assert warm.split()[-1] == "90%"
    assert lines[lines.index(warm) + 1].split() == ["thin", "warm", "±3%"]
    assert "Measured on 2 to 6 sounds of 2.0 s at each end." in out
    assert "motion is as it was measured on sax@1. To measure it here: sda sliders sax --measure" in out
