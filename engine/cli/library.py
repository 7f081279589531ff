"""sda models: what is in the library."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.padding import Padding

from engine.cli.commands import Command, examples
from engine.cli.failures import DONE
from engine.cli.options import Json, ModelName
from engine.cli.output import grid, print_aside, print_json, print_line, print_table
from engine.cli.words import as_argument, few, format_duration, format_size

if TYPE_CHECKING:
    from engine.studio.models import ModelEntry

models = typer.Typer(
    help="The models of your library.",
    epilog=examples("sda models list", "sda models show sax"),
    rich_markup_mode=None,
    no_args_is_help=True,
)

NAMED = ("recordings", "fed_back", "held_out", "skipped", "left_out", "report")  # lists of as many as a set has files
NAMES_SHOWN = 8


@models.command("list", cls=Command, epilog=examples("sda models list", "sda models list --deleted"))
def list_command(
    deleted: Annotated[bool, typer.Option("--deleted", help="The trash instead of the library.")] = False,
    all_versions: Annotated[bool, typer.Option("--all", help="Every version of each model.")] = False,
    as_json: Json = False,
) -> int:
    """List your models, newest first."""
    from engine.studio.models import list_deleted_models, list_models

    entries = list_deleted_models() if deleted else list_models(all_versions=all_versions)
    if as_json:
        print_json({"models": [entry_to_dict(entry) for entry in entries]})
    elif entries:
        print_models(entries)
    else:
        print_line("The trash is empty." if deleted else "No models yet. To make one: sda train FOLDER --name NAME")
    return DONE


@models.command("show", cls=Command, epilog=examples("sda models show sax"))
def show_command(model: ModelName, as_json: Json = False) -> int:
    """Show everything that is known of a model."""
    from engine.studio.models import show_model

    shown = show_model(model)
    if as_json:
        print_json(shown)
    else:
        family, sliders = shown.pop("family"), shown.pop("sliders")
        shown.pop("parents", None)  # the family names them
        print_values({name: few_names(value) if name in NAMED else value for name, value in shown.items()})
        if sliders:
            print_line("sliders")
            print_values({name: describe_state(**found) for name, found in sliders.items()}, "  ")
        print_family(family)
    return DONE


@models.command("delete", cls=Command, epilog=examples("sda models delete sax"))
def delete_command(model: ModelName, as_json: Json = False) -> int:
    """Move a model to the trash; sda models restore brings it back."""
    from engine.studio.blends import blends_needing
    from engine.studio.models import delete_model

    entry = delete_model(model)
    for blend in blends_needing(entry):
        print_aside(f"Note: blend {blend.name!r} needs {entry.name}, and cannot be used until it is back.")
    back = f"sda models restore {as_argument(entry.name)}"
    return tell_model(entry, f"{entry.name} is in the trash. To bring it back: {back}", as_json)


@models.command("restore", cls=Command, epilog=examples("sda models restore sax"))
def restore_command(model: ModelName, as_json: Json = False) -> int:
    """Bring a model back from the trash."""
    from engine.studio.models import restore_model

    entry = restore_model(model)
    return tell_model(entry, f"{entry.name} is back in the library.", as_json)


def tell_model(entry: "ModelEntry", text: str, as_json: bool) -> int:
    """Print a changed entry, or what was done to it in words."""
    if as_json:
        print_json(entry_to_dict(entry))
    else:
        print_line(text)
    return DONE


def entry_to_dict(entry: "ModelEntry") -> dict[str, Any]:
    """Return an entry of the library as scripts read it."""
    return {**asdict(entry), "path": str(entry.path)}


def print_models(entries: list["ModelEntry"]) -> None:
    """Print models as a table, and below it what is wrong with damaged ones."""
    table = grid("Name", "Id", "#Files", "#Sound", "#Size", "Made")
    for entry in entries:
        table.add_row(
            entry.name
            + ("" if entry.current or entry.deleted else f"@{entry.version}")
            + (" (damaged)" if entry.problem else ""),
            entry.id,
            str(entry.files),
            format_duration(entry.seconds),
            format_size(entry.size_bytes),
            entry.created[:10],
        )
    print_table(table)
    for entry in entries:
        if entry.problem:
            print_line(f"{entry.name} is damaged: {entry.problem}")


def describe_state(state: str, reason: str) -> str:
    """Return "off: one pitch only"."""
    return f"{state}: {reason}" if reason else state


def print_family(versions: list[dict[str, Any]]) -> None:
    """Print the versions of a model, the latest first: what each came from, and what it learned from."""
    print_line("family")
    table = grid("Version", "Made", "#Recorded", "#Fed back", "#Drift", "From", "")
    for version in versions:
        table.add_row(
            str(version["version"]),
            version["created"][:10],
            format_duration(version["real_seconds"]),
            format_duration(version["synthetic_seconds"]) if version["synthetic_seconds"] else "none",
            "" if version["drift_percent"] is None else f"{version['drift_percent']:+.0f} %",
            ", ".join(describe_parent(parent) for parent in version["parents"]) or "recordings",
            "in use" if version["current"] else "",
        )
    print_table(Padding(table, (0, 0, 0, 2), expand=False))
    if any(version["drift_percent"] is not None for version in versions):
        print_line("  Drift: farther (+) from your recordings, or nearer (-), than when they were first learned.")


def describe_parent(parent: Mapping[str, Any]) -> str:
    """Return "sax@1", with its share where it is not the only one: "sax@1 40 %"."""
    name = parent["name"] or f"{parent['id']} (gone)"
    return name if parent["weight"] == 1 else f"{name} {parent['weight']:.0%}"


def few_names(rows: Sequence[Any]) -> list[str]:
    """Return the first names of a list of files, and how many more there are."""
    return few([format_value([row]) for row in rows], NAMES_SHOWN)


def print_values(values: Mapping[str, Any], indent: str = "") -> None:
    """Print names and values line by line, what is inside a value further in."""
    width = max((len(name) for name in values), default=0)
    for name, value in values.items():
        label = f"{indent}{name.replace('_', ' '):<{width}}"
        if isinstance(value, Mapping):
            print_line(label.rstrip())
            print_values(value, indent + "  ")
        else:
            print_line(f"{label}  {format_value(value)}")


def format_value(value: Any) -> str:
    """Write a value of a model's description for a person: lists with commas, pairs in them with a colon."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        rows = [": ".join(map(str, row)) if isinstance(row, list | tuple) else str(row) for row in value]
        return ", ".join(rows) or "none"
    return "none" if value is None else str(value)
