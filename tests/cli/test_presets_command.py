"""Against the real library."""

import json
from pathlib import Path

import pytest
from small_library import make_output

from engine.cli.presets import read_settings
from engine.errors import ParameterError
from engine.library.history_changes import add_entry
from engine.library.segments import open_history


def test_no_presets_say_how_to_begin(sda):
    assert "sda presets save NAME --from OUTPUT" in sda("presets", "list").out
    assert json.loads(sda("presets", "list", "--json").out) == {"presets": []}
    assert sda("presets", "list", "--deleted").out == "The trash is empty.\n"


def test_settings_are_kept_listed_shown_and_come_back_from_the_trash(sda):
    saved = sda("presets", "save", "my dense", "--set", "density=8", "--set", "brightness=-2.5", "--note", "wet")
    assert 'sda generate MODEL --preset "my dense" --out FILE' in saved.out
    heading, row = sda("presets", "list").out.splitlines()
    assert heading.split() == ["Name", "Id", "For", "Saved", "Sets"]
    assert row.startswith("my dense  ")
    assert row.rstrip().endswith("brightness, density")
    (preset,) = json.loads(sda("presets", "list", "--json").out)["presets"]
    assert preset["settings"] == {"density": 8.0, "sliders": {"brightness": -2.5}, "flow": None, "keep": "notes"}
    assert preset["note"] == "wet"
    assert "  density  8\n" in sda("presets", "show", "MY DENSE").out
    assert json.loads(sda("presets", "show", preset["id"], "--json").out) == preset
    assert 'sda presets restore "my dense"' in sda("presets", "delete", "my dense").out
    assert "my dense" in sda("presets", "list", "--deleted").out
    assert sda("presets", "restore", "my dense").out == "my dense is back.\n"


def test_a_preset_of_an_output(sda, tmp_path: Path):
    entry = add_entry(open_history(print), make_output(tmp_path / "a.wav"))
    preset = json.loads(sda("presets", "save", "x", "--from", entry.number, "--set", "density=4", "--json").out)
    assert preset["settings"]["density"] == 4.0
    assert preset["settings"]["sliders"] == {"brightness": 5, "warmth": -2.5}
    assert "seed" not in preset["settings"]


def test_a_preset_of_the_same_name_is_only_replaced_when_that_was_asked_for(sda):
    sda("presets", "save", "x", "--set", "density=1")
    outcome = sda("presets", "save", "x", "--set", "density=2")
    assert outcome.status == 1
    assert "--force" in outcome.err
    assert sda("presets", "save", "x", "--set", "density=2", "--force").status == 0
    assert "density  2" in sda("presets", "show", "x").out


def test_settings_are_read_as_a_person_writes_them():
    assert read_settings(["density=8", "one_shot=true", "channels=mono", "motion=0:-5,4:8", "discovered 1=3"]) == {
        "density": 8.0,
        "one_shot": True,
        "channels": "mono",
        "sliders": {"motion": [[0.0, -5.0], [4.0, 8.0]], "discovered 1": 3.0},
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("density", "must be SETTING=VALUE"),
        ("=3", "must be SETTING=VALUE"),
        ("densty=3", "no setting or slider 'densty'; there are movement, .*duration, density"),
        ("brightness=loud", "'loud' is no number"),
        ("motion=0:1:2", "no breakpoint"),
    ],
)
def test_what_makes_no_sense_is_one_line(sda, text: str, said: str):
    with pytest.raises(ParameterError, match=said):
        read_settings([text])
    outcome = sda("presets", "save", "x", "--set", text)
    assert (outcome.status, len(outcome.err.splitlines())) == (1, 1)


def test_generate_begins_with_a_preset_and_tells_what_does_not_work(sda, studio):
    from types import SimpleNamespace

    from engine.settings import GenerateSettings

    calls = []

    def apply_preset(*arguments):
        calls.append(arguments)
        return SimpleNamespace(settings=GenerateSettings(density=8.0, seed=3), notes=("tension is off",))

    studio("presets", apply_preset=apply_preset)
    studio("delivery", Delivery=lambda *_: None)
    studio("render", generate=lambda *given, **_: calls.append(given[2]) or SimpleNamespace(files=()))
    outcome = sda("generate", "sax", "--out", "a.wav", "--preset", "glassy", "--seed", 3)
    assert calls == [("glassy", "sax", {"seed": 3}), GenerateSettings(density=8.0, seed=3)]
    assert outcome.err.splitlines()[0] == "Note: tension is off"
