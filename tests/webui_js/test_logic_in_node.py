"""Runs the tests of the interface's logic, which need no page: tests/webui_js/*.test.mjs."""

import subprocess
from pathlib import Path

from required_programs import find_node

HERE = Path(__file__).parent


def test_the_logic_of_the_interface_keeps_its_word() -> None:
    files = sorted(map(str, HERE.glob("*.test.mjs")))
    done = subprocess.run([find_node(), "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert files
