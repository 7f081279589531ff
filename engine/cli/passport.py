"""sda passport: what made a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.checking import checked
from engine.cli.display import open_display
from engine.cli.failures import DONE
from engine.cli.history import tell_replay
from engine.cli.library import print_values
from engine.cli.options import Force, Json, RenderDevice, given
from engine.cli.output import print_aside, print_json, print_line
from engine.cli.words import as_argument, format_duration
from engine.settings import GenerateSettings

if TYPE_CHECKING:
    from engine.studio.identity import Identity


def passport_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A sound file that this program made.")],
    replay: Annotated[
        Path | None, typer.Option("--replay", metavar="OUT", help="Make the sound again, into this file.")
    ] = None,
    device: RenderDevice = None,
    force: Force = False,
    as_json: Json = False,
) -> int:
    """Show what made a file, also after it was moved or renamed.

    It is said when the sound was changed since, and when its model is not in your library.
    """
    if replay is None:
        from engine.studio.identity import identify

        identity = identify(file)
        if as_json:
            print_json(identity.to_dict())
        else:
            print_identity(identity)
        return DONE
    settings = checked(GenerateSettings, given(device=device))
    from engine.studio.replay import replay_passport

    with open_display(quiet=as_json) as display:
        report = replay_passport(
            file,
            replay,
            force=force,
            device=settings.device,
            on_progress=lambda share: display.update("Generating", share),
        )
    return tell_replay(report, as_json)


def print_identity(identity: "Identity") -> None:
    """Print a passport, what was found out about it, and how to make the sound again."""
    passport = identity.passport
    version = f"@{passport.model_version}" if passport.model_version > 1 else ""
    print_line(
        f"{Path(identity.file).name}: {format_duration(passport.seconds)}, {passport.kind} by model "
        f"{as_argument(passport.model_name)}{version} with seed {passport.seed}, {passport.program}"
    )
    names = {one.model: one.model_name for one in passport.blended}
    blend = {names.get(key, key): share for key, share in passport.settings.get("blend", {}).items()}
    shown = {
        "settings": {**passport.settings, **({"blend": blend} if blend else {})},
        "export": passport.export,
        "novelty": passport.novelty,
        "licence": passport.licence,
        "history": identity.history,
        "model": passport.model,
        "weights": passport.model_fingerprint,
        "recordings": passport.dataset_fingerprint,
        "blended": {one.model_name: one.model for one in passport.blended},
        "samples": passport.fingerprint,
    }
    print_values({name: value for name, value in shown.items() if value})
    for note in identity.notes:
        print_aside(f"Note: {note}")
    if identity.intact and identity.model_state == "same":
        print_line(f"To make it again: sda passport {as_argument(identity.file)} --replay again.wav")
