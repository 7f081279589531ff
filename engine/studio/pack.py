"""A sample pack from a model: one-shots, trimmed and equally loud, with maps for samplers, a picture and provenance."""

import json
import math
import re
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.audio.files import stream
from engine.audio.loudness import loudness_lufs
from engine.audio.trim import trim
from engine.audio.true_peak import true_peak_db
from engine.checking import checked
from engine.errors import Cancelled, ExportError
from engine.export.contact_sheet import draw_contact_sheet
from engine.export.formats import FORMATS
from engine.export.measure import Measured
from engine.export.sfz import Sample, hz_to_key, key_to_note, map_keys, map_pitches
from engine.export.tags import Tags
from engine.export.target import placed_folder
from engine.features.pitch import estimate_pitch
from engine.generation.mix.ahead import ahead
from engine.library.durable import write_durably
from engine.settings import GenerateSettings, PackSettings
from engine.studio.delivery import Delivery
from engine.studio.models import find_model
from engine.studio.opening import Opened, Opener
from engine.studio.origin import Origin
from engine.studio.passport import PACKED, PROGRAM, Passport, describe_export, issue_passport, passport_to_tags
from engine.studio.variations import Variation, plan_variations, usable_sliders
from engine.units import seconds_to_samples

Floats = NDArray[np.float32]

FADE_SECONDS = 0.5  # of a sample that is too long
EDGE_SECONDS = 0.005  # over which every sample goes to silence at its end
UNLIMITED_SHARE = 0.9  # of the samples can be as loud as all are without being limited
MOST_LIMITED_DB = 1.5  # of a peak of the others; more takes the edge off a hit
QUIETEST_LUFS = -36.0
UNSAFE = re.compile(r"[^\w .+-]")  # in a file name that a map names: not every sampler reads it
PROVENANCE, PICTURE, LICENCE = "pack.json", "contact sheet.png", "LICENCE.txt"


@dataclass(frozen=True)
class Packed:
    """One sample of a pack.

    Attributes:
        file: Its name.
        seconds: Its length.
        pitch_hz: None where it has none.
        passport: Of the file.
        notes: What the person should know.
    """

    file: str
    seconds: float
    pitch_hz: float | None
    passport: Passport
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        note = None if self.pitch_hz is None else key_to_note(hz_to_key(self.pitch_hz)[0])
        made = {name: getattr(self.passport, name) for name in ("settings", "seed", "fingerprint", "novelty")}
        return {"file": self.file, "seconds": self.seconds, "pitch_hz": self.pitch_hz, "note": note, **made}


@dataclass(frozen=True)
class PackReport:
    """A sample pack that was made.

    Attributes:
        folder: Where it is.
        samples: In it.
        loudness_lufs: That all have.
        notes: What the person should know.
        render_seconds: It took.
    """

    folder: str
    samples: tuple[Packed, ...]
    loudness_lufs: float
    notes: tuple[str, ...]
    render_seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        samples = [sample.to_dict() for sample in self.samples]
        return {**vars(self), "samples": samples, "notes": list(self.notes)}


