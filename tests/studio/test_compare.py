import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from small_corpus import noise, tone
from small_library import make_output

from engine.audio.loudness import loudness_lufs
from engine.errors import ExportError, LibraryError
from engine.export.measure import measure
from engine.library.history_changes import add_entry
from engine.studio.compare import compare_outputs
from engine.studio.history import open_outputs
from engine.units import SAMPLE_RATE


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    """A soft tone and louder noise, in the history."""
    made = []
    for name, sound, settings in (
        ("low.wav", 0.05 * tone(200, 1.0), {"density": 2.0, "sliders": {"brightness": -5.0, "motion": 1.0}}),
        ("high.wav", 0.5 * noise(1.0), {"density": 2.0, "sliders": {"brightness": 5, "motion": 1}, "at": [0.1, 0.2]}),
    ):
        soundfile.write(tmp_path / name, sound, SAMPLE_RATE, "FLOAT")
        output = make_output(tmp_path / name, settings=settings, fingerprint=measure(tmp_path / name).fingerprint)
        made.append(add_entry(open_outputs(), output).id)
    return made[0], made[1]


def test_the_louder_one_is_turned_down_to_the_other_and_none_is_turned_up(pair, tmp_path):
    compared = compare_outputs(*pair, out=tmp_path / "pair")
    assert compared.a.gain_db == 0.0
    assert compared.b.gain_db < -10.0
    assert [Path(side.path).name for side in (compared.a, compared.b)] == ["A low.wav", "B high.wav"]
    low, high = (soundfile.read(side.path, dtype="float32", always_2d=True)[0] for side in (compared.a, compared.b))
    assert loudness_lufs(low) == pytest.approx(loudness_lufs(high), abs=0.05)
    original = soundfile.read(tmp_path / "low.wav", dtype="float32", always_2d=True)[0]
    assert np.abs(low - original).max() < 1e-6
    with pytest.raises(ExportError, match="exists already"):
        compare_outputs(*pair, out=tmp_path / "pair")


def test_what_differs_is_named_and_what_does_not_is_left_out(pair):
    compared = compare_outputs(*pair)
    assert compared.settings == {"sliders brightness": (-5.0, 5), "at": (None, [0.1, 0.2])}
    assert compared.a.path is None


def test_descriptors_are_measured_side_by_side(pair):
    described = json.loads(json.dumps(compare_outputs(*pair).to_dict()))["descriptors"]
    assert set(described) == {"brightness", "warmth", "roughness", "tension", "attack", "motion", "texture"}
    assert described["brightness"]["a"] == pytest.approx(np.log2(200), abs=0.3)
    assert described["brightness"]["difference"] > 3.0  # octaves
    assert described["texture"]["b"] > described["texture"]["a"]
    assert described["warmth"]["unit"] == "dB"


def test_a_missing_or_damaged_file_is_one_line_with_the_way_out(pair, tmp_path):
    (tmp_path / "high.wav").write_bytes(b"nothing")
    with pytest.raises(LibraryError, match=r"high\.wav cannot be read"):
        compare_outputs(*pair)
    (tmp_path / "high.wav").unlink()
    with pytest.raises(LibraryError, match=r"high\.wav is missing.*sda history replay 2.*sda history locate 2 FILE"):
        compare_outputs(*pair)
    with pytest.raises(LibraryError, match="no output '9'"):
        compare_outputs(pair[0], "9")
