"""Runs the tests of the interface's logic, which need no page: tests/webui_js/*.test.mjs."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_the_logic_of_the_interface_keeps_its_word() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node 20 or newer")
    files = sorted(map(str, HERE.glob("*.test.mjs")))
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
