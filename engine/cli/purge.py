"""sda models purge: the trash emptied."""

from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.commands import Command, examples
from engine.cli.exchange import models
from engine.cli.failures import DONE
from engine.cli.options import Json
from engine.cli.output import print_json, print_line
from engine.cli.words import count, format_size

if TYPE_CHECKING:
    from engine.studio.trash import Trash

__all__ = ["models"]  # with all its commands


@models.command(
    "purge",
    cls=Command,
    epilog=examples("sda models purge", "sda models purge --yes", "sda models purge --older-than 30 --yes"),
)
def purge_command(
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove it; without this, only what would be removed is shown.")
    ] = False,
    older_than: Annotated[
        float, typer.Option(metavar="DAYS", help="Only what was deleted so many days ago or earlier; 0 for everything.")
    ] = 0.0,
    as_json: Json = False,
) -> int:
    """Empty the trash for good.

    Models, presets, data sets and entries of the history that were deleted are removed.

    The sound files of outputs and your folders of recordings stay where they are.
    """
    from engine.studio.trash import purge_trash, show_trash

    trash = purge_trash(older_than) if yes else show_trash(older_than)
    if as_json:
        print_json({**trash.to_dict(), "removed": yes})
    elif not trash:
        print_line("There is nothing to remove: the trash is empty, or all of it is newer.")
    else:
        print_trash(trash)
        print_line("It is removed for good." if yes else "To remove it for good, add --yes.")
    return DONE


def print_trash(trash: "Trash") -> None:
    """Print what is in the trash: models, presets and sets by name, entries and recordings by number."""
    from engine.studio.blends import blends_needing

    for model in trash.models:
        print_line(f"model {model.name} ({model.id}), {format_size(model.size_bytes)}")
        for blend in blends_needing(model):
            print_line(f"  blend {blend.name!r} needs it")
    for preset in trash.presets:
        print_line(f"preset {preset.name} ({preset.id})")
    for one in trash.sets:
        print_line(f"data set {one.name} ({one.id})")
    if trash.recordings:
        print_line(f"{count(len(trash.recordings), 'recording')} removed from data sets")
    if trash.entries:
        print_line(f"{count(len(trash.entries), 'output')} of the history; the sound files stay")
    print_line(f"Together {format_size(trash.size_bytes)}.")
