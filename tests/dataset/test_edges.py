import numpy as np
import pytest
from small_corpus import make_corpus, noise, struck, tone

from engine.dataset.clips import find_clips
from engine.dataset.edges import find_edges, is_single
from engine.units import SAMPLE_RATE


def look_at(folder, sound):
    corpus = make_corpus(folder, sound)
    recorded, clips = corpus.recorded(corpus.recordings[0]), find_clips(corpus)
    edges = [find_edges(recorded, clip) for clip in clips]
    return recorded, edges


def swelling(seconds: float = 3.0) -> np.ndarray:
    return noise(seconds) * np.sin(np.linspace(0, np.pi, round(seconds * SAMPLE_RATE))) ** 2


def blown(seconds: float = 3.0) -> np.ndarray:
    """A held note that takes 20 ms to come and is cut off."""
    return tone(330, seconds) * np.minimum(1.0, np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE / 0.02)


@pytest.mark.parametrize(
    ("sound", "begin", "end"),
    [
        (struck(220, 2.0), "onset", "faded"),
        (blown(), "onset", "cut"),
        (noise(3.0), "cut", "cut"),
        (swelling(), "swell", "faded"),
    ],
)
def test_a_recording_begins_and_ends_as_its_sound_does(tmp_path, sound, begin, end):
    _, (edges,) = look_at(tmp_path, sound)
    assert (edges.begin, edges.end) == (begin, end)


def test_stretches_of_a_long_sound_are_cut_where_they_meet(tmp_path):
    _, edges = look_at(tmp_path, noise(20.0))
    assert len(edges) == 3
    assert {(one.begin, one.end) for one in edges} == {("cut", "cut")}


def test_a_sound_that_begins_inside_a_recording_has_an_onset(tmp_path):
    quiet = noise(9.0, level=0.001)
    quiet[5 * SAMPLE_RATE : 7 * SAMPLE_RATE] += struck(440, 2.0)
    _, edges = look_at(tmp_path, quiet)
    assert [one.begin for one in edges][-1] == "onset"


@pytest.mark.parametrize(
    ("sound", "single"),
    [
        (struck(220, 2.0), True),
        (blown(), True),
        (struck(220, 12.0, 2.0), True),
        (np.concatenate([struck(220, 1.0), struck(330, 1.0)]), False),
        (noise(3.0), False),
        (swelling(), True),
        (swelling() + noise(3.0, 5, level=0.01), False),  # out of a bed: a stretch of a texture
        (swelling()[: 2 * SAMPLE_RATE], False),  # it would go on
        (blown(20.0), False),
    ],
)
def test_a_recording_is_one_event_where_one_sound_begins_and_is_short_or_decays(tmp_path, sound, single):
    recorded, edges = look_at(tmp_path, sound)
    assert is_single(recorded, edges[0]) is single
