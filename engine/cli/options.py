"""Options of the commands, made from the fields of `engine.settings`: no default or limit is repeated here."""

from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic import BaseModel

from engine.checking import field_limits
from engine.errors import ParameterError
from engine.settings import GenerateSettings, ReadSettings, TrainSettings

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that exist.")]
LeaveOut = Annotated[
    list[str] | None,
    typer.Option(
        "--leave-out",
        metavar="NAME",
        help="Leave out a recording, by its name in sda inspect FOLDER. May be given several times.",
        show_default=False,
    ),
]
ModelName = Annotated[str, typer.Argument(metavar="MODEL", help="Name or id of a model: see sda models list.")]


def read_path(text: str) -> Path:
    """Return a path as it was typed, refusing nothing: Python takes that for the present folder.

    Raises:
        BadParameter: there is no character in it.
    """
    if not text:
        message = "there is nothing between the quotation marks; give a path, or . for the present folder."
        raise typer.BadParameter(message)
    return Path(text)


def folder_argument(said: str) -> Any:
    """Return the argument that names a folder.

    Args:
        said: Its help.
    """
    return typer.Argument(metavar="FOLDER", help=said, parser=read_path, show_default=False)


def setting(kind: type[BaseModel], name: str, option: str = "", metavar: str = "") -> Any:
    """Return the option that sets the field `name` of `kind`; the command's own default is "not given".

    Values are left to `engine.checking.checked`, so that every front door refuses them in the same words.

    Args:
        kind: Settings.
        name: Of the field.
        option: How the option is called, where it is not called like the field.
        metavar: What stands for the value in the help, where the field's type does not say it.
    """
    field = kind.model_fields[name]
    return typer.Option(
        option or "--" + name.replace("_", "-"),
        help=describe_setting(kind, name),
        metavar=metavar or describe_value(field.annotation),
        show_default=False,
    )


def switch(kind: type[BaseModel], name: str) -> Any:
    """Return the option that turns the field `name` of `kind` on."""
    return typer.Option("--" + name.replace("_", "-"), help=kind.model_fields[name].description or "")


def describe_value(annotation: Any) -> str:
    """Say in a word what a setting takes: its choices, a number, a file or a text."""
    if get_origin(annotation) is Literal:
        return "|".join(map(str, get_args(annotation)))
    kinds = {annotation, *get_args(annotation)}
    return "NUMBER" if kinds & {int, float} else "FILE" if Path in kinds else "TEXT"


def describe_setting(kind: type[BaseModel], name: str) -> str:
    """Write a field's description, default and limits: "Length in seconds. [default 10; 0.1 to 36,000]"."""
    field = kind.model_fields[name]
    low, high = field_limits(kind, name)
    default = "" if field.default in (None, {}) else f"{field.default:g}" if low is not None else str(field.default)
    limits = "" if low is None or high is None else f"{low:,g} to {high:,}".replace(".0", "")
    values = "; ".join(filter(None, [default and f"default {default}", limits]))
    return f"{field.description} [{values}]" if values else field.description or ""


def read_pairs(option: str, texts: list[str] | None, example: str = "brightness=5") -> list[tuple[str, str]] | None:
    """Return name and value of each NAME=VALUE; None where there are none.

    Raises:
        ParameterError: one of them has no "=", or nothing before it.
    """
    pairs = []
    for text in texts or []:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise ParameterError(f"{option} {text}: must be NAME=VALUE, such as {example}")
        pairs.append((name, value))
    return pairs or None


def given(**values: Any) -> dict[str, Any]:
    """Return the values that were given on the command line."""
    return {name: value for name, value in values.items() if value is not None}


ChannelsIn = Annotated[str | None, setting(ReadSettings, "channels_in")]
TrainDevice = Annotated[str | None, setting(TrainSettings, "device")]
RenderDevice = Annotated[str | None, setting(GenerateSettings, "device")]
Source = Annotated[float | None, setting(GenerateSettings, "source")]
