from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from sklearn.linear_model import Ridge
from small_corpus import make_corpus, noise, struck, tone

from engine.dataset.clips import Clip, find_clips
from engine.dataset.corpus import Corpus
from engine.errors import ModelError
from engine.latent.chart import (
    CHART_FILE,
    MOST_DISCOVERED,
    NAMES,
    RIDGE,
    Chart,
    complete_chart,
    count_chart,
    draw_chart,
    load_chart,
    save_chart,
)
from engine.latent.portraits import MOST_MOMENTS
from engine.properties.describing import describe
from engine.properties.property import Reach
from engine.sliders import CHARTED, SLIDERS, TIMBRE
from engine.units import LATENT_HOP, SAMPLE_RATE

LATENT = 12
RECORDINGS = 9

Parts = tuple[Corpus, tuple[Clip, ...], tuple[np.ndarray, ...]]


@pytest.fixture(scope="module")
def parts(tmp_path_factory) -> Parts:
    """Recordings of many kinds, and latent frames that only a random network could have made of them."""
    sounds = [struck(220 * (1 + number), 0.6, seed=number) for number in range(4)]
    sounds += [tone(330, 1.7, 0.2) + noise(1.7, 5, 0.01), noise(1.0, 6), tone(880, 0.8), noise(3.0, 7, 0.02)]
    sounds += [np.concatenate([noise(0.4, 8), np.zeros(4_800), struck(500, 0.5)])]
    corpus = make_corpus(tmp_path_factory.mktemp("corpus"), *sounds)
    random = np.random.default_rng(0)
    size = np.linspace(2.0, 0.7, LATENT)
    tracks = [
        np.cumsum(random.standard_normal((one.latent_frames, LATENT)), 0) / 3 + size * random.standard_normal(LATENT)
        for one in corpus.recordings
    ]
    return corpus, find_clips(corpus), tuple(track.astype(np.float32) for track in tracks)


@pytest.fixture(scope="module")
def chart(parts) -> Chart:
    return draw_chart(*parts)


@pytest.fixture
def folder(chart, tmp_path: Path) -> Path:
    save_chart(tmp_path, chart)
    return tmp_path


def flat(chart: Chart) -> dict[str, np.ndarray]:
    """Return everything that a chart holds, by name."""
    found = {part.name: getattr(chart, part.name) for part in fields(Chart)}
    basis, moments = found.pop("basis"), found.pop("moments")
    found |= {part.name: getattr(basis, part.name) for part in fields(basis)}
    return found | {part.name: getattr(moments, part.name) for part in fields(moments)}


def test_descriptors_have_the_order_of_the_sliders_and_each_a_least_span():
    assert list(CHARTED) == list(NAMES)
    assert all(one.least_span > 0.0 for one in SLIDERS.values())


def test_a_chart_is_drawn_the_same_every_time(parts, chart):
    again = flat(draw_chart(*parts))
    assert all(np.array_equal(value, again[name]) for name, value in flat(chart).items())


def test_a_corpus_reaches_from_the_5th_to_the_95th_percentile_of_its_recordings(parts, chart):
    corpus = parts[0]
    described = [describe(np.array(corpus.recorded(one)).mean(1)) for one in corpus.recordings]
    for name in NAMES:
        low, high = np.percentile([one[name] for one in described], (5, 95))
        assert chart.reach(name).low == pytest.approx(low, rel=1e-5)
        assert chart.reach(name).high == pytest.approx(high, rel=1e-5)
        assert chart.reach(name).span == pytest.approx(max(high - low, SLIDERS[name].least_span), rel=1e-4)


def test_a_span_is_never_less_than_what_can_be_heard():
    assert Reach(2.0, 2.1, 0.5).span == 0.5
    assert Reach(2.0, 3.0, 0.5).span == 1.0


def test_moments_tell_where_they_are_and_how_they_sound(parts, chart):
    corpus, clips, tracks = parts
    moments = chart.moments
    assert set(moments.recordings.tolist()) == set(range(RECORDINGS))
    for recording, seconds, place, values in zip(
        moments.recordings, moments.seconds, moments.places, moments.values, strict=True
    ):
        first = round(float(seconds) * SAMPLE_RATE / LATENT_HOP)
        clip = next(one for one in clips if one.recording == recording and one.first <= first < one.last)
        last = min(first + 12, clip.last)  # half a second is 12 latent frames
        assert chart.to_map(tracks[recording][first:last].mean(0)) == pytest.approx(place, abs=1e-4)
        sound = np.array(corpus.recorded(corpus.recordings[recording])).mean(1)
        wanted = describe(sound[first * LATENT_HOP : last * LATENT_HOP])
        assert values == pytest.approx([wanted[name] for name in NAMES], rel=1e-4, abs=1e-4)


