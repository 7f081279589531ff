"""Making files: outputs, exports, packs, models; each use case is the one that the command line calls."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.audio.limiter import TruePeakLimiter
from engine.checking import checked
from engine.errors import Cancelled, ParameterError
from engine.export.formats import FORMATS
from engine.export.target import check_target
from engine.library.file_names import safe_name, split_name
from engine.paths import exports_folder, outputs_folder
from engine.settings import ExportSettings, GenerateSettings, PackSettings, TagSettings, later_seed
from engine.studio.delivery import Delivery
from engine.units import SAMPLE_RATE
from engine.workers.assignment import Assignment
from engine.workers.courtesy import give_way
from engine.workers.opened import OPENER
from engine.workers.worker import Answer

Floats = NDArray[np.float32]

LONGEST_STEM = 60  # characters: four bytes each still fit a file name
MOST_NUMBERS = 100_000
MOST_OUTPUTS = 1_000


def render_outputs(assignment: Assignment) -> Answer:
    """Make outputs: `model`, `settings`, `count`, `export`, `tags`; the first is heard while it is made."""
    from engine.studio.render import write_output

    values = assignment.values
    settings = checked(GenerateSettings, dict(values["settings"]))
    count = int(values.get("count", 1))
    if not 1 <= count <= MOST_OUTPUTS:
        raise ParameterError(f"count = {count}: must be a whole number from 1 to {MOST_OUTPUTS}")
    delivery = _delivery(values)
    opened = OPENER.open(values["model"], settings.blend)
    notices, written = opened.notices(settings), []
    for place in range(count):
        one = settings.model_copy(update={"seed": later_seed(settings.seed, place)})
        path = free_path(outputs_folder(), f"{opened.origin.model_name}", _suffix(delivery.export))
        check_target(path, delivery.export)
        heard = _Heard(assignment, settings) if place == 0 else None

        def tell(share: float, place: int = place) -> None:
            give_way()
            assignment.tell_share((place + share) / count)

        written.append(
            write_output(
                opened, one, path, delivery, on_progress=tell, on_block=heard, should_stop=assignment.should_stop
            )
        )
        if heard:
            heard.finish()
    return {"files": [file.to_dict() for file in written], "notices": list(notices)}


class _Heard:
    """Sends a sound to who listens while it is made, below the ceiling that its file will have."""

    def __init__(self, assignment: Assignment, settings: GenerateSettings) -> None:
        self._assignment = assignment
        self._samples = None if settings.one_shot else round(settings.duration * SAMPLE_RATE)
        self._limiter: TruePeakLimiter | None = None

    def __call__(self, block: Floats) -> None:
        if self._limiter is None:
            self._limiter = TruePeakLimiter(block.shape[1])
            self._assignment.begin_sound(channels=block.shape[1], first=0, samples=self._samples)
        self._send(self._limiter.process(block))

    def finish(self) -> None:
        if self._limiter:
            self._send(self._limiter.flush())

    def _send(self, block: Floats) -> None:
        if len(block):
            self._assignment.send_sound(block, patient=False)


def replay_output(assignment: Assignment) -> Answer:
    """Make an output again: `output`."""
    from engine.studio.replay import replay_output as replay

    return replay(
        assignment.values["output"], on_progress=_share(assignment), should_stop=assignment.should_stop
    ).to_dict()


def export_output(assignment: Assignment) -> Answer:
    """Write an output into another file: `output`, `export`, `tags`, `folder`, `name`."""
    from engine.studio.export import export_output as export
    from engine.studio.history import find_output

    values = assignment.values
    delivery, entry = _delivery(values), find_output(values["output"])
    name = str(values.get("name") or Path(entry.file).stem)
    path = free_path(_folder(values), name, _suffix(delivery.export), numbered=False)
    return {"files": [export(entry.id, path, delivery, on_progress=_share(assignment)).to_dict()]}


def make_pack(assignment: Assignment) -> Answer:
    """Make a sample pack: `model`, `settings`, `export`, `tags`, `folder`."""
    from engine.studio.models import find_model
    from engine.studio.pack import make_pack as make

    values = assignment.values
    settings, entry = checked(PackSettings, dict(values["settings"])), find_model(values["model"])
    folder = free_path(_folder(values), f"{entry.name} samples", "", numbered=False)
    report = make(
        entry.id,
        folder,
        settings,
        delivery=_delivery(values),
        on_progress=_share(assignment),
        should_stop=assignment.should_stop,
    )
    found = report.to_dict()
    return {"folder": found["folder"], "samples": len(report.samples), "notes": found["notes"]}


def measure_sliders(assignment: Assignment) -> Answer:
    """Measure the sliders of a model further: `model`."""
    from engine.studio.measuring import measure_sliders as measure

    model = assignment.values["model"]
    report = measure(
        model,
        on_slider=lambda name: assignment.tell(stage="measuring", detail=name),
        on_measured=lambda name, state: assignment.tell(slider={"name": name, "state": state}),
        should_stop=assignment.should_stop,
    )
    OPENER.forget(report.model)
    return {"model": report.model}


def reconstruct_recordings(assignment: Assignment) -> Answer:
    """Play recordings of a data set through a model: `model`, `set`, `recordings`, `settings`, `export`, `folder`."""
    from engine.studio.models import find_model
    from engine.studio.reconstruct import reconstruct
    from engine.studio.set_recordings import choose_recordings

    values = assignment.values
    settings, entry = checked(GenerateSettings, dict(values["settings"])), find_model(values["model"])
    recordings = choose_recordings(values["set"], values["recordings"])
    folder = free_path(_folder(values), f"{entry.name} reconstructed", "", numbered=False)
    tell_share = _share(assignment)

    def tell(share: float, name: str) -> None:
        if assignment.should_stop():
            made = f"recordings that were done are kept in {folder}" if folder.exists() else "nothing was made"
            raise Cancelled(f"stopped; {made}")
        tell_share(share)
        assignment.tell(detail=name)

    report = reconstruct(entry.id, recordings, folder, settings=settings, delivery=_delivery(values), on_progress=tell)
    return {"folder": str(folder), **report.to_dict()}


def export_to_file(assignment: Assignment) -> Answer:
    """Write a model into one file: `model`, `folder`."""
    from engine.studio.exchange import export_model
    from engine.studio.models import find_model

    entry = find_model(assignment.values["model"])
    path = free_path(_folder(assignment.values), entry.name, ".sda", numbered=False)
    exported = export_model(entry.id, path, on_progress=_share(assignment))
    return {"path": str(exported.path)}


def import_from_file(assignment: Assignment) -> Answer:
    """Add a model from one file to the library: `path`, which is removed afterwards."""
    from engine.studio.arrivals import import_model

    path = Path(assignment.values["path"])
    try:
        imported = import_model(path, on_progress=_share(assignment))
    finally:
        path.unlink(missing_ok=True)
    return {"model": imported.entry.id, "name": imported.entry.name}


def examine_set(assignment: Assignment) -> Answer:
    """Let the doctor look at a data set: `set`."""
    from engine.studio.sets import examine

    def tell(done: int, count: int, name: str) -> None:
        assignment.tell_share(done / max(1, count))
        assignment.tell(stage="reading", detail=name)

    examine(assignment.values["set"], tell, assignment.should_stop)
    return {"set": assignment.values["set"]}


def mend_recordings(assignment: Assignment) -> Answer:
    """Take the DC offset out of recordings of a data set: `set`, `recordings`."""
    from engine.studio.mending import mend_recordings as mend

    values = assignment.values
    return {"recordings": list(mend(values["set"], values["recordings"], assignment.should_stop))}


def free_path(folder: Path, name: str, suffix: str, *, numbered: bool = True) -> Path:
    """Return a path in a folder that is not taken.

    Args:
        folder: Where.
        name: Of the file, as far as file systems allow it.
        suffix: With its dot.
        numbered: Whether the first one has a number as well.
    """
    stem = split_name(safe_name(f"{name[:LONGEST_STEM]}.file"))[0]
    if not numbered and not (folder / f"{stem}{suffix}").exists():
        return folder / f"{stem}{suffix}"
    numbers = range(1 if numbered else 2, MOST_NUMBERS)
    paths = (folder / f"{stem} {number:03}{suffix}" for number in numbers)
    return next(path for path in paths if not path.exists())


def _folder(values: Any) -> Path:
    chosen = values.get("folder")
    folder = Path(chosen) if chosen else exports_folder()
    if folder == exports_folder():
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _suffix(export: ExportSettings) -> str:
    return FORMATS["wav" if export.format == "auto" else export.format].suffixes[0]


def _delivery(values: Any) -> Delivery:
    """Return how an assignment wants its files."""
    export, tags = (dict(values.get(name) or {}) for name in ("export", "tags"))
    return Delivery(checked(ExportSettings, export), checked(TagSettings, tags))


def _share(assignment: Assignment) -> Callable[[float], None]:
    """Return what tells how far a file is, and lets who explores go first."""

    def tell(share: float) -> None:
        give_way()
        assignment.tell_share(share)

    return tell
