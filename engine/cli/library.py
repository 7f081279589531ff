"""sda models: what is in the library."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.commands import Command, examples
from engine.cli.failures import DONE
from engine.cli.options import Json, ModelName
from engine.cli.output import grid, print_json, print_line, print_table
from engine.cli.words import as_argument, format_duration, format_size

if TYPE_CHECKING:
    from engine.studio.models import ModelEntry

models = typer.Typer(
    help="The models of your library.",
    epilog=examples("sda models list", "sda models show sax"),
    rich_markup_mode=None,
    no_args_is_help=True,
)


@models.command("list", cls=Command, epilog=examples("sda models list", "sda models list --deleted"))
def list_command(
    deleted: Annotated[bool, typer.Option("--deleted", help="The trash instead of the library.")] = False,
    as_json: Json = False,
) -> int:
    """List your models, newest first."""
    from engine.studio.models import list_deleted_models, list_models

    entries = list_deleted_models() if deleted else list_models()
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
        print_values(shown)
    return DONE


@models.command("delete", cls=Command, epilog=examples("sda models delete sax"))
def delete_command(model: ModelName, as_json: Json = False) -> int:
    """Move a model to the trash; sda models restore brings it back."""
    from engine.studio.models import delete_model

    entry = delete_model(model)
    if as_json:
        print_json(entry_to_dict(entry))
    else:
        print_line(f"{entry.name} is in the trash. To bring it back: sda models restore {as_argument(entry.name)}")
    return DONE


@models.command("restore", cls=Command, epilog=examples("sda models restore sax"))
def restore_command(model: ModelName, as_json: Json = False) -> int:
    """Bring a model back from the trash."""
    from engine.studio.models import restore_model

    entry = restore_model(model)
    if as_json:
        print_json(entry_to_dict(entry))
    else:
        print_line(f"{entry.name} is back in the library.")
    return DONE


def entry_to_dict(entry: "ModelEntry") -> dict[str, Any]:
    """Return an entry of the library as scripts read it."""
    return {**asdict(entry), "path": str(entry.path)}


def print_models(entries: list["ModelEntry"]) -> None:
    """Print models as a table, and below it what is wrong with damaged ones."""
    table = grid("Name", "Id", "#Files", "#Sound", "#Size", "Made")
    for entry in entries:
        table.add_row(
            entry.name + (" (damaged)" if entry.problem else ""),
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
