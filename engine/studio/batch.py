"""Many outputs from a list of jobs, one JSON object a line, each model opened once."""

import codecs
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.audio.source import is_text
from engine.checking import checked, describe_limits
from engine.errors import ParameterError
from engine.export.target import check_target
from engine.failures import describe_failure
from engine.settings import DeviceName, ExportSettings, GenerateSettings, TagSettings
from engine.studio.checks import check_generate, find_unused
from engine.studio.delivery import Delivery, Written
from engine.studio.opening import Opener
from engine.studio.presets import Applied, apply_preset
from engine.studio.render import AS_USUAL, write_output

OF_A_JOB = ("model", "file", "preset")  # what a line says besides settings
OTHER_TEXT = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Failed:
    """A line of a job list that could not be rendered."""

    file: str
    reason: str
    line: int


@dataclass(frozen=True)
class BatchReport:
    """The yield of `batch`, and what the person should know of it, each line once."""

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
        jobs: One JSON object a line: model and file, the preset to begin with, and any field of GenerateSettings,
            ExportSettings and TagSettings.
        out: Folder that the files go into.
        delivery: How they become files, where a line does not say otherwise.
        device: Where to compute.
        on_job: Told jobs done, jobs in all, and the file of the next.

    Raises:
        ParameterError: the list cannot be read or is empty.
    """
    lines = read_lines(jobs)
    opener = Opener(device)
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
            asked = check_generate(job.model, job.settings)
            opened = opener.open(asked.entry.id, asked.blend)
            written.append(write_output(opened, job.settings, target, job.delivery))
            said = (*job.notices, *asked.notices, *find_unused(job.settings))
            notices.update(dict.fromkeys(f"{job.model}: {notice}" for notice in said))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a line, the others are made
            failed.append(Failed(name, describe_failure(error).message, number))
    return BatchReport(tuple(written), tuple(failed), time.monotonic() - begun, tuple(notices))


def read_lines(jobs: Path) -> list[tuple[int, str]]:
    """Return the lines of a job list that are not blank, with their numbers."""
    try:
        content = jobs.read_bytes()
    except OSError as error:
        raise ParameterError(f"the job list {jobs} cannot be read: {error}") from error
    if content.startswith(OTHER_TEXT):
        raise ParameterError(f"the job list {jobs} cannot be read: it is in UTF-16; save it as UTF-8")
    text = content.decode("utf-8-sig", "surrogateescape")
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]  # texts hold other ends
    if not lines:
        raise ParameterError(f"the job list {jobs} is empty; it needs one JSON object a line")
    return lines


@dataclass(frozen=True)
class Job:
    """A line of a job list, and what the person should know of its preset."""

    model: str
    file: str
    settings: GenerateSettings
    delivery: Delivery
    notices: tuple[str, ...] = ()


def parse_job(line: str, device: str, delivery: Delivery = AS_USUAL) -> Job:
    """Turn a line of a job list into what it asks for.

    Raises:
        ParameterError: the line is no JSON object, names no model or file, or a setting is wrong.
        LibraryError, ModelError: there is no such preset, or no such model to use it with.
    """
    job = _read_object(line)
    export = {key: job[key] for key in job if key in ExportSettings.model_fields}
    if type(export.get("bit_depth")) is int:
        export["bit_depth"] = str(export["bit_depth"])
    tags = {key: job[key] for key in job if key in TagSettings.model_fields}
    values = {key: job[key] for key in job if key not in (*OF_A_JOB, *export, *tags)}
    unknown = [key for key in values if key not in GenerateSettings.model_fields]
    if unknown:
        raise ParameterError(f"{unknown[0]}: {describe_limits(GenerateSettings, unknown[0])}")
    values = {"device": device, **values}
    preset = job.get("preset")
    applied = apply_preset(preset, job["model"], values) if preset else Applied(checked(GenerateSettings, values), ())
    return Job(
        job["model"],
        job["file"],
        applied.settings,
        replace(
            delivery,
            export=checked(ExportSettings, {**delivery.export.model_dump(), **export}),
            tags=checked(TagSettings, {**delivery.tags.model_dump(), **tags}),
        ),
        applied.notes,
    )


def _read_object(line: str) -> dict[str, Any]:
    """Return the values of a line, which names a model and a file.

    Raises:
        ParameterError: the line is no JSON object, or one of its names is missing or no text.
    """
    if not is_text(line):
        raise ParameterError("not JSON: it is not text in UTF-8; save the job list as UTF-8")
    try:
        job = json.loads(line)
    except RecursionError:
        raise ParameterError("not JSON that can be read: it is nested too deep") from None
    except ValueError as error:
        raise ParameterError(f"not JSON ({error})") from error
    if not isinstance(job, dict):
        raise ParameterError('not a JSON object such as {"model": "sax", "file": "a.wav"}')
    for key in ("model", "file"):
        if not isinstance(job.get(key), str) or not job[key]:
            raise ParameterError(f"{key} is missing; every line needs a model and a file")
        if "\0" in job[key] or not is_text(job[key]):
            raise ParameterError(f"{key} = {job[key]!r}: holds characters that are no text; take them out")
    if not isinstance(job.get("preset", ""), str):
        raise ParameterError(f"preset = {job['preset']!r}: must be the name of a preset: see sda presets list")
    return job


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file inside a folder.

    Raises:
        ParameterError: the name leads out of the folder.
    """
    target = folder / name
    try:
        leads_out = Path(name).is_absolute() or not target.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links in a circle
        leads_out = True
    if leads_out:
        raise ParameterError(f"file = {name!r}: must be a name inside the output folder")
    return target
