import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.output import Page, accept_any_character, grid, print_json, print_line, print_table

ROOT = Path(__file__).parents[2]


def test_long_lines_and_names_with_brackets_come_out_as_they_are(capsys: pytest.CaptureFixture[str]):
    path = "/music/[red]take[/red] :smile: " + "x" * 300 + ".wav"
    print_line(path)
    assert capsys.readouterr().out == path + "\n"


def test_json_is_one_object_and_refuses_what_json_lacks(capsys: pytest.CaptureFixture[str]):
    print_json({"name": "sax \udcff", "path": Path("a.wav"), "long": "x" * 300})
    assert json.loads(capsys.readouterr().out) == {"name": "sax \udcff", "path": "a.wav", "long": "x" * 300}
    with pytest.raises(ValueError, match="JSON"):
        print_json({"loss": float("nan")})


def test_a_table_in_a_narrow_place_loses_no_character(capsys: pytest.CaptureFixture[str], monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    table = grid("Name", "#Sound")
    table.add_row("x" * 60, "4.2 s")
    print_table(table)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 40
    assert sum(line.count("x") for line in lines) == 60


def test_names_that_the_terminal_cannot_show_are_escaped(capsys: pytest.CaptureFixture[str]):
    accept_any_character()
    print_line("take \udcff.wav")
    assert "take \\udcff.wav" in capsys.readouterr().out


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_reader_who_leaves_ends_nothing(stream: str):
    program = (
        "from engine.cli.output import Page\n"
        f"page = Page(stderr={stream == 'stderr'})\n"
        "for line in range(5000): page.print('x' * 100)\n"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    left, kept = (started.stdout, started.stderr) if stream == "stdout" else (started.stderr, started.stdout)
    left.close()
    with kept:
        assert kept.read() == b""
    assert started.wait() == 0


def test_colours_can_be_switched_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert Page().no_color
