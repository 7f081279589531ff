"""The sound passport: all that is needed to make a file again, kept in the file's own tags as JSON.

It holds no folder and no date, so that it tells nothing about the person's computer, and so that the same model,
settings and seed make the same file.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from engine import __version__
from engine.errors import ExportError
from engine.export.formats import choose_encoding
from engine.export.tagging import read_tags
from engine.export.tags import Tags
from engine.library.checks import is_shallow
from engine.library.entries import Identifier, Seconds, Version, first_violation
from engine.settings import ExportSettings, SpaceSettings, TagSettings, as_kept
from engine.studio.origin import Ancestor, Origin, fingerprint_files

PROGRAM = f"Small DataSet Audio {__version__}"
FORMAT = 2
UNBLENDED = 1  # the format where one model made the sound: programs from before blends read it
GENERATED, PACKED, RECONSTRUCTED = "generated", "packed", "reconstructed"


@dataclass(frozen=True)
class Passport:
    """The origin of a file.

    Attributes:
        format: Of the passport; higher ones were written by newer programs.
        program: Name and version of the program.
        kind: GENERATED; PACKED, trimmed and levelled for a sample pack; RECONSTRUCTED, a recording heard by the model.
        model: Id of the version of the model.
        model_name: As it was called then.
        model_version: Within its family.
        model_fingerprint: Of its weights.
        dataset_fingerprint: Of its recordings.
        licence: Of the recordings, as the person gave it.
        device: Where it was computed.
        settings: What the sound was made with.
        export: How the file was written.
        seed: Of what is random in it.
        seconds: Its length.
        fingerprint: Of the samples in the file.
        novelty: The nearest recording, and how new the sound is; empty where it was not measured.
        hrtf_fingerprint: SHA-256 of the person's own HRTF file that the settings name; empty where they name none.
        blended: The other models that took part.
    """

    format: Annotated[int, Field(ge=1)]
    program: str
    kind: str
    model: Identifier
    model_name: str
    model_version: Version
    model_fingerprint: str
    dataset_fingerprint: str
    licence: str
    device: str
    settings: Mapping[str, Any]
    export: Mapping[str, Any]
    seed: Annotated[int, Field(ge=0)]
    seconds: Seconds
    fingerprint: str
    novelty: Mapping[str, Any] = field(default_factory=dict)
    hrtf_fingerprint: str = ""
    blended: tuple[Ancestor, ...] = ()


_PASSPORT = TypeAdapter(Passport)


def plain_settings(settings: BaseModel) -> dict[str, Any]:
    """Return settings as plain JSON values: without the device, and of files only their names."""
    values = settings.model_dump(exclude={"device"})
    named = {name: value.name if isinstance(value, Path) else value for name, value in values.items()}
    plain: dict[str, Any] = json.loads(json.dumps(named, default=str))
    return plain


def describe_export(path: Path, export: ExportSettings) -> dict[str, Any]:
    """Return how a file is written, its format and bit depth named even where they went by its name."""
    encoding = choose_encoding(path, export)
    depth = encoding.bit_depth or "auto"
    return {**plain_settings(export), "format": encoding.format.name, "bit_depth": depth}


def issue_passport(
    origin: Origin, kind: str, settings: BaseModel | Mapping[str, Any], export: Mapping[str, Any], **made: Any
) -> Passport:
    """Describe an output.

    Args:
        origin: Which model made it.
        kind: See `Passport`.
        settings: What the sound was made with.
        export: From `describe_export`.
        made: The other fields: seed, seconds, fingerprint, novelty.
    """
    plain = plain_settings(settings) if isinstance(settings, BaseModel) else dict(settings)
    own = settings.hrtf if isinstance(settings, SpaceSettings) else None
    made["hrtf_fingerprint"] = fingerprint_files([own]) if own and own.is_file() else ""
    number = FORMAT if origin.blended else UNBLENDED
    return Passport(
        format=number, program=PROGRAM, kind=kind, **vars(origin), settings=plain, export=dict(export), **made
    )


def passport_to_tags(passport: Passport, tags: TagSettings) -> Tags:
    """Return what a file says about itself: what the person wants to say, and its passport."""
    return Tags(
        **plain_settings(tags),
        date=date.today().isoformat(),
        software=PROGRAM,
        model=passport.model_name,
        seed=passport.seed,
        passport=json.dumps(asdict(passport), ensure_ascii=False, allow_nan=False),
    )


def read_passport(path: Path) -> Passport:
    """Read the passport in a sound file.

    Raises:
        ExportError: it has none (`passport_missing`), it is damaged (`passport_damaged`), a newer version of the
            program wrote it (`passport_newer`), or the file cannot be read.
    """
    text = read_tags(path).passport
    if not text:
        raise ExportError(
            f"{path.name} carries no passport: this program did not make it, or another one removed its tags",
            code="passport_missing",
        )
    try:
        found = json.loads(text)
        if isinstance(found, dict) and type(found.get("format")) is int and found["format"] > FORMAT:
            raise ExportError(
                f"the passport of {path.name} was written by a newer version of the program (format "
                f"{found['format']}, this one reads up to {FORMAT}): update Small DataSet Audio",
                code="passport_newer",
            )
        if not is_shallow(found):
            raise ValueError("nested too deep")
        passport = _PASSPORT.validate_python(found)
        return replace(passport, settings=as_kept(passport.settings)) if passport.kind != RECONSTRUCTED else passport
    except ValidationError as error:
        reason = str(first_violation(error))
    except RecursionError:
        reason = "nested too deep"
    except ValueError as error:
        reason = str(error)
    raise ExportError(f"the passport of {path.name} is damaged ({reason})", code="passport_damaged")


def has_passport(path: Path) -> bool:
    """Say whether a sound file carries a passport, one that can be read or not: then a model made it."""
    try:
        return bool(read_tags(path).passport)
    except ExportError:
        return False
