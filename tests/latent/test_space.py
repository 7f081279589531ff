import json
import shutil
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from small_corpus import make_corpus, noise, struck
from small_network import small_vae

from engine.dataset.corpus import RECORDINGS_FILE, SAMPLES_FILE
from engine.errors import ModelError
from engine.latent import space as space_module
from engine.latent import tracks as tracks_module
from engine.latent.certificate import CERTIFICATE_FILE, unmeasured
from engine.latent.chart import CHART_FILE, count_chart
from engine.latent.description import (
    DESCRIPTION_FILE,
    FIRST_WITH_CHART,
    FORMAT,
    NEWEST,
    TRACKS_FILE,
    WEIGHTS_FILE,
    read_description,
)
from engine.latent.encode import decode_mel, encode
from engine.latent.space import SoundSpace, listen, load_space, save_space
from engine.latent.stored import check_model, read_chart
from engine.units import HOP, N_FFT
from engine.vocoder.search import Voice

FILES = [
    DESCRIPTION_FILE,
    WEIGHTS_FILE,
    TRACKS_FILE,
    SAMPLES_FILE,
    RECORDINGS_FILE,
    CHART_FILE,
    CERTIFICATE_FILE,
]


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> tuple[SoundSpace, Path]:
    folder = tmp_path_factory.mktemp("model")
    stereo = np.stack([struck(330, 0.4), struck(440, 0.4)], axis=1)
    space = listen(small_vae(), make_corpus(folder, struck(220, 0.6), stereo, noise(0.03)))
    save_space(folder, space, {"name": "ünder", "training": {"steps": 3}})
    return space, folder


@pytest.fixture
def space(saved) -> SoundSpace:
    return saved[0]


@pytest.fixture
def folder(saved, tmp_path: Path) -> Path:
    """A copy of a saved model, to be damaged."""
    return shutil.copytree(saved[1], tmp_path / "model")


@pytest.fixture(params=[load_space, check_model])
def reader(request):
    """What opens a model, and what checks one without its network: they refuse the same."""
    return request.param


def describe(folder: Path, **changes: object) -> None:
    path = folder / DESCRIPTION_FILE
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), "utf-8")


def retell(folder: Path, change) -> None:
    """Change the tensors of TRACKS_FILE."""
    tensors = load_file(folder / TRACKS_FILE)
    change(tensors)
    save_file(tensors, folder / TRACKS_FILE)


def test_every_recording_has_its_track(space):
    for recording, track in zip(space.corpus.recordings, space.tracks, strict=True):
        mono = np.array(space.corpus.recorded(recording).mean(1))
        assert track.shape == (recording.latent_frames, space.vae.shape.latent)
        assert np.array_equal(track, encode(space.vae, mono))


def test_the_voice_hears_what_the_network_decodes_of_each_recording_as_played(space):
    voice, recording = space.voice, space.corpus.recordings[1]
    mine = (voice.recordings == 1) & (voice.speeds == 1.0)
    assert np.array_equal(voice.centres[mine], recording.start + HOP * np.arange(recording.frames))
    heard = decode_mel(space.vae, space.tracks[1])[: recording.frames]
    assert np.allclose(voice.heard[mine], heard, atol=0.01)


def test_every_recording_is_heard_at_pairs_of_speeds_around_its_own(space):
    voice = space.voice
    steps = sorted({round(float(12 * np.log2(speed)), 6) for speed in voice.speeds})
    assert steps == [-2, -1, 0, 1, 2]
    for index, recording in enumerate(space.corpus.recordings):
        for speed in set(voice.speeds.tolist()):
            mine = (voice.recordings == index) & (voice.speeds == speed)
            assert mine.sum() == 1 + int(recording.samples / speed) // HOP
            assert voice.centres[mine].max() <= recording.start + recording.samples


@pytest.mark.parametrize(("most", "speeds"), [(10, 1), (200, 1), (330, 3), (400, 3), (10_000, 5)])
def test_a_large_corpus_is_heard_at_fewer_speeds(tmp_path, monkeypatch, most: int, speeds: int):
    monkeypatch.setattr(tracks_module, "HEARD_FRAMES", most)
    corpus = make_corpus(tmp_path, noise(1.0))
    assert len(set(listen(small_vae(), corpus).voice.speeds.tolist())) == speeds


