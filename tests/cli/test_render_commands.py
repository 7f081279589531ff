import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.settings import ExportSettings, TagSettings
from engine.studio.reconstruct import UNCHANGED
from engine.studio.sharing import find_makers
from engine.workers.makers import Makers

Calls = dict[str, Any]
WRITTEN = ("--bit-depth", "32f", "--sample-rate", 96_000, "--loudness", -16, "--fade-out", 0.5)


@pytest.fixture
def calls(studio) -> Calls:
    """Stand in for the use cases, and keep what they were called with."""
    calls: Calls = {}
    studio("delivery", Delivery=lambda export, tags, force: (export, tags, force))
    made = (SimpleNamespace(path="a-01.wav", notes=()), SimpleNamespace(path="a-02.wav", notes=("it is loud",)))

    def note(name: str, progress: str, share: tuple[Any, ...], **report: Any):
        def use_case(*arguments: Any, **options: Any) -> SimpleNamespace:
            options.pop(progress)(*share)
            calls[name] = (arguments, options)
            calls["helped by"] = find_makers()
            return SimpleNamespace(**report, to_dict=lambda: {"files": [file.path for file in report["files"]]})

        return use_case

    unread = SimpleNamespace(file="b.wav", reason="empty")
    bad = SimpleNamespace(file="b.wav", reason="not JSON", line=3)
    heard = note(
        "reconstruct", "on_progress", (0.5, "b.wav"), files=made, skipped=(unread,), notices=("texture is off",)
    )
    jobs = note("batch", "on_job", (1, 2, "b.wav"), files=made, failed=(bad,), notices=("sax: tension is off",))
    studio("render", generate=note("generate", "on_progress", (0.5,), files=made, notices=("tension does nothing",)))
    studio("reconstruct", reconstruct=heard)
    studio("batch", batch=jobs)
    return calls


def test_generate_passes_on_what_was_given_and_nothing_else(sda, calls: Calls):
    outcome = sda("generate", "sax", "--out", "a.wav", "--seed", "0", "--channels", "stereo", "--one-shot")
    assert outcome.status == 0
    assert outcome.out.splitlines() == ["a-01.wav", "a-02.wav"]
    (model, out, settings), options = calls["generate"]
    assert (model, out) == ("sax", Path("a.wav"))
    assert settings.model_dump(exclude_unset=True) == {"seed": 0, "channels": "stereo", "one_shot": True}
    assert options == {"delivery": (ExportSettings(), TagSettings(), False)}
    assert outcome.err.splitlines()[-2:] == ["Note: a-02.wav: it is loud", "Note: tension does nothing"]


@pytest.mark.parametrize("command", [("generate", "sax"), ("batch", "jobs.jsonl")])
def test_makers_help_as_long_as_the_command_runs(sda, calls: Calls, command):
    sda(*command, "--out", "a.wav")
    assert isinstance(calls["helped by"], Makers)
    assert find_makers() is None


def test_generate_passes_on_count_force_and_how_files_are_written(sda, calls: Calls):
    sda("generate", "sax", "--out", "a.wav", "--count", "3", "--force", "--cover", "--artist", "Ä", *WRITTEN)
    options = calls["generate"][1]
    export, tags, force = options.pop("delivery")
    assert options == {"count": 3}
    assert force
    assert export.model_dump(exclude_unset=True) == {
        "bit_depth": "32f", "sample_rate": 96_000, "loudness": -16.0, "fade_out": 0.5, "cover": True
    }  # fmt: skip
    assert tags.model_dump(exclude_unset=True) == {"artist": "Ä"}


@pytest.mark.parametrize(
    ("option", "value"), [("--sample-rate", 22_050), ("--loudness", 0), ("--format", "aac"), ("--fade-in", 61)]
)
@pytest.mark.parametrize("command", [("generate", "sax"), ("batch", "jobs.jsonl"), ("reconstruct", "sax", "a.wav")])
def test_every_command_refuses_files_outside_the_settings(sda, calls: Calls, command, option: str, value: object):
    outcome = sda(*command, "--out", "a.wav", option, value)
    assert outcome.status == 1
    assert outcome.err.startswith(f"sda: {option[2:].replace('-', '_')} = ")
    assert calls == {}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--duration", 0),
        ("--density", -1),
        ("--density", "0:1,5:x"),
        ("--novelty", "2"),
        ("--source", 1.5),
        ("--at", "-0.3,-5"),
        ("--path", "0,0;1,2"),
        ("--channels", "quad"),
        ("--device", "gpu"),
    ],
)
def test_generate_refuses_values_outside_the_settings(sda, calls: Calls, option: str, value: object):
    outcome = sda("generate", "sax", "--out", "a.wav", option, value)
    assert outcome.status == 1
    assert outcome.err.startswith(f"sda: {option[2:]} = ")
    assert calls == {}


