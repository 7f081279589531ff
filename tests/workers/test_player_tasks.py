"""What the player does, in this process: each task is the use case of the command line, told and stopped as the window
wants it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from engine.errors import Cancelled, EngineError, ExportError, ParameterError
from engine.export.tagging import read_tags
from engine.paths import exports_folder, outputs_folder
from engine.studio.history import list_outputs
from engine.studio.models import delete_model, find_model, list_models
from engine.studio.set_contents import recording_id
from engine.studio.sets import create_set
from engine.workers import looking, making
from engine.workers.assignment import Assignment
from engine.workers.messages import Head, Message, Progress, Request, Samples
from engine.workers.opened import OPENER

SETTINGS = {"duration": 0.6, "density": 4.0, "seed": 7, "device": "cpu"}


class Desk:
    """Keeps what a task sends."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def assign(self, task: str, **values: Any) -> Assignment:
        return Assignment(Request(1, task, values), self.sent.append)

    @property
    def told(self) -> list[dict[str, Any]]:
        return [dict(message.values) for message in self.sent if isinstance(message, Progress)]

    @property
    def head(self) -> dict[str, Any]:
        return next(dict(message.values) for message in self.sent if isinstance(message, Head))

    @property
    def sound(self) -> np.ndarray:
        data = b"".join(message.payload for message in self.sent if isinstance(message, Samples))
        return np.frombuffer(data, "<f4").reshape(-1, self.head["channels"])


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture(autouse=True)
def fresh_opener() -> None:
    OPENER.__init__("cpu")  # type: ignore[misc] # each test has a library of its own


def test_a_render_is_written_kept_and_heard_while_it_is_made(library: Path, desk: Desk):  # noqa: ARG001
    made = making.render_outputs(desk.assign("render", model="sax", settings=SETTINGS, tags={"title": "Dusk"}))
    (file,) = made["files"]
    written, rate = soundfile.read(file["path"], dtype="float32", always_2d=True)
    assert Path(file["path"]).parent == outputs_folder()
    assert (desk.head["first"], desk.head["samples"], rate) == (0, len(written), 48_000)
    assert len(desk.sound) == len(written)
    settled = desk.sound - desk.sound.mean(), written - written.mean()
    assert (
        np.corrcoef(settled[0][:, 0], settled[1][:, 0])[0, 1] > 0.999
    )  # but for what stands still, taken out of files
    assert read_tags(Path(file["path"])).title == "Dusk"
    assert [entry.id for entry in list_outputs().entries] == [file["history"]]
    assert desk.told[-1]["share"] == pytest.approx(1.0)


def test_several_renders_have_seeds_that_go_up_and_names_of_their_own(library: Path, desk: Desk):  # noqa: ARG001
    made = making.render_outputs(desk.assign("render", model="sax", settings=SETTINGS, count=3))
    assert [file["seed"] for file in made["files"]] == [7, 8, 9]
    assert [Path(file["path"]).name for file in made["files"]] == ["sax 001.wav", "sax 002.wav", "sax 003.wav"]
    assert len(desk.sound) == round(0.6 * 48_000)


def test_a_render_that_is_stopped_leaves_nothing(library: Path, desk: Desk):  # noqa: ARG001
    assignment = desk.assign("render", model="sax", settings={**SETTINGS, "duration": 60.0})
    send = assignment._send

    def stop_soon(message: Message) -> None:
        send(message)
        if isinstance(message, Samples):
            assignment.stop()

    assignment._send = stop_soon  # type: ignore[method-assign]
    with pytest.raises(Cancelled):
        making.render_outputs(assignment)
    assert not list(outputs_folder().glob("*.wav"))
    assert list_outputs().entries == ()


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"settings": {"duration": 0}}, "duration"),
        ({"count": 0}, "count"),
        ({"export": {"format": "tape"}}, "format"),
        ({"model": "nobody"}, "nobody"),
    ],
)
def test_a_render_that_cannot_be_is_refused(library: Path, desk: Desk, values: dict[str, Any], wrong: str):  # noqa: ARG001
    with pytest.raises(EngineError, match=wrong):
        making.render_outputs(desk.assign("render", **{"model": "sax", "settings": SETTINGS, **values}))


