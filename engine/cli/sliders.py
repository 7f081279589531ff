"""sda sliders: what each slider does in a model."""

from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.display import open_display
from engine.cli.failures import DONE
from engine.cli.interruption import stop_on_interrupt
from engine.cli.options import Json, ModelName
from engine.cli.output import grid, print_json, print_line, print_table
from engine.cli.words import as_argument, count, format_duration

if TYPE_CHECKING:
    from engine.studio.sliders import SliderReport, SlidersReport

MOST_MINUTES = 1440.0
UNMEASURED = "unmeasured"
SPACE = {
    "width": "mono … very wide, equally loud",
    "distance": "at the ear … far into the room",
}


def sliders_command(
    model: ModelName,
    measure: Annotated[
        bool, typer.Option("--measure", help="Measure more first, which takes minutes; positions then mean that.")
    ] = False,
    minutes: Annotated[
        float | None,
        typer.Option(
            min=0.0, max=MOST_MINUTES, help="With --measure: how long.", show_default="until all are measured"
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """Show what each slider does in a model.

    The numbers were measured on sound that the model made after its training: at -10, 0 and +10; how steadily the
    slider goes one way (1 is always); how much it covers of what the recordings span; and what else it turns the
    sound into towards +10.
    """
    from engine.studio.sliders import describe_sliders

    if minutes is not None and not measure:
        message = "is for --measure; give both, or none."
        raise typer.BadParameter(message, param_hint="--minutes")
    report = measure_more(model, minutes, quiet=as_json) if measure else describe_sliders(model)
    if as_json:
        print_json(report.to_dict())
    else:
        print_sliders(report)
    return DONE


def measure_more(model: str, minutes: float | None, *, quiet: bool) -> "SlidersReport":
    """Measure the sliders of a model further, and show which one is measured; Ctrl-C keeps what was measured."""
    from engine.studio.measuring import measure_sliders

    with (
        open_display(quiet=quiet) as display,
        stop_on_interrupt(lambda: display.tell("Stopping: what was measured until now is kept.")) as stopped,
    ):
        return measure_sliders(
            model,
            minutes=minutes,
            on_slider=lambda name: display.update(f"Measuring {name}"),
            on_measured=lambda name, state: display.tell(f"{name}: {state}"),
            should_stop=stopped,
        )


def print_sliders(report: "SlidersReport") -> None:
    """Print the named sliders, why some are not certified, and the discovered ones."""
    if all(slider.state == UNMEASURED for slider in report.sliders):
        print_unmeasured(report)
    else:
        print_named(report)
    if report.discovered:
        print_discovered(report)
    print_line("\nIn every model, by construction rather than by measurement:")
    table = grid("", "", show_header=False)
    for name, words in SPACE.items():
        table.add_row(f"  {name}", words)
    print_table(table)
    first = next((slider.name for slider in report.sliders if slider.state != "off"), report.sliders[0].name)
    name = as_argument(report.name)
    print_line(f"\nTo move one: sda generate {name} --out moved.wav --set {first}=5")


def print_named(report: "SlidersReport") -> None:
    """Print the table of the named sliders, with words for their ends and how sure they are below, and the reasons."""
    table = grid("Slider", "State", "-10", "0", "+10", "#Steady", "#Throw", "Also turns")
    table.padding = (0, 1, 0, 0)  # the whole of it fits 80 columns
    for column in table.columns:
        column.no_wrap = True
    for slider in report.sliders:
        low, middle, high = slider.shown or ("", "", "")
        table.add_row(
            slider.name,
            describe_state(slider),
            f"{low}\n{slider.low}",
            middle,
            f"{high}\n{slider.high}",
            "" if slider.steadiness is None else f"{slider.steadiness:.2f}",
            describe_throw(slider),
            "\n".join(slider.also),
        )
    print_table(table)
    print_line(f"\n{describe_measuring(report)}")
    for line in describe_notes(report):
        print_line(line)
    for slider in report.sliders:
        if slider.reason:
            print_line(f"{slider.name} is {slider.state}: {slider.reason}")
    for version in sorted({slider.measured_on for slider in report.sliders} - {""}):
        names = [slider.name for slider in report.sliders if slider.measured_on == version]
        theirs = f"{names[0]} is as it was" if len(names) == 1 else f"{', '.join(names)} are as they were"
        here = (
            f"To measure {'it' if len(names) == 1 else 'them'} here: sda sliders {as_argument(report.name)} --measure"
        )
        print_line(f"{theirs} measured on {version}. {here}")


def describe_throw(slider: "SliderReport") -> str:
    """Return "90%" and below it "±3%": how much a slider covers, and the standard error of that where it is known."""
    if slider.throw is None:
        return ""
    return f"{slider.throw:.0%}" + (f"\n±{slider.spread:.0%}" if slider.spread is not None else "")


def describe_state(slider: "SliderReport") -> str:
    """Return "certified" and below it "notes 96%": how many sounds of clear pitch keep it, where that is known."""
    return slider.state if slider.kept is None else f"{slider.state}\nnotes {slider.kept:.0%}"


def describe_notes(report: "SlidersReport") -> list[str]:
    """Say in lines what the figures of notes mean, and why some are missing."""
    from engine.studio.sliders import BEFORE_NOTES

    lines = []
    if any(slider.kept is not None for slider in report.sliders):
        lines.append("Notes is the share of sounds of clear pitch that keep it, within 50 cents, while a slider moves.")
    for reason in dict.fromkeys(slider.not_kept for slider in report.sliders if slider.not_kept):
        names = [slider.name for slider in report.sliders if slider.not_kept == reason]
        lines.append(f"Notes are not judged for {', '.join(names)}: {reason}.")
    if any(slider.not_kept == BEFORE_NOTES for slider in report.sliders):
        lines.append(f"To measure it: sda sliders {as_argument(report.name)} --measure")
    return lines


def describe_measuring(report: "SlidersReport") -> str:
    """Say on how much sound the figures rest."""
    if all(slider.throw is None for slider in report.sliders):
        return "A blend moves each of its models as was measured on that model."
    seeds = [slider.seeds or report.seeds for slider in report.sliders if slider.throw is not None]
    least, most = min(seeds), max(seeds)
    sounds = count(most, "sound") if least == most else f"{least} to {most} sounds"
    return f"Measured on {sounds} of {format_duration(report.seconds)} at each end."


def print_unmeasured(report: "SlidersReport") -> None:
    """Print which sliders there are, and that nothing is promised of them."""
    table = grid("", "", show_header=False)
    for slider in report.sliders:
        table.add_row(slider.name, f"{slider.low} … {slider.high}")
    print_table(table)
    reason = report.sliders[0].reason
    print_line(f"\nHow far and how steadily they move this model's sound is not known: {reason}.")


def print_discovered(report: "SlidersReport") -> None:
    """Print the directions that no name explains, and what they turn the sound into."""
    print_line("\nDiscovered, directions of this model that no name explains:")
    table = grid("", "", show_header=False)
    for slider in report.discovered:
        turns = "not measured" if slider.state == UNMEASURED else ", ".join(slider.also) or "nothing that has a name"
        table.add_row(f"  {slider.name}", turns)
    print_table(table)