def sounds(calls: Calls) -> dict[str, Any]:
    """Return the settings that were given to generate."""
    return calls["generate"][0][2].model_dump(exclude_unset=True)


def test_generate_sets_sliders_to_numbers_and_curves(sda, calls: Calls):
    names = ("--set", "brightness=-5", "--set", "warmth=0:-5,4:8,10:0", "--set", "discovered 1=4", "--set", "Motion=1")
    assert sda("generate", "sax", "--out", "a.wav", *names).status == 0
    assert sounds(calls)["sliders"] == {
        "brightness": -5.0,
        "warmth": ((0.0, -5.0), (4.0, 8.0), (10.0, 0.0)),
        "discovered 1": 4.0,
        "motion": 1.0,
    }


@pytest.mark.parametrize("name", ["discovered 2", "discovered-2", "discovered2", "Discovered 2"])
def test_discovered_sliders_are_found_however_they_are_written(sda, calls: Calls, name: str):
    sda("generate", "sax", "--out", "a.wav", "--set", f"{name}=-4")
    assert sounds(calls)["sliders"] == {"discovered 2": -4.0}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["brightness"], "--set brightness: must be NAME=VALUE, such as brightness=5"),
        (["=5"], "--set =5: must be NAME=VALUE, such as brightness=5"),
        (["brightness=1", "Brightness=2"], "the slider 'brightness' is set twice; set it once."),
        (["discovered 1=1", "discovered-1=2"], "the slider 'discovered 1' is set twice; set it once."),
        (["brightness=12"], "brightness = 12: must be a number from -10 to 10. From dark to bright; "),
        (["brightness=0:-5,4:12"], "brightness = 0:-5,4:12: it is 12 at 4 s, and must be a number from -10 to 10. "),
        (["brightness="], "brightness = '': '' is no number. "),
        (["pitch=3"], "there is no slider 'pitch'. There are brightness, "),
    ],
)
def test_a_slider_that_cannot_be_set_is_one_line(sda, calls: Calls, given: list[str], message: str):
    outcome = sda("generate", "sax", "--out", "a.wav", *(part for text in given for part in ("--set", text)))
    assert outcome.status == 1
    assert outcome.err.startswith(f"sda: {message}")
    assert len(outcome.err.splitlines()) == 1
    assert calls == {}


@pytest.mark.parametrize("written", [("--at", "-0.3,0.5"), ("--at=-0.3,0.5",)], ids=" ".join)
def test_a_place_may_begin_with_a_minus(sda, calls: Calls, written: tuple[str, ...]):
    assert sda("generate", "sax", *written, "--out", "a.wav").status == 0
    assert sounds(calls) == {"at": (-0.3, 0.5)}


def test_generate_takes_curves_a_path_and_a_loop(sda, calls: Calls):
    curves = ("--density", "0:1,5:10", "--novelty=0:0,8:1", "--path", "-1,0;0.5,-1", "--loop")
    assert sda("generate", "sax", "--out", "a.wav", *curves).status == 0
    assert sounds(calls) == {
        "density": ((0.0, 1.0), (5.0, 10.0)),
        "novelty": ((0.0, 0.0), (8.0, 1.0)),
        "path": ((-1.0, 0.0), (0.5, -1.0)),
        "loop": True,
    }


@pytest.mark.parametrize(
    "both",
    [("--at", "0,0", "--path", "0,0;1,1"), ("--loop", "--one-shot"), ("--loop", "--duration", "601")],
    ids=" ".join,
)
def test_what_contradicts_is_refused(sda, calls: Calls, both: tuple[str, ...]):
    outcome = sda("generate", "sax", "--out", "a.wav", *both)
    assert (outcome.status, len(outcome.err.splitlines())) == (1, 1)
    assert calls == {}