def test_an_export_goes_into_the_folder_that_is_named_and_never_over_another_file(library: Path, tmp_path: Path):  # noqa: ARG001
    (made,) = making.render_outputs(Desk().assign("render", model="sax", settings=SETTINGS))["files"]
    values = {"output": made["history"], "export": {"format": "flac"}, "folder": str(tmp_path), "name": "a/b:c"}
    paths = [Path(making.export_output(Desk().assign("export", **values))["files"][0]["path"]) for _ in range(2)]
    assert [path.parent for path in paths] == [tmp_path, tmp_path]
    assert [path.name for path in paths] == ["b_c.flac", "b_c 002.flac"]
    default = making.export_output(Desk().assign("export", output=made["history"]))
    assert Path(default["files"][0]["path"]).parent == exports_folder()


def test_an_output_is_made_again(library: Path):  # noqa: ARG001
    (made,) = making.render_outputs(Desk().assign("render", model="sax", settings=SETTINGS))["files"]
    again = making.replay_output(Desk().assign("replay", output=made["history"]))
    assert again["same"] is True


def test_a_pack_is_made_beside_others(library: Path, tmp_path: Path, desk: Desk):  # noqa: ARG001
    values = {"model": "sax", "settings": {"count": 2, "longest": 0.3, "device": "cpu"}, "folder": str(tmp_path)}
    assert making.make_pack(desk.assign("pack", **values))["samples"] == 2
    making.make_pack(desk.assign("pack", **values))
    assert sorted(folder.name for folder in tmp_path.glob("sax*")) == ["sax samples", "sax samples 002"]


def test_chosen_recordings_of_a_set_are_played_through_a_model_and_moved(library: Path, recordings: Path, desk: Desk):  # noqa: ARG001
    data_set = create_set("mine", recordings)
    paths = sorted(recordings.rglob("*.wav"))[:2]
    ids = [recording_id(path.relative_to(recordings).as_posix()) for path in paths]
    asked = {"model": "sax", "set": data_set.id, "recordings": ids, "folder": str(exports_folder())}
    plain, moved = (
        making.reconstruct_recordings(
            desk.assign("reconstruct", **asked, settings={"novelty": 0.0, **more}, export={"remove_dc": False})
        )
        for more in ({}, {"sliders": {"brightness": 6.0}})
    )
    assert Path(plain["folder"]).name == "sax reconstructed"
    assert Path(moved["folder"]).name == "sax reconstructed 002"
    for made in (plain, moved):
        assert [Path(one["path"]).relative_to(made["folder"]).stem for one in made["files"]] == [p.stem for p in paths]
    same, other = (soundfile.read(made["files"][0]["path"], dtype="float32")[0] for made in (plain, moved))
    original = soundfile.read(paths[0], dtype="float32")[0]
    assert np.abs(same - original)[4096:-4096].max() < 0.01 * np.abs(original).max()
    assert np.abs(other - original)[4096:-4096].max() > 0.1 * np.abs(original).max()
    shares = [told["share"] for told in desk.told if "share" in told]
    assert shares == [0.0, 0.0, 0.5, 0.5] * 2  # of each file before it, and before its only block


def test_a_reconstruction_that_is_stopped_writes_nothing_more(library: Path, recordings: Path, desk: Desk):  # noqa: ARG001
    asked = {"model": "sax", "set": create_set("mine", recordings).id, "recordings": [], "settings": {"novelty": 0.0}}
    assignment = desk.assign("reconstruct", **asked, folder=str(exports_folder()))
    assignment.stop()
    with pytest.raises(Cancelled, match="nothing was made"):
        making.reconstruct_recordings(assignment)
    assert not list(exports_folder().rglob("*.wav"))


