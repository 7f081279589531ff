"""The demonstration: a small data set made by synthesis, a model of it, and a first sound."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.dataset.synthesis import write_demo_recordings
from engine.export.target import check_target
from engine.library.checks import checked_name
from engine.paths import data_folder
from engine.settings import DemoSettings, GenerateSettings
from engine.studio.delivery import Delivery
from engine.studio.render import generate
from engine.studio.train import Event, Stage, train

DEMO_NAME = "demo"
DEMO_SECONDS = 10.0


@dataclass(frozen=True)
class DemoReport:
    """The yield of the demonstration.

    Attributes:
        path: The sound.
        model: Id of the model.
        name: Its name in the library.
        folder: Where the synthesised recordings are.
        seconds: Length of the sound.
    """

    path: str
    model: str
    name: str
    folder: str
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return dict(self.__dict__)


def make_demo(
    settings: DemoSettings,
    out: Path,
    *,
    name: str = DEMO_NAME,
    on_event: Callable[[Event], None],
    should_stop: Callable[[], bool],
    force: bool = False,
) -> DemoReport:
    """Make recordings by synthesis, train on them, and generate a first sound.

    Args:
        settings: Of the training.
        out: The sound file to write.
        name: Of the model.
        on_event: Told what the training does.
        should_stop: Asked before every step.
        force: Replace an existing file.

    Raises:
        ExportError: the file cannot be written.
    """
    check_target(out, force=force)
    wanted = checked_name(name)
    folder = data_folder() / "demo"
    write_demo_recordings(folder)
    trained = train(folder, wanted, settings, on_event=on_event, should_stop=should_stop)
    on_event(Stage("generating"))
    sound = GenerateSettings(duration=DEMO_SECONDS, device=settings.device)
    made = generate(trained.model, out, sound, delivery=Delivery(force=force))
    return DemoReport(str(out.absolute()), trained.model, trained.name, str(folder), made.files[0].seconds)
