"""Making sound files from models: outputs, many of them, and recordings played back through a model."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.audio.files import find_recordings, read
from engine.audio.source import RecordingError
from engine.audio.stage import cut
from engine.device import choose_device, set_threads
from engine.errors import DatasetError, EngineError, ParameterError
from engine.export.formats import FORMATS
from engine.export.master import write_sound
from engine.export.measure import Measured
from engine.export.tags import Tags
from engine.export.target import check_target
from engine.generation.novelty import NoveltyMeter
from engine.generation.render import render
from engine.generation.renderer import Renderer, prepare
from engine.generation.sing import sing_long
from engine.latent.encode import encode
from engine.latent.space import load_space
from engine.settings import DeviceName, ExportSettings, GenerateSettings, TagSettings, checked, describe_limits
from engine.studio.delivery import Delivery, Written, deliver
from engine.studio.models import find_model
from engine.studio.origin import Origin, describe_origin
from engine.studio.passport import RECONSTRUCTED, describe_export, issue_passport, passport_to_tags
from engine.studio.sliders import slider_notices
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
LONGEST_COUNT = 10_000
AS_USUAL = Delivery()
HEARD = Delivery(ExportSettings(remove_dc=False))  # what a model makes of a recording is compared with the recording
SUFFIXES = {suffix for kind in FORMATS.values() for suffix in kind.suffixes}


@dataclass(frozen=True)
class Opened:
    """A model ready for rendering, and which one it is."""

    renderer: Renderer
    origin: Origin


@dataclass(frozen=True)
class GenerateReport:
    """What `generate` made, and what the person should know of it."""

    files: tuple[Written, ...]
    render_seconds: float
    notices: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        files = [file.to_dict() for file in self.files]
        return {"files": files, "render_seconds": self.render_seconds, "notices": list(self.notices)}


@dataclass(frozen=True)
class Reconstructed:
    """A recording played back through a model."""

    file: str
    path: str
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failed:
    """A line of a batch, or a file, that could not be done."""

    file: str
    reason: str
    line: int | None = None


@dataclass(frozen=True)
class ReconstructReport:
    """What `reconstruct` made."""

    files: tuple[Reconstructed, ...]
    skipped: tuple[Failed, ...]
    render_seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        skipped = [{"file": failed.file, "reason": failed.reason} for failed in self.skipped]
        files = [asdict(file) for file in self.files]
        return {"files": files, "skipped": skipped, "render_seconds": self.render_seconds}


@dataclass(frozen=True)
class BatchReport:
    """What `batch` made, and what the person should know of it, each line once."""

    files: tuple[Written, ...]
    failed: tuple[Failed, ...]
    render_seconds: float
    notices: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        failed = [{"line": one.line, "file": one.file, "message": one.reason} for one in self.failed]
        files = [file.to_dict() for file in self.files]
        notices = list(self.notices)
        return {"files": files, "failed": failed, "render_seconds": self.render_seconds, "notices": notices}


def open_renderer(model: str, device: DeviceName) -> Renderer:
    """Open a model of the library for rendering.

    Raises:
        ModelError: there is no such model, or it is damaged.
        ParameterError: the device is not there.
    """
    set_threads(1)  # events are made one on each core
    chosen = choose_device(device)
    return prepare(load_space(find_model(model).path, chosen.torch_device))


def open_model(model: str, device: DeviceName) -> Opened:
    """Open a model of the library for outputs that say where they come from.

    Raises:
        ModelError, ParameterError: see `open_renderer`.
    """
    entry = find_model(model)
    renderer = open_renderer(entry.id, device)
    return Opened(renderer, describe_origin(entry, choose_device(device).torch_device))


def generate(
    model: str,
    out: Path,
    settings: GenerateSettings,
    *,
    count: int = 1,
    delivery: Delivery = AS_USUAL,
    on_progress: Callable[[float], None] | None = None,
) -> GenerateReport:
    """Make one or more outputs, the seed going up by one from each to the next.

    Args:
        model: Name or id.
        out: File to write; with a count above 1, -01, -02 … go before its suffix.
        settings: What to make.
        count: How many.
        delivery: How they become files.
        on_progress: Told the share that is done, 0 to 1.

    Raises:
        ParameterError: the count is out of range, or a slider is set that the model has not.
        ModelError, ExportError: see `open_renderer` and `write_sound`.
    """
    if not 1 <= count <= LONGEST_COUNT:
        raise ParameterError(f"count = {count}: must be a whole number from 1 to {LONGEST_COUNT}")
    paths = numbered(out, count)
    for path in paths:
        check_target(path, delivery.export, force=delivery.force)
    opened = open_model(model, settings.device)
    notices = renderer_notices(opened.renderer, settings)
    begun = time.monotonic()
    written = []
    for place, path in enumerate(paths):
        one = settings.model_copy(update={"seed": settings.seed + place})

        def tell(share: float, place: int = place) -> None:
            if on_progress:
                on_progress((place + share) / count)

        written.append(write_output(opened, one, path, delivery, on_progress=tell))
    return GenerateReport(tuple(written), time.monotonic() - begun, notices)


def renderer_notices(renderer: Renderer, settings: GenerateSettings) -> tuple[str, ...]:
    """Return what a person should know of the sliders that were set, see `slider_notices`."""
    return slider_notices(renderer.certificate, settings, len(renderer.space.chart.discovered))


def write_output(
    opened: Opened,
    settings: GenerateSettings,
    path: Path,
    delivery: Delivery,
    *,
    on_progress: Callable[[float], None] | None = None,
) -> Written:
    """Render one output into a file, and keep it in the history."""
    expected = round(settings.duration * SAMPLE_RATE)
    blocks = render(opened.renderer, settings)
    meter = NoveltyMeter(opened.renderer)
    novelty: dict[str, Any] = {}
    samples = 0

    def heard() -> Iterator[Floats]:
        nonlocal samples
        for block in blocks:
            samples += len(block)
            meter.update(block)
            if on_progress:
                on_progress(min(1.0, samples / expected))
            yield block
        found = meter.result()
        novelty.update(asdict(found) if found else {})

    return deliver(heard(), path, settings, opened.origin, delivery, novelty=novelty)


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
        ParameterError: two files would get the same name.
    """
    pairs = pair_up(inputs, out, usual_suffix(delivery.export))
    for _, target in pairs:
        check_target(target, delivery.export, force=delivery.force)
    opened = open_model(model, device)
    renderer = opened.renderer
    begun = time.monotonic()
    done: list[Reconstructed] = []
    skipped: list[Failed] = []
    for place, (path, target) in enumerate(pairs):
        if on_file:
            on_file(place, len(pairs), path.name)
        try:
            samples = read(path)
        except RecordingError as error:
            skipped.append(Failed(str(path), error.reason))
            continue
        track = encode(renderer.space.vae, samples.mean(axis=1))
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