@pytest.mark.usefixtures("library")
def test_a_reconstruction_that_is_stopped_keeps_what_is_done_and_says_where(recordings: Path, desk: Desk):
    asked = {"model": "sax", "set": create_set("mine", recordings).id, "recordings": [], "settings": {"novelty": 0.0}}
    assignment = desk.assign("reconstruct", **asked, folder=str(exports_folder()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assignment, "should_stop", lambda: bool(list(exports_folder().rglob("*.wav"))))
        with pytest.raises(Cancelled, match=r"kept in .*sax reconstructed"):
            making.reconstruct_recordings(assignment)
    assert len(list(exports_folder().rglob("*.wav"))) == 1


def test_a_model_leaves_and_comes_back_as_one_file(library: Path, tmp_path: Path, desk: Desk):  # noqa: ARG001
    exported = making.export_to_file(desk.assign("export-model", model="sax", folder=str(tmp_path)))
    copy = tmp_path / "upload.sda"
    Path(exported["path"]).rename(copy)
    delete_model("sax")
    imported = making.import_from_file(desk.assign("import", path=str(copy)))
    assert find_model(imported["model"]).name == imported["name"]
    assert not copy.exists()


def test_a_model_goes_to_the_folder_for_exports_even_if_nothing_was_exported_before(library: Path, desk: Desk):  # noqa: ARG001
    assert not exports_folder().exists()
    exported = making.export_to_file(desk.assign("export-model", model="sax", folder=str(exports_folder())))
    assert Path(exported["path"]).parent == exports_folder()


def test_a_file_that_is_no_model_is_refused_and_removed(library: Path, tmp_path: Path, desk: Desk):  # noqa: ARG001
    upload = tmp_path / "upload.sda"
    upload.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(EngineError):
        making.import_from_file(desk.assign("import", path=str(upload)))
    assert not upload.exists()
    assert len(list_models()) == 1


def test_a_recording_is_heard_from_any_second(recordings: Path, desk: Desk):
    path = sorted(recordings.glob("*.wav"))[0]
    sound, _ = soundfile.read(path, dtype="float32", always_2d=True)
    looking.play_recording(desk.assign("recording", path=str(path), at=0.1))
    assert np.allclose(desk.sound, sound[4_800:], atol=1e-6)
    assert (desk.head["first"], desk.head["samples"]) == (4_800, len(sound) - 4_800)


def test_a_recording_is_seen(recordings: Path, desk: Desk):
    path = str(sorted(recordings.glob("*.wav"))[0])
    said, data = looking.draw_peaks(desk.assign("peaks", path=path, points=50))
    assert (said["points"], len(data)) == (50, 50 * 2 * 2)
    said, data = looking.draw_picture(desk.assign("picture", path=path, columns=40, rows=24))
    assert (said["columns"], said["rows"], len(data)) == (40, 24, 40 * 24)
    assert max(data) == 255


def test_what_made_a_file_is_read_by_its_real_name(library: Path, tmp_path: Path, desk: Desk):  # noqa: ARG001
    (made,) = making.render_outputs(Desk().assign("render", model="sax", settings=SETTINGS))["files"]
    found = looking.read_passport_of(desk.assign("passport", path=made["path"], name="mine.wav"))
    assert found["model"] == find_model("sax").id
    assert (found["seed"], found["unchanged"], found["history"]) == (7, True, made["history"])
    bare = tmp_path / "upload"
    soundfile.write(bare, np.zeros(4_800), 48_000, format="WAV")
    found = looking.read_passport_of(desk.assign("passport", path=str(bare), name="mine.wav"))
    assert found["passport"] is None
    assert found["notes"][0].startswith("mine.wav carries no passport")
    bare.write_bytes(b"nothing")
    with pytest.raises(ExportError, match=r"mine\.wav"):
        looking.read_passport_of(desk.assign("passport", path=str(bare), name="mine.wav"))


def test_a_fingerprint_is_that_of_the_history(library: Path, desk: Desk):  # noqa: ARG001
    (made,) = making.render_outputs(Desk().assign("render", model="sax", settings=SETTINGS))["files"]
    assert looking.read_fingerprint(desk.assign("fingerprint", path=made["path"])) == {
        "fingerprint": made["fingerprint"]
    }


def test_a_file_that_is_no_hrtf_is_refused(tmp_path: Path, desk: Desk):
    upload = tmp_path / "head.sofa"
    upload.write_bytes(b"nothing")
    with pytest.raises(ParameterError, match=r"^mine\.sofa: is no SOFA file"):
        looking.read_hrtf(desk.assign("hrtf", path=str(upload), name="mine.sofa"))


def test_names_of_files_are_safe_everywhere(tmp_path: Path):
    assert making.free_path(tmp_path, "../../etc/passwd", ".wav", numbered=False).parent == tmp_path
    assert making.free_path(tmp_path, "con", ".wav", numbered=False).name == "_con.wav"
    assert len(making.free_path(tmp_path, "ä" * 500, ".wav").name.encode()) < 255
    assert making.free_path(tmp_path, "sax 4.5", ".wav").name == "sax 4.5 001.wav"
