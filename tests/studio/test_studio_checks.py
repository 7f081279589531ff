import json
from pathlib import Path

import pytest
from small_corpus import noise, write_sounds
from small_model import small_certificate, small_chart, write_small_model

from engine.errors import DatasetError, ExportError, ModelError, ParameterError
from engine.latent.certificate import SliderCertificate
from engine.latent.description import DESCRIPTION_FILE
from engine.settings import GenerateSettings
from engine.studio.checks import check_generate, check_outputs, find_unused
from engine.studio.delivery import Delivery
from engine.studio.models import find_model
from engine.studio.opening import Opener
from engine.studio.train import check_train

OFF = SliderCertificate("tension", state="off", reason="all recordings are alike")


def settings(**values: object) -> GenerateSettings:
    return GenerateSettings(**{"device": "cpu", **values})


@pytest.fixture
def sax(data_home: Path) -> Path:
    """A model without weights: nothing here may need them."""
    return write_small_model(data_home, small_certificate(OFF))


@pytest.mark.usefixtures("sax")
def test_what_is_asked_for_names_the_models_and_what_a_person_should_know():
    asked = check_generate("sax", settings(sliders={"tension": 5, "discovered 2": 1}))
    assert asked.entry.name == "sax"
    assert [(one.entry.id, one.share) for one in asked.takings] == [(asked.entry.id, 1.0)]
    assert asked.notices == (f"the slider tension does nothing in this model: {OFF.reason}",)


@pytest.mark.usefixtures("sax")
@pytest.mark.parametrize(
    ("values", "error", "said"),
    [
        ({"sliders": {"discovered 3": 1}}, ParameterError, "no slider 'discovered 3' in this model: it has"),
        ({"blend": {"nobody": 0.5}}, ModelError, "nobody"),
        ({"blend": {"sax": 0.5}}, ParameterError, "blended with itself"),
        ({"channels": "binaural", "hrtf": Path("nowhere.sofa")}, ParameterError, "nowhere.sofa: does not exist in"),
    ],
)
def test_what_a_model_cannot_do_is_refused(values, error, said: str):
    with pytest.raises(error, match=said):
        check_generate("sax", settings(**values))


def test_a_damaged_certificate_is_refused(sax: Path):
    (sax / "certificate.json").write_text("{}", "utf-8")
    with pytest.raises(ModelError, match=r"certificate.json cannot be read"):
        check_generate("sax", settings())


@pytest.mark.usefixtures("sax")
def test_an_hrtf_that_is_not_listened_with_need_not_be_there():
    assert check_generate("sax", settings(hrtf=Path("nowhere.sofa"))).notices == ()


def test_an_hrtf_that_is_not_listened_with_is_said_to_do_nothing(tmp_path: Path):
    (tmp_path / "mine.sofa").touch()
    (said,) = find_unused(settings(hrtf=tmp_path / "mine.sofa"))
    assert said == f"hrtf = {tmp_path / 'mine.sofa'} is not used: it takes channels = binaural"
    (said,) = find_unused(settings(hrtf=Path("nowhere.sofa"), channels="stereo"))
    assert said.endswith("binaural, and there is no such file")
    assert find_unused(settings(hrtf=Path("nowhere.sofa"), channels="binaural")) == find_unused(settings()) == ()


@pytest.mark.usefixtures("library")
def test_an_open_model_says_the_same(dull: str):
    wanted = settings(sliders={"tension": 5})
    assert check_generate("sax", wanted).notices == Opener("cpu").open("sax").notices(wanted) == (dull,)


@pytest.mark.usefixtures("library")
def test_the_chart_of_an_older_model_is_drawn_to_count_its_discovered_sliders(monkeypatch):
    folder = find_model("sax").path
    described = json.loads((folder / DESCRIPTION_FILE).read_text("utf-8"))
    (folder / DESCRIPTION_FILE).write_text(json.dumps({**described, "format": 1, "chart": None}), "utf-8")
    monkeypatch.setattr("engine.latent.stored.draw_chart", lambda *_: small_chart(discovered=2))
    assert check_generate("sax", settings(sliders={"discovered 2": 1})).notices == ()
    with pytest.raises(ParameterError, match="it has discovered 1 to 2"):
        check_generate("sax", settings(sliders={"discovered 3": 1}))


def test_every_output_of_several_has_to_have_a_place(tmp_path: Path):
    paths = check_outputs(tmp_path / "a.wav", 3, Delivery())
    assert [path.name for path in paths] == ["a-01.wav", "a-02.wav", "a-03.wav"]
    paths[1].write_bytes(b"")
    with pytest.raises(ExportError, match=r"a-02.wav exists already"):
        check_outputs(tmp_path / "a.wav", 3, Delivery())
    assert check_outputs(tmp_path / "a.wav", 3, Delivery(force=True)) == paths


@pytest.mark.parametrize("count", [0, -1, 10_001])
def test_a_count_out_of_range_is_refused(tmp_path: Path, count: int):
    with pytest.raises(ParameterError, match="from 1 to 10000"):
        check_outputs(tmp_path / "a.wav", count, Delivery())


def test_a_folder_with_recordings_can_be_trained_on_whatever_is_in_them(tmp_path: Path):
    (tmp_path / "broken.wav").write_bytes(b"no sound, but nobody has looked yet")
    assert check_train(tmp_path, "  sax ") == "sax"


def test_a_folder_without_recordings_a_wrong_name_and_a_wrong_file_are_refused(tmp_path: Path):
    write_sounds(tmp_path / "takes", noise(0.1))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match="does not exist"):
        check_train(tmp_path / "nowhere", "sax")
    with pytest.raises(DatasetError, match="holds no recordings"):
        check_train(tmp_path / "empty", "sax")
    with pytest.raises(ParameterError, match="name = ''"):
        check_train(tmp_path / "takes", "")
    with pytest.raises(ParameterError, match=r"other.wav"):
        check_train(tmp_path / "takes", "sax", ["other.wav"])
