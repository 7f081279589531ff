import torch

from engine.model.base import BASE_FILE, BASE_SHAPE, load_base
from engine.units import MEL_BANDS


def test_the_shipped_network_hears_and_its_spectra_are_finite():
    base = load_base()
    assert base.shape == BASE_SHAPE
    assert base.scale > 0
    mel = -6 + torch.randn(1, MEL_BANDS, 12, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        mean, _ = base.encode(mel)
        decoded = base.decode(mean)
    assert mean.shape == (1, BASE_SHAPE.latent, 3)
    assert mean.std() > 1e-3
    assert all(torch.isfinite(part).all() for part in decoded)


def test_every_copy_is_the_callers_own_in_single_precision_and_can_be_trained():
    first, second = load_base(), load_base()
    assert {value.dtype for value in first.state_dict().values()} == {torch.float32}
    assert all(value.requires_grad for value in first.parameters())
    with torch.no_grad():
        first.mel_head.bias.fill_(123.0)
    assert (second.mel_head.bias != 123.0).all()
    assert (load_base().mel_head.bias != 123.0).all()


def test_the_shipped_network_holds_no_more_than_its_weights_in_half_precision():
    from importlib.resources import files

    values = sum(value.numel() for value in load_base().state_dict().values())
    size = len((files("engine.model") / BASE_FILE).read_bytes())
    assert 2 * values < size < 2 * values + 32_768
