from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.dataset.advice import find_advice
from engine.dataset.health import Examined, compare, examine
from engine.dataset.selection import select_files

RATE = 48_000
NAMES = ("a.wav", "b copy.wav", "c quieter.wav", "d copy of quieter.wav", "e other.wav", "f copy of other.wav")


def hit(hz: float, seed: int) -> np.ndarray:
    time = np.arange(RATE // 2) / RATE
    noise = np.random.default_rng(seed).normal(size=len(time)) * np.exp(-8 * time)
    return (0.3 * np.sin(2 * np.pi * hz * time) * np.exp(-4 * time) + 0.1 * noise).astype(np.float32)


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> list[Examined]:
    """Two sounds, with exact copies, a quieter one, and an exact copy of that."""
    folder: Path = tmp_path_factory.mktemp("copies")
    first, second = hit(200, 0), np.concatenate([hit(330, 1), hit(660, 2)])
    for name, sound in zip(NAMES, (first, first, 0.4 * first, 0.4 * first, second, second), strict=True):
        soundfile.write(folder / name, sound, RATE, subtype="PCM_24")
    return [examine(folder / name, name) for name in NAMES]


def copies(files) -> list[tuple[str, str | None, str | None]]:
    return [(one.file, one.duplicate_of, one.near_duplicate_of) for one in files]


def test_what_is_selected_is_what_the_doctor_finds_where_there_is_nothing_else(examined: list[Examined]):
    everything = compare(examined)
    assert copies(everything) == [
        ("a.wav", None, None),
        ("b copy.wav", "a.wav", None),
        ("c quieter.wav", None, "a.wav"),
        ("d copy of quieter.wav", "c quieter.wav", None),
        ("e other.wav", None, None),
        ("f copy of other.wav", "e other.wav", None),
    ]
    for count in range(1, len(NAMES) + 1):
        for chosen in combinations(examined, count):
            alone = compare(chosen)
            selected = select_files(everything, {one.usable.name for one in chosen})
            assert copies(selected) == copies(alone)
            assert [one.share for one in selected] == pytest.approx([one.share for one in alone])
            assert sum(one.share for one in selected) == pytest.approx(1.0)
            assert [one.notes for one in selected] == [one.notes for one in alone]


def test_all_selected_is_the_same_and_none_is_nothing(examined: list[Examined]):
    everything = compare(examined)
    assert select_files(everything, NAMES) == everything
    assert select_files(everything, ()) == ()


def test_what_an_advice_leaves_out_is_not_advised_again(examined: list[Examined]):
    everything = compare(examined)
    (line,) = [one for one in find_advice(everything, ()) if "copied from others" in one.text]
    assert line.action.label == "Leave these 4 out"
    assert line.action.files == (NAMES[1], NAMES[2], NAMES[3], NAMES[5])
    rest = select_files(everything, set(NAMES) - set(line.action.files))
    assert copies(rest) == [("a.wav", None, None), ("e other.wav", None, None)]
    assert not any("copied" in one.text for one in find_advice(rest, ()))
