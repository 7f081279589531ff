"""Blends of models: which take part with which share, and blends kept in the library as models of their own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from engine.checking import checked
from engine.curves import Curve, add_curves
from engine.errors import EngineError, ModelError, ParameterError
from engine.library.checks import checked_name
from engine.library.durable import disk_refusal, write_durably
from engine.library.entries import BLEND, MODEL_FILE, ModelEntry, Parent, new_id, now_iso
from engine.library.models import add_model
from engine.settings import MOST_BLENDED, GenerateSettings
from engine.studio.models import find_model, list_models, open_library

FORMAT = 3  # of a blend; models with weights have lower ones
MOST = MOST_BLENDED + 1


@dataclass(frozen=True)
class Taking:
    """A model that takes part in an output, with its share: a number, or a curve over time."""

    entry: ModelEntry
    share: Curve


def resolve(main: ModelEntry, blend: Mapping[str, Curve]) -> dict[str, Curve]:
    """Return a blend by ids, which stay when a model is called otherwise.

    Args:
        main: The model that the others are blended with.
        blend: The shares of the others by name or id.

    Raises:
        ModelError: there is no such model.
        ParameterError: two names are the same model, or one is the main model.
    """
    found: dict[str, Curve] = {}
    for wanted, share in blend.items():
        entry = _find(wanted)
        if entry.id == main.id:
            raise ParameterError(
                f"model {main.name!r} is blended with itself; it has what the others leave, so leave it out"
            )
        if entry.id in found:
            raise ParameterError(f"{wanted!r} is model {entry.name!r}, which is blended already; give it one share")
        found[entry.id] = share
    return found


def find_takings(main: ModelEntry, blend: Mapping[str, Curve]) -> tuple[Taking, ...]:
    """Return the models with weights that take part in a blend, those inside of blends among them.

    Args:
        main: The model that the others are blended with.
        blend: The shares of the others by id.

    Raises:
        ModelError: a model is not there; of a blend, that is said.
        ParameterError: there are too many.
    """
    rest = add_curves([(-1.0, share) for share in blend.values()], constant=1.0)
    asked = [(main, rest), *((_find(key), share) for key, share in blend.items())]
    terms: dict[str, list[tuple[float, Curve]]] = {}
    entries: dict[str, ModelEntry] = {}
    for entry, share in asked:
        for part, weight in _parts(entry):
            entries[part.id] = part
            terms.setdefault(part.id, []).append((weight, share))
    if len(entries) > MOST:
        names = ", ".join(entry.name for entry in entries.values())
        raise ParameterError(f"{len(entries)} models take part, and {MOST} at most can: {names}. Leave some out.")
    return tuple(
        Taking(entries[key], some[0][1] if len(some) == 1 and some[0][0] == 1.0 else add_curves(some))
        for key, some in terms.items()
    )


def with_names(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings whose blend is by names, for a person to read; a model that is gone keeps its id."""
    blend = settings.get("blend")
    if not blend or not isinstance(blend, Mapping):
        return dict(settings)
    names = {entry.id: entry.name for entry in list_models(all_versions=True)}
    return {**settings, "blend": {names.get(key, key): share for key, share in blend.items()}}


def save_blend(name: str, model: str, blend: Mapping[str, Any] | Sequence[tuple[str, Any]]) -> ModelEntry:
    """Keep a blend as a model of the library.

    Args:
        name: Of the blend.
        model: Name or id of the model that has what the others leave.
        blend: The share of each of the others by name or id, or such pairs.

    Raises:
        ModelError: there is no such model.
        ParameterError: a share is no number from 0 to 1, together they are more than 1, or there are too many models.
        LibraryError: the disk refuses.
    """
    wanted = checked(GenerateSettings, {"blend": blend}).blend
    if not wanted:
        raise ParameterError("a blend has two models or more: give another one, such as tabla=0.4")
    moving = next((key for key, share in wanted.items() if isinstance(share, tuple)), None)
    if moving:
        raise ParameterError(
            f"{moving} changes over time; a blend that is kept has fixed shares. For a curve: sda generate --blend"
        )
    main = find_model(model)
    takings = [one for one in find_takings(main, resolve(main, wanted)) if float(_number(one.share)) > 0.0]
    return _add(checked_name(name), takings)


