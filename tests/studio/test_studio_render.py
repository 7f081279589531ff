import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.audio.files import read
from engine.audio.true_peak import true_peak_db
from engine.errors import ExportError, ModelError, ParameterError
from engine.settings import ExportSettings, GenerateSettings
from engine.studio.checks import numbered
from engine.studio.delivery import Delivery
from engine.studio.models import find_model
from engine.studio.render import generate
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


def test_who_sets_a_slider_that_is_off_is_told(tmp_path, dull: str):
    settings = GenerateSettings(duration=0.2, source=1.0, sliders={"tension": 5, "brightness": 0})
    assert generate("sax", tmp_path / "a.wav", settings).to_dict()["notices"] == [dull]
    plain = settings.model_copy(update={"sliders": {}})
    assert generate("sax", tmp_path / "b.wav", plain).notices == ()
    assert np.array_equal(soundfile.read(tmp_path / "a.wav")[0], soundfile.read(tmp_path / "b.wav")[0])


def test_every_output_says_what_it_copies_most_and_how_new_it_is(tmp_path, recordings):
    names = {path.name for path in recordings.glob("*.wav")}
    made = generate("sax", tmp_path / "a.wav", GenerateSettings(duration=1.5, source=1.0), count=2).to_dict()
    for file in made["files"]:
        assert file["novelty"]["nearest"] in names
        assert 0.0 <= file["novelty"]["at"] <= 0.6
        assert 0.0 <= file["novelty"]["score"] <= 1.0


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
