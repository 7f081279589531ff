"""A library in small for tests: model folders as training leaves them, and outputs as rendering leaves them."""

import json
from pathlib import Path
from typing import Any

from engine.library.entries import ModelEntry
from engine.library.models import add_model
from engine.library.outputs import Output
from engine.library.store import Catalogue
from engine.paths import models_folder

SETTINGS = {"duration": 10.0, "density": 2.0, "novelty": 0.5, "seed": 3, "sliders": {"brightness": 5, "warmth": -2.5}}


def make_folder(key: str, name: str, **described: Any) -> Path:
    """Write a model folder as training leaves it: content first, model.json last."""
    folder = models_folder() / key
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").write_bytes(b"weights of " + name.encode())
    (folder / "model.json").write_text(json.dumps({"format": 1, "id": key, "name": name, "files": 5, **described}))
    return folder


def list_recordings(folder: Path, *names: str) -> None:
    """Write the list of recordings of a model's folder."""
    rows = [{"name": name, "start": 2048, "samples": 48_000} for name in names]
    (folder / "corpus.json").write_text(json.dumps({"channels": 1, "recordings": rows}, ensure_ascii=False), "utf-8")


def make_entry(key: str, name: str, day: int = 1, **fields: Any) -> ModelEntry:
    created = f"2026-11-{day:02}T12:00:00+00:00"
    known = {"files": 5, "seconds": 20.0, "channels": 1, "training": {"steps": 9}, "size_bytes": 100}
    return ModelEntry(key, name, created, key, **{**known, **fields})


def make_model(store: Catalogue, key: str, name: str, day: int = 1, **fields: Any) -> ModelEntry:
    make_folder(key, name)
    return add_model(store, make_entry(key, name, day, **fields))


def make_output(file: Path | str = "/sounds/sax-01.wav", **fields: Any) -> Output:
    made = {
        "file": str(file),
        "fingerprint": "0" * 64,
        "kind": "generated",
        "model": "a1",
        "model_name": "sax",
        "version": 1,
        "settings": SETTINGS,
        "seed": 3,
        "seconds": 10.0,
        "novelty": {"nearest": "low.wav", "at": 1.5, "score": 0.4},
    }
    return Output(**{**made, **fields})
