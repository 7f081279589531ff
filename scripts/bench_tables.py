"""The benchmark's results as tables, one row a folder, in Markdown so that a document can keep them."""

from collections.abc import Iterable
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.table import Table

WIDTH = 200  # columns: a row that wraps is no Markdown
NOTHING = "-"
MEASURES = ("dac_mel", "visqol", "lsd")
WAYS = {
    "program": "program",
    "left_out": "itself left out",
    "dreamt": "dreamt",
    "exact_mel": "exact mel, Griffin-Lim",
}
STATES = ("certified", "weak", "off", "unmeasured")
GROUPS = {"training": "Learned recordings", "held_out": "Unseen recordings"}


def print_tables(folders: list[dict[str, Any]]) -> None:
    """Print the tables to standard output."""
    made = [resynthesis_table(folders, group) for group in GROUPS]
    made += [events_table(folders), flow_table(folders), sliders_table(folders)]
    Console(width=WIDTH).print(Group(*made))


def resynthesis_table(folders: list[dict[str, Any]], group: str) -> Table:
    """Return how close the recordings of a group come back by each way: DAC mel / ViSQOL / LSD."""
    rows = []
    for folder in folders:
        ways = folder["resynthesis"][group]
        files = len(ways["program"]["files"]) if ways else 0
        rows.append([folder["name"], str(files), *(distance_text(ways.get(way)) for way in WAYS)])
    return table(f"{GROUPS[group]}: DAC mel / ViSQOL / LSD", ("", "files", *WAYS.values()), rows)


def events_table(folders: list[dict[str, Any]]) -> Table:
    """Return how single events match the corpus, and what training and rendering cost."""
    head = ("", "MMD", "coverage", "copy ratio", "trained", "steps", "memory", "render", "one-shot", "render memory")
    rows = []
    for folder in folders:
        found, training, render = folder["match"], folder["training"], folder["render"]
        match = [f"{found['mmd']:.3f}", f"{found['coverage']:.2f}", f"{found['copy_ratio']:.2f}"] if found else []
        rows.append(
            [
                folder["name"],
                *(match or 3 * [NOTHING]),
                f"{training['seconds']:.0f} s",
                str(training["steps"]),
                f"{training['peak_megabytes']} MB",
                f"{render['times_real_time']:.0f} ×",
                f"{render['one_shot_times_real_time']:.0f} ×",
                f"{render['peak_megabytes']} MB",
            ]
        )
    return table("Single events against the corpus, and cost", head, rows)


def flow_table(folders: list[dict[str, Any]]) -> Table:
    """Return how recordings and outputs flow: share of silence / hard stops in a minute."""
    densities = [name for name in folders[0]["flow"] if name != "recordings"] if folders else []
    rows = [
        [folder["name"], *(flow_text(folder["flow"][name]) for name in ("recordings", *densities))]
        for folder in folders
    ]
    head = ("", "recordings", *(f"density {density}" for density in densities))
    return table("Silent share / hard stops in a minute", head, rows)


def flow_text(flow: dict[str, float] | None) -> str:
    """Return "0.03 / 2.0"."""
    return f"{flow['silent']:.2f} / {flow['stops_a_minute']:.1f}" if flow else NOTHING


def sliders_table(folders: list[dict[str, Any]]) -> Table:
    """Return what is known of the sliders after the training, and by how much sound."""
    head = ("", *STATES, "sounds at each end", "largest standard error of a throw")
    rows = []
    for folder in folders:
        named = [one for one in folder["sliders"] if one["state"] in STATES]
        seeds = [one["seeds"] for one in named]
        spreads = [one["spread"] for one in named if one["spread"] is not None]
        counts = [str(sum(one["state"] == state for one in named)) for state in STATES]
        sounds = f"{min(seeds)} to {max(seeds)}" if seeds else NOTHING
        rows.append([folder["name"], *counts, sounds, f"{max(spreads):.2f}" if spreads else NOTHING])
    return table("Sliders", head, rows)


def distance_text(way: dict[str, Any] | None) -> str:
    """Return "1.01 / 4.39 / 0.56", with a dash for what was not measured."""
    if way is None or way["mean"] is None:
        return NOTHING
    values = (way["mean"][measure] for measure in MEASURES)
    return " / ".join(NOTHING if value is None else f"{value:.2f}" for value in values)


def table(title: str, head: Iterable[str], rows: Iterable[list[str]]) -> Table:
    """Return a table in Markdown."""
    made = Table(*head, title=title, title_justify="left", box=box.MARKDOWN)
    for row in rows:
        made.add_row(*row)
    return made
