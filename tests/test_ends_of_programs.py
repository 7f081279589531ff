import subprocess
import sys

import pytest

ACT = "from engine.programs import do_at_the_end, end_at_once; do_at_the_end(lambda: print('done', flush=True))"


@pytest.mark.parametrize(("end", "status"), [("", 0), ("end_at_once(3)", 3), ("import sys; sys.exit(4)", 4)])
def test_what_is_left_to_do_is_done_once_however_the_program_ends(end: str, status: int):
    ended = subprocess.run([sys.executable, "-c", f"{ACT}; {end}"], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (status, "done\n")
