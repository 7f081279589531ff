"""sda presets: settings under a name."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.commands import Command, examples
from engine.cli.failures import DONE
from engine.cli.library import print_values
from engine.cli.options import Json, read_pairs
from engine.cli.output import grid, print_json, print_line, print_table
from engine.cli.words import as_argument
from engine.errors import ParameterError
from engine.settings import GenerateSettings, newly_kept
from engine.sliders import DISCOVERED, SLIDERS

if TYPE_CHECKING:
    from engine.studio.presets import Preset

presets = typer.Typer(
    help="Settings that you keep under a name.",
    epilog=examples("sda presets save glassy --from 12", "sda generate sax --preset glassy --out a.wav"),
    rich_markup_mode=None,
    no_args_is_help=True,
)
PresetName = Annotated[str, typer.Argument(metavar="NAME", help="Name or id of a preset: see sda presets list.")]
OfModel = Annotated[str | None, typer.Option("--model", metavar="MODEL", help="The preset for this model.")]
WORDS = {"true": True, "false": False}


@presets.command("list", cls=Command, epilog=examples("sda presets list", "sda presets list glassy --model sax"))
def list_command(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORD", help="Only those with these words.")] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="MODEL", help="Only those for this model or for all.")
    ] = None,
    deleted: Annotated[bool, typer.Option("--deleted", help="The trash instead.")] = False,
    as_json: Json = False,
) -> int:
    """List your presets, the last saved first."""
    from engine.studio.presets import list_presets

    found = list_presets(" ".join(words or []), model=model, deleted=deleted)
    if as_json:
        print_json({"presets": [vars(preset) for preset in found]})
    elif found:
        print_presets(found)
    else:
        print_line("The trash is empty." if deleted else "None found. To make one: sda presets save NAME --from OUTPUT")
    return DONE


@presets.command("show", cls=Command, epilog=examples("sda presets show glassy"))
def show_command(name: PresetName, model: OfModel = None, as_json: Json = False) -> int:
    """Show what a preset sets."""
    from engine.studio.blends import with_names
    from engine.studio.presets import find_preset

    preset = find_preset(name, model)
    if as_json:
        print_json(vars(preset))
    else:
        print_values({**vars(preset), "settings": with_names(preset.settings)})
    return DONE


@presets.command(
    "save",
    cls=Command,
    epilog=examples("sda presets save glassy --from 12", "sda presets save dense --set density=8 --set novelty=0.7"),
)
def save_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    output: Annotated[
        str | None, typer.Option("--from", metavar="OUTPUT", help="The settings of an output: see sda history list.")
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="SETTING=VALUE", help="A setting of sda generate, or a slider, by its name."),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="MODEL", help="For this model alone. [default for all]")
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="A note.", show_default=False)] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace a preset of this name.")] = False,
    as_json: Json = False,
) -> int:
    """Keep settings under a name.

    Those of an output, or as given. The seed is not kept.
    """
    from engine.studio.presets import save_preset

    preset = save_preset(name, read_settings(values or []), output=output, model=model, note=note, force=force)
    used = f"sda generate MODEL --preset {as_argument(preset.name)} --out FILE"
    return tell(preset, f"{preset.name} is kept. To use it: {used}", as_json)


@presets.command("delete", cls=Command, epilog=examples("sda presets delete glassy"))
def delete_command(name: PresetName, model: OfModel = None, as_json: Json = False) -> int:
    """Move a preset to the trash."""
    from engine.studio.presets import delete_preset

    preset = delete_preset(name, model)
    back = f"sda presets restore {as_argument(preset.name)}"
    return tell(preset, f"{preset.name} is in the trash. To bring it back: {back}", as_json)


@presets.command("restore", cls=Command, epilog=examples("sda presets restore glassy"))
def restore_command(name: PresetName, as_json: Json = False) -> int:
    """Bring a preset back from the trash."""
    from engine.studio.presets import restore_preset

    preset = restore_preset(name)
    return tell(preset, f"{preset.name} is back.", as_json)


def read_settings(values: list[str]) -> dict[str, Any]:
    """Read settings as a person writes them: "density=8", or of a slider "brightness=0:-5,4:8".

    Raises:
        ParameterError: one has no name or no value, or its value is no number where it has to be one.
    """
    from engine.curves import parse_curve  # loads numpy, which help does without

    found: dict[str, Any] = {}
    for text in values:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise ParameterError(f"--set {text}: must be SETTING=VALUE, for example density=8")
        if name == "blend":
            found.setdefault(name, []).extend(read_pairs("--set blend", [value], "tabla=0.4") or [])
            continue
        if name in GenerateSettings.model_fields:
            found[name] = read_value(value)
            continue
        if name not in SLIDERS and not name.startswith(f"{DISCOVERED} "):
            known = ", ".join([*GenerateSettings.model_fields, *SLIDERS])
            raise ParameterError(f"--set {text}: there is no setting or slider {name!r}; there are {known}")
        try:
            found.setdefault("sliders", {})[name] = parse_curve(value)
        except ValueError as error:
            raise ParameterError(f"--set {text}: {error}") from None
    return found


def read_value(text: str) -> Any:
    """Return a number or a curve where a text is one, true or false, or the text itself."""
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    from engine.curves import parse_curve

    try:
        return parse_curve(text)
    except ValueError:
        return text


def tell(preset: "Preset", text: str, as_json: bool) -> int:
    """Print a changed preset, or what was done to it in words."""
    if as_json:
        print_json(vars(preset))
    else:
        print_line(text)
    return DONE


def print_presets(found: "list[Preset]") -> None:
    """Print presets as a table."""
    table = grid("Name", "Id", "For", "Saved", "Sets")
    for preset in found:
        sliders = preset.settings.get("sliders")
        usual = newly_kept({})
        named = [name for name, value in preset.settings.items() if usual.get(name, {}) != value and name != "sliders"]
        table.add_row(
            preset.name,
            preset.id,
            preset.model or "all models",
            preset.created[:10],
            ", ".join([*(sliders if isinstance(sliders, dict) else []), *named]),
        )
    print_table(table)
