import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from engine.dataset import corpus
from engine.dataset.gathering import write_corpus
from engine.library.entries import (
    RECORDINGS_FILE,
    ModelEntry,
    Parent,
    entry_to_record,
    folder_size_bytes,
    folder_to_entry,
    new_id,
    record_to_entry,
    recording_names,
)

SAX = ModelEntry("a1", "säx", "2026-11-22T20:00:00+00:00", "a1", 32, 96.5, 2, {"steps": 900, "device": "cpu"}, 1_000)


def test_an_entry_survives_its_record_and_json():
    deleted = replace(SAX, deleted="2026-11-23T00:00:00+00:00")
    for entry in (SAX, deleted):
        assert record_to_entry(json.loads(json.dumps(entry_to_record(entry)))) == entry


def test_a_problem_is_not_recorded():
    assert record_to_entry(entry_to_record(replace(SAX, problem="its folder is missing"))) == SAX


def test_fields_of_a_later_version_are_passed_over():
    assert record_to_entry({**entry_to_record(SAX), "colour": "red"}) == SAX


@pytest.mark.parametrize(
    ("field", "value"),
    [("id", "../a"), ("id", ""), ("id", None), ("folder", "../../etc"), ("folder", "/etc"), ("folder", ".."),
     ("folder", "a\\b"), ("folder", "C:"), ("folder", ""), ("files", -1), ("files", "32"), ("seconds", float("nan")),
     ("name", 7), ("training", []), ("size_bytes", 1.5)],
)  # fmt: skip
def test_a_record_with_a_wrong_value_is_refused_in_one_line_that_names_it(field: str, value: object):
    with pytest.raises(ValueError, match=f"^{field}: ") as caught:
        record_to_entry({**entry_to_record(SAX), field: value})
    assert "\n" not in str(caught.value)


@given(st.text(max_size=30))
def test_no_accepted_folder_leaves_the_models_folder(folder: str):
    try:
        entry = record_to_entry({**entry_to_record(SAX), "folder": folder})
    except ValueError:
        return
    assert (Path("/models") / entry.folder).resolve().parent == Path("/models")


def write_model_json(folder: Path, content: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.json").write_text(content if isinstance(content, str) else json.dumps(content))


def test_a_folder_describes_itself(tmp_path: Path):
    folder = tmp_path / "a1"
    described = {"format": 1, "id": "a1", "name": "sax", "files": 3, "seconds": 4.5, "channels": 2, "vae": {"width": 8}}
    write_model_json(folder, described)
    (folder / "weights").write_bytes(bytes(1000))
    entry = folder_to_entry(folder)
    assert (entry.id, entry.name, entry.folder, entry.files, entry.seconds, entry.channels) == (
        "a1", "sax", "a1", 3, 4.5, 2,
    )  # fmt: skip
    assert entry.size_bytes == folder_size_bytes(folder) == 1000 + (folder / "model.json").stat().st_size


def test_senseless_details_of_a_folder_do_not_lose_the_model(tmp_path: Path):
    write_model_json(tmp_path / "a1", {"format": 1, "id": "a1", "name": "sax", "files": ["a.wav"], "seconds": "long"})
    entry = folder_to_entry(tmp_path / "a1")
    assert (entry.id, entry.name, entry.files, entry.seconds) == ("a1", "sax", 0, 0.0)


def test_a_senseless_detail_does_not_lose_the_others(tmp_path: Path):
    deep = json.loads('{"a":' * 300 + "1" + "}" * 300)
    described = {"format": 1, "id": "a1", "name": "sax", "files": 3, "seconds": -1.0, "version": 0, "training": deep}
    write_model_json(tmp_path / "a1", {**described, "report": ["good"], "parents": [{"id": "b2", "weight": 2}]})
    entry = folder_to_entry(tmp_path / "a1")
    assert (entry.files, entry.seconds, entry.version, entry.training) == (3, 0.0, 1, {})
    assert (entry.report, entry.parents) == (("good",), ())


def test_lineage_and_report_are_read_from_the_folder(tmp_path: Path):
    described = {"format": 1, "id": "a2", "name": "sax", "version": 2, "family": "a1", "synthetic_seconds": 3.5}
    parents = [{"id": "a1", "weight": 0.75}, {"id": "b1", "weight": 0.25}]
    write_model_json(tmp_path / "a2", {**described, "parents": parents, "report": ["good", "long"]})
    entry = folder_to_entry(tmp_path / "a2")
    assert (entry.version, entry.family, entry.synthetic_seconds, entry.report) == (2, "a1", 3.5, ("good", "long"))
    assert entry.parents == (Parent("a1", 0.75), Parent("b1", 0.25))
    assert record_to_entry(json.loads(json.dumps(entry_to_record(entry)))) == entry


def test_the_recordings_are_read_as_a_corpus_lists_them(tmp_path: Path):
    write_model_json(tmp_path / "a1", {"format": 1, "id": "a1", "name": "sax"})
    soundfile.write(tmp_path / "Höhe.wav", np.zeros(4800), 48_000)
    write_corpus(tmp_path / "a1", [("takes/Höhe.wav", tmp_path / "Höhe.wav")], channels=1)
    assert folder_to_entry(tmp_path / "a1").recordings == ("takes/Höhe.wav",)
    assert RECORDINGS_FILE == corpus.RECORDINGS_FILE
    for content in ("", "[]", '{"recordings": 3}', '{"recordings": [{"n": 1}]}', "[" * 200_000):
        (tmp_path / "a1" / RECORDINGS_FILE).write_text(content)
        assert recording_names(tmp_path / "a1") == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [("", "Expecting value"), ("{", "Expecting property name"), ("[]", "no format number"), ("[" * 200_000, "too deep"),
     ({}, "no format number"), ({"format": "1", "id": "a1", "name": "sax"}, "no format number"),
     ({"id": "a1", "name": "sax"}, "no format number"), ({"format": 1, "name": "sax"}, "^id: "),
     ({"format": 1, "id": "a/b", "name": "sax"}, "^id: "), ({"format": 1, "id": "a1"}, "^name: ")],
)  # fmt: skip
def test_a_damaged_or_foreign_folder_is_refused(tmp_path: Path, content: object, reason: str):
    write_model_json(tmp_path / "a1", content)
    with pytest.raises(ValueError, match=reason):
        folder_to_entry(tmp_path / "a1")


def test_ids_differ_and_are_valid():
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    for found in ids:
        assert record_to_entry({**entry_to_record(SAX), "id": found}).id == found
