"""sda history compare: two outputs side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.commands import Command, examples
from engine.cli.display import open_display
from engine.cli.failures import DONE
from engine.cli.history import OutputId, history
from engine.cli.library import format_value
from engine.cli.options import Force, Json
from engine.cli.output import grid, print_aside, print_json, print_line, print_table
from engine.cli.words import as_argument

if TYPE_CHECKING:
    from engine.studio.compare import Comparison, Side

__all__ = ["history"]  # with all its commands


@history.command(
    "compare",
    cls=Command,
    epilog=examples("sda history compare 12 13 --out pair", "sda history compare 12 13 --keep B --as glassy"),
)
def compare_command(
    a: OutputId,
    b: OutputId,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder for both at equal loudness, to listen to.")
    ] = None,
    keep: Annotated[str | None, typer.Option(metavar="A|B", help="Keep the settings of this one as a preset.")] = None,
    name: Annotated[str | None, typer.Option("--as", metavar="PRESET", help="What to call the preset.")] = None,
    force: Force = False,
    as_json: Json = False,
) -> int:
    """Put two outputs side by side.

    What differs in their settings, and in the sound as it is measured. The louder one is turned down to be as loud
    as the other (ITU-R BS.1770).
    """
    if (keep is None) != (name is None) or (keep or "A").upper() not in ("A", "B"):
        message = "say which one and its name: --keep A --as NAME, or --keep B --as NAME."
        raise typer.BadParameter(message, param_hint="--keep")
    from engine.studio.compare import compare_outputs

    with open_display(quiet=as_json) as display:
        display.update("Comparing")
        compared = compare_outputs(a, b, out=out, force=force)
    preset = None
    if keep and name:
        from engine.studio.presets import save_preset

        winner = compared.a if keep.upper() == "A" else compared.b
        preset = save_preset(name, {}, output=winner.output.id, force=force)
    if as_json:
        print_json({**compared.to_dict(), "preset": vars(preset) if preset else None})
        return DONE
    print_comparison(compared)
    if preset:
        print_line(
            f"{preset.name} is kept. To use it: sda generate MODEL --preset {as_argument(preset.name)} --out FILE"
        )
    return DONE


def print_comparison(compared: "Comparison") -> None:
    """Print what differs as a table, and how loud both are."""
    table = grid("", "A", "B")
    table.add_row("file", *(Path(side.output.file).name for side in (compared.a, compared.b)))
    table.add_row("loudness", *map(describe_loudness, (compared.a, compared.b)))
    for setting, values in compared.settings.items():
        table.add_row(setting.replace("_", " "), *map(shorten_value, values))
    for name, of_a, of_b in compared.measured():
        table.add_row(name, show(name, of_a), show(name, of_b))
    print_table(table)
    for side in (compared.a, compared.b):
        if side.path:
            print_line(side.path)
    if not compared.settings:
        print_aside("Note: both were made with the same settings.")


def describe_loudness(side: "Side") -> str:
    """Return "-18.3 LUFS", and by how much it is turned down."""
    turned = f", turned down {-side.gain_db:.1f} dB" if side.gain_db < 0 else ""
    return f"{side.loudness_lufs:.1f} LUFS{turned}"


def show(name: str, value: float) -> str:
    """Write a measured value for a musician."""
    from engine.sliders import show_value

    return show_value(name, value)


def shorten_value(value: Any) -> str:
    """Write a setting; one that the output does not have as a dash."""
    return "–" if value is None else format_value(value)
