"""sda models rename, tag, note, search and use: what a person writes on models, and finds them by."""

from typing import Annotated

import typer

from engine.cli.commands import Command, examples
from engine.cli.failures import DONE
from engine.cli.library import entry_to_dict, models, print_models, tell_model
from engine.cli.options import Json, ModelName
from engine.cli.output import print_json, print_line
from engine.cli.words import as_argument

__all__ = ["models"]


@models.command("search", cls=Command, epilog=examples("sda models search sax 2026-11"))
def search_command(
    words: Annotated[list[str], typer.Argument(metavar="WORD", help="Each must occur somewhere.")],
    as_json: Json = False,
) -> int:
    """Find models by words.

    They may occur in name, note, tags, licence, date, file names, or the doctor's report.
    """
    from engine.studio.models import list_models

    found = list_models(" ".join(words))
    if as_json:
        print_json({"models": [entry_to_dict(entry) for entry in found]})
    elif found:
        print_models(found)
    else:
        print_line("Nothing found.")
    return DONE


@models.command("rename", cls=Command, epilog=examples('sda models rename sax "sax, dry room"'))
def rename_command(
    model: ModelName,
    name: Annotated[str, typer.Argument(metavar="NEW", help="What to call it; all its versions share the name.")],
    as_json: Json = False,
) -> int:
    """Give a model another name."""
    from engine.studio.models import label_model

    entry = label_model(model, name=name)
    return tell_model(entry, f"It is called {entry.name} now.", as_json)


@models.command("tag", cls=Command, epilog=examples("sda models tag sax dry solo", "sda models tag sax dry --remove"))
def tag_command(
    model: ModelName,
    tags: Annotated[list[str], typer.Argument(metavar="TAG", help="Words to find it by.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take them away.")] = False,
    as_json: Json = False,
) -> int:
    """Give a model tags, or take some away."""
    from engine.studio.models import tag_model

    entry = tag_model(model, tags, remove=remove)
    return tell_model(entry, f"{entry.name}: {', '.join(entry.tags) or 'no tags'}", as_json)


@models.command(
    "note",
    cls=Command,
    epilog=examples('sda models note sax "close microphone"', 'sda models note sax --licence "my own, CC BY 4.0"'),
)
def note_command(
    model: ModelName,
    note: Annotated[str | None, typer.Argument(metavar="TEXT", help='The note; "" removes it.')] = None,
    licence: Annotated[
        str | None, typer.Option("--licence", metavar="TEXT", help="Whose the recordings are, and what is allowed.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Write a note on a model, or a licence."""
    from engine.studio.models import label_model

    if note is None and licence is None:
        message = "missing; give a note, or --licence."
        raise typer.BadParameter(message, param_hint="TEXT")
    entry = label_model(model, note=note, licence=licence)
    lines = filter(None, [entry.note, entry.licence and f"Recordings: {entry.licence}"])
    return tell_model(entry, f"{entry.name}: {'; '.join(lines) or 'no note'}", as_json)


@models.command("use", cls=Command, epilog=examples("sda models use sax@1"))
def use_command(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Name and number as in sax@1, or the id.")],
    as_json: Json = False,
) -> int:
    """Let a model's name mean this version.

    The other versions are kept.
    """
    from engine.studio.models import use_version

    entry = use_version(version)
    return tell_model(entry, f"{as_argument(entry.name)} means version {entry.version} now.", as_json)
