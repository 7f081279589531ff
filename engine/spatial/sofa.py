"""Head-related impulse responses from a person's own SOFA file (AES69), checked before anything is believed.

sofar opens it as a stream, so that its sizes are known before anything large is read. What many files in use do not
follow in the standard, and what does not change how they sound, is not held against them.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, ParameterError
from engine.spatial.direction import Directions, sofa_to_directions

Doubles = NDArray[np.float64]

CONVENTION = "SimpleFreeFieldHRIR"
SIGNATURE = b"\x89HDF\r\n\x1a\n"
CLASSIC = b"CDF"  # netCDF before it was HDF5: counts in its header make the library take gigabytes, or never end
LARGEST_BYTES = 2**30
MOST_VALUES = 2**26  # impulse response samples in all: half a gigabyte
MOST_DIRECTIONS = 100_000
LONGEST_SAMPLES = 16_384
FEWEST_DIRECTIONS = 8
LOWEST_RATE, HIGHEST_RATE = 8_000.0, 384_000.0  # Hz
NEXT_STEP = f"choose a SOFA file of the kind {CONVENTION}, or none for the HRTF that comes with the program"


@dataclass(frozen=True)
class Measurement:
    """The contents of a SOFA file.

    Attributes:
        title: What the file says about itself.
        sample_rate: In Hz.
        places: Of the sources.
        responses: Shape (directions, 2, samples), left ear first.
        delays_samples: That the file wants put before the responses, shape (directions, 2).
    """

    title: str
    sample_rate: float
    places: Directions
    responses: Doubles
    delays_samples: Doubles


class HrtfError(ParameterError):
    """A file cannot be used as HRTF; `reason` says why without naming the file."""

    code = "hrtf"

    def __init__(self, path: Path, reason: str) -> None:
        """Name the file, the reason and the next step in one line."""
        super().__init__(f"{path.name}: {reason}; {NEXT_STEP}")
        self.reason = reason


def read_sofa(path: Path) -> Measurement:
    """Read a SOFA file.

    Raises:
        HrtfError: the file is missing, closed, damaged or huge, is no HRTF of this convention, or holds values that
            cannot be true.
    """
    from sofar import SofaStream  # half a second, and nobody without an own file needs it

    _check_file(path)
    try:
        with _openable(path) as name, SofaStream(str(name)) as file:
            return _measurement(path, file)
    except HrtfError:
        raise
    except EngineError as error:
        raise HrtfError(path, error.message) from None
    except (OSError, RuntimeError, ValueError, TypeError, KeyError, AttributeError, IndexError, MemoryError):
        raise HrtfError(path, "the file is damaged or incomplete") from None


def _check_file(path: Path) -> None:
    """Refuse what cannot be opened, or does not begin as a SOFA file does."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise HrtfError(path, "is a folder")
        if size > LARGEST_BYTES:
            raise HrtfError(path, f"has {size / 2**20:.0f} MB; up to {LARGEST_BYTES // 2**20} MB can be read")
        with path.open("rb") as file:
            start = file.read(len(SIGNATURE))
    except FileNotFoundError:
        raise HrtfError(path, f"does not exist in {path.absolute().parent}") from None
    except PermissionError:
        raise HrtfError(path, "you have no permission to read it") from None
    except OSError as error:
        raise HrtfError(path, f"cannot be read ({error.strerror})") from None
    if start.startswith(CLASSIC):
        raise HrtfError(
            path, "is in the classic format of netCDF, and SOFA files are in netCDF-4; convert it with nccopy -k nc4"
        )
    if not start.startswith(SIGNATURE):
        raise HrtfError(path, "is no SOFA file, whatever its name says" if start else "the file is empty (0 bytes)")


@contextmanager
def _openable(path: Path) -> Iterator[Path]:
    """Yield a name that netCDF can open: on Windows it cannot open those with letters outside ASCII."""
    if str(path).isascii():
        yield path
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(shutil.copyfile(path, Path(folder) / "copy.sofa"))