def blends_needing(entry: ModelEntry) -> list[ModelEntry]:
    """Return the blends of the library that cannot be opened without a model."""
    return [
        other
        for other in list_models(all_versions=True)
        if other.kind == BLEND and entry.id in {parent.id for parent in other.parents}
    ]


def refuse_blend(entry: ModelEntry, instead: str) -> None:
    """Refuse a blend where a model with recordings of its own is needed.

    Args:
        entry: The model.
        instead: What to do with one of its models.

    Raises:
        ModelError: it is a blend.
    """
    if entry.kind == BLEND:
        known = _read(entry).get("names", {})
        names = ", ".join(str(known.get(parent.id, parent.id)) for parent in entry.parents)
        raise ModelError(
            f"model {entry.name!r} is a blend and has no recordings of its own. {instead}: {names}",
            code="model_is_blend",
        )


def _number(share: Curve) -> float:
    return share if isinstance(share, float | int) else share[0][1]


def _find(wanted: str) -> ModelEntry:
    """Return a model that is to be blended.

    Raises:
        ModelError: it is not there.
    """
    try:
        return find_model(wanted)
    except ModelError as error:
        raise ModelError(f"blending: {error.message}", code=error.code) from None


def _parts(entry: ModelEntry) -> list[tuple[ModelEntry, float]]:
    """Return the models with weights that a model consists of, and the share of each; itself where it is no blend.

    Raises:
        ModelError: one of them is not there, or the blend is damaged or newer than this program.
    """
    if entry.kind != BLEND:
        return [(entry, 1.0)]
    described = _read(entry)
    total = sum(parent.weight for parent in entry.parents)
    if total <= 0.0:
        raise ModelError(f"blend {entry.name!r} names no models; it is damaged", code="model_damaged")
    return [(_find_parent(entry, parent, described), parent.weight / total) for parent in entry.parents]


def _find_parent(blend: ModelEntry, parent: Parent, described: Mapping[str, Any]) -> ModelEntry:
    names = described.get("names")
    name = names.get(parent.id, parent.id) if isinstance(names, dict) else parent.id
    try:
        return find_model(parent.id)
    except EngineError as error:
        if error.code == "model_deleted":
            said = f"which is in the trash. To bring it back: sda models restore {parent.id}"
        elif error.code == "model_unknown":
            said = f"which is not in your library (id {parent.id}). If you have it as a file: sda models import FILE"
        else:
            said = f"which cannot be used: {error.message}"
        raise ModelError(f"blend {blend.name!r} needs model {name!r}, {said}", code=error.code) from None


def _read(entry: ModelEntry) -> dict[str, Any]:
    """Return what a blend says of itself.

    Raises:
        ModelError: it is damaged, or newer than this program.
    """
    path = entry.path / MODEL_FILE
    try:
        described = dict(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read ({error}); the blend is damaged", code="model_damaged") from error
    number = described.get("format")
    if type(number) is not int or number > FORMAT:
        raise ModelError(
            f"blend {entry.name!r} has format {number!r}, this version reads up to {FORMAT}; update the program"
        )
    return described


def _add(name: str, takings: list[Taking]) -> ModelEntry:
    """Write the folder of a blend, and make it known."""
    parents = tuple(Parent(one.entry.id, float(_number(one.share))) for one in takings)
    entry = ModelEntry(
        id=new_id(),
        name=name,
        created=now_iso(),
        folder="",
        files=sum(one.entry.files for one in takings),
        seconds=sum(one.entry.seconds for one in takings),
        channels=max(one.entry.channels for one in takings),
        training={},
        size_bytes=0,
        kind=BLEND,
        parents=parents,
        licence="\n".join(dict.fromkeys(one.entry.licence for one in takings if one.entry.licence)),
    )
    entry = replace(entry, folder=entry.id)
    described = {
        "format": FORMAT,
        "kind": BLEND,
        "id": entry.id,
        "name": name,
        "created": entry.created,
        "files": entry.files,
        "seconds": entry.seconds,
        "channels": entry.channels,
        "parents": [asdict(parent) for parent in parents],
        "names": {one.entry.id: f"{one.entry.name}@{one.entry.version}" for one in takings},
    }
    path = entry.path / MODEL_FILE
    text = json.dumps(described, ensure_ascii=False, indent=1, allow_nan=False).encode()
    try:
        path.parent.mkdir(parents=True)
        write_durably(path, text)
    except OSError as error:
        raise disk_refusal(path, "written", error) from error
    return add_model(open_library(), replace(entry, size_bytes=len(text)))
