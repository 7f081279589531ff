import hashlib
import json
import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import netCDF4
import pytest
import soundfile
from small_corpus import tone

from engine.errors import ExportError, LibraryError, ModelError, ParameterError
from engine.export.loop import Loop
from engine.export.tagging import read_loop, read_tags
from engine.export.tags import Tags
from engine.settings import ExportSettings, GenerateSettings, TagSettings
from engine.spatial.hrtf import KEMAR_SOFA
from engine.studio.batch import batch
from engine.studio.delivery import Delivery
from engine.studio.history import delete_output, find_output, list_outputs, locate_output, star_output
from engine.studio.identity import identify
from engine.studio.models import delete_model, find_model, label_model
from engine.studio.passport import FORMAT, passport_to_tags, read_passport
from engine.studio.reconstruct import reconstruct
from engine.studio.render import generate
from engine.studio.replay import replay_output, replay_passport

pytestmark = pytest.mark.usefixtures("library")
SETTINGS = GenerateSettings(duration=0.4, source=1.0, seed=5, density=3.0, device="cpu")
FORMATS = ["a.wav", "a.flac", "a.ogg", "a.opus", "a.mp3"]


def make(path: Path, settings: GenerateSettings = SETTINGS, **delivery) -> str:
    (file,) = generate("sax", path, settings, delivery=Delivery(**delivery)).files
    return file.history


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_carries_all_that_made_it_under_any_name(tmp_path, name: str):
    label_model("sax", licence="my own, CC BY 4.0")
    make(tmp_path / name, tags=TagSettings(artist="Ä", title="T"))
    shutil.move(tmp_path / name, tmp_path / "renamed")
    found = identify(tmp_path / "renamed")
    assert (found.intact, found.model_state, found.notes) == (True, "same", ())
    passport = found.passport
    assert (passport.model, passport.model_name) == (find_model("sax").id, "sax")
    assert (passport.seed, passport.settings["density"], passport.licence) == (5, 3.0, "my own, CC BY 4.0")
    assert passport.seconds == pytest.approx(0.4, abs=1e-3)
    assert len({passport.model_fingerprint, passport.dataset_fingerprint, passport.fingerprint}) == 3
    assert find_output(found.history).fingerprint == passport.fingerprint
    tags = read_tags(tmp_path / "renamed")
    assert (tags.artist, tags.title, tags.model, tags.seed) == ("Ä", "T", "sax", 5)
    assert json.loads(json.dumps(found.to_dict()))["settings"] == passport.settings


def test_a_passport_tells_nothing_of_the_persons_computer(tmp_path, recordings):
    make(tmp_path / "a.wav")
    text = read_tags(tmp_path / "a.wav").passport
    assert str(tmp_path) not in text
    assert str(recordings) not in text


@pytest.mark.parametrize("name", FORMATS)
def test_a_replay_has_the_same_samples(tmp_path, name: str):
    export = ExportSettings(loudness=-20.0, fade_out=0.1)
    history = make(tmp_path / name, export=export, tags=TagSettings(artist="Ä"))
    again = replay_output(history)
    assert Path(again.file.path) == tmp_path / f"a-replay{Path(name).suffix}"
    third = replay_passport(tmp_path / name, tmp_path / f"third{Path(name).suffix}")
    assert (again.same, third.same) == (True, True)
    assert read_tags(tmp_path / third.file.path).artist == "Ä"
    if Path(name).suffix not in (".ogg", ".opus"):  # whose streams have random numbers
        assert Path(again.file.path).read_bytes() == Path(third.file.path).read_bytes()
        assert Path(again.file.path).read_bytes() == (tmp_path / name).read_bytes()


def test_an_old_passport_is_replayed_as_sliders_were_when_they_kept_nothing(tmp_path, monkeypatch):
    old = SETTINGS.model_copy(update={"keep": "nothing", "sliders": {"brightness": 8.0}})
    make(tmp_path / "a.wav", old)
    found = read_passport(tmp_path / "a.wav")
    assert found.settings["keep"] == "nothing"
    younger = {key: value for key, value in found.settings.items() if key != "keep"}
    asked: list[GenerateSettings] = []
    monkeypatch.setattr(
        "engine.studio.replay.generate", lambda *given, **named: asked.append(given[2]) or generate(*given, **named)
    )
    monkeypatch.setattr("engine.studio.replay.read_passport", lambda _: replace(found, settings=younger))
    assert replay_passport(tmp_path / "a.wav", tmp_path / "b.wav").same is True
    assert asked[0].keep == "nothing"