def _measurement(path: Path, file: Any) -> Measurement:
    """Return what a stream of sofar holds; its own complaints about what is missing pass through."""
    convention = getattr(file, "GLOBAL_SOFAConventions", None)
    if convention != CONVENTION:
        raise HrtfError(path, f"is of the kind {convention}, not {CONVENTION}" if convention else "says of no kind")
    shape = file.Data_IR.shape
    _check_shape(path, shape)
    sample_rate = float(np.ravel(_numbers(path, file, "Data_SamplingRate"))[0])
    if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        raise HrtfError(path, f"its sample rate is {sample_rate:g} Hz; {LOWEST_RATE:g} to {HIGHEST_RATE:g} Hz are used")
    responses = _numbers(path, file, "Data_IR")
    if not (np.abs(responses).max(axis=2) > 0.0).all():
        raise HrtfError(path, "an ear hears nothing from some directions")
    delays = np.zeros((1, 2))
    if hasattr(file, "Data_Delay"):
        delays = _numbers(path, file, "Data_Delay").reshape(-1, 2)
    ears = slice(None, None, -1) if _right_ear_first(path, file) else slice(None)
    _check_view(path, file)
    return Measurement(
        title=str(getattr(file, "GLOBAL_Title", "") or getattr(file, "GLOBAL_DatabaseName", "") or path.stem),
        sample_rate=sample_rate,
        places=_places(path, file, "SourcePosition", shape[0]),
        responses=responses[:, ears],
        delays_samples=np.broadcast_to(delays, (shape[0], 2))[:, ears],
    )


def _check_shape(path: Path, shape: tuple[int, ...]) -> None:
    """Refuse, before it is read, what has no two ears, hardly any directions, or far too much."""
    if len(shape) != 3 or shape[1] != 2:
        raise HrtfError(path, f"has responses for {shape[1] if len(shape) == 3 else 0} ears, not for 2")
    if shape[0] < FEWEST_DIRECTIONS:
        raise HrtfError(path, f"has {shape[0]} directions; at least {FEWEST_DIRECTIONS}, all around, are needed")
    if shape[0] > MOST_DIRECTIONS or shape[2] > LONGEST_SAMPLES or shape[0] * shape[1] * shape[2] > MOST_VALUES:
        raise HrtfError(
            path,
            f"has {shape[0]} directions of {shape[2]} samples; up to {MOST_DIRECTIONS} directions, {LONGEST_SAMPLES} "
            f"samples and {MOST_VALUES} values can be read",
        )


def _numbers(path: Path, file: Any, name: str) -> Doubles:
    """Return the values of a variable, none of them missing."""
    values = np.ma.filled(np.ma.asarray(getattr(file, name)[:], np.float64), np.nan)
    if not values.size or not np.isfinite(values).all():
        raise HrtfError(path, f"{name.replace('_', '.')} has missing or infinite values")
    return np.asarray(values, np.float64)


def _places(path: Path, file: Any, name: str, count: int) -> Directions:
    """Return a position variable as directions, one held for all where the file gives only one."""
    positions = _numbers(path, file, name)
    positions = positions.reshape(positions.shape[0], 3, -1)[:, :, 0]
    variable = getattr(file, name)
    kind, units = str(variable.Type).lower(), str(getattr(variable, "Units", "degree")).lower()
    if kind == "spherical" and "degree" not in units:
        raise HrtfError(path, f"{name} is in {units}, not in degrees and metres")
    return sofa_to_directions(np.broadcast_to(positions, (count, 3)), kind)


def _right_ear_first(path: Path, file: Any) -> bool:
    """Return whether the receivers come in the order right, left; the convention is left, right."""
    if not hasattr(file, "ReceiverPosition"):
        return False
    positions = _numbers(path, file, "ReceiverPosition")
    if not np.any(positions):
        return False
    ears = _places(path, file, "ReceiverPosition", 2).vectors
    return bool(ears[0, 1] > ears[1, 1])


def _check_view(path: Path, file: Any) -> None:
    """Refuse a file that turns the listener instead of the source."""
    if hasattr(file, "ListenerView") and hasattr(file.ListenerView, "Type"):
        rows = file.ListenerView.shape[0]
        front = _places(path, file, "ListenerView", rows).vectors[:, 0]
        if not (front > 0.999).all():
            raise HrtfError(path, "its listener does not look to the front")
