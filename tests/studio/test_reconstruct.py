from pathlib import Path

import numpy as np
import pytest
import soundfile
from small_corpus import tone, write_sounds

from engine.audio.files import read
from engine.errors import Cancelled, DatasetError, ParameterError
from engine.settings import GenerateSettings
from engine.studio.passport import read_passport
from engine.studio.reconstruct import NOTES_STAY, UNCHANGED, pair_up, reconstruct
from engine.units import N_FFT, SAMPLE_RATE

EDGE = 2 * N_FFT
CARRIED = UNCHANGED.model_copy(update={"source": 1.0})

pytestmark = pytest.mark.usefixtures("library")


def test_the_recordings_of_a_model_come_back_as_they_are(tmp_path, recordings):
    report = reconstruct("sax", [recordings], tmp_path / "out", settings=CARRIED)
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
    reconstruct(
        "sax",
        [tmp_path / "in" / "0.wav"],
        tmp_path / "out.wav",
        settings=UNCHANGED.model_copy(update={"source": source}),
    )
    assert soundfile.info(tmp_path / "out.wav").frames == round(round(0.41 * SAMPLE_RATE) * 48_000 / 44_100)


def test_a_recording_keeps_its_notes_and_who_moves_register_is_told(tmp_path):
    write_sounds(tmp_path / "in", tone(700, 0.2))
    told = {}
    for position in (0.0, 5.0):
        settings = UNCHANGED.model_copy(update={"sliders": {"register": position}})
        report = reconstruct("sax", [tmp_path / "in" / "0.wav"], tmp_path / f"{position}.wav", settings=settings)
        told[position] = report.notices
    assert (NOTES_STAY in told[0.0], NOTES_STAY in told[5.0]) == (False, True)


def test_files_that_cannot_be_read_are_named_and_the_others_made(tmp_path, mixed_recordings):
    told = []
    report = reconstruct("sax", [mixed_recordings], tmp_path, settings=CARRIED, on_progress=lambda *of: told.append(of))
    assert {Path(one.file).name for one in report.skipped} == {"empty.wav", "text.wav"}
    assert all(one.reason for one in report.skipped)
    made = {Path(one.file).name for one in report.files}
    assert made == {"0.wav", "1.wav", "2.wav", "blip.wav", "silent.wav", "surround.wav"}
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert {round(share * 8, 9) for share, _ in told} >= set(range(8))
    assert len({name for _, name in told}) == 8
    assert len(report.to_dict()["files"]) == 6


def test_who_stops_it_within_a_file_keeps_the_files_that_are_done(tmp_path):
    write_sounds(tmp_path / "in", tone(700, 0.4), tone(500, 30.0))

    def stop(share: float, _: str) -> None:
        if share > 0.5:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        reconstruct("sax", [tmp_path / "in"], tmp_path / "out", on_progress=stop)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["0.wav"]


def test_a_file_may_be_called_otherwise_than_its_recording(tmp_path):
    write_sounds(tmp_path / "in", tone(700, 0.4))
    (tmp_path / "out").mkdir()
    report = reconstruct("sax", [(tmp_path / "in" / "0.wav", Path("a/b.aiff"))], tmp_path / "out")
    assert [Path(one.path) for one in report.files] == [tmp_path / "out" / "a" / "b.wav"]


def test_nothing_that_can_be_read_is_an_error(tmp_path):
    (tmp_path / "a.wav").write_text("text", "utf-8")
    with pytest.raises(DatasetError, match="none of the files could be read"):
        reconstruct("sax", [tmp_path / "a.wav"], tmp_path / "out.wav")
    (tmp_path / "folder").mkdir()
    with pytest.raises(DatasetError, match="hold no recordings"):
        reconstruct("sax", [tmp_path / "folder"], tmp_path / "out")


def test_a_recording_is_played_with_sliders_novelty_and_another_model(tmp_path):
    write_sounds(tmp_path / "in", tone(700, 0.9))
    asked = GenerateSettings(sliders={"brightness": 6.0}, novelty=0.3, seed=9)
    report = reconstruct("sax", [tmp_path / "in" / "0.wav"], tmp_path / "a.flac", settings=asked)
    reconstruct("sax", [tmp_path / "in" / "0.wav"], tmp_path / "b.flac", settings=UNCHANGED)
    assert isinstance(report.notices, tuple)
    moved, plain = read(tmp_path / "a.flac"), read(tmp_path / "b.flac")
    assert moved.shape == plain.shape
    assert np.abs(moved - plain).max() > 0.01
    found = read_passport(tmp_path / "a.flac")
    assert (found.seed, found.settings["sliders"], found.settings["novelty"]) == (9, {"brightness": 6.0}, 0.3)


def test_a_slider_that_the_model_has_not_is_refused_before_anything_is_made(tmp_path, recordings):
    asked = GenerateSettings(sliders={"discovered 9": 3.0})
    with pytest.raises(ParameterError, match="discovered 9"):
        reconstruct("sax", [recordings], tmp_path / "out", settings=asked)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("other", [{"width": 3.0}, {"density": 5.0}, {"at": (0.1, 0.2)}, {"loop": True}])
def test_what_a_recording_brings_itself_cannot_be_asked_for(tmp_path, recordings, other: dict):
    with pytest.raises(ParameterError, match=f"{next(iter(other))}: a recording brings its own"):
        reconstruct("sax", [recordings], tmp_path / "out", settings=GenerateSettings(**other))
    assert not (tmp_path / "out").exists()


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