def batch(
    jobs: Path,
    out: Path,
    *,
    delivery: Delivery = AS_USUAL,
    device: DeviceName = "auto",
    on_job: Callable[[int, int, str], None] | None = None,
) -> BatchReport:
    """Make many outputs, described line by line; a bad line is reported and the others are made.

    Args:
        jobs: One JSON object a line: model and file, and any field of GenerateSettings, ExportSettings, TagSettings.
        out: Folder that the files go into.
        delivery: How they become files, where a line does not say otherwise.
        device: Where to compute.
        on_job: Told jobs done, jobs in all, and the file of the next.

    Raises:
        ParameterError: the list cannot be read or is empty.
    """
    lines = read_lines(jobs)
    models: dict[str, Opened] = {}
    written: list[Written] = []
    failed: list[Failed] = []
    notices: dict[str, None] = {}
    begun = time.monotonic()
    for place, (number, line) in enumerate(lines):
        name = ""
        try:
            job = parse_job(line, device, delivery)
            name = job.file
            if on_job:
                on_job(place, len(lines), name)
            target = inside(out, name)
            check_target(target, job.delivery.export, force=delivery.force)
            if job.model not in models:
                models[job.model] = open_model(job.model, device)
            found = renderer_notices(models[job.model].renderer, job.settings)
            written.append(write_output(models[job.model], job.settings, target, job.delivery))
            notices.update(dict.fromkeys(f"{job.model}: {notice}" for notice in found))
        except EngineError as error:
            failed.append(Failed(name, error.message, number))
    return BatchReport(tuple(written), tuple(failed), time.monotonic() - begun, tuple(notices))


def read_lines(jobs: Path) -> list[tuple[int, str]]:
    """Return the lines of a job list that are not blank, with their numbers."""
    try:
        text = jobs.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"the job list {jobs} cannot be read: {error}") from error
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise ParameterError(f"the job list {jobs} is empty; it needs one JSON object a line")
    return lines


@dataclass(frozen=True)
class Job:
    """A line of a job list."""

    model: str
    file: str
    settings: GenerateSettings
    delivery: Delivery


def parse_job(line: str, device: str, delivery: Delivery = AS_USUAL) -> Job:
    """Turn a line of a job list into what it asks for.

    Raises:
        ParameterError: the line is no JSON object, names no model or file, or a setting is wrong.
    """
    try:
        job = json.loads(line)
    except ValueError as error:
        raise ParameterError(f"not JSON ({error})") from error
    if not isinstance(job, dict):
        raise ParameterError('not a JSON object such as {"model": "sax", "file": "a.wav"}')
    for key in ("model", "file"):
        if not isinstance(job.get(key), str) or not job[key]:
            raise ParameterError(f"{key} is missing; every line needs a model and a file")
    export = {key: job[key] for key in job if key in ExportSettings.model_fields}
    if type(export.get("bit_depth")) is int:
        export["bit_depth"] = str(export["bit_depth"])
    tags = {key: job[key] for key in job if key in TagSettings.model_fields}
    settings = {key: job[key] for key in job if key not in ("model", "file", *export, *tags)}
    unknown = [key for key in settings if key not in GenerateSettings.model_fields]
    if unknown:
        raise ParameterError(f"{unknown[0]}: {describe_limits(GenerateSettings, unknown[0])}")
    return Job(
        job["model"],
        job["file"],
        checked(GenerateSettings, {"device": device, **settings}),
        replace(
            delivery,
            export=checked(ExportSettings, {**delivery.export.model_dump(), **export}),
            tags=checked(TagSettings, {**delivery.tags.model_dump(), **tags}),
        ),
    )


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file inside a folder.

    Raises:
        ParameterError: the name leads out of the folder.
    """
    target = folder / name
    if Path(name).is_absolute() or not target.resolve().is_relative_to(folder.resolve()):
        raise ParameterError(f"file = {name!r}: must be a name inside the output folder")
    return target


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


def numbered(out: Path, count: int) -> list[Path]:
    """Return the paths of `count` outputs: `out` itself, or with -01, -02 … before its suffix."""
    if count == 1:
        return [out]
    digits = max(2, len(str(count)))
    return [out.with_name(f"{out.stem}-{place:0{digits}}{out.suffix}") for place in range(1, count + 1)]
