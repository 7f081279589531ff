"""The options that say how outputs become files, the same for every command that writes some."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.checking import checked
from engine.cli.options import given, setting
from engine.settings import ExportSettings, TagSettings

if TYPE_CHECKING:
    from engine.studio.delivery import Delivery

EXPORT_TYPES = {
    "format": str, "sample_rate": int, "bit_depth": str, "loudness": float, "ceiling": float, "fade_in": float,
    "fade_out": float,
}  # fmt: skip
COVER = Annotated[bool, typer.Option("--cover", help=ExportSettings.model_fields["cover"].description or "")]


@dataclass(frozen=True)
class FileOptions:
    """Options of the command line on how outputs become files."""

    export: Mapping[str, Any]
    tags: Mapping[str, Any]

    def to_delivery(self, *, force: bool, **defaults: Any) -> "Delivery":
        """Return it as the use cases take it.

        Args:
            force: Replace existing files.
            defaults: Of ExportSettings, where they are others than usual.

        Raises:
            ParameterError: a value is outside its limits.
        """
        export = checked(ExportSettings, {**defaults, **self.export})
        tags = checked(TagSettings, dict(self.tags))
        from engine.studio.delivery import Delivery

        return Delivery(export, tags, force)


def with_file_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command all these options; it gets what was given of them as `files`, a FileOptions."""
    added = [
        *(_optional(name, kind, setting(ExportSettings, name)) for name, kind in EXPORT_TYPES.items()),
        Parameter("cover", Parameter.KEYWORD_ONLY, default=False, annotation=COVER),
        *(_optional(name, str, setting(TagSettings, name)) for name in TagSettings.model_fields),
    ]
    signature = inspect.signature(command)
    own = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in signature.parameters.values() if one.name != "files"]

    @wraps(command)
    def call(**values: Any) -> int:
        export = given(**{name: values.pop(name) for name in EXPORT_TYPES}, cover=values.pop("cover") or None)
        tags = given(**{name: values.pop(name) for name in TagSettings.model_fields})
        return command(**values, files=FileOptions(export, tags))

    hints = {one.name: one.annotation for one in (*own, *added)}
    vars(call)["__signature__"] = signature.replace(parameters=[*own, *added])
    call.__annotations__ = {**hints, "return": int}
    return call


def _optional(name: str, kind: type, option: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, option])
