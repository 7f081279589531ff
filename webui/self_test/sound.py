"""From recordings to sound and back, by the workers: training, sliders, every format, headphones."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.audio.files import read
from engine.export.formats import FORMATS
from engine.studio.sets import create_demo_set
from engine.units import SAMPLE_RATE
from webui.self_test.checks import expect
from webui.self_test.ground import Ground

Floats = NDArray[np.float32]

STEPS = 2
SECONDS = 2.0
SEED = 3
SETTINGS: dict[str, Any] = {"duration": SECONDS, "density": 4.0, "seed": SEED}
LEAST_LIKENESS = 0.9  # correlation of a lossy file with the sound that went into it
LEAST_LEVEL = 1e-3  # RMS of what counts as sound
LEAST_DIFFERENCE = 0.01  # RMS of a difference that counts, as a share of the sound


def check_training(ground: Ground) -> str:
    """Two steps of training on the built-in data set end in a model."""
    settings = {"steps": STEPS, "measure": False}
    found = ground.finish("train", {"set": create_demo_set().id, "name": "self-test", "settings": settings})
    ground.model = str(found["model"])
    expect(found["steps"] == STEPS, f"{found['steps']} steps were made")
    return f"{STEPS} steps, {found['files']['used']} recordings"


def check_slider(ground: Ground) -> str:
    """A slider changes the sound, and the same settings make the same sound."""
    plain = make(ground, "plain", {})
    again = make(ground, "again", {})
    expect(np.array_equal(plain, again), "the same settings made another sound")
    bright = make(ground, "bright", {"sliders": {"brightness": 8.0}})
    difference = rms(bright - plain) / rms(plain)
    expect(difference > LEAST_DIFFERENCE, "the slider changed nothing")
    return f"the slider changed {difference:.0%} of the sound"


def check_formats(ground: Ground) -> str:
    """An output is written in every format, and comes back."""
    expect("plain" in ground.outputs, "there is no output; see the slider")
    output, path = ground.outputs["plain"]
    original = read(path)
    folder = ground.home.with_name("exports")
    folder.mkdir(exist_ok=True)
    for kind in FORMATS.values():
        given = {"output": output, "export": {"format": kind.name}, "folder": str(folder), "name": kind.name}
        (file,) = ground.finish("export", given)["files"]
        likeness = correlate(original, read(Path(file["path"])))
        expect(likeness > LEAST_LIKENESS, f"{kind.words} came back as another sound: correlation {likeness:.2f}")
    return ", ".join(kind.words for kind in FORMATS.values())


def check_binaural(ground: Ground) -> str:
    """Two ears hear different sound."""
    sound = make(ground, "binaural", {"channels": "binaural", "movement": "orbit"})
    expect(sound.shape[1] == 2, f"{sound.shape[1]} channels")
    left, right = sound[:, 0], sound[:, 1]
    difference = rms(left - right) / rms(sound)
    expect(difference > LEAST_DIFFERENCE, "both ears hear the same")
    return f"{difference:.0%} between the ears"


def make(ground: Ground, name: str, settings: dict[str, Any]) -> Floats:
    """Make an output, keep it under a name, and return what is in its file."""
    given = {"model": ground.need_model(), "settings": {**SETTINGS, **settings}}
    (file,) = ground.finish("render", given)["files"]
    ground.outputs[name] = (str(file["history"]), Path(file["path"]))
    sound = read(Path(file["path"]))
    expect(len(sound) == round(SECONDS * SAMPLE_RATE), f"{len(sound)} samples instead of {SECONDS} s")
    expect(rms(sound) > LEAST_LEVEL and bool(np.isfinite(sound).all()), "the sound is silent or broken")
    return sound


def rms(sound: Floats) -> float:
    """Return the root of the mean square of samples."""
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def correlate(one: Floats, other: Floats) -> float:
    """Return how alike two sounds of the same shape are, 1 for the same; 0 where their lengths differ."""
    if one.shape != other.shape:
        return 0.0
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])
