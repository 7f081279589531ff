import pytest
import torch

from engine.model.blocks import ChannelNorm, ResidualBlock, fold_frames, unfold_frames


def test_folding_stacks_neighbouring_frames():
    x = torch.arange(2 * 3 * 8.0).reshape(2, 3, 8)
    folded = fold_frames(x, 4)
    assert folded.shape == (2, 12, 2)
    for channel in range(3):
        for part in range(4):
            for frame in range(2):
                assert (folded == x[:, channel, 4 * frame + part][:, None, None]).any(1).any(1).all()
    assert set(folded[0, :, 0].tolist()) == set(x[0, :, :4].flatten().tolist())


@pytest.mark.parametrize("stride", [1, 2, 4])
def test_unfolding_undoes_folding_and_the_other_way_round(stride: int, random):
    x = torch.randn(2, 8, 12, generator=random)
    assert torch.equal(unfold_frames(fold_frames(x, stride), stride), x)
    assert torch.equal(fold_frames(unfold_frames(x, stride), stride), x)


def test_each_frame_is_normalised_by_itself(random):
    x = 3 + 5 * torch.randn(2, 64, 9, generator=random)
    normal = ChannelNorm(64)(x)
    assert torch.allclose(normal.mean(1), torch.zeros(2, 9), atol=1e-5)
    assert torch.allclose(normal.var(1, correction=0), torch.ones(2, 9), atol=1e-3)
    assert torch.allclose(ChannelNorm(64)(x[..., 4:5]), normal[..., 4:5], atol=1e-6)


def test_a_residual_block_keeps_the_shape_and_sees_one_frame_to_each_side(random):
    torch.manual_seed(1)
    block = ResidualBlock(8)
    x = torch.randn(1, 8, 11, generator=random)
    changed = x.clone()
    changed[0, 2, 5] += 1
    moved = (block(x) - block(changed)).abs().sum((0, 1))
    assert block(x).shape == x.shape
    assert (moved[4:7] > 1e-4).all()
    assert moved[:4].max() == 0
    assert moved[7:].max() == 0
