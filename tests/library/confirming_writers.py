"""Programs that write to the library and say what is confirmed, for tests that run several of them or kill them.

They run in processes of their own, which import this and no test.
"""

import os
import random
from pathlib import Path

from small_library import make_output

from engine.library.history_changes import add_entry, label_entry, star_entry
from engine.library.preset_changes import delete_preset, save_preset
from engine.library.segments import open_history
from engine.library.set_changes import change_set, create_set
from engine.library.set_files import add_file, remove_file
from engine.library.store import open_catalogue


def add_outputs(home: str, count: int, name: str) -> None:
    """Add outputs to the history of a library as one of several programs."""
    os.environ["SDA_HOME"] = home
    history = open_history(print)
    for number in range(count):
        add_entry(history, make_output(f"/sounds/{name}-{number}.wav"))


def write_until_killed(home: str, log: str, seed: int) -> None:
    """Change the library without end; each line of the log is a change that was confirmed.

    A line is "preset NAME", "deleted NAME", "output ID" or "star ID".
    """
    os.environ["SDA_HOME"] = home
    catalogue, history, dice = open_catalogue(fail), open_history(fail), random.Random(seed)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def confirm(line: str) -> None:
        os.write(descriptor, f"{line}\n".encode())

    for number in range(1_000_000):
        name = f"{Path(log).stem}-{number}"
        if dice.random() < 0.6:
            entry = add_entry(history, make_output())
            confirm(f"output {entry.id}")
            if dice.random() < 0.3:
                star_entry(history, entry.id)
                confirm(f"star {entry.id}")
            label_entry(history, entry.id, note="x" * dice.randrange(400))
        else:
            save_preset(catalogue, name, {"seed": number})
            confirm(f"preset {name}")
            if dice.random() < 0.5:
                delete_preset(catalogue, name)
                confirm(f"deleted {name}")


def fill_until_killed(home: str, log: str, seed: int) -> None:
    """Fill a data set and empty it without end; each line of the log is a change that was confirmed.

    A line is "set ID", "file NAME CONTENT", "removed NAME CONTENT" or "left NUMBER", a name that is left out.
    """
    os.environ["SDA_HOME"] = home
    catalogue, dice = open_catalogue(fail), random.Random(seed)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def confirm(line: str) -> None:
        os.write(descriptor, f"{line}\n".encode())

    one = create_set(catalogue, Path(log).stem)
    confirm(f"set {one.id}")
    source = Path(log).with_suffix(".upload")
    for number in range(1_000_000):
        content = f"{one.id}-{number}-" + "x" * dice.randrange(40_000)
        source.write_text(content)
        added = add_file(one, source, "take.wav")
        if dice.random() < 0.3:
            remove_file(one, added.name)
            confirm(f"removed {content}")
        else:
            confirm(f"file {content}")
        one = change_set(catalogue, one.id, left_out=[f"{number}"])
        confirm(f"left {number}")


def fail(line: str) -> None:
    """Damage must not be found: what was killed is to leave none."""
    raise AssertionError(line)