def test_a_replay_with_another_hrtf_of_the_same_name_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = Path(shutil.copyfile(str(files("engine.spatial") / KEMAR_SOFA), "own.sofa"))
    settings = SETTINGS.model_copy(update={"channels": "binaural", "hrtf": own, "loop": True})
    history = make(tmp_path / "a.wav", settings)
    assert read_passport(tmp_path / "a.wav").hrtf_fingerprint == hashlib.sha256(own.read_bytes()).hexdigest()
    assert read_loop(tmp_path / "a.wav") == Loop(0, 19_200)
    assert (replay_output(history).same, replay_passport(tmp_path / "a.wav").same) == (True, True)
    with netCDF4.Dataset(own, "r+") as file:
        file["Data.IR"][:] = file["Data.IR"][:, ::-1]
    for again in (replay_output(history), replay_passport(tmp_path / "a.wav")):
        assert again.same is False
        assert "the HRTF file own.sofa here is another one" in again.notes[-1]
    assert "another one" in replay_passport(tmp_path / "a.wav", tmp_path / "other.flac").notes[-1]
    own.unlink()
    with pytest.raises(ParameterError, match=r"made with the HRTF file own\.sofa, which is not in .*: put it there"):
        replay_output(history)


def test_a_replay_goes_where_the_missing_file_was(tmp_path):
    history = make(tmp_path / "a.wav")
    before = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").unlink()
    assert find_output(history).missing
    replay_output(history)
    assert (tmp_path / "a.wav").read_bytes() == before
    assert not find_output(history).missing


def test_a_replay_in_another_format_is_not_compared(tmp_path):
    again = replay_output(make(tmp_path / "a.wav"), tmp_path / "b.mp3")
    assert again.same is None
    assert again.notes == ("it was not compared with the original, which is WAV",)
    with pytest.raises(ExportError, match="exists already"):
        replay_passport(tmp_path / "a.wav", tmp_path / "b.mp3")


def test_a_sound_that_was_changed_is_told_from_its_passport(tmp_path):
    make(tmp_path / "a.wav")
    content = bytearray((tmp_path / "a.wav").read_bytes())
    content[content.index(b"data") + 2_000] ^= 1
    (tmp_path / "a.wav").write_bytes(content)
    found = identify(tmp_path / "a.wav")
    assert not found.intact
    assert "the sound was changed" in found.notes[0]


def test_of_a_lossy_file_it_is_said_that_another_decoder_may_be_the_reason(tmp_path):
    make(tmp_path / "a.mp3")
    content = (tmp_path / "a.mp3").read_bytes()
    (tmp_path / "a.mp3").write_bytes(content[:-960])
    found = identify(tmp_path / "a.mp3")
    assert not found.intact
    assert "another decoder" in found.notes[0]


def test_what_became_of_the_model_is_said(tmp_path):
    history = make(tmp_path / "a.wav")
    entry = find_model("sax")
    delete_model("sax")
    assert identify(tmp_path / "a.wav").model_state == "deleted"
    with pytest.raises(ModelError, match="in the trash"):
        replay_output(history)
    shutil.rmtree(entry.path.parents[1] / "trash")
    assert identify(tmp_path / "a.wav").model_state in ("unknown", "damaged")


def test_a_model_that_is_not_here_is_named_with_the_way_out(tmp_path, monkeypatch):
    make(tmp_path / "a.wav")
    monkeypatch.setenv("SDA_HOME", str(tmp_path / "elsewhere"))
    found = identify(tmp_path / "a.wav")
    assert (found.intact, found.model_state, found.history) == (True, "unknown", None)
    with pytest.raises(ModelError, match=r"model 'sax' \(version 1, id .*\).* not in your library.*sda models import"):
        replay_passport(tmp_path / "a.wav", tmp_path / "b.wav")


def test_a_model_with_other_weights_is_noticed_and_its_replay_differs(tmp_path):
    make(tmp_path / "a.wav", SETTINGS.model_copy(update={"source": 0.0}))
    weights = find_model("sax").path / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    for at in range(len(content) - 20_000, len(content), 4):
        content[at + 2] ^= 0x40
    weights.write_bytes(content)
    assert identify(tmp_path / "a.wav").model_state == "changed"
    again = replay_passport(tmp_path / "a.wav", tmp_path / "b.wav")
    assert again.same is False
    assert again.notes[-1] == "the samples are not those of the original: model 'sax' is not as it was"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "passport_missing", "carries no passport"),
        ("{", "passport_damaged", "damaged"),
        ("[1]", "passport_damaged", "damaged"),
        (json.dumps({"format": FORMAT + 1}), "passport_newer", "newer version"),
        (json.dumps({"format": 1, "model": "../x"}), "passport_damaged", "damaged"),
        ("[" * 50 + "]" * 50, "passport_damaged", "nested too deep"),
        ("[" * 100_000, "passport_damaged", "damaged"),
    ],
)
def test_a_passport_that_makes_no_sense_is_one_line(tmp_path, text: str, code: str, said: str):
    from engine.export.master import write_sound

    write_sound([tone(300, 0.1)[:, None].astype("float32")], tmp_path / "a.wav", tags=Tags(passport=text))
    with pytest.raises(ExportError, match=said) as caught:
        read_passport(tmp_path / "a.wav")
    assert caught.value.code == code
    assert "\n" not in caught.value.message