def test_each_recording_is_named_before_it_is_heard(tmp_path):
    told: list[str] = []
    listen(small_vae(), make_corpus(tmp_path, noise(0.1), noise(0.2)), told.append)
    assert told == ["0.wav", "1.wav"]


def test_clips_have_their_part_of_the_track(space):
    for clip in space.clips:
        assert np.array_equal(space.track(clip), space.tracks[clip.recording][clip.first : clip.last])
        assert len(space.track(clip)) == clip.frames


def test_the_spread_is_the_deviation_over_all_frames(space):
    frames = np.concatenate(space.tracks)
    wanted = np.sqrt(((frames - frames.mean(0)) ** 2).mean(0))
    assert np.allclose(space.spread, wanted, rtol=1e-4)


def test_an_open_model_is_what_was_saved(folder, space):
    loaded = load_space(folder)
    assert loaded.clips == space.clips
    assert loaded.corpus.recordings == space.corpus.recordings
    assert np.array_equal(loaded.corpus.samples, space.corpus.samples)
    assert all(np.array_equal(a, b) for a, b in zip(loaded.tracks, space.tracks, strict=True))
    for part in fields(Voice):
        found, wanted = getattr(loaded.voice, part.name), getattr(space.voice, part.name)
        assert np.allclose(found, wanted, atol=1e-4), part.name
    state = space.vae.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in loaded.vae.state_dict().items())


def test_a_whole_model_passes_the_check(folder):
    check_model(folder)


def test_weights_are_checked_without_being_put_to_use(reader, folder):
    weights = load_file(folder / WEIGHTS_FILE)
    weights["scale"].fill_(float("nan"))
    save_file(weights, folder / WEIGHTS_FILE)
    with pytest.raises(ModelError, match="tensor scale holds numbers that are not finite"):
        reader(folder)


def test_a_damaged_certificate_is_refused(reader, folder):
    (folder / CERTIFICATE_FILE).write_text(
        '{"sliders": {"brightness": {"name": "brightness", "drives": [0]}}}', "utf-8"
    )
    with pytest.raises(ModelError, match=f"{CERTIFICATE_FILE} cannot be read"):
        reader(folder)


def test_the_chart_is_read_by_itself_with_the_names_of_the_recordings(folder, space):
    chart, names = read_chart(folder)
    assert np.array_equal(chart.moments.places, space.chart.moments.places)
    assert names == ("0.wav", "1.wav", "2.wav")


def test_a_model_opens_the_same_every_time(folder):
    first, second = load_space(folder).voice, load_space(folder).voice
    assert all(np.array_equal(getattr(first, part.name), getattr(second, part.name)) for part in fields(Voice))


def test_the_description_says_what_it_was_given_and_the_format(folder, space):
    described = read_description(folder)
    assert described["name"] == "ünder"
    assert described["training"] == {"steps": 3}
    assert described["format"] == FORMAT
    assert described["shape"] == space.vae.shape.to_dict()
    assert described["clips"] == len(space.clips)
    assert described["chart"] == count_chart(space.chart)


def test_a_model_opens_with_its_chart_and_its_certificate(folder, space):
    loaded = load_space(folder)
    assert np.array_equal(loaded.chart.moments.values, space.chart.moments.values)
    assert np.array_equal(loaded.chart.basis.axes, space.chart.basis.axes)
    assert loaded.certificate == space.certificate


def test_a_model_from_before_there_were_charts_opens_and_promises_nothing(folder, space):
    for name in (CHART_FILE, CERTIFICATE_FILE):
        (folder / name).unlink()
    describe(folder, format=FIRST_WITH_CHART - 1, chart=None)
    check_model(folder)
    assert np.allclose(read_chart(folder)[0].moments.values, space.chart.moments.values, atol=1e-4)
    loaded = load_space(folder)
    assert np.allclose(loaded.chart.moments.values, space.chart.moments.values, atol=1e-4)
    assert np.allclose(loaded.chart.basis.axes, space.chart.basis.axes, atol=1e-4)
    assert loaded.certificate == unmeasured()


@pytest.mark.parametrize("chart", [None, 7, [], {}, {"directions": 2, "moments": 1}])
def test_a_description_without_the_sizes_of_its_chart_is_refused(reader, folder, chart: object):
    describe(folder, chart=chart)
    with pytest.raises(ModelError, match="the model is damaged"):
        reader(folder)


