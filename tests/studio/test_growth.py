import numpy as np
import pytest
import torch
from small_corpus import make_corpus, noise, tone
from small_library import make_entry
from small_network import small_vae

from engine.dataset.gathering import write_corpus
from engine.errors import ModelError
from engine.latent.fidelity import measure_distances
from engine.model.checkpoint import save_weights
from engine.settings import TrainSettings
from engine.studio.growth import FORGOTTEN_PERCENT, MIXES, Change, compare_with_parent, hold_to_known, mix_networks
from engine.studio.run import EXTENDED, PARENT_FILE, Growth, Run


def changed(amount: float):
    """Return the small network with every weight moved a little, the same way each time."""
    vae, random = small_vae(), torch.Generator().manual_seed(1)
    with torch.no_grad():
        for value in vae.parameters():
            value.add_(amount * torch.randn(value.shape, generator=random))
    return vae


@pytest.fixture
def run() -> Run:
    """A run that goes on from the small network."""
    shape = small_vae().shape.to_dict()
    growth = Growth(EXTENDED, make_entry("a1", "sax", version=2), shape, known=2, distances={}, cap=0.3)
    run = Run("r1", "sax", "", TrainSettings(), growth=growth)
    run.folder.mkdir(parents=True)
    save_weights(run.folder / PARENT_FILE, small_vae())
    return run


@pytest.fixture
def corpus(tmp_path):
    return make_corpus(tmp_path / "in", tone(440, 0.2), noise(0.2), tone(900, 0.2))


def test_a_change_is_told_in_per_cent_of_what_was():
    assert Change(0.2, 0.25).percent == pytest.approx(25)
    assert Change(0.2, 0.1).percent == pytest.approx(-50)
    assert Change(0.0, 0.1).percent == 0.0


def test_a_mix_of_two_networks_goes_from_one_to_the_other():
    first, last = small_vae(), changed(0.1)
    for share, whole in ((0.0, first), (1.0, last)):
        mixed = mix_networks(first, last, share).state_dict()
        assert all(torch.allclose(mixed[name], value, atol=1e-6) for name, value in whole.state_dict().items())
    halfway = mix_networks(first, last, 0.5).state_dict()
    ends = first.state_dict(), last.state_dict()
    assert all(torch.allclose(value, (ends[0][name] + ends[1][name]) / 2, atol=1e-6) for name, value in halfway.items())


def test_a_network_that_forgot_nothing_is_kept_as_it_is(run: Run, corpus):
    trained = changed(0.0)
    held = hold_to_known(run, run.growth, corpus, trained)
    assert all(torch.equal(value, held.state_dict()[name]) for name, value in trained.state_dict().items())


def test_a_network_that_forgot_is_drawn_back_as_far_as_it_has_to_be(run: Run, corpus):
    def forgotten(vae) -> float:
        before, after = (np.mean(list(measure_distances(one, corpus, [0, 1]).values())) for one in (small_vae(), vae))
        return 100 * (after / before - 1)

    trained = changed(0.3)
    mixes = [mix_networks(small_vae(), trained, share) for share in MIXES]
    expected = next((vae for vae in mixes if forgotten(vae) <= FORGOTTEN_PERCENT), mixes[-1])
    held = hold_to_known(run, run.growth, corpus, trained)
    assert forgotten(trained) > FORGOTTEN_PERCENT
    assert forgotten(held) == pytest.approx(forgotten(expected))
    assert forgotten(held) < forgotten(trained)


def test_known_and_new_recordings_are_compared_and_outputs_have_no_first_distance(run: Run, tmp_path):
    files = [(name, tmp_path / "in" / f"{number}.wav") for number, name in enumerate(("a", "b", "c"))]
    make_corpus(tmp_path / "in", tone(440, 0.2), noise(0.2), tone(900, 0.2))
    (tmp_path / "out").mkdir()
    corpus = write_corpus(tmp_path / "out", files, 1, synthetic=["b"])
    report, distances = compare_with_parent(run, run.growth, corpus, changed(0.02), 3)
    before, after = (measure_distances(vae, corpus, range(3)) for vae in (small_vae(), changed(0.02)))
    assert (report.known.before, report.known.after) == pytest.approx((before["a"], after["a"]))
    assert (report.new.before, report.new.after) == pytest.approx((before["c"], after["c"]))
    assert distances == pytest.approx({"a": before["a"], "c": after["c"]})
    assert (report.version, report.parent_name, report.new_files, report.known_files) == (3, "sax@2", 1, 2)
    assert report.drift_percent == pytest.approx(report.known.percent)
    assert report.synthetic_share == pytest.approx(1 / 3)


def test_a_model_without_a_real_recording_has_nothing_to_drift_from(run: Run, tmp_path):
    make_corpus(tmp_path / "in", tone(440, 0.2), noise(0.2), tone(900, 0.2))
    files = [(f"{number}", tmp_path / "in" / f"{number}.wav") for number in range(3)]
    (tmp_path / "out").mkdir()
    corpus = write_corpus(tmp_path / "out", files, 1, synthetic=["0", "1", "2"])
    trained = changed(0.05)
    assert hold_to_known(run, run.growth, corpus, trained) is trained
    report, distances = compare_with_parent(run, run.growth, corpus, trained, 3)
    assert (report.known, report.drift_percent, distances) == (None, None, {})
    assert report.to_dict()["known_neper"] is None


def test_damaged_weights_of_the_parent_are_told(run: Run, corpus):
    (run.folder / PARENT_FILE).write_bytes(b"")
    with pytest.raises(ModelError, match="damaged"):
        compare_with_parent(run, run.growth, corpus, small_vae(), 3)
