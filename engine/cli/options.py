"""Options of the commands, made from the fields of `engine.settings`: no default or limit is repeated here."""

from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic import BaseModel

from engine.settings import GenerateSettings, TrainSettings

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that exist.")]
ModelName = Annotated[str, typer.Argument(metavar="MODEL", help="Name or id of a model: see sda models list.")]


def setting(kind: type[BaseModel], name: str) -> Any:
    """Return the option that sets the field `name` of `kind`; the command's own default is "not given".

    Values are left to `engine.settings.checked`, so that every front door refuses them in the same words.
    """
    return typer.Option(
        "--" + name.replace("_", "-"),
        help=describe_setting(kind, name),
        metavar=describe_value(kind.model_fields[name].annotation),
        show_default=False,
    )


def describe_value(annotation: Any) -> str:
    """Say in a word what a setting takes: its choices, a number, a file or a text."""
    if get_origin(annotation) is Literal:
        return "|".join(map(str, get_args(annotation)))
    kinds = {annotation, *get_args(annotation)}
    return "NUMBER" if kinds & {int, float} else "FILE" if Path in kinds else "TEXT"


def describe_setting(kind: type[BaseModel], name: str) -> str:
    """Write a field's description, default and limits: "Length in seconds. [10; 0.1 to 36000]"."""
    field = kind.model_fields[name]
    low = next((limit.ge for limit in field.metadata if hasattr(limit, "ge")), None)
    high = next((limit.le for limit in field.metadata if hasattr(limit, "le")), None)
    default = "" if field.default is None else f"{field.default:g}" if low is not None else str(field.default)
    limits = "" if low is None or high is None else f"{low:,g} to {high:,}".replace(".0", "")
    values = "; ".join(filter(None, [default and f"default {default}", limits]))
    return f"{field.description} [{values}]" if values else field.description or ""


def given(**values: Any) -> dict[str, Any]:
    """Return the values that were given on the command line."""
    return {name: value for name, value in values.items() if value is not None}


TrainDevice = Annotated[str | None, setting(TrainSettings, "device")]
RenderDevice = Annotated[str | None, setting(GenerateSettings, "device")]
Source = Annotated[float | None, setting(GenerateSettings, "source")]
