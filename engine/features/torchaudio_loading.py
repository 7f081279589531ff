"""Load torchaudio beside a torch that was built without CUDA.

The Linux wheel of torchaudio links its compiled part against CUDA libraries. What this project uses of it (mel
filters, Griffin-Lim) is plain Python, so where the compiled part cannot be loaded a stand-in takes its place.
"""

import importlib
import sys
from threading import Lock
from types import ModuleType

EXTENSION = "torchaudio._extension"

_LOADING = Lock()  # events are made in threads, and the first two may ask at once


def load_torchaudio() -> ModuleType:
    """Import torchaudio, without its compiled part where that cannot be loaded.

    Returns:
        The module `torchaudio`; functions that need the compiled part raise when called.

    Raises:
        ImportError: torchaudio is not installed.
    """
    with _LOADING:
        try:
            return importlib.import_module("torchaudio")
        except OSError:
            for name in [name for name in list(sys.modules) if name.split(".")[0] == "torchaudio"]:
                del sys.modules[name]
            sys.modules[EXTENSION] = _extension_stand_in()
            return importlib.import_module("torchaudio")


def _extension_stand_in() -> ModuleType:
    """Return a module with the names that torchaudio expects of its compiled part, all of them refusing."""

    def unavailable(*_: object, **__: object) -> None:
        raise RuntimeError("this torch has no CUDA libraries, so torchaudio's compiled functions are not available")

    module = ModuleType(EXTENSION)
    vars(module).update(
        _IS_TORCHAUDIO_EXT_AVAILABLE=False,
        _check_cuda_version=unavailable,
        fail_if_no_align=lambda _function: unavailable,
    )
    return module
