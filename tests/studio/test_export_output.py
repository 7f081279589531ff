"""An output written once more: another kind of file, the same sound, the same passport."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.errors import LibraryError
from engine.export.tagging import read_tags
from engine.settings import ExportSettings, GenerateSettings, TagSettings
from engine.studio.delivery import Delivery, Written
from engine.studio.export import UNSIGNED, export_output
from engine.studio.history import find_output, list_outputs
from engine.studio.identity import identify
from engine.studio.render import generate


@pytest.fixture
def made(library: Path) -> Written:
    settings = GenerateSettings(duration=0.6, density=4.0, seed=5, device="cpu")
    (file,) = generate("sax", library / "made.wav", settings).files
    return file


def test_the_sound_is_the_same_and_the_passport_goes_along(made: Written, tmp_path: Path):
    out = tmp_path / "again.flac"
    told: list[float] = []
    delivery = Delivery(ExportSettings(bit_depth="24", remove_dc=False), TagSettings(title="Dusk", artist="me"))
    written = export_output(str(made.history), out, delivery, on_progress=told.append)
    before, after = soundfile.read(made.path)[0], soundfile.read(out)[0]
    assert np.abs(before - after).max() < 2**-22
    passport = identify(out)
    assert (passport.intact, passport.passport.seed, passport.passport.export["format"]) == (True, 5, "flac")
    assert passport.passport.settings == identify(Path(made.path)).passport.settings
    assert (read_tags(out).title, read_tags(out).artist) == ("Dusk", "me")
    assert (written.history, written.notes, told[-1]) == (made.history, (), 1.0)
    assert len(list_outputs().entries) == 1


def test_another_rate_and_depth_are_written(made: Written, tmp_path: Path):
    out = tmp_path / "high.wav"
    written = export_output(str(made.history), out, Delivery(ExportSettings(sample_rate=96_000, bit_depth="32f")))
    info = soundfile.info(out)
    assert (info.samplerate, info.subtype, info.frames) == (96_000, "FLOAT", round(0.6 * 96_000))
    assert written.seconds == pytest.approx(0.6)


def test_a_file_whose_tags_were_taken_away_is_exported_without_a_passport(made: Written, tmp_path: Path):
    sound, rate = soundfile.read(made.path)
    soundfile.write(made.path, sound, rate)
    written = export_output(str(made.history), tmp_path / "bare.wav", Delivery(tags=TagSettings(title="bare")))
    assert written.notes == (UNSIGNED,)
    assert (read_tags(tmp_path / "bare.wav").title, read_tags(tmp_path / "bare.wav").passport) == ("bare", "")


def test_an_output_whose_file_is_gone_says_how_to_get_it_back(made: Written, tmp_path: Path):
    Path(made.path).unlink()
    number = find_output(str(made.history)).number
    with pytest.raises(LibraryError, match=f"history replay {number}") as caught:
        export_output(str(made.history), tmp_path / "gone.wav", Delivery())
    assert caught.value.code == "history_missing"
    assert not (tmp_path / "gone.wav").exists()
