"""sda generate, reconstruct and batch: from a model to sound files."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.checking import checked
from engine.cli.display import open_display
from engine.cli.failures import DONE, WRONG_STATE
from engine.cli.file_options import FileOptions, with_file_options
from engine.cli.options import (
    ChannelsIn,
    Force,
    Json,
    ModelName,
    RenderDevice,
    Source,
    given,
    read_pairs,
    read_path,
    setting,
    switch,
)
from engine.cli.output import print_aside, print_json, print_line
from engine.cli.words import count
from engine.settings import GenerateSettings, ReadSettings

CURVE = "NUMBER|CURVE"


@with_file_options
def generate_command(  # noqa: PLR0913 - an argument for each option
    model: ModelName,
    out: Annotated[Path, typer.Option(metavar="FILE", help="File to write; the ending of its name says the format.")],
    duration: Annotated[float | None, setting(GenerateSettings, "duration")] = None,
    density: Annotated[str | None, setting(GenerateSettings, "density", metavar=CURVE)] = None,
    sliders: Annotated[
        list[str] | None, setting(GenerateSettings, "sliders", option="--set", metavar="NAME=NUMBER|CURVE")
    ] = None,
    flow: Annotated[str | None, setting(GenerateSettings, "flow", metavar="NUMBER|CURVE|auto")] = None,
    novelty: Annotated[str | None, setting(GenerateSettings, "novelty", metavar=CURVE)] = None,
    source: Source = None,
    keep: Annotated[str | None, setting(GenerateSettings, "keep")] = None,
    blend: Annotated[list[str] | None, setting(GenerateSettings, "blend", metavar="MODEL=NUMBER|CURVE")] = None,
    at: Annotated[str | None, setting(GenerateSettings, "at", metavar="X,Y")] = None,
    path: Annotated[str | None, setting(GenerateSettings, "path", metavar='"X,Y;X,Y"')] = None,
    seed: Annotated[int | None, setting(GenerateSettings, "seed")] = None,
    loop: Annotated[bool, switch(GenerateSettings, "loop")] = False,
    one_shot: Annotated[bool, switch(GenerateSettings, "one_shot")] = False,
    channels: Annotated[str | None, setting(GenerateSettings, "channels")] = None,
    movement: Annotated[str | None, setting(GenerateSettings, "movement", option="--motion")] = None,
    orbit_seconds: Annotated[float | None, setting(GenerateSettings, "orbit_seconds")] = None,
    reverb_seconds: Annotated[float | None, setting(GenerateSettings, "reverb_seconds")] = None,
    hrtf: Annotated[Path | None, setting(GenerateSettings, "hrtf")] = None,
    number: Annotated[
        int | None,
        typer.Option(
            "--count", metavar="NUMBER", help="Make several: -01, -02 … are added to the name, the seed rises by one."
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Begin with the settings of a preset: see sda presets list."),
    ] = None,
    device: RenderDevice = None,
    force: Force = False,
    as_json: Json = False,
    *,
    files: FileOptions,
) -> int:
    """Generate sound from a model.

    WAV, FLAC, OGG, Opus or MP3, 48 kHz and 24 bit unless asked otherwise. With the same model, settings and seed
    it is the same sound. Each file carries its passport, and is kept in the history: see sda history.

    --set and --blend may be given several times. sda sliders MODEL shows what each slider does in a model, and sda map
    MODEL which places --at and --path can name.
    """
    values = given(
        duration=duration,
        density=density,
        sliders=read_pairs("--set", sliders),
        flow=flow,
        novelty=novelty,
        source=source,
        keep=keep,
        blend=read_pairs("--blend", blend, "tabla=0.4"),
        at=at,
        path=path,
        seed=seed,
        loop=loop or None,
        one_shot=one_shot or None,
        channels=channels,
        movement=movement,
        orbit_seconds=orbit_seconds,
        reverb_seconds=reverb_seconds,
        hrtf=hrtf,
        device=device,
    )
    settings = checked(GenerateSettings, values)
    delivery = files.to_delivery(force=force)
    if preset:
        settings = begin_with_preset(preset, model, values)
    from engine.studio.checks import find_unused
    from engine.studio.render import generate
    from engine.workers.makers import helped

    with helped(), open_display(quiet=as_json) as display:
        report = generate(
            model,
            out,
            settings,
            **given(count=number),
            delivery=delivery,
            on_progress=lambda share: display.update("Generating", share),
        )
    if as_json:
        print_json(report.to_dict())
    else:
        print_files(report.files)
        for notice in (*report.notices, *find_unused(settings)):
            print_aside(f"Note: {notice}")
    return DONE


def begin_with_preset(preset: str, model: str, values: Mapping[str, Any]) -> GenerateSettings:
    """Return the settings of a preset, with what was given on the command line instead of its own."""
    from engine.studio.presets import apply_preset

    applied = apply_preset(preset, model, values)
    for note in applied.notes:
        print_aside(f"Note: {note}")
    return applied.settings


def print_files(files: Iterable[Any]) -> None:
    """Print the path of each file, and beside it what the person should know of it."""
    for file in files:
        print_line(f"{file.path}{describe_novelty(file)}")
        for note in file.notes:
            print_aside(f"Note: {Path(file.path).name}: {note}")


def describe_novelty(file: Any) -> str:
    """Say which recording an output is nearest to, and how new it is; nothing where that was not measured."""
    novelty = getattr(file, "novelty", None)
    if not novelty:
        return ""
    whose = f" of {novelty['model']}" if "model" in novelty else ""
    return f"  (nearest: {novelty['nearest']}{whose} at {novelty['at']:.1f} s, novelty {novelty['score']:.2f})"


@with_file_options
def reconstruct_command(  # noqa: PLR0913 - an argument for each option
    model: ModelName,
    inputs: Annotated[
        list[Path], typer.Argument(metavar="IN", help="Recordings, or folders of them.", parser=read_path)
    ],
    out: Annotated[Path, typer.Option(metavar="FILE|FOLDER", help="A file for one recording, a folder for several.")],
    sliders: Annotated[
        list[str] | None, setting(GenerateSettings, "sliders", option="--set", metavar="NAME=NUMBER|CURVE")
    ] = None,
    novelty: Annotated[
        str | None,
        typer.Option(
            metavar=CURVE, help="0 as the model hears it, 1 further out; or a curve over time, such as 0:0,8:1."
        ),
    ] = None,
    source: Source = None,
    keep: Annotated[str | None, setting(GenerateSettings, "keep")] = None,
    blend: Annotated[list[str] | None, setting(GenerateSettings, "blend", metavar="MODEL=NUMBER|CURVE")] = None,
    seed: Annotated[int | None, setting(GenerateSettings, "seed")] = None,
    channels_in: ChannelsIn = None,
    device: RenderDevice = None,
    force: Force = False,
    as_json: Json = False,
    *,
    files: FileOptions,
) -> int:
    """Send recordings through a model: as it hears them, or moved.

    With --set, --novelty or --blend a recording is the driver: its own sounds are played at their times, moved by the
    sliders, astray by the novelty, between the models. The files are called like the recordings, and are WAV at 48 kHz
    unless asked otherwise.
    """
    values = given(
        sliders=read_pairs("--set", sliders),
        novelty=novelty,
        source=source,
        keep=keep,
        blend=read_pairs("--blend", blend, "tabla=0.4"),
        seed=seed,
        device=device,
    )
    settings = checked(GenerateSettings, {"novelty": 0.0, **values})
    how = checked(ReadSettings, given(channels_in=channels_in))
    delivery = files.to_delivery(force=force, remove_dc=False)
    from engine.studio.reconstruct import reconstruct

    with open_display(quiet=as_json) as display:
        report = reconstruct(
            model,
            inputs,
            out,
            settings=settings,
            delivery=delivery,
            channels_in=how.channels_in,
            on_progress=lambda share, name: display.update("Reconstructing", share, name),
        )
    if as_json:
        print_json(report.to_dict())
        return DONE
    print_files(report.files)
    for notice in report.notices:
        print_aside(f"Note: {notice}")
    for skipped in report.skipped:
        print_aside(f"Left out: {skipped.file}: {skipped.reason}")
    return DONE


@with_file_options
def batch_command(
    jobs: Annotated[Path, typer.Argument(metavar="JOBS", help="One JSON object a line, each one output.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder for the files that the lines name.")],
    device: RenderDevice = None,
    force: Force = False,
    as_json: Json = False,
    *,
    files: FileOptions,
) -> int:
    """Generate many outputs, loading each model once.

    Each line of JOBS names a model and a file, the preset to begin with, and any setting of sda generate. How
    files are written may be said in a line, or for all of them with the options below:

    {"model": "sax", "file": "a.wav", "seed": 3, "sliders": {"brightness": 5}}

    Curves and places are text as in sda generate, or lists: "density": [[0, 1], [5, 10]], "at": [0.2, -0.5].

    A line that cannot be rendered is reported, and the others are rendered; the exit status is then 1.
    """
    settings = checked(GenerateSettings, given(device=device))
    delivery = files.to_delivery(force=force)
    from engine.studio.batch import batch
    from engine.workers.makers import helped

    with helped(), open_display(quiet=as_json) as display:
        report = batch(
            jobs,
            out,
            delivery=delivery,
            device=settings.device,
            on_job=lambda done, lines, name: display.update("Rendering", done / max(1, lines), name),
        )
    if as_json:
        print_json(report.to_dict())
    else:
        print_files(report.files)
        for notice in report.notices:
            print_aside(f"Note: {notice}")
    for failed in report.failed:
        print_aside(f"Line {failed.line}: {failed.reason}")
    if report.failed:
        lines = count(len(report.failed), "line")
        print_aside(f"sda: {lines} of {jobs} could not be rendered; {len(report.files)} could")
        return WRONG_STATE
    return DONE
