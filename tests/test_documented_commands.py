"""No page and no help text names a command, an option, a default or a script that there is not."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from engine.cli.main import app
from engine.settings import GrowSettings, TrainSettings

ROOT = Path(__file__).parents[1]
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "build/README.md",
    "docs/decisions.md",
    "docs/measurements.md",
)
PROGRAM: Any = typer.main.get_command(app)
TASKS = {*tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["poe"]["tasks"], "package", "TASK"}
SHOWN_ONCE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
SAID_OTHERWISE = {"…", "..."}


def is_group(command: Any) -> bool:
    return hasattr(command, "commands")


def all_commands(command: Any = PROGRAM, name: str = "sda") -> Iterator[tuple[str, Any]]:
    yield name, command
    for word, inner in (command.commands if is_group(command) else {}).items():
        yield from all_commands(inner, f"{name} {word}")


COMMANDS = dict(all_commands())
OPTIONS = {name: {option for one in found.params for option in one.opts + one.secondary_opts} | {"--help", "-h"}
           for name, found in COMMANDS.items()}  # fmt: skip


def shown_commands(text: str) -> Iterator[str]:
    """Yield what a page shows as commands: in blocks of code, and between backquotes."""
    for line in text.splitlines():
        if line.startswith("    ") or line.startswith("$ "):
            yield line.strip().removeprefix("$ ").partition(" #")[0].strip()
    for span in SHOWN_ONCE.findall(text):
        yield " ".join(span.split())


def help_texts() -> Iterator[tuple[str, str]]:
    for name, command in COMMANDS.items():
        yield name, command.get_help(command.context_class(command, info_name=name))


each_help = pytest.mark.parametrize(("name", "text"), [*help_texts()], ids=COMMANDS)


def sda_commands(text: str) -> Iterator[str]:
    """Yield each `sda …` in some text, as far as it goes."""
    for shown in shown_commands(text):
        for part in re.split(r"&&|\||;", shown):
            found = re.search(r"(?:^|\s|: )(sda [a-z-].*)", part)
            if found:
                yield found[1]


def wrong_in(shown: str) -> str | None:
    """Say what a command line names that there is not; None where all of it is there."""
    try:
        words = shlex.split(shown.replace("[", " ").replace("]", " "))[1:]
    except ValueError:
        words = shown.split()[1:]
    name, command = "sda", PROGRAM
    while words and is_group(command):
        if words[0].startswith("-") or words[0] in SAID_OTHERWISE:
            break
        word = words.pop(0).strip(",.")
        if word not in command.commands:
            return f"{shown}: there is no command {word!r}"
        name, command = f"{name} {word}", command.commands[word]
    given = {word.partition("=")[0].rstrip(",.") for word in words if word.startswith("--")}
    unknown = sorted(given - OPTIONS[name])
    return f"{shown}: {name} has no {unknown[0]}" if unknown else None


def test_what_is_looked_for_is_found():
    assert len(COMMANDS) > 30
    assert wrong_in("sda generate sax --out a.wav --set brightness=5") is None
    assert wrong_in("sda generrate sax") == "sda generrate sax: there is no command 'generrate'"
    assert wrong_in("sda models list --loud") == "sda models list --loud: sda models list has no --loud"
    assert wrong_in("sda models purge --yes") is None
    page = "Use `sda train` or:\n\n    sda map sax   # places\n    cd x && sda pack sax --out y\n"
    assert list(sda_commands(page)) == ["sda map sax", "sda pack sax --out y", "sda train"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_only_commands_and_options_that_there_are(page: str):
    text = (ROOT / page).read_text("utf-8")
    assert [wrong for wrong in map(wrong_in, sda_commands(text)) if wrong] == []


@each_help
def test_help_names_only_commands_that_there_are(name: str, text: str):
    assert text.startswith(f"Usage: {name} ")
    named = [" ".join(found.split()) for found in re.findall(r"\bsda(?:\s+(?!sda\b)[a-z][a-z-]*)+", text)]
    for shown in named:
        words = shown.split()
        assert wrong_in(" ".join(words[:2])) is None, shown
        group = COMMANDS[f"sda {words[1]}"]
        if len(words) > 2 and is_group(group):
            assert words[2] in group.commands, shown


@each_help
def test_help_names_only_options_that_the_command_or_the_one_it_speaks_of_has(name: str, text: str):
    everywhere = set().union(*OPTIONS.values())
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= everywhere, name


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_only_options_that_there_are(page: str):
    text = (ROOT / page).read_text("utf-8")
    everywhere = set().union(*OPTIONS.values())
    alone = [span for span in SHOWN_ONCE.findall(text) if span.startswith("--")]
    assert [span for span in alone if re.match(r"--[a-z-]+", span)[0] not in everywhere | OTHERS] == []  # type: ignore[index]


OTHERS = {"--workpath", "--distpath"} | {
    "--glibc",
    "--no-archives",
    "--one-by-one",
    "--reuse",
}  # of PyInstaller, package.py


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_only_scripts_and_tasks_that_there_are(page: str):
    text = (ROOT / page).read_text("utf-8")
    for script in re.findall(r"\bscripts/[\w/]+\.py", text):
        assert (ROOT / script).is_file(), script
    for task in re.findall(r"dev\.py ([A-Za-z]+)", text):
        assert task in TASKS, task


def test_defaults_that_the_readme_tells_are_those_of_the_settings():
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert TrainSettings().minutes == 3.0
    assert "# three minutes; --minutes 10" in text
    assert f"at most {GrowSettings().cap:.0%}".replace("%", " %") in text
    assert "(`--cap`, up to 0.5)" in text
    assert GrowSettings.model_fields["cap"].metadata[1].le == 0.5
