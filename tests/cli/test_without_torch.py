"""To load torch takes seconds: looking at things, and mistakes, do without it. Real commands in an own process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_corpus import make_corpus, noise, struck, write_sounds
from small_network import small_vae

from engine.latent.space import listen, save_space
from engine.settings import GenerateSettings
from engine.studio.delivery import Delivery, deliver
from engine.studio.models import find_model
from engine.studio.origin import describe_origin

ROOT = Path(__file__).parents[2]
PROGRAM = """
import contextlib, io, json, sys
from engine.cli.main import run
came = []
for line in json.loads(sys.argv[1]):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = run(line)
    came.append([" ".join(line), status, "torch" in sys.modules, said.getvalue()])
print(json.dumps(came))
"""
TOO_LONG = 300 * "x"
LOOKING = (
    "models list",
    "models show sax",
    "models export sax sax.sda",
    "models import sax.sda",
    "sliders sax",
    "map sax",
    "passport a.wav",
    "history list",
    "history show 1",
    "history compare 1 2",
    "history locate 1 a.wav",
    "presets list",
    "blend sax other=0.5 --name both",
)
MISTAKES = (
    "train nowhere",
    "train empty",
    "train takes --minutes 0",
    "train takes --leave-out nothing.wav",
    f"train takes --name {TOO_LONG}",
    "train --resume",
    "extend nobody takes",
    "extend sax nowhere",
    "extend sax takes --cap 0.9",
    "feedback nobody 1",
    "feedback sax 99",
    "generate nobody --out x.wav",
    "generate sax --out x.wav --set bright=5",
    "generate sax --out x.wav --set brightness=11",
    "generate sax --out x.wav --set discovered-99=1",
    "generate sax --out x.wav --density 0",
    "generate sax --out x.wav --count 0",
    "generate sax --out x.wav --loop --one-shot",
    "generate sax --out x.wav --channels binaural --hrtf nowhere.sofa",
    "generate sax --out x.wav --blend nobody=0.5",
    "generate sax --out x.wav --blend sax=0.5",
    "generate sax --out x.wav --preset nothing",
    "generate sax --out a.wav",
    "generate sax --out x.doc",
    "generate sax --out x.mp3 --bit-depth 24",
    "reconstruct nobody a.wav --out x.wav",
    "reconstruct sax a.wav --out a.wav",
    "reconstruct sax a.wav --out x.wav --source 2",
    "batch nowhere.jsonl --out sounds",
    "batch mistakes.jsonl --out sounds",
    "pack nobody --out pack",
    "pack sax --out takes",
    "pack sax --out pack --count 0",
    "sliders nobody",
    "map nobody",
    "passport takes/0.wav",
    "passport takes/0.wav --replay x.wav",
    "history replay 99",
    "history compare 1 99",
    "presets save one --set bright=5",
    "models show nobody",
    "models import a.wav",
    "inspect nowhere",
    "demo --minutes 0",
    "demo --out a.wav",
    f"demo --name {TOO_LONG}",
)


@pytest.fixture
def home(data_home: Path, tmp_path: Path) -> Path:
    """A data folder with two models, and a folder to work in with two outputs."""
    for key, name in (("0123456789ab", "sax"), ("ba9876543210", "other")):
        folder = data_home / "models" / key
        folder.mkdir(parents=True)
        space = listen(small_vae(), make_corpus(folder, struck(220, 0.6), noise(0.4)))
        save_space(folder, space, {"id": key, "name": name})
    for number, name in enumerate(("a.wav", "b.wav")):
        sound = [noise(0.5, seed=number)[:, None]]
        deliver(sound, tmp_path / name, GenerateSettings(), describe_origin(find_model("sax"), "cpu"), Delivery())
    (tmp_path / "takes").mkdir()
    (tmp_path / "empty").mkdir()
    write_sounds(tmp_path / "takes", struck(330, 0.3))
    lines = ({"model": "nobody", "file": "a.wav"}, {"model": "sax", "file": "b.wav", "sliders": {"discovered 99": 1}})
    (tmp_path / "mistakes.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return tmp_path


def run_each(lines: tuple[str, ...], folder: Path) -> list[tuple[str, int, bool, str]]:
    """Run command lines one after the other; return for each its status, whether torch is loaded, and its words."""
    program = [sys.executable, "-c", PROGRAM, json.dumps([line.split() for line in lines])]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(program, capture_output=True, text=True, check=True, cwd=folder, env=environment)
    return [tuple(came) for came in json.loads(done.stdout)]


def test_what_only_looks_does_without_torch(home: Path):
    came = run_each(LOOKING, home)
    assert [(line, said) for line, status, _, said in came if status != 0] == []
    assert [line for line, _, loaded, _ in came if loaded][:1] == []


def test_what_is_wrong_is_refused_without_torch(home: Path):
    came = run_each(MISTAKES, home)
    assert [(line, status, said) for line, status, _, said in came if status != 1] == []
    assert [line for line, _, loaded, _ in came if loaded][:1] == []
    assert "Traceback" not in "".join(said for *_, said in came)
    assert not list(home.glob("x.*"))


def test_the_test_sees_torch_where_it_is_loaded(home: Path):
    assert run_each(("generate sax --out x.wav --duration 0.2 --device cpu",), home)[0][1:3] == (0, True)
