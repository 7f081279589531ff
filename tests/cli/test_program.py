"""What holds for every command: help, exit status, JSON, and what may be imported."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine import __version__
from engine.cli.main import COMMANDS
from engine.errors import ModelError

ROOT = Path(__file__).parents[2]
LOWEST = ("checking", "curves", "errors", "paths", "programs", "settings", "sliders", "units")
ALLOWED = ("engine.cli", "engine.studio", "engine.workers", *(f"engine.{name}" for name in LOWEST))
GROUPS = {
    "models": (
        "list", "show", "search", "rename", "tag", "note", "use", "delete", "restore", "export", "import"
    ),
    "presets": ("list", "show", "save", "delete", "restore"),
    "history": (
        "list", "search", "show", "star", "note", "locate", "replay", "compare", "delete", "restore"
    ),
}  # fmt: skip
GROUPED = [(group, *name) for group, names in GROUPS.items() for name in ((), *((name,) for name in names))]
ALL = [(), *((name,) for name in COMMANDS), *GROUPED]


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_every_help_has_an_example_that_fits_80_columns(sda, command: tuple[str, ...], monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    outcome = sda(*command, "--help")
    assert outcome.status == 0
    assert "Example" in outcome.out
    assert f"  sda {' '.join(command) or 'train'}" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80
    assert "..." not in outcome.out.partition("Commands:")[2]
    assert not {"<", "{"} & set(outcome.out.partition("\n")[0])


def test_every_example_has_only_options_that_exist(sda):
    for name, (_, lines) in COMMANDS.items():
        for line in lines:
            program, command, *arguments = line.split()
            assert (program, command) == ("sda", name)
            assert sda(command, *arguments, "--help").status == 0, line


def test_the_program_alone_shows_its_help(sda):
    outcome = sda()
    assert outcome.status == 2
    assert "Usage: sda" in outcome.out + outcome.err


def test_version(sda):
    assert sda("--version").out == f"sda {__version__}\n"


@pytest.mark.parametrize(
    "wrong",
    [
        ("trian",),
        ("train",),
        ("train", "folder", "--minutes", "soon"),
        ("train", "--resume", "--name", "x"),
        ("train", "--resume", "--seed", "3"),
        ("generate", "sax"),
        ("generate", "sax", "extra", "--out", "a.wav"),
        ("models", "forget", "sax"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_status_2_and_leaves_standard_output_alone(sda, wrong: tuple[str, ...]):
    outcome = sda(*wrong)
    assert outcome.status == 2
    assert outcome.out == ""
    assert "Error: " in outcome.err


def test_a_value_outside_its_limits_is_refused_before_anything_is_done(sda):
    outcome = sda("train", "nowhere", "--minutes", "9999")
    assert outcome.status == 1
    assert outcome.err.startswith("sda: minutes = 9999")
    assert "0.1 to 1440" in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_errors_as_json_are_one_object_on_standard_output(sda):
    outcome = sda("train", "nowhere", "--minutes", "9999", "--json")
    assert outcome.status == 1
    assert json.loads(outcome.out)["error"]["code"] == "parameter"
    assert outcome.err == ""


def test_a_fault_of_the_program_shows_no_traceback(sda, studio, data_home: Path):
    def inspect(*_, **__):
        raise ZeroDivisionError("division by zero")

    studio("health", inspect=inspect)
    outcome = sda("inspect", "folder")
    (log,) = (data_home / "logs").iterdir()
    assert outcome.status == 1
    assert "Traceback" not in outcome.out + outcome.err
    assert outcome.err.splitlines()[-1].startswith("sda: a fault of this program, not yours: ZeroDivisionError")
    assert str(log) in outcome.err


def test_ctrl_c_is_status_130_and_a_word(sda, studio):
    def inspect(*_, **__):
        raise KeyboardInterrupt

    studio("health", inspect=inspect)
    assert sda("inspect", "folder").status == 130
    outcome = sda("inspect", "folder", "--json")
    assert outcome.status == 130
    assert json.loads(outcome.out)["error"]["code"] == "interrupted"


def test_what_the_library_has_to_say_is_said_also_when_the_command_fails(sda, studio):
    def show_model(name: str) -> dict[str, object]:
        raise ModelError(f"there is no model {name!r}", code="model_unknown")

    studio("models", show_model=show_model, library_notices=lambda: ["the catalogue was damaged"])
    outcome = sda("models", "show", "x")
    assert outcome.status == 1
    assert outcome.err.splitlines() == ["sda: there is no model 'x'", "Note: the catalogue was damaged"]


def test_the_command_line_calls_the_studio_and_nothing_below_it():
    for path in (ROOT / "engine" / "cli").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        wrong = [name for name in names if name.startswith("engine.") and not name.startswith(ALLOWED)]
        assert wrong == [], path.name


def test_help_and_version_load_no_torch():
    program = (
        "import sys\nfrom engine.cli.main import run\n"
        "status = run(['train', '--help']) + run(['--version'])\n"
        "sys.exit(status + 100 * ('torch' in sys.modules) + 10 * ('numpy' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False).returncode == 0