def test_the_description_is_written_last_so_that_what_has_one_is_complete(tmp_path, space, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(space_module, "save_certificate", fail)
    with pytest.raises(OSError, match="No space"):
        save_space(tmp_path, space, {})
    assert not (tmp_path / DESCRIPTION_FILE).exists()
    with pytest.raises(ModelError, match="holds no model, or a damaged one"):
        load_space(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_folder_with_a_file_missing_is_refused(reader, folder, name: str):
    (folder / name).unlink()
    with pytest.raises(ModelError, match="damaged"):
        reader(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_folder_with_a_file_cut_off_is_refused(reader, folder, name: str):
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError):
        reader(folder)


@pytest.mark.parametrize("content", [b"", b"[]", b"7", b"{}", b"\xff\xfe", b'{"format": "1"}', b'{"format": true}'])
def test_a_description_that_is_none_is_refused(reader, folder, content: bytes):
    (folder / DESCRIPTION_FILE).write_bytes(content)
    with pytest.raises(ModelError):
        reader(folder)


def test_a_newer_format_asks_for_an_update(reader, folder):
    describe(folder, format=NEWEST + 1)
    with pytest.raises(ModelError, match=f"has format {NEWEST + 1}, this version reads up to {NEWEST}; update"):
        reader(folder)


@pytest.mark.parametrize("clips", [0, -1, 2, 10**9, "3", None, 3.0, True])
def test_a_wrong_number_of_clips_is_refused(reader, folder, clips: object):
    describe(folder, clips=clips)
    with pytest.raises(ModelError):
        reader(folder)


@pytest.mark.parametrize("change", [{"width": 48}, {"depth": 10**6}, {"width": "24"}, {"unknown": 1}])
def test_a_shape_that_is_not_the_weights_is_refused(reader, folder, space, change):
    describe(folder, shape={**space.vae.shape.to_dict(), **change})
    with pytest.raises(ModelError):
        reader(folder)


@pytest.mark.parametrize(
    ("row", "column", "value"), [(0, 0, 3), (0, 0, -1), (0, 1, -1), (0, 2, 0), (0, 2, 10**6), (2, 1, 1), (1, 1, 2**62)]
)
def test_a_clip_outside_of_its_recording_is_refused(reader, folder, row: int, column: int, value: int):
    retell(folder, lambda tensors: tensors["clips"][row].__setitem__(column, value))
    with pytest.raises(ModelError, match="lies outside its recordings; the model is damaged"):
        reader(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors: tensors.pop("peaks"),
        lambda tensors: tensors.update(more=torch.zeros(1)),
        lambda tensors: tensors.update(heard=tensors["heard"][1:].clone()),
        lambda tensors: tensors.update(heard=tensors["heard"].float()),
        lambda tensors: tensors.update(tracks=tensors["tracks"][:, 1:].clone()),
        lambda tensors: tensors["tracks"][0].fill_(float("nan")),
        lambda tensors: tensors["heard"][5].fill_(float("inf")),
        lambda tensors: tensors["peaks"].fill_(float("nan")),
    ],
)
def test_tracks_that_the_corpus_does_not_imply_are_refused(reader, folder, change):
    retell(folder, change)
    with pytest.raises(ModelError, match=TRACKS_FILE):
        reader(folder)


def test_a_corpus_that_is_not_the_models_is_refused(reader, folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    make_corpus(other, noise(0.5))
    for name in (SAMPLES_FILE, RECORDINGS_FILE):
        (folder / name).write_bytes((other / name).read_bytes())
    with pytest.raises(ModelError, match="its settings imply"):
        reader(folder)


@pytest.mark.parametrize("samples", [960, 961, 1_100, 2_048, 3_333])
def test_the_shortest_corpora_can_be_heard_saved_and_opened(tmp_path, samples: int):
    space = listen(small_vae(), make_corpus(tmp_path, noise(0.1)[:samples]))
    save_space(tmp_path, space, {})
    assert np.array_equal(load_space(tmp_path).voice.heard, space.voice.heard)
    assert len(space.corpus.samples) == samples + 2 * N_FFT


def test_the_spectra_of_an_opened_model_are_mapped_and_those_that_were_heard(saved):
    space, folder = saved
    voice = load_space(folder).voice
    for name in ("heard", "recorded"):
        rows = getattr(voice, name)
        assert isinstance(rows, np.memmap)
        assert np.array_equal(rows.astype(np.float32), getattr(space.voice, name))
