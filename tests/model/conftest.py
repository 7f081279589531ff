import pytest
import torch
from small_network import small_vae

from engine.model.vae import Vae


@pytest.fixture
def vae() -> Vae:
    return small_vae()


@pytest.fixture
def random() -> torch.Generator:
    return torch.Generator().manual_seed(7)
