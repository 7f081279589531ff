import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from small_corpus import tone, write_sounds

from engine.audio.files import read
from engine.audio.true_peak import true_peak_db
from engine.errors import DatasetError, ExportError, ModelError, ParameterError
from engine.latent.certificate import SliderCertificate, load_certificate, save_certificate
from engine.settings import ExportSettings, GenerateSettings
from engine.studio.delivery import Delivery
from engine.studio.models import find_model
from engine.studio.render import batch, generate, numbered, pair_up, reconstruct
from engine.units import LATENT_HOP, N_FFT, SAMPLE_RATE, TRUE_PEAK_DB

EDGE = 2 * N_FFT
FORCED = Delivery(force=True)

pytestmark = pytest.mark.usefixtures("library")


def make(out: Path, **settings) -> bytes:
    generate(
        "sax", out, GenerateSettings(**{"duration": 0.7, "source": 1.0, "device": "cpu", **settings}), delivery=FORCED
    )
    return out.read_bytes()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    files = [make(tmp_path / f"{place}.wav", seed=seed, source=0.5) for place, seed in enumerate((1, 1, 2))]
    assert files[0] == files[1]
    assert files[0] != files[2]


@pytest.mark.parametrize("seconds", [0.1, 0.37, 3.2])
def test_a_file_lasts_exactly_as_long_as_was_asked(tmp_path, seconds: float):
    made = generate("sax", tmp_path / "a.wav", GenerateSettings(duration=seconds, source=1.0))
    info = soundfile.info(tmp_path / "a.wav")
    assert info.frames == round(seconds * SAMPLE_RATE)
    assert (info.samplerate, info.channels, info.subtype) == (SAMPLE_RATE, 1, "PCM_24")
    assert made.files[0].seconds == pytest.approx(seconds, abs=1e-4)


@pytest.mark.parametrize("density", [0.5, 20.0])
def test_no_file_has_a_true_peak_above_the_ceiling(tmp_path, density: float):
    make(tmp_path / "a.wav", density=density, duration=2.0, novelty=1.0, seed=3)
    assert true_peak_db(read(tmp_path / "a.wav")) <= TRUE_PEAK_DB


def test_many_outputs_are_numbered_and_have_seeds_of_their_own(tmp_path):
    settings = GenerateSettings(duration=0.3, source=1.0, seed=7)
    told: list[float] = []
    made = generate("sax", tmp_path / "hit.wav", settings, count=3, on_progress=told.append)
    assert [(Path(file.path).name, file.seed) for file in made.files] == [
        ("hit-01.wav", 7),
        ("hit-02.wav", 8),
        ("hit-03.wav", 9),
    ]
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
    generate("sax", tmp_path / "alone.wav", settings.model_copy(update={"seed": 8}))
    assert (tmp_path / "alone.wav").read_bytes() == (tmp_path / "hit-02.wav").read_bytes()
    assert json.loads(json.dumps(made.to_dict()))["files"][2]["seed"] == 9


def test_one_shots_have_natural_lengths_and_begin_and_end_softly(tmp_path):
    made = generate("sax", tmp_path / "a.wav", GenerateSettings(one_shot=True, source=1.0, duration=100.0), count=4)
    for file in made.files:
        sound = read(Path(file.path))
        assert len(sound) % LATENT_HOP == 0
        assert file.seconds == len(sound) / SAMPLE_RATE < 2.0
        assert np.abs(sound[[0, -1]]).max() < 1e-3


@pytest.mark.parametrize(("bit_depth", "subtype"), [("16", "PCM_16"), ("24", "PCM_24"), ("32f", "FLOAT")])
def test_the_bit_depth_is_the_one_that_was_asked_for(tmp_path, bit_depth: str, subtype: str):
    generate(
        "sax",
        tmp_path / "a.wav",
        GenerateSettings(duration=0.2, source=1.0),
        delivery=Delivery(ExportSettings(bit_depth=bit_depth)),
    )
    assert soundfile.info(tmp_path / "a.wav").subtype == subtype


def test_an_existing_file_is_only_replaced_when_that_was_asked_for(tmp_path):
    (tmp_path / "a-02.wav").write_text("precious", "utf-8")
    settings = GenerateSettings(duration=0.2, source=1.0)
    with pytest.raises(ExportError, match=r"a-02\.wav exists already"):
        generate("sax", tmp_path / "a.wav", settings, count=2)
    assert [path.name for path in tmp_path.glob("*.wav")] == ["a-02.wav"]
    generate("sax", tmp_path / "a.wav", settings, count=2, delivery=FORCED)
    assert soundfile.info(tmp_path / "a-02.wav").frames == 9_600


