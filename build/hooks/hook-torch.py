"""PyTorch with the sources of few of its modules: the others are 40 MB that nothing reads.

Some modules read their own source when they are imported: settings that carry comments, and functions that may be
compiled. Which ones these are is found by what stands in them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from PyInstaller.utils.hooks import (
    PY_DYLIB_PATTERNS,
    collect_data_files,
    collect_dynamic_libs,
    collect_submodules,
    get_package_paths,
)

module_collection_mode = "pyz"
warn_on_missing_hiddenimports = False
UNUSED = ("torch.test", "torch.testing._internal", "torch.utils.tensorboard", "torch.utils.benchmark", "torch.onnx")
READS_SOURCE = re.compile(
    r"install_config_module\(|_overload\b|jit\.script\b|inspect\.getsource|get_source_lines_and_file"
)


def find_sources() -> Iterator[tuple[str, str]]:
    """Return the modules whose source is read while the program runs, as PyInstaller takes files: from and where to."""
    base, folder = map(Path, get_package_paths("torch"))
    for path in folder.rglob("*.py"):
        place = path.relative_to(base).parent
        unused = ".".join(place.parts).startswith(UNUSED)
        if not unused and READS_SOURCE.search(path.read_text("utf-8", errors="replace")):
            yield str(path), str(place)


datas = collect_data_files("torch", excludes=["**/*.pyi", "include/**", "share/**", "test/**", "bin/**", "testing/**"])
datas += collect_data_files("torch", includes=["bin/torch_shm_manager"])  # looked for when torch is imported
datas += find_sources()
hiddenimports = collect_submodules("torch", filter=lambda name: not name.startswith(UNUSED), on_error="ignore")
binaries = collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"])
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]  # torch looks for its libraries beside the real files
