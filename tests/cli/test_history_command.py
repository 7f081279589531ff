"""Against the real history; what makes sound is stood in for."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from small_library import make_output

from engine.library.history_changes import add_entry
from engine.library.segments import open_history


@pytest.fixture
def outputs(tmp_path: Path) -> list[str]:
    """Three outputs; the file of the last is missing."""
    for name in ("cloud.wav", "rain.wav"):
        (tmp_path / name).write_bytes(b"sound")
    history = open_history(print)
    return [add_entry(history, make_output(tmp_path / name)).id for name in ("cloud.wav", "rain.wav", "gone.wav")]


def test_an_empty_history_says_how_to_begin(sda):
    assert "sda generate" in sda("history", "list").out
    assert json.loads(sda("history", "list", "--json").out) == {"history": [], "next": None}
    assert sda("history", "search", "rain").out == "Nothing found.\n"


@pytest.mark.usefixtures("outputs")
def test_the_list_is_newest_first_and_says_which_files_are_missing(sda):
    heading, *rows = sda("history", "list").out.splitlines()
    assert heading.split()[:6] == ["No", "File", "Model", "Length", "Seed", "Made"]
    assert [row.split()[:3] for row in rows] == [
        ["3", "gone.wav", "sax"],
        ["2", "rain.wav", "sax"],
        ["1", "cloud.wav", "sax"],
    ]
    assert ["file missing" in row for row in rows] == [True, False, False]


@pytest.mark.usefixtures("outputs")
def test_pages_follow_each_other(sda):
    first = sda("history", "list", "--count", 2)
    assert first.err == "There are more: add --after 2\n"
    assert [row.split()[0] for row in sda("history", "list", "--after", 2).out.splitlines()[1:]] == ["1"]
    assert len(json.loads(sda("history", "list", "--count", 2, "--json").out)["history"]) == 2
    assert sda("history", "list", "--count", 0).err == "sda: count = 0: must be a whole number from 1. It is how many entries are shown.\n"  # fmt: skip  # noqa: E501


def test_what_is_written_on_an_output_finds_it(sda, outputs: list[str]):
    assert sda("history", "star", 1).out == "Output 1 has a star.\n"
    assert sda("history", "note", 1, "for the bridge", "--tag", "slow").out == "Output 1: for the bridge, slow\n"
    (found,) = json.loads(sda("history", "search", "bridge", "slow", "--json").out)["history"]
    assert (found["id"], found["star"], found["note"], found["tags"]) == (outputs[0], True, "for the bridge", ["slow"])
    assert len(sda("history", "list", "--starred").out.splitlines()) == 2
    assert sda("history", "star", 1, "--off").out == "Output 1 has no star.\n"
    assert sda("history", "note", 1, "").out == "Output 1: slow\n"
    assert json.loads(sda("history", "show", 1, "--json").out)["note"] == ""
    assert "brightness  5" in sda("history", "show", 1).out


@pytest.mark.usefixtures("outputs")
def test_a_deleted_output_comes_back_and_its_file_stays(sda, tmp_path: Path):
    assert "sda history restore 1" in sda("history", "delete", 1).out
    assert (tmp_path / "cloud.wav").exists()
    assert "cloud.wav" not in sda("history", "list").out
    assert "cloud.wav" in sda("history", "list", "--deleted").out
    outcome = sda("history", "show", 1)
    assert outcome.status == 1
    assert "sda history restore 1" in outcome.err
    assert sda("history", "restore", 1).status == 0
    assert "cloud.wav" in sda("history", "list").out


@pytest.mark.parametrize("wanted", ["9", "x", "1-000000", "0"])
@pytest.mark.usefixtures("outputs")
def test_an_output_that_is_not_there_is_one_line(sda, wanted: str):
    outcome = sda("history", "show", wanted)
    assert outcome.status == 1
    assert outcome.err == f"sda: there is no output {wanted!r} in the history. To see all: sda history list\n"


def report(same: bool | None, *notes: str) -> Any:
    return SimpleNamespace(file=SimpleNamespace(path="b.wav"), same=same, notes=notes, to_dict=lambda: {"same": same})


@pytest.mark.parametrize(
    ("made", "out", "err"),
    [
        (report(True), "b.wav\nThe samples are those of the original.\n", []),
        (report(False, "another device"), "b.wav\n", ["Note: another device"]),
    ],
)
def test_a_replay_says_whether_it_is_the_same(sda, studio, made, out: str, err: list[str]):
    calls = []

    def replay(*arguments: Any, **options: Any) -> Any:
        options.pop("on_progress")(0.5)
        calls.append((arguments, options))
        return made

    studio("replay", replay_output=replay, replay_passport=replay)
    for command in (("history", "replay", "12", "--out"), ("passport", "12", "--replay")):
        outcome = sda(*command, "b.wav", "--force")
        assert (outcome.status, outcome.out) == (0, out)
        assert outcome.err.splitlines()[1:] == err
        assert json.loads(sda(*command, "b.wav", "--json").out) == {"same": made.same}
    assert calls[0] == (("12", Path("b.wav")), {"force": True, "device": "auto"})
    assert calls[2] == ((Path("12"), Path("b.wav")), {"force": True, "device": "auto"})


def compared(*settings: str) -> Any:
    output = SimpleNamespace(id="2-abcdef", file="/sounds/x.wav")
    a, b = (
        SimpleNamespace(output=output, loudness_lufs=-20.0 + gain, gain_db=-gain, path=path)
        for gain, path in ((0.0, "pair/A x.wav"), (2.34, "pair/B x.wav"))
    )
    return SimpleNamespace(
        a=a,
        b=b,
        settings=dict.fromkeys(settings, (1.0, None)),
        measured=lambda: iter([("brightness", 10.0, 11.0), ("warmth", -3.0, -4.5)]),
        to_dict=lambda: {"a": 1, "b": 2},
    )


def test_a_comparison_is_a_table_and_the_winner_a_preset(sda, studio):
    kept = []

    def save(name: str, settings: dict[str, Any], **options: Any) -> Any:
        kept.append((name, settings, options))
        return SimpleNamespace(name=name)

    studio("compare", compare_outputs=lambda *_, **__: compared("density", "sliders motion"))
    studio("presets", save_preset=save)
    outcome = sda("history", "compare", 1, 2, "--keep", "b", "--as", "my winner")
    rows = [row.rstrip() for row in outcome.out.splitlines()]
    assert rows[2] == "loudness        -20.0 LUFS  -17.7 LUFS, turned down 2.3 dB"
    assert rows[3:5] == ["density         1           –", "sliders motion  1           –"]
    assert rows[5:7] == ["brightness      1024 Hz     2048 Hz", "warmth          -3.0 dB     -4.5 dB"]
    assert rows[7:9] == ["pair/A x.wav", "pair/B x.wav"]
    assert 'sda generate MODEL --preset "my winner" --out FILE' in rows[9]
    assert kept == [("my winner", {}, {"output": "2-abcdef", "force": False})]
    as_json = json.loads(sda("history", "compare", 1, 2, "--json").out)
    assert as_json == {"a": 1, "b": 2, "preset": None}


def test_alike_settings_are_said(sda, studio):
    studio("compare", compare_outputs=lambda *_, **__: compared())
    assert sda("history", "compare", 1, 2).err.splitlines()[-1] == "Note: both were made with the same settings."


@pytest.mark.parametrize("wrong", [("--keep", "A"), ("--as", "x"), ("--keep", "C", "--as", "x")])
def test_half_a_wish_is_wrong_usage(sda, wrong: tuple[str, ...]):
    outcome = sda("history", "compare", 1, 2, *wrong)
    assert outcome.status == 2
    assert "--keep A --as NAME" in " ".join(outcome.err.split())
