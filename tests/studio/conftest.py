from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from quick_training import make_quick, train_on
from small_corpus import noise, struck, tone, write_sounds
from trained_library import library, recordings, trained_home  # noqa: F401 - fixtures

from engine.latent.certificate import SliderCertificate, load_certificate, save_certificate
from engine.studio.models import find_model


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    make_quick(monkeypatch)


@pytest.fixture
def trained():
    return train_on


@pytest.fixture(scope="session")
def mixed_recordings(tmp_path_factory) -> Path:
    """Three good recordings, a large and a tiny one, and four that cannot be used."""
    folder = tmp_path_factory.mktemp("mixed")
    write_sounds(folder, struck(220, 0.4), np.stack([tone(330, 0.4), noise(0.4)], axis=1), noise(0.3))
    soundfile.write(folder / "surround.wav", np.tile(struck(500, 0.4)[:, None], 6), 96_000, subtype="PCM_24")
    soundfile.write(folder / "blip.wav", noise(0.03), 48_000)
    soundfile.write(folder / "silent.wav", np.zeros(9_600), 48_000)
    (folder / "empty.wav").write_bytes(b"")
    (folder / "text.wav").write_text("this is not a recording", "utf-8")
    (folder / "notes.txt").write_text("mezzo", "utf-8")
    return folder


@pytest.fixture
def dull(library: Path) -> str:  # noqa: ARG001, F811 - a model must be there
    """Let the model's tension be off, and return what is said of that."""
    folder = find_model("sax").path
    certificate = load_certificate(folder)
    off = SliderCertificate("tension", state="off", reason="all recordings are about equally dissonant")
    save_certificate(folder, replace(certificate, sliders={**certificate.sliders, "tension": off}))
    return f"the slider tension does nothing in this model: {off.reason}"
