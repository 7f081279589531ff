import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.errors import ParameterError
from engine.settings import GenerateSettings
from engine.studio.batch import batch
from engine.studio.presets import save_preset
from engine.studio.render import generate

pytestmark = pytest.mark.usefixtures("library")


def write_jobs(folder: Path, *lines: object) -> Path:
    path = folder / "jobs.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def job(file: str, **settings) -> dict:
    return {"model": "sax", "file": file, "duration": 0.2, "source": 1.0, **settings}


def test_a_bad_line_of_a_batch_is_reported_and_the_others_are_made(tmp_path):
    jobs = write_jobs(
        tmp_path,
        job("a.wav", seed=5),
        "",
        "{not json",
        '["a list"]',
        job("b.wav", tempo=120),
        job("c.wav", density=99),
        {**job("d.wav"), "model": "tabla"},
        {"model": "sax", "duration": 1.0},
        job("../outside.wav"),
        job("e.xyz"),
        job("a.wav"),
        job("sub/f.wav", seed=5),
    )
    told = []
    report = batch(jobs, tmp_path / "out", on_job=lambda *of: told.append(of))
    assert {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.wav")} == {
        "a.wav",
        str(Path("sub/f.wav")),
    }
    assert [failed.line for failed in report.failed] == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    reasons = [failed.reason for failed in report.failed]
    for reason, said in zip(
        reasons,
        [
            "not JSON",
            "not a JSON object",
            "tempo: there is no such setting",
            "density = 99: must be a number from 0.1 to 20",
            "there is no model 'tabla'",
            "file is missing",
            "must be a name inside the output folder",
            "must end in .wav",
            "exists already",
        ],
        strict=True,
    ):
        assert said in reason
        assert "\n" not in reason
    assert not (tmp_path / "outside.wav").exists()
    assert {count for _, count, _ in told} == {11}
    assert (tmp_path / "out/a.wav").read_bytes() == (tmp_path / "out/sub/f.wav").read_bytes()
    assert [row["line"] for row in report.to_dict()["failed"]] == [3, 4, 5, 6, 7, 8, 9, 10, 11]


def test_a_job_is_made_as_generate_would_make_it(tmp_path):
    batch(write_jobs(tmp_path, job("a.wav", seed=4, density=3.0)), tmp_path)
    generate("sax", tmp_path / "b.wav", GenerateSettings(duration=0.2, source=1.0, seed=4, density=3.0))
    assert np.array_equal(soundfile.read(tmp_path / "a.wav")[0], soundfile.read(tmp_path / "b.wav")[0])


def test_the_novelty_of_a_job_is_that_of_the_same_output_by_itself(tmp_path):
    report = batch(write_jobs(tmp_path, job("a.wav", seed=4)), tmp_path)
    alone = generate("sax", tmp_path / "b.wav", GenerateSettings(duration=0.2, source=1.0, seed=4))
    assert report.to_dict()["files"][0]["novelty"] == alone.to_dict()["files"][0]["novelty"] is not None


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe\x00"])
def test_a_list_without_jobs_is_refused(tmp_path, content: bytes):
    (tmp_path / "jobs.jsonl").write_bytes(content)
    with pytest.raises(ParameterError, match="the job list"):
        batch(tmp_path / "jobs.jsonl", tmp_path)
    with pytest.raises(ParameterError, match="cannot be read"):
        batch(tmp_path / "missing.jsonl", tmp_path)


def test_a_batch_tells_of_sliders_once_and_fails_only_lines_whose_slider_is_missing(tmp_path, dull: str):
    lines = [
        {"model": "sax", "file": "a.wav", "duration": 0.2, "sliders": {"tension": [[0, -5], [4, 8]]}},
        {"model": "sax", "file": "b.wav", "duration": 0.2, "sliders": {"tension": 5}, "at": [0.2, -0.5]},
        {"model": "sax", "file": "c.wav", "duration": 0.2, "sliders": {"discovered 99": 5}},
        {"model": "sax", "file": "d.wav", "duration": 0.2, "sliders": {"brightness": 12}},
        {"model": "sax", "file": "e.wav", "duration": 0.3, "density": [[0, 1], [5, 10]], "path": [[0, 0], [1, 1]]},
        {"model": "sax", "file": "f.wav", "duration": 0.3, "novelty": "0:0,1:1", "loop": True},
    ]
    (tmp_path / "jobs.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    report = batch(tmp_path / "jobs.jsonl", tmp_path / "out", device="cpu")
    assert report.to_dict()["notices"] == [f"sax: {dull}"]
    assert [Path(file.path).name for file in report.files] == ["a.wav", "b.wav", "e.wav", "f.wav"]
    assert [failed.line for failed in report.failed] == [3, 4]
    assert report.failed[0].reason.startswith("there is no slider 'discovered 99' in this model: it has ")
    assert report.failed[1].reason.startswith("brightness = 12: must be a number from -10 to 10.")


def test_a_job_begins_with_a_preset_and_its_own_settings_win(tmp_path):
    save_preset("dense", {"density": 9.0, "novelty": 0.1, "sliders": {"brightness": 4}})
    lines = [
        {"model": "sax", "file": "a.wav", "preset": "dense", "duration": 0.4, "novelty": 0.6, "seed": 3},
        {"model": "sax", "file": "b.wav", "preset": "thin", "duration": 0.4},
        {"model": "sax", "file": "c.wav", "preset": 3},
    ]
    report = batch(write_jobs(tmp_path, *lines), tmp_path / "out", device="cpu")
    assert [failed.line for failed in report.failed] == [2, 3]
    assert "there is no preset 'thin'" in report.failed[0].reason
    assert report.failed[1].reason.startswith("preset = 3: must be the name of a preset")
    wanted = GenerateSettings(density=9.0, novelty=0.6, sliders={"brightness": 4}, duration=0.4, seed=3)
    generate("sax", tmp_path / "alone.wav", wanted)
    assert (tmp_path / "alone.wav").read_bytes() == (tmp_path / "out" / "a.wav").read_bytes()
