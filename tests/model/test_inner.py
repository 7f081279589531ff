import pytest
import torch

from engine.errors import ShapeError
from engine.model.inner import InnerDecoder
from engine.model.shape import VaeShape
from engine.model.vae import Vae
from engine.units import LATENT_STRIDE

INNER = range(1, LATENT_STRIDE - 1)


def noise_latent(vae: Vae, batch: int, frames: int, random: torch.Generator) -> torch.Tensor:
    return torch.randn(batch, frames, vae.shape.latent, generator=random)


@torch.no_grad()
def fine_of_all(vae: Vae, latent: torch.Tensor) -> torch.Tensor:
    """Return the fine spectrum of all frames, (batch, frames, bins)."""
    return vae.fine(*vae.decode_hidden(latent.transpose(1, 2))).transpose(1, 2)


@pytest.mark.parametrize("inner", INNER)
@pytest.mark.parametrize(("batch", "frames"), [(1, 1), (3, 2), (1, 7)])
def test_an_inner_frame_is_decoded_as_with_all(vae, random, inner: int, batch: int, frames: int):
    latent = noise_latent(vae, batch, frames, random)
    whole = fine_of_all(vae, latent)[:, inner::LATENT_STRIDE]
    assert torch.allclose(InnerDecoder(vae, inner).fine(latent), whole, atol=1e-5)


def test_a_network_of_another_size_is_decoded_as_well(random):
    torch.manual_seed(4)
    vae = Vae(VaeShape(broad=5, regions=8, regional=2, width=24, depth=1, local_width=8, local_depth=2)).eval()
    latent = noise_latent(vae, 2, 4, random)
    assert torch.allclose(InnerDecoder(vae, 2).fine(latent), fine_of_all(vae, latent)[:, 2::LATENT_STRIDE], atol=1e-5)


@pytest.mark.parametrize("inner", [0, LATENT_STRIDE - 1])
def test_a_frame_at_the_edge_is_refused(vae, inner: int):
    with pytest.raises(ShapeError, match=f"inner = {inner}"):
        InnerDecoder(vae, inner)


def test_latent_frames_of_another_shape_are_refused(vae):
    decoder = InnerDecoder(vae, 1)
    for shape in ((1, 3, vae.shape.latent + 1), (3, vae.shape.latent)):
        with pytest.raises(ShapeError, match="inner decoder takes"):
            decoder.fine(torch.zeros(shape))
