"""sda pack: a folder of samples for a sampler."""

from pathlib import Path
from typing import Annotated

import typer

from engine.checking import checked
from engine.cli.display import open_display
from engine.cli.failures import DONE
from engine.cli.file_options import FileOptions, with_file_options
from engine.cli.options import Force, Json, ModelName, RenderDevice, given, setting
from engine.cli.output import print_aside, print_json, print_line
from engine.cli.words import count
from engine.settings import PackSettings


@with_file_options
def pack_command(  # noqa: PLR0913 - an argument for each option
    model: ModelName,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder of the pack, new or empty.")],
    number: Annotated[int | None, setting(PackSettings, "count")] = None,
    longest: Annotated[float | None, setting(PackSettings, "longest")] = None,
    seed: Annotated[int | None, setting(PackSettings, "seed")] = None,
    device: RenderDevice = None,
    force: Force = False,
    as_json: Json = False,
    *,
    files: FileOptions,
) -> int:
    """Make a sample pack: single sounds and their variations.

    Trimmed and equally loud, WAV unless asked otherwise, with SFZ maps for samplers, a contact sheet, and a text that
    says where they come from.
    """
    settings = checked(PackSettings, given(count=number, longest=longest, seed=seed, device=device))
    delivery = files.to_delivery(force=force)
    from engine.studio.pack import make_pack
    from engine.workers.makers import helped

    with helped(), open_display(quiet=as_json) as display:
        report = make_pack(
            model, out, settings, delivery=delivery, on_progress=lambda share: display.update("Generating", share)
        )
    if as_json:
        print_json(report.to_dict())
        return DONE
    for note in report.notes:
        print_aside(f"Note: {note}")
    tuned = sum(sample.pitch_hz is not None for sample in report.samples)
    print_line(report.folder)
    print_line(
        f"{count(len(report.samples), 'sample')} at {report.loudness_lufs:.1f} LUFS, {tuned} of them with a pitch"
    )
    return DONE
