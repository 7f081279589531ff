"""Where to compute, and why there: CUDA, Apple's MPS or the CPU. Imports torch only when asked."""

from dataclasses import dataclass

import psutil

from engine.errors import ParameterError
from engine.settings import DeviceName


@dataclass(frozen=True)
class Device:
    """A place to compute, as torch names it, and the reason for it in words."""

    torch_device: str  # "cuda", "mps" or "cpu"
    reason: str


def choose_device(name: DeviceName) -> Device:
    """Find the device to compute on.

    Args:
        name: "auto" takes CUDA, then MPS, then the CPU; any other name must be there.

    Raises:
        ParameterError: `name` asks for a graphics processor that is not there.
    """
    if name == "cpu":
        return Device("cpu", f"asked for; {describe_cores()}")
    found = {device.torch_device: device for device in (find_cuda(), find_mps()) if device}
    if name == "auto":
        return next(iter(found.values()), Device("cpu", f"no NVIDIA or Apple GPU found; {describe_cores()}"))
    if name not in found:
        missing = why_no_cuda() if name == "cuda" else "no Apple GPU that torch can use was found"
        there = ", ".join(["auto", "cpu", *found])
        raise ParameterError(f"device = {name!r}: {missing}. Available here: {there}.", code="device_missing")
    return found[name]


def find_cuda() -> Device | None:
    """Return the first CUDA device, or None."""
    import torch

    if not torch.cuda.is_available():
        return None
    return Device("cuda", f"GPU found: {torch.cuda.get_device_name(0)}")


def find_mps() -> Device | None:
    """Return the Apple GPU, or None."""
    import torch

    return Device("mps", "Apple GPU found") if torch.backends.mps.is_available() else None


def why_no_cuda() -> str:
    """Say in words why there is no CUDA device."""
    import torch

    if torch.version.cuda is None and torch.version.hip is None:
        return f"the installed torch {torch.__version__} was built without CUDA"
    return "no NVIDIA GPU with a working driver was found"


def count_cores() -> int:
    """Return the physical CPU cores that this process may use: more threads than that make torch slower."""
    physical = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    process = psutil.Process()
    allowed = len(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else physical
    return max(1, min(physical, allowed))


def describe_cores() -> str:
    """Return "2 CPU cores"."""
    cores = count_cores()
    return f"{cores} CPU core{'' if cores == 1 else 's'}"


def set_threads(threads: int | None = None) -> int:
    """Set how many threads torch computes one operation with; those of linear algebra in numpy are set to one.

    Arrays here are small: more threads of numpy's would wait for each other at full load.

    Args:
        threads: At least 1; without it one for each core of `count_cores`.

    Returns:
        The number that is set.

    Raises:
        ParameterError: `threads` is below 1.
    """
    import torch
    from threadpoolctl import threadpool_limits

    wanted = count_cores() if threads is None else threads
    if wanted < 1:
        raise ParameterError(f"threads = {wanted}: must be a whole number from 1.")
    torch.set_num_threads(wanted)
    threadpool_limits(1, user_api="blas")
    return wanted
