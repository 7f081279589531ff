"""A slider that nobody has thought of yet needs one line and one file: all else finds it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from small_corpus import make_corpus, noise, struck, tone
from small_network import small_vae

from engine.latent.space import listen, save_space

ROOT = Path(__file__).parents[1]
BEFORE = "\n)\nSLIDERS:"  # the end of the list
LINE = '    Slider("grain", "even", "grainy", "time", "swing of level within 25 ms", "dB", 1.0),'
FILE = '''
"""Grain, even to grainy: how far the level swings within 25 ms."""

import numpy as np

from engine.properties.property import Property, Request, Take
from engine.units import SAMPLE_RATE


def measure(samples):
    whole = len(samples) // 240 * 240
    level = 10 * np.log10((samples[:whole].reshape(-1, 240) ** 2).mean(1) + 1e-6)
    return float(np.abs(level[5:] - level[:-5]).mean())


def chop(take: Take, request: Request):
    closed = np.sin(2 * np.pi * 20.0 * np.arange(len(take.samples)) / SAMPLE_RATE) < 0
    gain = 1.0 - max(0.0, request.drive(take.seconds) / 10.0) * closed
    return (take.samples * gain[:, None]).astype(np.float32)


PROPERTY = Property(measure=measure, event=chop)
'''
PROGRAM = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from engine.generation.calibration.agenda import first_looks
from engine.generation.calibration.readings import Readings
from engine.generation.calibration.sweep import Sweep
from engine.generation.render import render
from engine.generation.renderer import prepare
from engine.latent.space import load_space
from engine.properties.describing import describe
from engine.settings import GenerateSettings
from engine.studio.models import find_model
from engine.studio.sliders import describe_sliders

renderer = prepare(load_space(find_model("old").path))
reach = renderer.space.chart.reach("grain")
made = []
for position in (0.0, 5.0, 10.0):
    settings = GenerateSettings(duration=1.5, density=3.0, seed=2, sliders={"grain": position})
    made.append(describe(np.concatenate(list(render(renderer, settings)))[:, 0])["grain"])
with ThreadPoolExecutor(1) as pool:
    sweep = Sweep(renderer, Readings(1.0), pool)
    sweep.take([look for look in first_looks(sweep.standing()) if look.name == "grain"])
    one = sweep.standing().sliders["grain"]
told = {slider.name: slider.state for slider in describe_sliders("old").sliders}
moments = renderer.space.chart.moments.values
print(json.dumps({
    "reach": [reach.low, reach.high], "made": made, "state": one.state, "told": told["grain"],
    "measured": int(np.isfinite(moments).all()), "columns": moments.shape[1], "low": one.range[0], "high": one.range[2],
}))
"""


def lay_out(tree: Path) -> None:
    """Copy the engine, and add a line and a file."""
    shutil.copytree(ROOT / "engine", tree / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    bank = tree / "engine" / "sliders.py"
    text = bank.read_text("utf-8")
    assert text.count(BEFORE) == 1
    bank.write_text(text.replace(BEFORE, f"\n{LINE}{BEFORE}"), "utf-8")
    (tree / "engine" / "properties" / "grain.py").write_text(FILE, "utf-8")


def test_a_line_and_a_file_make_a_slider_and_an_older_model_has_it(tmp_path):
    lay_out(tmp_path / "tree")
    folder = tmp_path / "home" / "models" / "0123456789ab"
    folder.mkdir(parents=True)
    space = listen(small_vae(), make_corpus(folder, struck(220, 0.6), tone(330, 1.2, 0.2), noise(1.0)))
    save_space(folder, space, {"id": folder.name, "name": "old"})
    environment = {**os.environ, "SDA_HOME": str(tmp_path / "home"), "PYTHONPATH": str(tmp_path / "tree")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["columns"] == len(space.chart.percentiles) + 1
    assert found["measured"]
    assert found["reach"][0] < found["reach"][1]
    assert found["made"][0] + 1.0 < found["made"][1] < found["made"][2] - 1.0
    assert found["told"] == "unmeasured"
    assert found["state"] in ("certified", "weak")
    assert found["low"] < found["high"]
