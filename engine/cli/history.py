"""sda history: what was made, with what, and made again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.checking import checked
from engine.cli.commands import Command, examples
from engine.cli.display import open_display
from engine.cli.failures import DONE
from engine.cli.library import print_values
from engine.cli.options import Force, Json, RenderDevice, given
from engine.cli.output import grid, print_aside, print_json, print_line, print_table
from engine.cli.words import as_argument, format_duration
from engine.settings import GenerateSettings

if TYPE_CHECKING:
    from engine.studio.history import HistoryEntry
    from engine.studio.replay import ReplayReport

history = typer.Typer(
    help="The outputs that were made, with what made them.",
    epilog=examples("sda history list", "sda history replay 12", "sda history compare 12 13"),
    rich_markup_mode=None,
    no_args_is_help=True,
)
OutputId = Annotated[str, typer.Argument(metavar="OUTPUT", help="Number or id of an output: see sda history list.")]
ModelOption = Annotated[str | None, typer.Option("--model", metavar="MODEL", help="Only what this model made.")]
CountOption = Annotated[int | None, typer.Option("--count", metavar="NUMBER", help="Most outputs. [default 50]")]
AfterOption = Annotated[str | None, typer.Option("--after", metavar="OUTPUT", help="Go on behind this output.")]
StarredOption = Annotated[bool, typer.Option("--starred", help="Only those with a star.")]


@history.command("list", cls=Command, epilog=examples("sda history list", "sda history list --model sax --starred"))
def list_command(
    model: ModelOption = None,
    starred: StarredOption = False,
    deleted: Annotated[bool, typer.Option("--deleted", help="The trash instead of the history.")] = False,
    number: CountOption = None,
    after: AfterOption = None,
    as_json: Json = False,
) -> int:
    """List outputs, newest first."""
    return print_page("", as_json, **given(model=model, starred=starred, deleted=deleted, count=number, after=after))


@history.command("search", cls=Command, epilog=examples("sda history search cloud sax", "sda history search 2026-11"))
def search_command(
    words: Annotated[list[str], typer.Argument(metavar="WORD", help="Each must occur somewhere.")],
    model: ModelOption = None,
    starred: StarredOption = False,
    number: CountOption = None,
    after: AfterOption = None,
    as_json: Json = False,
) -> int:
    """Find outputs by words.

    They may occur in file name, model, note, tags or date.
    """
    return print_page(" ".join(words), as_json, **given(model=model, starred=starred, count=number, after=after))


def print_page(words: str, as_json: bool, **wanted: Any) -> int:
    """Print a page of the history."""
    from engine.studio.history import list_outputs

    page = list_outputs(words, **wanted)
    if as_json:
        print_json({"history": [output_to_dict(entry) for entry in page.entries], "next": page.next})
    elif page.entries:
        print_outputs(page.entries)
        if page.next:
            print_aside(f"There are more: add --after {page.next.partition('-')[0]}")
    else:
        print_line(
            "Nothing found." if words or wanted.get("model") else "Nothing here yet. To make a sound: sda generate"
        )
    return DONE


@history.command("show", cls=Command, epilog=examples("sda history show 12"))
def show_command(output: OutputId, as_json: Json = False) -> int:
    """Show everything that made an output."""
    from engine.studio.blends import with_names
    from engine.studio.history import find_output

    entry = find_output(output)
    if as_json:
        print_json(output_to_dict(entry))
    else:
        print_values({**output_to_dict(entry), "settings": with_names(entry.settings)})
    return DONE


@history.command("star", cls=Command, epilog=examples("sda history star 12", "sda history star 12 --off"))
def star_command(
    output: OutputId,
    off: Annotated[bool, typer.Option("--off", help="Take the star away.")] = False,
    as_json: Json = False,
) -> int:
    """Give an output a star, to find it again."""
    from engine.studio.history import star_output

    entry = star_output(output, star=not off)
    return tell(entry, f"Output {entry.number} has {'a' if entry.star else 'no'} star.", as_json)


@history.command(
    "note", cls=Command, epilog=examples('sda history note 12 "for the bridge"', "sda history note 12 --tag bridge")
)
def note_command(
    output: OutputId,
    note: Annotated[str | None, typer.Argument(metavar="TEXT", help='The note; "" removes it.')] = None,
    tags: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="All tags it is to have.")] = None,
    as_json: Json = False,
) -> int:
    """Write a note, or tags, on an output."""
    from engine.studio.history import label_output

    entry = label_output(output, note=note, tags=tags or None)
    return tell(
        entry, f"Output {entry.number}: {', '.join(filter(None, [entry.note, *entry.tags])) or 'no note'}", as_json
    )


@history.command("locate", cls=Command, epilog=examples("sda history locate 12 moved/cloud.wav"))
def locate_command(
    output: OutputId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the file of the output is now.")],
    as_json: Json = False,
) -> int:
    """Say where the file of an output is now."""
    from engine.studio.history import locate_output

    entry = locate_output(output, file)
    return tell(entry, f"The file of output {entry.number} is {entry.file}", as_json)


@history.command(
    "replay", cls=Command, epilog=examples("sda history replay 12", "sda history replay 12 --out again.flac")
)
def replay_command(
    output: OutputId,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File to write. [default where it was if it is missing, else beside it]"),
    ] = None,
    device: RenderDevice = None,
    force: Force = False,
    as_json: Json = False,
) -> int:
    """Make an output again.

    It is said whether the samples are the same.
    """
    settings = checked(GenerateSettings, given(device=device))
    from engine.studio.replay import replay_output

    with open_display(quiet=as_json) as display:
        report = replay_output(
            output,
            out,
            force=force,
            device=settings.device,
            on_progress=lambda share: display.update("Generating", share),
        )
    return tell_replay(report, as_json)


@history.command("delete", cls=Command, epilog=examples("sda history delete 12"))
def delete_command(output: OutputId, as_json: Json = False) -> int:
    """Move an output to the trash; its file stays."""
    from engine.studio.history import delete_output

    entry = delete_output(output)
    back = f"sda history restore {entry.number}"
    return tell(entry, f"Output {entry.number} is in the trash; its file stays. To bring it back: {back}", as_json)


@history.command("restore", cls=Command, epilog=examples("sda history restore 12"))
def restore_command(output: OutputId, as_json: Json = False) -> int:
    """Bring an output back from the trash."""
    from engine.studio.history import restore_output

    entry = restore_output(output)
    return tell(entry, f"Output {entry.number} is back in the history.", as_json)


def output_to_dict(entry: "HistoryEntry") -> dict[str, Any]:
    """Return an entry of the history as scripts read it."""
    return {"id": entry.id, "file": entry.file, **vars(entry)}


def tell(entry: "HistoryEntry", text: str, as_json: bool) -> int:
    """Print a changed entry, or what was done to it in words."""
    if as_json:
        print_json(output_to_dict(entry))
    else:
        print_line(text)
    return DONE


def tell_replay(report: "ReplayReport", as_json: bool) -> int:
    """Print what was made again, and whether it is the same."""
    if as_json:
        print_json(report.to_dict())
        return DONE
    print_line(report.file.path)
    for note in report.notes:
        print_aside(f"Note: {note}")
    if report.same:
        print_line("The samples are those of the original.")
    return DONE


def print_outputs(entries: "tuple[HistoryEntry, ...]") -> None:
    """Print outputs as a table."""
    table = grid("#No", "File", "Model", "#Length", "#Seed", "Made", "")
    for entry in entries:
        marks = [("★" if entry.star else ""), ("file missing" if entry.missing else ""), *entry.tags]
        table.add_row(
            str(entry.number),
            Path(entry.file).name,
            as_argument(entry.model_name) + (f"@{entry.version}" if entry.version > 1 else ""),
            format_duration(entry.seconds),
            str(entry.seed),
            entry.created[:16].replace("T", " "),
            " ".join(filter(None, marks)),
        )
    print_table(table)