def test_ninety_nine_of_a_hundred_moments_lie_on_the_map_from_side_to_side(chart):
    assert np.percentile(np.abs(chart.moments.places), 99, axis=0) == pytest.approx(1.0, abs=1e-5)


def test_the_map_has_the_first_two_directions_at_one_scale_each(parts, chart):
    track = parts[2][4]
    wanted = chart.basis.to_coordinates(track)[:, :2] / chart.map_scale
    assert np.allclose(chart.to_map(track), wanted)
    assert np.allclose(chart.to_map(chart.basis.mean), 0.0)


def test_discovered_directions_are_unit_length_and_at_right_angles(chart):
    assert 1 <= len(chart.discovered) <= MOST_DISCOVERED
    assert np.allclose(chart.discovered @ chart.discovered.T, np.eye(len(chart.discovered)), atol=1e-5)


def test_no_timbre_changes_along_a_discovered_direction(parts, chart):
    moments = chart.moments
    hop = LATENT_HOP / SAMPLE_RATE
    means = []
    for recording, seconds in zip(moments.recordings, moments.seconds, strict=True):
        first = round(float(seconds) / hop)
        last = next(one.last for one in parts[1] if one.recording == recording and one.first <= first < one.last)
        means.append(parts[2][recording][first : min(first + 12, last)].mean(0))
    coordinates = chart.basis.to_coordinates(np.stack(means))
    named = moments.values[:, [NAMES.index(name) for name in TIMBRE]]
    fit = Ridge(RIDGE * len(named)).fit(coordinates, (named - named.mean(0)) / named.std(0))
    assert np.abs(fit.coef_ @ chart.discovered.T).max() < 1e-3 * np.abs(fit.coef_).max()


def test_discovered_directions_are_ordered_by_the_variance_they_carry(chart):
    carried = np.linalg.norm(chart.basis.to_offset(chart.discovered), axis=1)
    assert (np.diff(carried) <= 1e-5).all()


def test_a_corpus_of_one_moment_has_a_chart(tmp_path):
    corpus = make_corpus(tmp_path, noise(0.02))
    track = np.ones((corpus.recordings[0].latent_frames, 5), np.float32)
    chart = draw_chart(corpus, find_clips(corpus), (track,))
    assert len(chart.moments.seconds) == 1
    assert all(np.isfinite(value).all() for value in flat(chart).values())
    save_chart(tmp_path, chart)
    assert load_chart(tmp_path, count_chart(chart), 5, 1).moments.values.shape == (1, len(NAMES))


