"""Recordings played back through a model: encode, decode, and let the vocoder sing what the model heard."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.audio.files import find_recordings, read
from engine.audio.source import RecordingError
from engine.audio.stage import cut
from engine.dataset.corpus import Mixed
from engine.errors import DatasetError, ParameterError
from engine.export.formats import FORMATS
from engine.export.measure import Measured
from engine.export.tags import Tags
from engine.export.target import check_target
from engine.settings import DeviceName, ExportSettings, GenerateSettings
from engine.studio.blends import refuse_blend
from engine.studio.delivery import Delivery
from engine.studio.models import find_model
from engine.studio.opening import Opener
from engine.studio.origin import Origin
from engine.studio.passport import RECONSTRUCTED, describe_export, issue_passport, passport_to_tags
from engine.units import SAMPLE_RATE

HEARD = Delivery(ExportSettings(remove_dc=False))  # what a model makes of a recording is compared with the recording
SUFFIXES = {suffix for kind in FORMATS.values() for suffix in kind.suffixes}


@dataclass(frozen=True)
class Reconstructed:
    """A recording played back through a model."""

    file: str
    path: str
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """A recording that could not be read."""

    file: str
    reason: str


@dataclass(frozen=True)
class ReconstructReport:
    """What `reconstruct` made."""

    files: tuple[Reconstructed, ...]
    skipped: tuple[LeftOut, ...]
    render_seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        files, skipped = ([asdict(one) for one in some] for some in (self.files, self.skipped))
        return {"files": files, "skipped": skipped, "render_seconds": self.render_seconds}


def reconstruct(
    model: str,
    inputs: Sequence[Path],
    out: Path,
    *,
    source: float = GenerateSettings.model_fields["source"].default,
    delivery: Delivery = HEARD,
    device: DeviceName = "auto",
    on_file: Callable[[int, int, str], None] | None = None,
) -> ReconstructReport:
    """Play recordings back through a model: encode, decode, and let the vocoder sing what the model heard.

    Args:
        model: Name or id.
        inputs: Files, and folders of files.
        out: A file name for a single file, else a folder; names are kept, the suffix becomes that of the format.
        source: 1 the model's recordings carry the sound, 0 it is dreamt.
        delivery: How they become files.
        device: Where to compute.
        on_file: Told files done, files in all, and the name of the next.

    Raises:
        DatasetError: nothing was given that can be read.
        ModelError: there is no such model, or it is a blend.
        ParameterError: two files would get the same name.
    """
    pairs = pair_up(inputs, out, usual_suffix(delivery.export))
    for _, target in pairs:
        check_target(target, delivery.export, force=delivery.force)
    refuse_blend(find_model(model), "Reconstruct with one of its models")
    opened = Opener(device).open(model)
    from engine.export.master import write_sound
    from engine.generation.sing import sing_long  # loads torch
    from engine.latent.encode import encode

    renderer = opened.renderer
    begun = time.monotonic()
    done: list[Reconstructed] = []
    skipped: list[LeftOut] = []
    for place, (path, target) in enumerate(pairs):
        if on_file:
            on_file(place, len(pairs), path.name)
        try:
            samples = read(path)
        except RecordingError as error:
            skipped.append(LeftOut(str(path), error.reason))
            continue
        track = encode(renderer.space.vae, Mixed(samples))
        sung = cut(sing_long(renderer.space, track, source), 0, len(samples))
        exported = write_sound(
            sung,
            target,
            delivery.export,
            tags=_heard(opened.origin, path.name, target, source, delivery),
            force=delivery.force,
            expected_samples=len(samples),
        )
        done.append(Reconstructed(str(path), str(target), len(samples) / SAMPLE_RATE, exported.notes))
    if not done:
        raise DatasetError(f"none of the files could be read: {skipped[0].reason}")
    return ReconstructReport(tuple(done), tuple(skipped), time.monotonic() - begun)


def _heard(
    origin: Origin, recording: str, target: Path, source: float, delivery: Delivery
) -> Callable[[Measured], Tags]:
    """Return what tags a recording that was played back through a model."""

    def tag(measured: Measured) -> Tags:
        settings = {"recording": recording, "source": source}
        made = {"seconds": measured.samples / measured.sample_rate, "fingerprint": measured.fingerprint}
        export = describe_export(target, delivery.export)
        return passport_to_tags(issue_passport(origin, RECONSTRUCTED, settings, export, seed=0, **made), delivery.tags)

    return tag


def usual_suffix(export: ExportSettings) -> str:
    """Return how names of files in the format of these settings end."""
    return FORMATS[export.format].suffixes[0] if export.format != "auto" else ".wav"


def pair_up(inputs: Sequence[Path], out: Path, suffix: str = ".wav") -> list[tuple[Path, Path]]:
    """Return each recording with the file it will be played into."""
    files: list[tuple[Path, Path]] = []
    for given in inputs:
        if given.is_dir():
            files += [(path, path.relative_to(given)) for path in find_recordings(given)]
        else:
            files.append((given, Path(given.name)))
    if not files:
        raise DatasetError("there is nothing to reconstruct: the folders hold no recordings")
    if len(files) == 1 and out.suffix.lower() in SUFFIXES and not out.is_dir():
        return [(files[0][0], out)]
    pairs = [(path, out / name.with_suffix(suffix)) for path, name in files]
    targets = [target for _, target in pairs]
    twice = next((target for target in targets if targets.count(target) > 1), None)
    if twice:
        raise ParameterError(f"several recordings would be written to {twice}; reconstruct them into separate folders")
    return pairs