def test_an_unknown_model_makes_no_file(tmp_path):
    with pytest.raises(ModelError, match=r"there is no model 'sex'\. Did you mean 'sax'"):
        generate("sex", tmp_path / "a.wav", GenerateSettings())
    assert not list(tmp_path.glob("*.wav"))


@pytest.mark.parametrize("count", [0, -1, 10_001])
def test_a_count_outside_its_limits_is_refused(tmp_path, count: int):
    with pytest.raises(ParameterError, match=f"count = {count}: must be a whole number from 1 to 10000"):
        generate("sax", tmp_path / "a.wav", GenerateSettings(), count=count)


def test_a_damaged_model_is_reported_and_not_used(tmp_path):
    weights = find_model("sax").path / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelError, match="damaged"):
        generate("sax", tmp_path / "a.wav", GenerateSettings())


@pytest.mark.parametrize(
    ("count", "names"),
    [(1, ["a.b.wav"]), (2, ["a.b-01.wav", "a.b-02.wav"]), (100, ["a.b-001.wav", "a.b-100.wav"])],
)
def test_numbers_have_as_many_digits_as_the_last(tmp_path, count: int, names: list[str]):
    paths = numbered(tmp_path / "a.b.wav", count)
    assert [paths[0].name, paths[-1].name][: min(2, count)] == names
    assert paths == sorted(paths)
    assert len(set(paths)) == count


def test_the_recordings_of_a_model_come_back_as_they_are(tmp_path, recordings):
    report = reconstruct("sax", [recordings], tmp_path / "out", source=1.0, device="cpu")
    assert [Path(one.path).name for one in report.files] == [f"{number}.wav" for number in range(5)]
    assert report.skipped == ()
    for one in report.files:
        original, made = read(Path(one.file)), read(Path(one.path))
        assert made.shape == original.shape
        assert one.seconds == len(original) / SAMPLE_RATE
        interior = slice(EDGE, len(original) - EDGE)
        assert np.abs(made - original)[interior].max() < 0.01 * np.abs(original).max()


@pytest.mark.parametrize("source", [0.0, 0.7])
def test_a_recording_that_was_never_heard_keeps_its_length(tmp_path, source: float):
    write_sounds(tmp_path / "in", tone(700, 0.41), sample_rate=44_100)
    reconstruct("sax", [tmp_path / "in" / "0.wav"], tmp_path / "out.wav", source=source)
    assert soundfile.info(tmp_path / "out.wav").frames == round(round(0.41 * SAMPLE_RATE) * 48_000 / 44_100)


def test_files_that_cannot_be_read_are_named_and_the_others_made(tmp_path, mixed_recordings):
    told = []
    report = reconstruct("sax", [mixed_recordings], tmp_path, source=1.0, on_file=lambda *of: told.append(of))
    assert {Path(one.file).name for one in report.skipped} == {"empty.wav", "text.wav"}
    assert all(one.reason for one in report.skipped)
    made = {Path(one.file).name for one in report.files}
    assert made == {"0.wav", "1.wav", "2.wav", "blip.wav", "silent.wav", "surround.wav"}
    assert [done for done, _, _ in told] == list(range(8))
    assert {count for _, count, _ in told} == {8}
    assert len(report.to_dict()["files"]) == 6


def test_nothing_that_can_be_read_is_an_error(tmp_path):
    (tmp_path / "a.wav").write_text("text", "utf-8")
    with pytest.raises(DatasetError, match="none of the files could be read"):
        reconstruct("sax", [tmp_path / "a.wav"], tmp_path / "out.wav")
    (tmp_path / "folder").mkdir()
    with pytest.raises(DatasetError, match="hold no recordings"):
        reconstruct("sax", [tmp_path / "folder"], tmp_path / "out")