def test_a_file_of_another_program_has_no_passport(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(300, 0.1), 48_000)
    with pytest.raises(ExportError, match="carries no passport"):
        identify(tmp_path / "a.wav")
    with pytest.raises(ExportError, match="cannot be read"):
        identify(tmp_path / "none.wav")


def test_every_output_of_generate_and_batch_is_in_the_history(tmp_path):
    generate("sax", tmp_path / "a.wav", SETTINGS, count=2)
    (tmp_path / "jobs.jsonl").write_text(
        json.dumps({"model": "sax", "file": "b.flac", "duration": 0.2, "seed": 9, "bit_depth": 16, "title": "B"}),
        "utf-8",
    )
    report = batch(tmp_path / "jobs.jsonl", tmp_path)
    assert [failed.reason for failed in report.failed] == []
    entries = list_outputs().entries
    assert [Path(entry.file).name for entry in entries] == ["b.flac", "a-02.wav", "a-01.wav"]
    assert [entry.seed for entry in entries] == [9, 6, 5]
    assert entries[0].id == report.files[0].history
    assert entries[0].settings["export"]["bit_depth"] == "16"
    assert read_tags(tmp_path / "b.flac").title == "B"
    assert soundfile.info(tmp_path / "b.flac").subtype == "PCM_16"
    assert [entry.id for entry in list_outputs("b.flac", model="SAX").entries] == [entries[0].id]


def test_a_history_that_cannot_be_written_costs_no_output(tmp_path, data_home):
    (data_home / "history").write_text("a file where the folder should be")
    (file,) = generate("sax", tmp_path / "a.wav", SETTINGS).files
    assert file.history is None
    assert file.notes[0].startswith("it is not in the history: ")
    assert identify_without_history(tmp_path / "a.wav")


def identify_without_history(path: Path) -> bool:
    return bool(read_passport(path).fingerprint)


def test_a_moved_file_is_found_again_only_if_it_is_the_same_sound(tmp_path):
    history = make(tmp_path / "a.wav")
    make(tmp_path / "b.wav", SETTINGS.model_copy(update={"seed": 6}))
    (tmp_path / "a.wav").rename(tmp_path / "moved.wav")
    with pytest.raises(LibraryError, match="another sound"):
        locate_output(history, tmp_path / "b.wav")
    with pytest.raises(LibraryError, match="cannot be read"):
        locate_output(history, tmp_path / "none.wav")
    assert locate_output(history, tmp_path / "moved.wav").file == str(tmp_path / "moved.wav")
    star_output(history)
    assert [entry.id for entry in list_outputs(starred=True).entries] == [history]
    delete_output(history)
    assert list_outputs(starred=True).entries == ()


def test_a_recording_heard_by_a_model_says_so_and_is_no_output(tmp_path):
    soundfile.write(tmp_path / "in.wav", tone(500, 0.3), 48_000)
    delivery = Delivery(ExportSettings(format="flac", remove_dc=False))
    reconstruct("sax", [tmp_path / "in.wav"], tmp_path / "out", delivery=delivery)
    found = identify(tmp_path / "out" / "in.flac")
    assert (found.passport.kind, found.passport.settings["recording"]) == ("reconstructed", "in.wav")
    assert list_outputs().entries == ()
    with pytest.raises(ParameterError, match="sda reconstruct"):
        replay_passport(tmp_path / "out" / "in.flac", tmp_path / "b.wav")


def test_tags_are_those_of_the_person_and_of_the_passport(tmp_path):
    make(tmp_path / "a.wav")
    tags = passport_to_tags(read_passport(tmp_path / "a.wav"), TagSettings(album="Album"))
    assert (tags.album, tags.model, tags.seed) == ("Album", "sax", 5)
    assert tags.software.startswith("Small DataSet Audio ")
