"""sda models export and import: a model in one file."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.commands import Command, examples
from engine.cli.display import open_display
from engine.cli.failures import DONE
from engine.cli.labels import models
from engine.cli.library import entry_to_dict
from engine.cli.options import Force, Json, ModelName
from engine.cli.output import print_aside, print_json, print_line
from engine.cli.words import as_argument, format_size

__all__ = ["models"]  # with all its commands


@models.command("export", cls=Command, epilog=examples("sda models export sax sax.sda"))
def export_command(
    model: ModelName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write, by custom ending in .sda.")],
    force: Force = False,
    as_json: Json = False,
) -> int:
    """Write a model into one file.

    To keep it or to hand it on. The recordings that it learned from are inside.
    """
    from engine.studio.exchange import export_model

    with open_display(quiet=as_json) as display:
        report = export_model(model, file, force=force, on_progress=lambda share: display.update("Exporting", share))
    if as_json:
        print_json(vars(report))
    else:
        print_line(f"{report.path} ({format_size(report.size_bytes)})")
        print_aside("Note: it holds the recordings that the model learned from.")
        if report.left_out:
            print_aside(f"Note: files that are no part of a model were left out: {', '.join(report.left_out)}")
    return DONE


@models.command("import", cls=Command, epilog=examples("sda models import sax.sda"))
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A model that sda models export wrote.")],
    as_json: Json = False,
) -> int:
    """Add a model from one file to your library.

    It is checked first, and nothing in it can run code.
    """
    from engine.studio.arrivals import import_model

    with open_display(quiet=as_json) as display:
        report = import_model(file, on_progress=lambda share: display.update("Importing", share))
    if as_json:
        print_json({**entry_to_dict(report.entry), "copy_of": report.copy_of})
        return DONE
    print_line(f"{report.entry.name} is in your library (model {report.entry.id}).")
    if report.copy_of:
        print_aside(f"Note: {report.copy_of} was the same model when it was exported; both are kept.")
    print_line(f"To hear it: sda generate {as_argument(report.entry.name)} --out FILE")
    return DONE
