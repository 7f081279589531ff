import gc
import json
import shutil
import weakref
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread

import pytest

from engine.errors import ModelError
from engine.latent.certificate import load_certificate, save_certificate
from engine.settings import MOST_BLENDED, GenerateSettings
from engine.studio import opening, origin
from engine.studio.models import delete_model, find_model
from engine.studio.opening import MOST_OPEN, Opener

OTHERS = ("tabla", "drums", "choir")


@pytest.fixture(autouse=True)
def others(library: Path) -> None:
    """Models like "sax" with ids of their own."""
    entry = find_model("sax")
    for number, name in enumerate(OTHERS):
        folder = library / "models" / f"{number:012}"
        shutil.copytree(entry.path, folder)
        described = json.loads((folder / "model.json").read_bytes())
        (folder / "model.json").write_text(json.dumps({**described, "id": folder.name, "name": name}), "utf-8")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of models that are read, which grow."""
    ids: list[str] = []
    open_renderer = opening.open_renderer
    monkeypatch.setattr(opening, "open_renderer", lambda *of: ids.append(of[0]) or open_renderer(*of))
    return ids


def test_a_model_is_read_once_and_kept(read):
    opener = Opener("cpu")
    first = opener.open("sax").renderer
    assert opener.open(find_model("sax").id).renderer is first
    assert opener.open("sax", {"tabla": 0.5}).renderers[0] is first
    assert read == [find_model(name).id for name in ("sax", "tabla")]


def test_those_are_let_go_that_were_used_longest_ago(read):
    opener = Opener("cpu", most_open=2)
    for name in ("sax", "tabla", "sax", "drums", "sax", "tabla"):
        opener.open(name)
    assert read == [find_model(name).id for name in ("sax", "tabla", "drums", "tabla")]


def test_a_blend_of_the_most_models_stays_open_whole():
    assert MOST_OPEN > MOST_BLENDED + 1
    opened = Opener("cpu", most_open=2).open("sax", {name: 0.2 for name in OTHERS})  # noqa: C420
    assert len({id(renderer) for renderer in opened.renderers}) == 4


def test_what_is_forgotten_is_read_again(read):
    opener, sax = Opener("cpu"), find_model("sax").id
    opener.open("sax")
    opener.forget(sax)
    opener.forget("nothing of this id")
    opener.open("sax")
    assert read == [sax, sax]


def test_a_model_that_was_measured_again_is_read_again():
    opener, folder = Opener("cpu"), find_model("sax").path
    first = opener.open("sax").renderer
    certificate = load_certificate(folder)
    save_certificate(folder, replace(certificate, seeds=certificate.seeds + 5))
    again = opener.open("sax").renderer
    assert again is not first
    assert again.certificate.seeds == first.certificate.seeds + 5
    assert opener.open("sax").renderer is again


def test_a_deleted_model_is_not_opened_though_it_is_kept():
    opener = Opener("cpu")
    opener.open("tabla")
    delete_model("tabla")
    with pytest.raises(ModelError):
        opener.open("tabla")


def test_a_model_that_cannot_be_read_is_tried_again():
    opener, weights = Opener("cpu"), find_model("sax").path / "weights.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-100])
    with pytest.raises(ModelError, match="damaged"):
        opener.open("sax")
    weights.write_bytes(whole)
    assert opener.open("sax").renderer.space.clips


def test_threads_that_want_one_model_wait_for_it_together_and_others_do_not(read):
    opener, barrier = Opener("cpu"), Barrier(6)
    found = []

    def use(name: str) -> None:
        barrier.wait()
        found.append((name, opener.open(name).renderer))

    threads = [Thread(target=use, args=(name,)) for name in ("sax", "sax", "sax", "tabla", "tabla", "drums")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read) == sorted(find_model(name).id for name in ("sax", "tabla", "drums"))
    assert len({(name, id(renderer)) for name, renderer in found}) == 3
    assert len(found) == 6


def test_where_outputs_come_from_is_read_only_when_it_is_asked_for(monkeypatch):
    asked = []
    fingerprint = origin.fingerprint_files
    monkeypatch.setattr(origin, "fingerprint_files", lambda paths: asked.append(paths) or fingerprint(paths))
    opened = Opener("cpu").open("sax", {"tabla": 0.5})
    assert asked == []
    assert (opened.origin.model_name, opened.origin.device) == ("sax", "cpu")
    assert [one.model_name for one in opened.origin.blended] == ["tabla"]
    known = len(asked)
    assert opened.origin.model_fingerprint
    assert len(asked) == known


def test_a_warm_model_sounds_as_a_cold_one():
    cold, warm = Opener("cpu").open("sax", {"tabla": 0.5}), Opener("cpu").open("sax", {"tabla": 0.5})
    warm.warm()
    assert all("moments" in vars(renderer) for renderer in warm.renderers)
    settings = GenerateSettings(duration=0.5, density=6.0, source=1.0, sliders={"brightness": 4.0})
    for one, other in zip(cold.render(settings), warm.render(settings), strict=True):
        assert (one == other).all()


def test_models_that_take_too_much_memory_are_let_go_those_first_that_were_used_longest_ago(read):
    one = opening.count_bytes(Opener("cpu").open("sax").renderer)
    read.clear()
    opener = Opener("cpu", most_bytes=int(2.5 * one))
    watched = weakref.ref(opener.open("sax").renderer)
    for name in ("tabla", "sax", "drums"):
        opener.open(name)
    assert watched() is opener.open("sax").renderer
    assert len(read) == 3
    opener.open("tabla")
    assert len(read) == 4
    for name in ("drums", "tabla"):
        opener.open(name)
    gc.collect()
    assert watched() is None


def test_a_blend_is_opened_whole_though_its_models_take_more_memory_than_there_is(read):
    opener = Opener("cpu", most_bytes=0)
    for _ in range(2):
        assert len(opener.open("sax", {"tabla": 0.3, "drums": 0.3}).renderers) == 3
    assert len(read) == 3
    opener.open("choir")
    opener.open("sax")
    assert len(read) == 5


def test_most_of_what_a_model_takes_is_counted_but_for_what_is_mapped():
    renderer = Opener("cpu").open("sax").renderer
    vae, voice = renderer.space.vae, renderer.space.voice
    weights = sum(value.nbytes for value in vae.state_dict().values())
    searched = 2 * voice.reduced.nbytes
    assert weights + searched < opening.count_bytes(renderer) < weights + 3 * searched
