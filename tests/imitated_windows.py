"""Two rules of Windows, imitated on Linux in this process.

A file that is open or mapped cannot be renamed, nor can a folder that holds it, nor can it be replaced or removed.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SHARING_VIOLATION = 32

needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc, which only Linux has")


def held_paths(process: int | str = "self") -> set[str]:
    """Return everything that a process has open or mapped, this one or another by its id."""
    held = set()
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        try:
            held.add(str(descriptor.readlink()))
        except OSError:  # closed meanwhile
            continue
    for line in Path(f"/proc/{process}/maps").read_text("utf-8", "surrogateescape").splitlines():
        parts = line.split(None, 5)
        if len(parts) == 6:
            held.add(parts[5])
    return held


def imitate(patch: pytest.MonkeyPatch) -> list[str]:
    """Let renames and removals obey the rules from now on; return the refusals, as they come."""
    refused: list[str] = []

    def refuse_held(what: str, path: Any, folder: int | None) -> None:
        base = Path.cwd() if folder is None else Path(f"/proc/self/fd/{folder}").readlink()
        name = os.path.normpath(base / os.fsdecode(path))
        held = sorted(one for one in held_paths() if one == name or one.startswith(name + os.sep))
        if held:
            refused.append(f"{what} {name}: {', '.join(held)}")
            error = PermissionError(errno.EACCES, "the file is used by another process", name)
            error.winerror = SHARING_VIOLATION  # type: ignore[attr-defined]
            raise error

    def move(real: Callable[..., None], what: str) -> Callable[..., None]:
        def call(source: Any, target: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
            refuse_held(what, source, src_dir_fd)
            refuse_held(what, target, dst_dir_fd)
            real(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

        return call

    def remove(real: Callable[..., None]) -> Callable[..., None]:
        def call(path: Any, *, dir_fd: int | None = None) -> None:
            refuse_held("remove", path, dir_fd)
            real(path, dir_fd=dir_fd)

        return call

    for name in ("rename", "replace"):
        patch.setattr(os, name, move(getattr(os, name), name))
    for name in ("unlink", "remove"):
        patch.setattr(os, name, remove(getattr(os, name)))
    return refused


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Imitate the rules in a test; nothing may be refused in it that is not taken out of the list."""
    refused = imitate(monkeypatch)
    yield refused
    assert refused == []
