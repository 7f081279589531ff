"""A model that heard a part of its recordings: kept, opened and played like any other, and nothing is outside it."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from small_corpus import make_corpus, noise, struck, tone
from small_network import small_vae

from engine.errors import ModelError
from engine.generation.render import render
from engine.generation.renderer import prepare
from engine.latent.description import DESCRIPTION_FILE, FORMAT, PARTLY_HEARD, TRACKS_FILE
from engine.latent.effort import Effort
from engine.latent.encode import encode, hear
from engine.latent.space import SoundSpace, listen, load_space, save_space
from engine.latent.stored import check_model
from engine.latent.tracks import must_choose, read_sung_seconds
from engine.settings import GenerateSettings
from engine.studio.models import describe_sung
from engine.units import HOP, LATENT_HOP, SAMPLE_RATE

MOST = 1_800  # frames, 19 seconds


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> tuple[SoundSpace, Path]:
    folder = tmp_path_factory.mktemp("model")
    sounds = [np.concatenate([noise(9.0), tone(330, 9.0), struck(220, 6.0)]), tone(90, 7.0), noise(0.4, 5)]
    corpus = make_corpus(folder, *sounds)
    assert must_choose(corpus, MOST)
    space = listen(small_vae(), corpus, effort=Effort(MOST))
    save_space(folder, space, {"name": "large"})
    return space, folder


@pytest.fixture
def space(saved) -> SoundSpace:
    return saved[0]


@pytest.fixture
def folder(saved, tmp_path: Path) -> Path:
    return shutil.copytree(saved[1], tmp_path / "model")


def test_no_more_is_heard_than_may_be(space):
    assert 0.5 * MOST < len(space.voice.heard) <= MOST
    assert set(space.voice.speeds.tolist()) == {1.0}
    assert len(space.parts) > 1


def test_the_library_shows_which_share_of_the_recordings_sings(space, folder):
    seconds = space.corpus.seconds
    described = json.loads((folder / DESCRIPTION_FILE).read_text("utf-8"))
    assert read_sung_seconds(folder, described) == pytest.approx(len(space.voice.heard) * HOP / SAMPLE_RATE)
    entry = SimpleNamespace(path=folder, seconds=seconds)
    shown = describe_sung(entry, described)
    assert shown["sung_share"] == pytest.approx(len(space.voice.heard) * HOP / SAMPLE_RATE / seconds, abs=1e-3)
    assert describe_sung(entry, {"format": 2}) == {}


def test_a_part_is_heard_as_in_its_recording(space):
    for number, part in enumerate(space.parts):
        recording = space.corpus.recordings[part.recording]
        mono = np.array(space.corpus.mono(recording)[:])
        track, spectrum = hear(space.vae, mono)
        heard = space.tracks[part.recording][part.first : part.last]
        assert np.allclose(heard, track[part.first : part.last], atol=1e-4)
        mine = space.voice.strands == number
        assert np.allclose(space.voice.recorded[mine], spectrum[4 * part.first : 4 * part.last], atol=0.01)
        centres = recording.start + part.first * LATENT_HOP + HOP * np.arange(mine.sum())
        assert np.array_equal(space.voice.centres[mine], centres)
        assert space.voice.offsets[number] == part.first * LATENT_HOP


def test_clips_and_statistics_are_of_what_was_heard(space):
    for clip in space.clips:
        assert any(
            part.recording == clip.recording and part.first <= clip.first and clip.last <= part.last
            for part in space.parts
        )
    frames = np.concatenate([space.tracks[part.recording][part.first : part.last] for part in space.parts])
    assert np.array_equal(space.frames, frames)
    assert np.allclose(space.spread, frames.std(0))


def test_it_is_opened_as_it_was(space, folder):
    loaded = load_space(folder)
    assert loaded.parts == space.parts
    assert loaded.clips == space.clips
    assert all(np.array_equal(a, b) for a, b in zip(loaded.tracks, space.tracks, strict=True))
    for name in ("centres", "strands", "offsets", "recorded", "heard", "reduced"):
        assert np.array_equal(getattr(loaded.voice, name), getattr(space.voice, name))
    described = json.loads((folder / DESCRIPTION_FILE).read_text("utf-8"))
    assert described["format"] == PARTLY_HEARD > FORMAT
    check_model(folder)


def test_a_walk_through_it_is_sung_the_same_when_it_is_opened_again(space, folder):
    settings = GenerateSettings(duration=2.0, seed=4)
    first, second = (np.concatenate(list(render(prepare(one), settings))) for one in (space, load_space(folder)))
    assert np.array_equal(first, second)
    assert np.abs(first).max() > 0.01


def test_its_sounds_go_on_and_are_steered_by_what_was_heard(space):
    settings = GenerateSettings(duration=6.0, density=0.5, seed=2, flow=1.0, sliders={"brightness": 4.0})
    flowing, single = (
        np.concatenate(list(render(prepare(space), settings.model_copy(update={"flow": flow})))) for flow in (1.0, 0.0)
    )
    assert flowing.shape == single.shape
    assert np.isfinite(flowing).all()
    assert np.abs(flowing - single).max() > 0.01 * np.abs(flowing).max() > 0


def test_a_moment_is_found_where_it_is_in_its_recording(space):
    moments = prepare(space).moments
    part = next(part for part in space.parts if part.first > 100)
    recording = space.corpus.recordings[part.recording]
    at = part.first * LATENT_HOP + SAMPLE_RATE
    sound = np.array(space.corpus.mono(recording)[at : at + 16 * HOP + 2048])
    spectrum = hear(space.vae, sound)[1][2:18]
    (found,) = moments.nearest(np.stack([spectrum, spectrum])[None])
    assert found.recording == part.recording
    assert part.first * LATENT_HOP / SAMPLE_RATE <= found.at <= part.last * LATENT_HOP / SAMPLE_RATE
    assert found.at == pytest.approx(at / SAMPLE_RATE, abs=4.0)


def test_what_was_not_heard_can_be_encoded_and_is_not_in_the_voice(space):
    heard = {part.recording for part in space.parts}
    assert heard <= set(range(len(space.corpus.recordings)))
    assert set(space.voice.recordings.tolist()) == heard
    assert np.isfinite(encode(space.vae, space.corpus.mono(space.corpus.recordings[0]))).all()


@pytest.mark.parametrize(
    "rows",
    [
        lambda rows: rows[::-1],
        lambda rows: rows + np.array([0, 0, 1]),
        lambda rows: rows + np.array([1_000, 0, 0]),
        lambda rows: rows - np.array([0, 1_000, 0]),
        lambda rows: rows[[0] * len(rows)],
    ],
)
def test_damaged_parts_are_refused(folder, rows):
    arrays = load_file(folder / TRACKS_FILE)
    arrays["parts"] = np.ascontiguousarray(rows(arrays["parts"]))
    save_file(arrays, folder / TRACKS_FILE)
    for reader in (load_space, check_model):
        with pytest.raises(ModelError, match=r"damaged|settings imply"):
            reader(folder)


def test_clips_outside_the_parts_are_refused(folder, space):
    arrays = load_file(folder / TRACKS_FILE)
    last = space.parts[0].last
    recording = space.parts[0].recording
    arrays["clips"][0] = [recording, last - 1, last + 1, 0]
    save_file(arrays, folder / TRACKS_FILE)
    with pytest.raises(ModelError, match="outside what it heard"):
        load_space(folder)


@pytest.mark.parametrize("count", [None, 0, -1, 10**9, True])
def test_a_wrong_number_of_parts_is_refused(folder, count):
    path = folder / DESCRIPTION_FILE
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "parts": count}), "utf-8")
    with pytest.raises(ModelError, match="parts; the model is damaged"):
        load_space(folder)
