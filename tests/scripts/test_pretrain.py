"""The shipped network is made reproducibly, from imagined sound, in the form in which the engine reads it."""

from dataclasses import replace

import pretrain
import torch

from engine.features.mel import magnitude_to_log, magnitude_to_mel
from engine.model.base import BASE_SHAPE
from engine.model.checkpoint import load_tensors
from engine.model.vae import Vae
from engine.training.schedule import Recipe

SMALL = replace(Recipe(), reservoir=8, batch=4, frames=16)


def test_a_short_training_writes_what_the_engine_reads(tmp_path, monkeypatch):
    monkeypatch.setattr(pretrain, "VALIDATION_EXCERPTS", 4)
    for name in ("one", "two"):
        pretrain.pretrain(tmp_path / name, steps=3, seed=7, recipe=SMALL)
    expected = {name: (tuple(value.shape), torch.float16) for name, value in Vae(BASE_SHAPE).state_dict().items()}
    one, two = (load_tensors(tmp_path / name, expected) for name in ("one", "two"))
    assert all(torch.equal(one[name], two[name]) for name in expected)
    assert 0.5 < float(one["scale"]) < 6.0


def test_a_batch_holds_mel_and_fine_spectra_of_the_same_sounds():
    batch = pretrain.ImaginedReservoir(frames=16, size=8, seed=1).batch(6)
    mel_of_fine = magnitude_to_log(magnitude_to_mel(batch.fine.exp() - 1e-6))
    assert batch.log_mel.shape == (6, 128, 16)
    assert (mel_of_fine - batch.log_mel).abs().median() < 0.1


def test_quiet_excerpts_are_always_present():
    batch = pretrain.ImaginedReservoir(frames=16, size=60, seed=2).batch(200)
    loudest = batch.log_mel.amax((1, 2)) * 8.686
    assert (loudest < -40).float().mean() > 0.1
    assert (loudest > -20).float().mean() > 0.2