def test_a_long_recording_is_no_more_than_so_many_moments(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.latent.portraits.MOST_MOMENTS", 3)
    corpus = make_corpus(tmp_path, noise(4.0))
    track = np.random.default_rng(0).standard_normal((corpus.recordings[0].latent_frames, 5)).astype(np.float32)
    moments = draw_chart(corpus, find_clips(corpus), (track,)).moments
    assert len(moments.seconds) == 3
    assert moments.seconds[0] == 0.0
    assert moments.seconds[-1] > 3.0


def test_a_chart_comes_back_as_it_was_saved(chart, folder):
    loaded = flat(load_chart(folder, count_chart(chart), LATENT, RECORDINGS))
    assert loaded.keys() == flat(chart).keys()
    for name, value in flat(chart).items():
        assert np.array_equal(np.float32(loaded[name]), np.float32(value)), name
        assert np.asarray(loaded[name]).dtype == np.asarray(value).dtype, name


def leave_out(folder: Path, chart: Chart, *names: str) -> dict[str, object]:
    """Make a chart one from before some descriptors, and return what its model says of it."""
    kept = [place for place, name in enumerate(NAMES) if name not in names]
    moments = replace(chart.moments, values=chart.moments.values[:, kept])
    save_chart(folder, replace(chart, percentiles=chart.percentiles[kept], moments=moments))
    return {**count_chart(chart), "descriptors": [NAMES[place] for place in kept]}


@pytest.mark.parametrize("names", [("warmth",), ("texture", "brightness")])
def test_descriptors_that_an_older_model_lacks_are_measured_on_its_recordings(chart, parts, folder, names):
    loaded = load_chart(folder, leave_out(folder, chart, *names), LATENT, RECORDINGS)
    lacking = [place for place, name in enumerate(NAMES) if name in names]
    assert np.isnan(loaded.percentiles[lacking]).all()
    complete = complete_chart(loaded, parts[0])
    assert complete.percentiles == pytest.approx(chart.percentiles, rel=1e-5)
    ends = complete.moments.values - chart.moments.values  # a moment at the end of a clip goes on for half a second
    assert np.median(np.abs(ends), axis=0) == pytest.approx(0.0, abs=1e-5)


def test_descriptors_come_back_by_name_whatever_their_order(chart, folder):
    turned = replace(chart.moments, values=chart.moments.values[:, ::-1])
    save_chart(folder, replace(chart, percentiles=chart.percentiles[::-1], moments=turned))
    told = {**count_chart(chart), "descriptors": list(NAMES[::-1])}
    assert np.array_equal(load_chart(folder, told, LATENT, RECORDINGS).percentiles, chart.percentiles)


def test_a_model_that_does_not_name_its_descriptors_has_those_of_before(chart, folder):
    counts = count_chart(chart)
    del counts["descriptors"]
    assert np.array_equal(load_chart(folder, counts, LATENT, RECORDINGS).moments.values, chart.moments.values)


@pytest.mark.parametrize("told", [None, [], "warmth", [1], ["a"] * 65, {"warmth": 1}])
def test_names_that_no_chart_has_are_refused(chart, folder, told: object):
    with pytest.raises(ModelError, match="descriptors"):
        load_chart(folder, {**count_chart(chart), "descriptors": told}, LATENT, RECORDINGS)


@pytest.mark.parametrize("name", ["directions", "moments", "discovered"])
@pytest.mark.parametrize("count", [-1, 1_000_000, "3", None, 2.0, True])
def test_sizes_that_no_chart_has_are_refused(chart, folder, name: str, count: object):
    with pytest.raises(ModelError, match=f"{name}; the model is damaged"):
        load_chart(folder, {**count_chart(chart), name: count}, LATENT, RECORDINGS)


@pytest.mark.parametrize("changed", [{"moments": 1}, {"directions": 2}, {"discovered": 0}])
def test_sizes_of_another_chart_are_refused(chart, folder, changed: dict[str, int]):
    with pytest.raises(ModelError, match=CHART_FILE):
        load_chart(folder, {**count_chart(chart), **changed}, LATENT, RECORDINGS)


@pytest.mark.parametrize(("latent", "recordings"), [(LATENT + 1, RECORDINGS), (LATENT, RECORDINGS - 1), (LATENT, 0)])
def test_the_chart_of_another_model_is_refused(chart, folder, latent: int, recordings: int):
    with pytest.raises(ModelError, match=CHART_FILE):
        load_chart(folder, count_chart(chart), latent, recordings)


@pytest.mark.parametrize("missing", [True, False])
def test_a_chart_that_is_missing_or_cut_off_is_refused(chart, folder, missing: bool):
    content = (folder / CHART_FILE).read_bytes()
    if missing:
        (folder / CHART_FILE).unlink()
    else:
        (folder / CHART_FILE).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match="damaged"):
        load_chart(folder, count_chart(chart), LATENT, RECORDINGS)


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors: tensors.pop("radius"),
        lambda tensors: tensors.update(more=torch.zeros(1)),
        lambda tensors: tensors.update(values=tensors["values"].double()),
        lambda tensors: tensors["places"][0].fill_(float("nan")),
        lambda tensors: tensors["recordings"][0].fill_(-1),
        lambda tensors: tensors["recordings"][0].fill_(RECORDINGS),
        lambda tensors: tensors["deviations"][0].fill_(0.0),
        lambda tensors: tensors["map_scale"][1].fill_(0.0),
    ],
)
def test_a_damaged_chart_is_refused(chart, folder, change):
    tensors = load_file(folder / CHART_FILE)
    change(tensors)
    save_file(tensors, folder / CHART_FILE)
    with pytest.raises(ModelError, match=CHART_FILE):
        load_chart(folder, count_chart(chart), LATENT, RECORDINGS)


def test_the_limits_of_stored_sizes_are_those_of_charts(chart):
    counts = count_chart(chart)
    assert counts["directions"] == chart.basis.directions
    assert counts["moments"] == len(chart.moments.places) <= MOST_MOMENTS
    assert counts["discovered"] == len(chart.discovered)
