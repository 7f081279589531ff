from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pydantic import ValidationError

from engine.audio.true_peak import true_peak_db
from engine.errors import Cancelled, ModelError, ParameterError
from engine.features.descriptors import descriptor_filters
from engine.generation.event import sound as sounding
from engine.settings import ExportSettings, GenerateSettings
from engine.studio.delivery import Delivery
from engine.studio.listen import CEILING_DB, LONGEST_BLOCK, Listening, Preview, listen, warm
from engine.studio.models import find_model
from engine.studio.opening import Opener
from engine.studio.render import generate
from engine.units import SAMPLE_RATE

AS_IT_IS = Delivery(ExportSettings(bit_depth="32f", remove_dc=False), force=True)

pytestmark = pytest.mark.usefixtures("library")


def preview_of(what: str, at: float = 0.0, **settings) -> Preview:
    made = GenerateSettings(**{"duration": 1.5, "density": 4.0, "source": 1.0, "device": "cpu", **settings})
    return Preview(model="sax", settings=made, what=what, at=at)


def begin(what: str, at: float = 0.0, should_stop: Callable[[], bool] = lambda: False, **settings) -> Listening:
    return listen(Opener("cpu"), preview_of(what, at, **settings), should_stop)


def joined(listening: Listening) -> np.ndarray:
    return np.concatenate(list(listening))


def written(path: Path, **settings) -> tuple[np.ndarray, dict]:
    """Return the samples (samples, channels) of a file, and what is said of its novelty."""
    (file,) = generate("sax", path, preview_of("whole", **settings).settings, delivery=AS_IT_IS).files
    return soundfile.read(path, dtype="float32", always_2d=True)[0], file.novelty


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"density": 20.0, "sliders": {"brightness": 8.0}},
        {"channels": "stereo", "distance": 3.0, "seed": 7},
        {"loop": True},
        {"one_shot": True},
    ],
    ids=str,
)
def test_the_whole_is_what_a_file_would_be(tmp_path, settings: dict):
    listening = begin("whole", 0.7, **settings)
    file, novelty = written(tmp_path / "a.wav", **settings)
    heard = joined(listening)
    if settings.get("loop"):  # the file's limiter has heard the end when it begins
        assert heard.shape == file.shape
        assert np.abs(heard - file)[SAMPLE_RATE // 2 :].max() < 1e-6
    else:
        assert np.array_equal(heard, file)
    assert (listening.channels, listening.first_sample, listening.event) == (file.shape[1], 0, None)
    assert listening.samples == (None if settings.get("one_shot") else len(file))
    assert listening.novelty == novelty


def test_from_a_second_on_it_is_the_rest_of_the_whole():
    whole, listening = joined(begin("whole")), begin("from", 0.9)
    heard = joined(listening)
    assert (listening.first_sample, listening.samples, listening.event) == (43_200, len(heard), None)
    assert heard == pytest.approx(whole[43_200:], abs=1e-6)


def test_a_loop_is_heard_once_around_from_where_it_begins():
    whole, listening = joined(begin("whole", loop=True)), begin("from", 0.9, loop=True)
    heard = joined(listening)
    assert (listening.first_sample, listening.samples) == (43_200, 72_000)
    assert heard == pytest.approx(np.roll(whole, -43_200, axis=0), abs=1e-6)


def test_an_event_says_which_it_is_and_is_heard_by_itself():
    listening = begin("event", 1.0)
    heard = joined(listening)
    assert listening.event is not None
    assert listening.event.start_seconds <= 1.0
    assert listening.first_sample == round(listening.event.start_seconds * SAMPLE_RATE)
    assert listening.samples == len(heard)
    assert listening.event.recording in {f"{number}.wav" for number in range(5)}
    assert listening.event.index >= 2
    assert listening.novelty["nearest"]


@pytest.mark.parametrize("what", ["event", "from", "whole"])
def test_blocks_are_short_and_nothing_is_above_the_ceiling(monkeypatch, what: str):
    make = sounding.make_sound

    def loud(*of, **how):
        made = make(*of, **how)
        return sounding.Sound(made.event, 20.0 * made.samples, made.account)

    monkeypatch.setattr(sounding, "make_sound", loud)
    blocks = list(begin(what, 0.2, density=1.0))
    assert all(0 < len(block) <= LONGEST_BLOCK for block in blocks)
    assert CEILING_DB - 1.0 < true_peak_db(np.concatenate(blocks)) <= CEILING_DB


@pytest.mark.parametrize("what", ["event", "from"])
def test_what_is_heard_again_is_the_same(what: str):
    opener = Opener("cpu")
    asked = [preview_of(what, 0.4, sliders={"roughness": place}) for place in (-4.0, 3.0, -4.0)]
    first, other, again = (joined(listen(opener, one)) for one in asked)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.array_equal(first, joined(listen(Opener("cpu"), asked[0])))


@pytest.mark.parametrize("what", ["event", "from", "whole"])
def test_what_is_overtaken_before_it_is_begun_is_not_begun(monkeypatch, what: str):
    monkeypatch.setattr(sounding, "make_sound", lambda *_, **__: pytest.fail("nobody wants it"))
    with pytest.raises(Cancelled):
        joined(begin(what, 0.1, should_stop=lambda: True))


def test_what_is_overtaken_stops_between_events(monkeypatch):
    made = []
    make = sounding.make_sound
    monkeypatch.setattr(sounding, "make_sound", lambda *of, **how: made.append(1) or make(*of, **how))
    listening = begin("from", 1.0, should_stop=lambda: len(made) > 4, duration=60.0)
    with pytest.raises(Cancelled):
        joined(listening)
    assert len(made) <= 8


def test_who_closes_it_hears_no_more():
    listening = begin("whole", duration=600.0)
    blocks = iter(listening)
    assert len(next(blocks))
    listening.close()
    assert list(blocks) == []
    closed = begin("event")
    closed.close()
    assert list(closed) == []


def test_a_slider_that_is_off_is_told_of(dull: str):
    assert begin("event", sliders={"tension": 5}).notices == (dull,)
    assert begin("from").notices == ()


@pytest.mark.parametrize(("at", "loop"), [(1.5, False), (9.0, True)])
def test_an_output_has_no_second_behind_its_end(at: float, loop: bool):
    with pytest.raises(ParameterError, match="begin inside it"):
        begin("from", at, loop=loop)
    assert len(joined(begin("event", at, loop=loop)))


def test_only_what_there_is_can_be_heard():
    with pytest.raises(ModelError):
        listen(Opener("cpu"), Preview(model="sex"))
    for wrong in ({"what": "all"}, {"at": -1.0}, {"at": float("nan")}, {"where": 1}):
        with pytest.raises(ValidationError):
            Preview(model="sax", **wrong)


def test_one_model_is_kept_for_all_previews():
    opener = Opener("cpu")
    renderer = opener.open("sax").renderer
    for seed in range(3):
        joined(listen(opener, preview_of("event", seed=seed)))
    assert opener.open(find_model("sax").name).renderer is renderer


def test_a_program_can_be_warmed_up_and_nothing_is_written(data_home: Path):
    before = sorted(data_home.rglob("*"))
    warm()
    assert descriptor_filters.cache_info().currsize == 1
    assert sorted(data_home.rglob("*")) == before
