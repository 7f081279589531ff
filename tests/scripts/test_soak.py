"""The long use, in short: SDA_SOAK_SECONDS makes it longer."""

import os
import random

import pytest
import soak
from quick_training import make_quick
from soak import FEWEST_LOOKS, MOST_GROWTH_MB, Look, Soak

from engine.settings import TrainSettings
from engine.studio.history import delete_output, list_outputs

SECONDS = float(os.environ.get("SDA_SOAK_SECONDS", "0"))


@pytest.fixture(scope="module")
def used(tmp_path_factory) -> Soak:
    """A short use of a small model; its library stays as it was left."""
    folder = tmp_path_factory.mktemp("soak")
    (folder / "files").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        make_quick(patch)
        patch.setenv("SDA_HOME", str(folder / "home"))
        patch.setattr(soak, "TrainSettings", lambda **_: TrainSettings(steps=4, device="cpu", measure=False))
        made = Soak(folder / "files", soak.prepare(folder, 0.1), random.Random(1), longest=1.0)
        made.use(SECONDS)
    return made


@pytest.fixture(autouse=True)
def library(used: Soak, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDA_HOME", str(used.folder.parent / "home"))


def test_everything_was_done_and_nothing_is_wrong(used: Soak, capsys: pytest.CaptureFixture[str]):
    assert set(used.done) == {"render", "blend", "pack", "replay", "export"}
    assert used.findings() == []
    assert f"{len(used.made)} outputs were made" in capsys.readouterr().out


def test_a_file_that_was_left_behind_is_found(used: Soak):
    left = [used.folder / ".0123.part", used.folder.parent / "home" / "history" / "0.json.new"]
    for path in left:
        path.touch()
    assert used.findings() == [f"left behind: {path}" for path in left]
    for path in left:
        path.unlink()


def test_memory_that_grows_is_found(used: Soak, monkeypatch: pytest.MonkeyPatch):
    def looks(growth_mb: float, files: int = 0) -> list[Look]:
        return [Look(at, 500.0 + growth_mb * at / 20, 10 + files * at, 4) for at in range(3 * FEWEST_LOOKS)]

    for growth_mb, files, said in ((0.0, 0, 0), (3 * MOST_GROWTH_MB, 0, 1), (0.0, 1, 1)):
        monkeypatch.setattr(used, "looks", looks(growth_mb, files))
        assert len(used.findings()) == said


def test_a_history_that_lost_an_output_is_found(used: Soak):
    delete_output(list_outputs().entries[0].id)
    assert used.findings() == ["the history is not what was made, in this order"]


def test_the_script_says_how_it_is_used(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        soak.main(["--help"])
    assert "--minutes" in capsys.readouterr().out