def test_recordings_keep_their_folders_and_never_overwrite_each_other(tmp_path):
    for name in ("in/a.wav", "in/b/a.flac", "in/b/a.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(tmp_path / name, tone(300, 0.1), SAMPLE_RATE)
    (tmp_path / "in/b/a.flac").rename(tmp_path / "in/c.flac")
    pairs = dict(pair_up([tmp_path / "in"], tmp_path / "out"))
    assert {str(target.relative_to(tmp_path / "out")) for target in pairs.values()} == {
        "a.wav",
        str(Path("b/a.wav")),
        "c.wav",
    }
    with pytest.raises(ParameterError, match=r"several recordings would be written to .*a\.wav"):
        pair_up([tmp_path / "in", tmp_path / "in/b/a.wav"], tmp_path / "out")


def test_a_single_recording_can_be_given_a_name(tmp_path):
    one = tmp_path / "in.flac"
    assert pair_up([one], tmp_path / "made.wav") == [(one, tmp_path / "made.wav")]
    assert pair_up([one], tmp_path / "folder") == [(one, tmp_path / "folder" / "in.wav")]


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


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe\x00"])
def test_a_list_without_jobs_is_refused(tmp_path, content: bytes):
    (tmp_path / "jobs.jsonl").write_bytes(content)
    with pytest.raises(ParameterError, match="the job list"):
        batch(tmp_path / "jobs.jsonl", tmp_path)
    with pytest.raises(ParameterError, match="cannot be read"):
        batch(tmp_path / "missing.jsonl", tmp_path)


@pytest.fixture
def dull(library: Path) -> None:  # noqa: ARG001 - a model must be there
    """Let the model's tension be off."""
    folder = find_model("sax").path
    certificate = load_certificate(folder)
    off = SliderCertificate("tension", state="off", reason="all recordings are about equally dissonant")
    save_certificate(folder, replace(certificate, sliders={**certificate.sliders, "tension": off}))


DULL = "the slider tension does nothing in this model: all recordings are about equally dissonant"


@pytest.mark.usefixtures("dull")
def test_who_sets_a_slider_that_is_off_is_told(tmp_path):
    settings = GenerateSettings(duration=0.2, source=1.0, sliders={"tension": 5, "brightness": 0})
    assert generate("sax", tmp_path / "a.wav", settings).to_dict()["notices"] == [DULL]
    plain = settings.model_copy(update={"sliders": {}})
    assert generate("sax", tmp_path / "b.wav", plain).notices == ()
    assert np.array_equal(soundfile.read(tmp_path / "a.wav")[0], soundfile.read(tmp_path / "b.wav")[0])


@pytest.mark.usefixtures("dull")
def test_a_batch_tells_of_sliders_once_and_fails_only_lines_whose_slider_is_missing(tmp_path):
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
    assert report.to_dict()["notices"] == [f"sax: {DULL}"]
    assert [Path(file.path).name for file in report.files] == ["a.wav", "b.wav", "e.wav", "f.wav"]
    assert [failed.line for failed in report.failed] == [3, 4]
    assert report.failed[0].reason.startswith("there is no slider 'discovered 99' in this model: it has ")
    assert report.failed[1].reason.startswith("brightness = 12: must be a number from -10 to 10.")


def test_every_output_says_what_it_copies_most_and_how_new_it_is(tmp_path, recordings):
    names = {path.name for path in recordings.glob("*.wav")}
    made = generate("sax", tmp_path / "a.wav", GenerateSettings(duration=1.5, source=1.0), count=2).to_dict()
    for file in made["files"]:
        assert file["novelty"]["nearest"] in names
        assert 0.0 <= file["novelty"]["at"] <= 0.6
        assert 0.0 <= file["novelty"]["score"] <= 1.0
    alike = batch(write_jobs(tmp_path, job("b.wav", duration=1.5, seed=1)), tmp_path).to_dict()
    assert alike["files"][0]["novelty"] == made["files"][0]["novelty"]


def test_a_recording_that_is_played_as_it_is_is_no_new_sound(tmp_path):
    settings = GenerateSettings(one_shot=True, source=1.0, novelty=0.0)
    scores = [file.novelty["score"] for file in generate("sax", tmp_path / "a.wav", settings, count=4).files]
    assert np.mean(scores) < 0.1


def test_a_loop_can_be_repeated_without_a_seam_and_without_a_peak_above_the_ceiling(tmp_path):
    settings = GenerateSettings(loop=True, duration=1.5, density=12.0, novelty=0.5, seed=3)
    generate("sax", tmp_path / "a.wav", settings)
    loop = read(tmp_path / "a.wav")
    assert len(loop) == 1.5 * SAMPLE_RATE
    steps = np.abs(np.diff(loop, axis=0))
    assert (np.abs(loop[0] - loop[-1]) <= steps.max(axis=0)).all()
    assert true_peak_db(np.tile(loop, (3, 1))) <= TRUE_PEAK_DB + 0.01
