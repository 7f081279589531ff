import numpy as np
import pytest
from small_corpus import make_corpus, noise, tone
from small_network import small_vae

from engine.latent import fidelity
from engine.latent.encode import decode_mel, hear
from engine.latent.fidelity import measure_distances


def test_a_distance_is_the_mean_difference_of_true_and_decoded_log_mel(tmp_path):
    corpus = make_corpus(tmp_path, tone(440, 0.3), noise(0.2))
    vae = small_vae()
    track, wanted = hear(vae, corpus.recorded(corpus.recordings[1]).mean(1))
    expected = np.abs(decode_mel(vae, track)[: len(wanted)] - wanted).mean()
    assert measure_distances(vae, corpus, [1]) == {"1.wav": pytest.approx(expected)}
    assert measure_distances(vae, corpus, []) == {}


def test_a_recording_has_its_distance_in_every_corpus_and_channels_and_position_do_not_matter(tmp_path):
    vae = small_vae()
    alone = make_corpus(tmp_path / "a", tone(440, 0.3))
    beside = make_corpus(tmp_path / "b", tone(440, 0.3), np.stack([noise(0.1), noise(0.1, 1)], axis=1))
    assert measure_distances(vae, alone, [0]) == pytest.approx({"0.wav": measure_distances(vae, beside, [0])["0.wav"]})


def test_of_many_recordings_some_are_heard_from_first_to_last_and_of_long_ones_the_beginning(tmp_path, monkeypatch):
    monkeypatch.setattr(fidelity, "MOST_RECORDINGS", 3)
    monkeypatch.setattr(fidelity, "HEARD_SECONDS", 0.1)
    loud_end = np.concatenate([tone(440, 0.1), noise(0.2, level=0.5)])
    corpus = make_corpus(tmp_path, loud_end, tone(440, 0.1), noise(0.1), noise(0.1, 1), noise(0.1, 2))
    found = measure_distances(small_vae(), corpus, range(5))
    assert list(found) == ["0.wav", "2.wav", "4.wav"]
    assert found["0.wav"] == pytest.approx(measure_distances(small_vae(), corpus, [1])["1.wav"])
