"""A job list may hold anything: every line is made or reported, and no line keeps the others from being made.

`SDA_FUZZ_LINES=2000 pytest tests/studio/test_fuzzed_batch.py` tries more lines; the same numbers give the same lines.
"""

import json
import os
import random
from pathlib import Path

import pytest
from damaged_files import ODD_NAMES, damage, twist

from engine.studio.batch import BatchReport, batch

pytestmark = pytest.mark.usefixtures("library")

FAULT = "a fault of this program"
LINES = int(os.environ.get("SDA_FUZZ_LINES", "100"))
JOB = {"model": "sax", "file": "a.wav", "duration": 0.1, "one_shot": False, "source": 1.0, "seed": 3}
MORE = {
    "density": [[0, 1], [0.1, 5]], "sliders": {"brightness": 2}, "at": [0.1, 0.2], "path": None, "blend": {},
    "title": "Dusk", "loudness": -20.0, "preset": "none", "format": "wav", "sample_rate": 48_000, "bit_depth": 16,
}  # fmt: skip
BAD_LINES = {
    "nested": "[" * 100_000,
    "nested inside": json.dumps(JOB)[:-1] + ', "sliders": ' + "[" * 100_000 + "}",
    "a name with NUL": json.dumps({**JOB, "file": "a\0.wav"}),
    "a name with half a character": json.dumps({**JOB, "file": "a\ud800.wav"}),
    "a model with half a character": json.dumps({**JOB, "model": "\ud800"}),
    "a model with NUL": json.dumps({**JOB, "model": "\0"}),
    "a preset with half a character": json.dumps({**JOB, "preset": "\ud800\0"}),
    "a title with half a character": json.dumps({**JOB, "file": "title.wav", "title": "\ud800"}),
    "an HRTF with NUL": json.dumps({**JOB, "channels": "binaural", "hrtf": "\0"}),
    "a name too long": json.dumps({**JOB, "file": "x" * 300 + ".wav"}),
    "a path too long": json.dumps({**JOB, "file": "x/" * 5_000 + "a.wav"}),
    "a folder that is a file": json.dumps({**JOB, "file": "good.wav/a.wav"}),
    "a folder that leads in a circle": json.dumps({**JOB, "file": "circle/a.wav"}),
    "a number too long": json.dumps(JOB)[:-1] + ', "density": ' + "9" * 5_000 + "}",
}


def run(folder: Path, lines: list[str]) -> BatchReport:
    """Make a list between two good lines; both must be made, and every line be there in the report."""
    first, last = (json.dumps({**JOB, "file": name}) for name in ("good.wav", "last.wav"))
    (folder / "jobs.jsonl").write_bytes("\n".join([first, *lines, last]).encode("utf-8", "surrogatepass"))
    report = batch(folder / "jobs.jsonl", folder / "out", device="cpu")
    assert {file.path for file in report.files} >= {str(folder / "out" / name) for name in ("good.wav", "last.wav")}
    assert len(report.files) + len(report.failed) == 2 + len([line for line in lines if line.strip()])
    for failed in report.failed:
        assert FAULT not in failed.reason, (lines[failed.line - 2][:300], failed.reason)
        assert failed.reason.strip()
        assert len(failed.reason.splitlines()) == 1
    return report


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_a_bad_line_is_reported_in_one_line(tmp_path: Path, line: str):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "circle").symlink_to("circle")
    report = run(tmp_path, [line])
    assert [failed.line for failed in report.failed] == [2]


def test_a_line_ends_where_json_says_and_not_inside_its_texts(tmp_path: Path):
    line = json.dumps({**JOB, "file": "b.wav", "title": "a\u2028b\x85c"}, ensure_ascii=False)
    assert run(tmp_path, [f"{line}\r", " ", "\t"]).failed == ()


def test_any_lines_are_made_or_reported(tmp_path: Path):
    rng = random.Random(7)
    report = run(tmp_path, [make_line(rng) for _ in range(LINES)])
    assert len(report.failed) > LINES // 2
    assert {path.name for path in tmp_path.iterdir()} == {"out", "jobs.jsonl", "sda-home"}


def make_line(rng: random.Random) -> str:
    job = {**JOB, "file": f"{rng.randrange(10**9)}.wav"}
    job |= {name: MORE[name] for name in rng.sample(sorted(MORE), rng.randrange(4))}
    if rng.random() < 0.2:
        job["file"] = rng.choice(ODD_NAMES)
    written = json.dumps(twist(job, rng), ensure_ascii=rng.random() < 0.7)
    if rng.random() < 0.3:
        written = damage(written.encode("utf-8", "replace"), rng).decode("utf-8", "replace")
    return written.replace("\n", "").replace("\r", "")
