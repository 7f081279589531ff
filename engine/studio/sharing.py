"""Work shared with further processes: a front door lends its makers, and opened models let them make events.

To lend is a front door's choice: a program that others wrote around a use case starts no processes by itself.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from engine.checking import checked
from engine.curves import Curve
from engine.latent.certificate import CERTIFICATE_FILE
from engine.latent.checks import Check
from engine.library.entries import MODEL_FILE
from engine.settings import GenerateSettings, SpaceSettings

if TYPE_CHECKING:
    from engine.generation.mix.output import Output

Asked = TypeVar("Asked")
Made = TypeVar("Made")
Written = tuple[int, ...]

NOWHERE = SpaceSettings().model_dump()  # where events are in space does not change how they are made
WRITTEN_AGAIN = (MODEL_FILE, CERTIFICATE_FILE)  # files of a model that may change; the others stay as they are


@dataclass(frozen=True)
class Order:
    """An output as another process can open it.

    Attributes:
        folders: Of the models that take part.
        written: When the files of each were written, see `when_written`.
        shares: Of each model.
        settings: Of the output.
    """

    folders: tuple[Path, ...]
    written: tuple[Written, ...]
    shares: tuple[Curve, ...]
    settings: GenerateSettings

    def to_values(self) -> dict[str, Any]:
        """Return plain values for JSON, without what does not change how events are made."""
        return {
            "folders": list(map(str, self.folders)),
            "written": list(map(list, self.written)),
            "shares": list(self.shares),
            "settings": self.settings.model_copy(update={**NOWHERE, "blend": {}}).model_dump(mode="json"),
        }

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> "Order":
        """Return the order in plain values.

        Raises:
            ParameterError: its settings are none.
        """
        return cls(
            tuple(map(Path, values["folders"])),
            tuple(map(tuple, values["written"])),
            tuple(share if isinstance(share, int | float) else tuple(map(tuple, share)) for share in values["shares"]),
            checked(GenerateSettings, dict(values["settings"])),
        )


class Makers(Protocol):
    """Processes that make events."""

    def share(self, order: Order, output: "Output[Asked, Made]") -> Callable[[Asked, Check], Made]:
        """Return what makes the sounds that `output.make` makes, in another process where one has time."""


_lent: list[Makers] = []


def lend(makers: Makers) -> None:
    """Let all models that are opened have their events made by these as well, until this program ends."""
    _lent.append(makers)


@contextmanager
def lending(makers: Makers) -> Iterator[None]:
    """Lend makers inside the block only."""
    _lent.append(makers)
    try:
        yield
    finally:
        _lent.remove(makers)


def find_makers() -> Makers | None:
    """Return the makers that were lent last, None where there are none."""
    return _lent[-1] if _lent else None


def when_written(folder: Path) -> Written:
    """Return when each of WRITTEN_AGAIN was written, in nanoseconds; 0 where there is none."""
    return tuple(_when(folder / name) for name in WRITTEN_AGAIN)


def _when(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
