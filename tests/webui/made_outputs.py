"""Outputs in the history whose files are there, for tests."""

from pathlib import Path

import numpy as np
import soundfile
from small_library import make_output

from engine.export.measure import measure
from engine.library.history_changes import add_entry
from engine.library.outputs import HistoryEntry
from engine.studio.history import open_outputs
from engine.units import SAMPLE_RATE


def make_history(home: Path, model: str, name: str = "sax-01.wav", pitch_hz: float = 440.0) -> HistoryEntry:
    """Write a sound, and put it into the history."""
    path = home / "outputs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    times = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    wave = 0.5 * np.sin(2 * np.pi * pitch_hz * times)
    soundfile.write(path, np.stack([wave, 0.5 * wave], axis=1), SAMPLE_RATE, subtype="PCM_24")
    made = make_output(path, model=model, fingerprint=measure(path).fingerprint, seconds=1.0)
    return add_entry(open_outputs(), made)
