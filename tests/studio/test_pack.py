import errno
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.audio.files import read
from engine.audio.loudness import loudness_lufs
from engine.audio.true_peak import true_peak_db
from engine.checking import checked
from engine.errors import ExportError, ModelError, ParameterError
from engine.settings import ExportSettings, GenerateSettings, PackSettings, TagSettings
from engine.studio import variations
from engine.studio.delivery import Delivery
from engine.studio.history import list_outputs
from engine.studio.identity import identify
from engine.studio.models import find_model, label_model
from engine.studio.pack import make_pack
from engine.studio.replay import replay_passport
from engine.studio.variations import plan_variations, usable_sliders

pytestmark = pytest.mark.usefixtures("library")
SETTINGS = PackSettings(count=10, longest=0.4, device="cpu")
PLAIN = Delivery()


def test_a_pack_is_named_trimmed_equally_loud_and_mapped(tmp_path):
    label_model("sax", name="sax: dry", licence="mine")
    told: list[float] = []
    report = make_pack("sax: dry", tmp_path / "pack", SETTINGS, delivery=PLAIN, on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    names = [sample.file for sample in report.samples]
    assert names[0] == "sax- dry 01 novelty 0.00.wav"
    assert names[-1].startswith("sax- dry 10 source ")
    for name in names:
        sound = read(tmp_path / "pack" / name)
        assert 0 < len(sound) <= 0.4 * 48_000
        assert np.abs(sound[-1]).max() < 1e-3
        assert true_peak_db(sound) <= -0.99
        assert loudness_lufs(sound) == pytest.approx(report.loudness_lufs, abs=0.15)
    others = {path.name for path in (tmp_path / "pack").iterdir()} - set(names)
    tuned = {"sax- dry tuned.sfz"} if any(sample.pitch_hz for sample in report.samples) else set()
    assert others == {"LICENCE.txt", "pack.json", "contact sheet.png", "sax- dry keys.sfz", *tuned}
    mapped = (tmp_path / "pack" / "sax- dry keys.sfz").read_text("utf-8")
    assert all(f"sample={name} key=" in mapped for name in names)
    assert "mine" in (tmp_path / "pack" / "LICENCE.txt").read_text("utf-8")
    described = json.loads((tmp_path / "pack" / "pack.json").read_text("utf-8"))
    assert [sample["file"] for sample in described["samples"]] == names
    assert described["licence"] == "mine"
    assert str(tmp_path) not in json.dumps(described)
    assert json.loads(json.dumps(report.to_dict()))["folder"] == str(tmp_path / "pack")


def test_each_sample_carries_its_passport_and_the_history_is_not_flooded(tmp_path):
    report = make_pack("sax", tmp_path / "pack", PackSettings(count=2, device="cpu"), delivery=PLAIN)
    found = identify(tmp_path / "pack" / report.samples[1].file)
    assert (found.intact, found.passport.kind, found.passport.seed) == (True, "packed", 1)
    assert found.passport.settings["novelty"] == 1.0
    assert list_outputs().entries == ()
    again = replay_passport(tmp_path / "pack" / report.samples[1].file, tmp_path / "whole.wav")
    assert again.same is None
    assert "trimmed and levelled" in again.notes[-1]


def test_the_same_seed_makes_the_same_pack(tmp_path):
    packs = [make_pack("sax", tmp_path / name, SETTINGS, delivery=PLAIN) for name in ("a", "b")]
    files = [sorted((tmp_path / name).iterdir()) for name in ("a", "b")]
    assert [path.name for path in files[0]] == [path.name for path in files[1]]
    assert all(a.read_bytes() == b.read_bytes() for a, b in zip(*files, strict=True))
    assert packs[0].loudness_lufs == packs[1].loudness_lufs


def test_format_loudness_and_tags_can_be_asked_for(tmp_path):
    delivery = Delivery(ExportSettings(format="flac", loudness=-30.0, bit_depth="16"), TagSettings(album="Pack"))
    report = make_pack("sax", tmp_path / "pack", PackSettings(count=3, device="cpu"), delivery=delivery)
    assert report.loudness_lufs == -30.0
    for sample in report.samples:
        assert soundfile.info(tmp_path / "pack" / sample.file).subtype == "PCM_16"
        assert loudness_lufs(read(tmp_path / "pack" / sample.file)) == pytest.approx(-30.0, abs=0.3)


def test_a_folder_that_holds_something_is_only_used_when_that_was_asked_for(tmp_path):
    (tmp_path / "notes.txt").write_text("precious", "utf-8")
    with pytest.raises(ExportError, match="not empty"):
        make_pack("sax", tmp_path, SETTINGS, delivery=PLAIN)
    with pytest.raises(ModelError, match="no model"):
        make_pack("none", tmp_path / "pack", SETTINGS, delivery=PLAIN)
    assert not (tmp_path / "pack").exists()
    make_pack("sax", tmp_path, PackSettings(count=1, device="cpu"), delivery=Delivery(force=True))
    assert (tmp_path / "notes.txt").read_text("utf-8") == "precious"


def test_a_pack_of_silence_is_not_made(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.studio.opening.Opened.render", lambda *_: iter([np.zeros((4_800, 1), np.float32)]))
    with pytest.raises(ExportError, match="all samples are silent"):
        make_pack("sax", tmp_path / "pack", SETTINGS, delivery=PLAIN)


def test_a_pack_that_cannot_be_finished_leaves_nothing(tmp_path, monkeypatch):
    def full(path, _content):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr("engine.studio.pack.write_durably", full)
    with pytest.raises(ExportError, match=r"pack cannot be written: the disk is full; free some space"):
        make_pack("sax", tmp_path / "pack", SETTINGS, delivery=PLAIN)
    assert [path.name for path in tmp_path.iterdir()] == ["sda-home"]


@pytest.mark.parametrize(("name", "message"), [("a:b", "such as a-b"), ("n" * 300, "the name is too long")])
def test_a_name_that_cannot_be_is_refused_before_anything_is_made(tmp_path, monkeypatch, name: str, message: str):
    monkeypatch.setattr("engine.studio.opening.Opened.render", lambda *_: pytest.fail("work began"))
    with pytest.raises(ExportError, match=message):
        make_pack("sax", tmp_path / name, SETTINGS, delivery=PLAIN)


def test_a_sample_with_a_sharp_peak_lowers_the_pack_rather_than_losing_its_edge(tmp_path, monkeypatch):
    tone = 0.2 * np.sin(np.arange(24_000) * 0.05).astype(np.float32)[:, None]
    sharp = 0.1 * tone
    sharp[100] = 0.9
    sounds = iter([sharp, *[tone] * 9])
    monkeypatch.setattr("engine.studio.opening.Opened.render", lambda *_: iter([next(sounds)]))
    report = make_pack("sax", tmp_path / "pack", PackSettings(count=10, device="cpu"), delivery=PLAIN)
    heard = [loudness_lufs(read(tmp_path / "pack" / sample.file)) for sample in report.samples]
    assert heard == pytest.approx([report.loudness_lufs] * 10, abs=0.15)
    assert not report.notes


def test_the_plan_goes_along_one_slider_a_row_and_every_row_has_a_seed():
    plan = plan_variations(20, 7)
    assert [variation.settings["seed"] for variation in plan] == [7] * 8 + [8] * 8 + [9] * 4
    assert [variation.settings.get("novelty") for variation in plan[:8]] == [
        0.0,
        0.14,
        0.29,
        0.43,
        0.57,
        0.71,
        0.86,
        1.0,
    ]
    assert plan[8].name == "source 1.00"
    assert [variation.settings["novelty"] for variation in plan[16:]] == [0.0, 0.33, 0.67, 1.0]
    assert all(checked(GenerateSettings, variation.settings).one_shot for variation in plan)
    assert len({variation.name + str(variation.settings["seed"]) for variation in plan}) == 20


def test_a_plan_has_rows_for_the_sliders_of_a_model():
    plan = plan_variations(32, 1, ("brightness", "motion"))
    assert plan[16].settings == {"one_shot": True, "seed": 3, "sliders": {"brightness": -10.0}}
    assert (plan[16].name, plan[31].name) == ("brightness -10.0", "motion +10.0")


def test_only_sliders_that_do_something_are_used(monkeypatch):
    folder = find_model("sax").path
    states = {"brightness": "certified", "warmth": "weak", "tension": "off", "motion": "unmeasured"}
    certificate = json.dumps({"sliders": {name: {"state": state} for name, state in states.items()}})
    monkeypatch.setattr(variations, "GenerateSettings", WithSliders)
    assert usable_sliders(folder) == ()
    (folder / "certificate.json").write_text(certificate, "utf-8")
    assert usable_sliders(folder) == ("brightness", "warmth")
    (folder / "certificate.json").write_text("{", "utf-8")
    assert usable_sliders(folder) == ()


class WithSliders:
    model_fields = {"sliders": None}  # noqa: RUF012 - stands in for settings


@pytest.mark.parametrize("count", [0, 129])
def test_a_pack_has_as_many_samples_as_a_sampler_has_keys(count: int):
    with pytest.raises(ParameterError, match=r"count = .*from 1 to 128"):
        checked(PackSettings, {"count": count})


def test_files_are_found_beside_their_map(tmp_path):
    report = make_pack("sax", tmp_path / "a" / "pack", PackSettings(count=2, device="cpu"), delivery=PLAIN)
    assert all((Path(report.folder) / sample.file).is_file() for sample in report.samples)