@pytest.mark.usefixtures("calls")
def test_notices_are_told_beside_the_result(sda):
    assert sda("generate", "sax", "--out", "a.wav").err.splitlines()[-1] == "Note: tension does nothing"
    assert "Note: sax: tension is off" in sda("batch", "jobs.jsonl", "--out", "sounds").err.splitlines()


@pytest.mark.usefixtures("calls")
def test_generate_json_is_the_report(sda):
    outcome = sda("generate", "sax", "--out", "a.wav", "--json")
    assert json.loads(outcome.out) == {"files": ["a-01.wav", "a-02.wav"]}
    assert outcome.err == ""


def test_reconstruct_takes_many_inputs_and_the_settings_own_source(sda, calls: Calls):
    outcome = sda("reconstruct", "sax", "a.wav", "b.wav", "--out", "heard")
    assert outcome.status == 0
    assert "Left out: b.wav: empty" in outcome.err
    assert "Note: texture is off" in outcome.err
    (model, inputs, out), options = calls["reconstruct"]
    assert (model, inputs, out) == ("sax", [Path("a.wav"), Path("b.wav")], Path("heard"))
    export, tags, force = options.pop("delivery")
    assert options == {"settings": UNCHANGED, "channels_in": "auto"}
    assert export == ExportSettings(remove_dc=False)
    assert (tags, force) == (TagSettings(), False)


def test_a_recording_is_reconstructed_with_sliders_novelty_and_blend(sda, calls: Calls):
    moved = ("--set", "brightness=5", "--set", "warmth=0:-2,4:2", "--novelty", "0.4", "--blend", "tabla=0.3")
    assert sda("reconstruct", "sax", "a.wav", "--out", "b.wav", *moved, "--seed", "7").status == 0
    settings = calls["reconstruct"][1]["settings"]
    assert settings.sliders == {"brightness": 5.0, "warmth": ((0.0, -2.0), (4.0, 2.0))}
    assert (settings.novelty, dict(settings.blend), settings.seed) == (0.4, {"tabla": 0.3}, 7)


def test_batch_reports_bad_lines_and_is_status_1(sda, calls: Calls):
    outcome = sda("batch", "jobs.jsonl", "--out", "sounds", "--device", "cpu")
    assert outcome.status == 1
    assert outcome.out.splitlines() == ["a-01.wav", "a-02.wav"]
    assert outcome.err.splitlines()[-4:] == [
        "Note: a-02.wav: it is loud",
        "Note: sax: tension is off",
        "Line 3: not JSON",
        "sda: 1 line of jobs.jsonl could not be rendered; 2 could",
    ]
    assert calls["batch"] == (
        (Path("jobs.jsonl"), Path("sounds")),
        {"device": "cpu", "delivery": (ExportSettings(), TagSettings(), False)},
    )


def test_models_are_blended_by_share_or_curve(sda, calls: Calls):
    blended = ("--blend", "tabla=0.4", "--blend", "my drums=0:0,10:0.5")
    assert sda("generate", "sax", "--out", "a.wav", *blended).status == 0
    assert sounds(calls)["blend"] == {"tabla": 0.4, "my drums": ((0.0, 0.0), (10.0, 0.5))}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["tabla"], "--blend tabla: must be NAME=VALUE, such as tabla=0.4"),
        (["tabla=2"], "tabla = 2: must be a number from 0 to 1. Another model and its share of the sound"),
        (["tabla=x"], "tabla = x: 'x' is no number. "),
        (["a=.1", "b=.1", "c=.1", "d=.1"], "4 models are blended with the first; 3 at most can be"),
        (["a=0:0,5:1", "b=0.5"], "the shares of the blended models add up to 1.5 at 5 s; together they can have 1"),
    ],
)
def test_a_blend_that_cannot_be_is_one_line(sda, calls: Calls, given: list[str], message: str):
    outcome = sda("generate", "sax", "--out", "a.wav", *(part for text in given for part in ("--blend", text)))
    assert outcome.status == 1
    assert outcome.err.startswith(f"sda: {message}")
    assert len(outcome.err.splitlines()) == 1
    assert calls == {}
