"""An output made again, from the history or from the passport of its file, and held against the first one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.checking import checked
from engine.errors import ExportError, ModelError, ParameterError
from engine.export.formats import FORMATS, choose_encoding
from engine.export.tagging import read_tags
from engine.library.outputs import HistoryEntry
from engine.settings import DeviceName, ExportSettings, GenerateSettings, TagSettings, as_kept
from engine.studio.delivery import Delivery, Written
from engine.studio.history import find_output
from engine.studio.models import find_model
from engine.studio.origin import Ancestor, fingerprint_files, fingerprint_model
from engine.studio.passport import GENERATED, Passport, plain_settings, read_passport
from engine.studio.render import generate

OTHER_FORMAT = "it was not compared with the original, which is {}"
NOT_THE_SAME = "the samples are not those of the original: {}"
ROUNDING = "another version of the program, or another device, computes a little differently"


@dataclass(frozen=True)
class ReplayReport:
    """An output that was made again.

    Attributes:
        file: The new file.
        same: Whether its samples are those of the original; None where that cannot be known.
        notes: What the person should know.
    """

    file: Written
    same: bool | None
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"file": self.file.to_dict(), "same": self.same, "notes": list(self.notes)}


@dataclass(frozen=True)
class _Original:
    """Facts about an output that is made again."""

    kind: str
    model: str
    model_name: str
    model_version: int
    model_fingerprint: str  # "" where it is not known
    settings: Mapping[str, Any]
    export: Mapping[str, Any]
    seed: int
    fingerprint: str
    hrtf_fingerprint: str = ""  # "" where none was used, or it is not known
    blended: tuple[Ancestor, ...] = ()


def replay_output(
    wanted: str,
    out: Path | None = None,
    *,
    force: bool = False,
    device: DeviceName = "auto",
    on_progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> ReplayReport:
    """Make an output of the history again.

    Args:
        wanted: Its id or running number.
        out: The new file; None: where it was if it is missing there, else beside it.
        force: Replace an existing file.
        device: Where to compute.
        on_progress: Told the share that is done, 0 to 1.
        should_stop: Whether nobody wants it any more; asked often, from several threads.

    Raises:
        Cancelled: it was time to stop; there is no file.
        LibraryError: there is no such output.
        ModelError: its model is gone.
        ExportError: see `generate`.
    """
    entry = find_output(wanted)
    file = Path(entry.file)
    delivery = Delivery(tags=_tags_of(file), force=force)
    return _replay(_from_history(entry), out or _free_path(file), delivery, device, on_progress, should_stop)


def replay_passport(
    file: Path,
    out: Path | None = None,
    *,
    force: bool = False,
    device: DeviceName = "auto",
    on_progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> ReplayReport:
    """Make the sound of a file again from its passport; the file may have been moved or renamed.

    Args:
        file: With a passport.
        out: The new file; None: beside it.
        force: Replace an existing file.
        device: Where to compute.
        on_progress: Told the share that is done, 0 to 1.
        should_stop: Whether nobody wants it any more; asked often, from several threads.

    Raises:
        Cancelled: it was time to stop; there is no file.
        ExportError: the file has no passport that can be read, or see `generate`.
        ModelError: its model is gone.
    """
    delivery = Delivery(tags=_tags_of(file), force=force)
    return _replay(
        _from_passport(read_passport(file)), out or _free_path(file), delivery, device, on_progress, should_stop
    )


def _from_history(entry: HistoryEntry) -> _Original:
    settings = dict(entry.settings)
    return _Original(
        kind=entry.kind,
        model=entry.model,
        model_name=entry.model_name,
        model_version=entry.version,
        model_fingerprint="",
        export=settings.pop("export", {}),
        seed=entry.seed,
        fingerprint=entry.fingerprint,
        hrtf_fingerprint=str(settings.pop("hrtf_fingerprint", "")),
        settings=settings,
    )


def _from_passport(passport: Passport) -> _Original:
    return _Original(**{name: getattr(passport, name) for name in _Original.__dataclass_fields__})


def _tags_of(file: Path) -> TagSettings:
    """Return what the person wanted a file to say; nothing where it cannot be read."""
    try:
        tags = read_tags(file)
    except ExportError:
        return TagSettings()
    return TagSettings(**{name: getattr(tags, name) for name in TagSettings.model_fields})


def _replay(
    original: _Original,
    out: Path,
    delivery: Delivery,
    device: DeviceName,
    on_progress: Callable[[float], None] | None,
    should_stop: Callable[[], bool] | None,
) -> ReplayReport:
    if original.kind not in (GENERATED, "packed"):
        raise ParameterError(
            f"the sound is a recording heard by model {original.model_name!r}; to hear it again, sda reconstruct with "
            "that recording",
            code="replay_kind",
        )
    models: list[_Original | Ancestor] = [original, *original.blended]
    changed = [name for name in map(_changed_name, models) if name]
    settings = checked(GenerateSettings, {**as_kept(original.settings), "seed": original.seed, "device": device})
    other_ears = _ears_changed(original, settings)
    export, alike = _fitting_export(original, out)
    delivered = replace(delivery, export=export)
    report = generate(
        original.model, out, settings, delivery=delivered, on_progress=on_progress, should_stop=should_stop
    )
    (file,) = report.files
    if not alike:
        notes = [OTHER_FORMAT.format(_describe_original(original)), *filter(None, [other_ears])]
        return ReplayReport(file, None, (*file.notes, *notes))
    same = file.fingerprint == original.fingerprint
    reason = other_ears or (f"model {changed[0]!r} is not as it was" if changed else ROUNDING)
    return ReplayReport(file, same, file.notes if same else (*file.notes, NOT_THE_SAME.format(reason)))


def _changed_name(named: "_Original | Ancestor") -> str:
    """Return the name of a model whose weights are others than those that made the original, "" where they are not.

    Raises:
        ModelError: the model is in the trash, damaged, or not in the library.
    """
    try:
        found = find_model(named.model)
    except ModelError as error:
        if error.code != "model_unknown":
            raise
        raise ModelError(
            f"model {named.model_name!r} (version {named.model_version}, id {named.model}), which made it, is "
            "not in your library. If you have it as a file: sda models import FILE",
            code="model_unknown",
        ) from None
    known = named.model_fingerprint
    return named.model_name if known and fingerprint_model(found) != known else ""


def _ears_changed(original: _Original, settings: GenerateSettings) -> str:
    """Say that the HRTF file of this name is another one than the original was made with; "" where it is the same.

    Raises:
        ParameterError: it is not here.
    """
    own = settings.hrtf
    if own is None or settings.channels != "binaural":
        return ""
    if not own.is_file():
        raise ParameterError(
            f"it was made with the HRTF file {own.name}, which is not in {Path.cwd()}: put it there, or go to "
            "the folder where it is, and try again",
            code="replay_hrtf",
        )
    if original.hrtf_fingerprint in ("", fingerprint_files([own])):
        return ""
    return f"the HRTF file {own.name} here is another one than the one it was made with"


def _fitting_export(original: _Original, out: Path) -> tuple[ExportSettings, bool]:
    """Return how the new file is written, and whether its samples can be those of the original.

    Raises:
        ExportError: the name says no format.
    """
    known = {name: value for name, value in original.export.items() if name in ExportSettings.model_fields}
    recorded = checked(ExportSettings, known)
    try:
        choose_encoding(out, recorded)
    except ExportError:
        other = checked(ExportSettings, {**plain_settings(recorded), "format": "auto", "bit_depth": "auto"})
        return other, False
    return recorded, original.kind == GENERATED


def _describe_original(original: _Original) -> str:
    if original.kind != GENERATED:
        return "trimmed and levelled for a sample pack"
    name = original.export.get("format", "")
    return FORMATS[name].words if name in FORMATS else "another format"


def _free_path(wanted: Path) -> Path:
    """Return a path that is free: the wanted one, or with -replay, -replay-2 … after its name."""
    path, number = wanted, 1
    while path.exists():
        path = wanted.with_stem(f"{wanted.stem}-replay" + (f"-{number}" if number > 1 else ""))
        number += 1
    return path
