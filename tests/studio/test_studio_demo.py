from pathlib import Path

import pytest
import soundfile
from quick_training import forget, never
from small_corpus import noise, struck, write_sounds

from engine.errors import ExportError
from engine.generation.calibration import certify
from engine.settings import DemoSettings
from engine.studio import demo
from engine.studio.demo import make_demo
from engine.studio.models import list_models
from engine.training.events import STAGES, Stage


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        demo, "write_demo_recordings", lambda folder: write_sounds(folder, struck(220, 0.3), noise(0.2))
    )
    monkeypatch.setattr(demo, "DEMO_SECONDS", 0.6)
    monkeypatch.setattr(certify, "FIXED_PLAN", (2, 0.3))


def test_the_demonstration_makes_recordings_a_model_and_a_sound(tmp_path: Path, data_home: Path):
    told = []
    settings = DemoSettings(steps=3, device="cpu")
    report = make_demo(settings, tmp_path / "demo.wav", on_event=told.append, should_stop=never)
    assert soundfile.info(tmp_path / "demo.wav").frames == 28_800
    assert (report.path, report.name, report.seconds) == (str(tmp_path / "demo.wav"), "demo", 0.6)
    assert [entry.id for entry in list_models()] == [report.model]
    assert sorted(path.name for path in Path(report.folder).iterdir()) == ["0.wav", "1.wav"]
    assert data_home in Path(report.folder).parents
    assert list(dict.fromkeys(event.name for event in told if isinstance(event, Stage))) == list(STAGES)
    assert report.to_dict()["model"] == report.model


def test_an_existing_file_is_noticed_before_any_work(tmp_path: Path):
    (tmp_path / "demo.wav").write_text("precious", "utf-8")
    with pytest.raises(ExportError, match="exists already"):
        make_demo(DemoSettings(steps=3), tmp_path / "demo.wav", on_event=forget, should_stop=never)
    assert list_models() == []