def make_pack(
    model: str,
    out: Path,
    settings: PackSettings,
    *,
    delivery: Delivery,
    on_progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> PackReport:
    """Make a sample pack.

    Args:
        model: Name or id.
        out: Folder of the pack; it is new or empty.
        settings: How many samples, how long, and the seed.
        delivery: How they become files; a loudness in it is that of all, else they are as loud as most can be.
        on_progress: Told the share that is done, 0 to 1.
        should_stop: Whether nobody wants it any more; asked often, from several threads.

    Raises:
        Cancelled: it was time to stop; nothing is left.
        ExportError: the folder holds something and no `force`, cannot be written, or all samples are silent.
        ModelError, ParameterError: see `Opener.open`.
    """
    begun = time.monotonic()
    with placed_folder(out, force=delivery.force) as part:
        watch = _Watch(on_progress or (lambda _: None), should_stop)
        samples, target, notes = _fill(model, part, settings, delivery, watch)
    if on_progress:
        on_progress(1.0)
    return PackReport(str(out), samples, target, notes, time.monotonic() - begun)


@dataclass(frozen=True)
class _Watch:
    """The listener that follows a pack and may stop it."""

    on_progress: Callable[[float], None]
    should_stop: Callable[[], bool]

    def check(self) -> None:
        if self.should_stop():
            raise Cancelled("stopped; there is no pack")


def _fill(
    model: str, folder: Path, settings: PackSettings, delivery: Delivery, watch: _Watch
) -> tuple[tuple[Packed, ...], float, tuple[str, ...]]:
    """Put all files of a pack into a folder; return its samples, their loudness, and what the person should know."""
    entry = find_model(model)
    opened = Opener(settings.device).open(entry.id)
    flow = opened.flow(GenerateSettings())
    plan = [
        replace(one, settings={**one.settings, "flow": flow})
        for one in plan_variations(settings.count, settings.seed, usable_sliders(entry.path))
    ]
    sounds = {}
    with closing(ahead(plan, lambda one, _: _make(opened, one, settings, watch.should_stop))) as made:
        for place, sound in enumerate(made):
            if len(sound):
                sounds[place] = sound
            watch.check()
            watch.on_progress(0.9 * (place + 1) / len(plan))
    if not sounds:
        raise ExportError("all samples are silent; choose another seed", code="export.empty")
    target = _common_loudness(list(sounds.values()), delivery)
    samples = []
    for place, sound in sounds.items():
        watch.check()
        path = folder / _file_name(entry.name, place, plan[place], delivery)
        samples.append(_write(sound, plan[place], path, opened.origin, delivery, target))
    watch.check()
    _write_companions(folder, tuple(samples), opened.origin)
    silent = len(plan) - len(sounds)
    notes = [f"{sample.file}: {note}" for sample in samples for note in sample.notes]
    notes += [f"{silent} of {len(plan)} samples were silent and are left out"] if silent else []
    return tuple(samples), target, tuple(notes)


def _make(opened: Opened, variation: Variation, settings: PackSettings, should_stop: Callable[[], bool]) -> Floats:
    """Return one sample, trimmed, and faded out where it is too long; empty where nothing is heard."""
    wanted = checked(GenerateSettings, {**variation.settings, "device": settings.device})
    sound = trim(np.concatenate(list(opened.render(wanted, should_stop))))
    longest = seconds_to_samples(settings.longest)
    if len(sound) <= longest:
        return sound
    sound = sound[:longest].copy()
    fall = min(seconds_to_samples(FADE_SECONDS), len(sound) // 2)
    sound[len(sound) - fall :] *= np.cos(np.linspace(0.0, np.pi / 2, fall, dtype=np.float32))[:, None] ** 2
    return sound


def _common_loudness(sounds: list[Floats], delivery: Delivery) -> float:
    """Return the loudness of all samples: the highest at which hardly one has to be limited, and none by much."""
    if delivery.export.loudness is not None:
        return delivery.export.loudness
    ceiling = delivery.export.ceiling
    highest = [loudness_lufs(sound) + ceiling - true_peak_db(sound) for sound in sounds]
    bearable = min(float(np.quantile(highest, 1.0 - UNLIMITED_SHARE)), min(highest) + MOST_LIMITED_DB)
    return max(QUIETEST_LUFS, math.floor(10.0 * bearable) / 10.0)


def _file_name(model: str, place: int, variation: Variation, delivery: Delivery) -> str:
    kind = FORMATS["wav" if delivery.export.format == "auto" else delivery.export.format]
    name = UNSAFE.sub("-", f"{model} {place + 1:02} {variation.name}").strip(". ")
    return f"{name}{kind.suffixes[0]}"


def _write(
    sound: Floats, variation: Variation, path: Path, origin: Origin, delivery: Delivery, target: float
) -> Packed:
    """Write one sample at the common loudness, with its passport."""
    from engine.export.master import write_sound  # takes time to import, which a refusal before does not wait for

    fade_out = max(delivery.export.fade_out, EDGE_SECONDS)
    export = delivery.export.model_copy(update={"loudness": target, "fade_out": fade_out})
    title = delivery.tags.title or path.stem
    issued: list[Passport] = []

    def tag(measured: Measured) -> Tags:
        settings = checked(GenerateSettings, variation.settings)
        made = {"seconds": measured.samples / measured.sample_rate, "fingerprint": measured.fingerprint}
        issued[:] = [
            issue_passport(origin, PACKED, settings, describe_export(path, export), seed=settings.seed, **made)
        ]
        return passport_to_tags(issued[0], delivery.tags.model_copy(update={"title": title}))

    written = write_sound([sound], path, export, tags=tag, force=delivery.force, expected_samples=len(sound))
    pitch = estimate_pitch(sound.mean(axis=1))
    return Packed(path.name, issued[0].seconds, pitch and round(pitch, 2), issued[0], written.notes)


def _write_companions(out: Path, samples: tuple[Packed, ...], origin: Origin) -> None:
    """Write maps, picture, licence and provenance beside the samples."""
    mapped = [Sample(sample.file, sample.pitch_hz) for sample in samples]
    heading = [f"{origin.model_name}: {len(samples)} samples, {PROGRAM}"]
    stem = UNSAFE.sub("-", origin.model_name).strip(". ") or "pack"
    write_durably(out / f"{stem} keys.sfz", map_keys(mapped, heading).encode())
    if any(sample.pitch_hz is not None for sample in mapped):
        write_durably(out / f"{stem} tuned.sfz", map_pitches(mapped, heading).encode())
    write_durably(out / PICTURE, draw_contact_sheet([stream(out / sample.file) for sample in samples]))
    write_durably(out / LICENCE, _licence_text(samples, origin).encode())
    described = {"program": PROGRAM, **asdict(origin), "samples": [sample.to_dict() for sample in samples]}
    write_durably(out / PROVENANCE, json.dumps(described, ensure_ascii=False, indent=1).encode())


def _licence_text(samples: tuple[Packed, ...], origin: Origin) -> str:
    """Return where the samples come from, for a person to read."""
    lines = [
        f"{len(samples)} samples made by {PROGRAM}",
        f"with the model {origin.model_name}, version {origin.model_version} ({origin.model}).",
        "",
        "The model learned from recordings whose owner says of them:",
        origin.licence or "(nothing was said; ask whoever gave you this pack before you use it)",
        "",
        f"Each file carries a passport with all that made it. {PROVENANCE} lists them; the fingerprint of the model",
        f"is {origin.model_fingerprint}, that of its recordings {origin.dataset_fingerprint}.",
        "",
    ]
    return "\n".join(lines)
