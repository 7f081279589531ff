"""The size of a network, and what it implies: the name and shape of every tensor of its weights. Needs no torch.

`engine.model.vae.Vae` builds the network; a test holds its tensors against those named here, for several sizes.
"""

from dataclasses import asdict, dataclass

from engine.errors import ModelError
from engine.units import BINS, LATENT_STRIDE, MEL_BANDS

PATCH_BANDS = 4  # mel bands in a patch of the local path; its frames are those of a latent frame
PATCH_ROWS = MEL_BANDS // PATCH_BANDS
PATCH_VALUES = PATCH_BANDS * LATENT_STRIDE
HINT_CHANNELS = 8  # in which the broad decoder tells the local one what surrounds each patch
LIMITS = {
    "broad": (1, 256),
    "regions": (1, 32),
    "regional": (1, 64),
    "width": (8, 2048),
    "depth": (1, 64),
    "local_width": (4, 512),
    "local_depth": (1, 64),
    "detail_width": (8, 2048),
}

Sizes = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class VaeShape:
    """The size of a network; with the frame of `engine.units` it fixes every tensor's shape.

    Attributes:
        broad: Latent numbers that describe a whole spectrum.
        regions: Regions of neighbouring bands that have latent numbers of their own; divides PATCH_ROWS.
        regional: Latent numbers of each region.
        width: Channels of the broad path.
        depth: Residual blocks of the broad path, in the encoder and again in the decoder.
        local_width: Channels of the local path.
        local_depth: Residual blocks of the local path, in the encoder and again in the decoder.
        detail_width: Channels at the frame rate, just before the outputs.
    """

    broad: int = 16
    regions: int = 16
    regional: int = 3
    width: int = 192
    depth: int = 3
    local_width: int = 48
    local_depth: int = 2
    detail_width: int = 128

    @property
    def latent(self) -> int:
        """Return the numbers of a latent frame."""
        return self.broad + self.regions * self.regional

    @property
    def reach(self) -> int:
        """Return how many latent frames away a latent frame can be felt, an upper bound."""
        return self.depth + self.local_depth + 2

    @property
    def rows(self) -> int:
        """Return how many rows of patches a region has."""
        return PATCH_ROWS // self.regions

    def to_dict(self) -> dict[str, int]:
        """Return the fields as plain numbers for JSON."""
        return asdict(self)


def shape_from_dict(values: object) -> VaeShape:
    """Build a network's shape from stored numbers.

    Raises:
        ModelError: a number is missing, unknown, no whole number, outside its limits, or does not fit the others.
    """
    if not isinstance(values, dict) or set(values) != set(LIMITS):
        raise ModelError(f"a network is described by {', '.join(LIMITS)}, not by {values!r}")
    for name, (low, high) in LIMITS.items():
        if type(values[name]) is not int or not low <= values[name] <= high:
            raise ModelError(
                f"the network's {name} is {values[name]!r}; it must be a whole number from {low} to {high}"
            )
    if PATCH_ROWS % values["regions"]:
        raise ModelError(f"the network's regions are {values['regions']}; their number must divide {PATCH_ROWS}")
    return VaeShape(**values)


def expected_weights(shape: VaeShape, kind: str = "float32") -> dict[str, tuple[tuple[int, ...], str]]:
    """Return what a file of a network's weights holds, as `engine.model.tensors.load_arrays` takes it.

    Args:
        shape: Of the network.
        kind: Type of all numbers.
    """
    return {name: (size, kind) for name, size in weight_sizes(shape).items()}


def weight_sizes(shape: VaeShape) -> Sizes:
    """Return the shape of every tensor of a network's weights, by its name in `Vae.state_dict`."""
    wide, local, detail, rows = shape.width, shape.local_width, shape.detail_width, shape.rows
    return {
        "band_mean": (MEL_BANDS,),
        "scale": (),
        "place": (1, local, PATCH_ROWS, 1),
        **_layer("encoder.0", wide, MEL_BANDS * LATENT_STRIDE, 1),
        **_blocks("encoder", 1, shape.depth, wide, 1),
        **_layer("broad_latent", 2 * shape.broad, wide, 1),
        **_layer("local_encoder.0", local, PATCH_VALUES, 1, 1),
        **_blocks("local_encoder", 1, shape.local_depth, local, 2),
        **_layer("regional_latent", 2 * shape.regional, local, rows, 1),
        **_layer("decoder.0", wide, shape.broad, 3),
        **_blocks("decoder", 1, shape.depth, wide, 1),
        **_layer("to_frames", detail * LATENT_STRIDE, wide, 1),
        **_blocks("detail", 0, 1, detail, 1),
        **_layer("hint", HINT_CHANNELS * PATCH_ROWS, wide, 1),
        **_layer("hint_to_patch", local, HINT_CHANNELS, 1, 1),
        "region_to_patches.weight": (shape.regional, local, rows, 1),  # a transposed layer names its input first
        "region_to_patches.bias": (local,),
        **_blocks("local_decoder", 0, shape.local_depth, local, 2),
        **_layer(f"local_decoder.{shape.local_depth + 1}", PATCH_VALUES, local, 1, 1),
        **_layer("mel_head", MEL_BANDS, detail, 1),
        **_layer("fine_head", BINS, detail, 1),
    }


def _layer(name: str, out: int, *rest: int) -> Sizes:
    """Return the tensors of a convolution whose weight has the shape (out, *rest)."""
    return {f"{name}.weight": (out, *rest), f"{name}.bias": (out,)}


def _norm(name: str, channels: int) -> Sizes:
    return {f"{name}.norm.weight": (channels,), f"{name}.norm.bias": (channels,)}


def _blocks(name: str, first: int, count: int, channels: int, axes: int) -> Sizes:
    """Return the tensors of `count` residual blocks, numbered from `first`, and of the normalisation behind them.

    Args:
        name: Of the sequence that they are in.
        first: Number of the first block.
        count: Of blocks.
        channels: Of each.
        axes: 1 over time, `ResidualBlock`; 2 over a plane, `PlaneBlock`.
    """
    around = "across_time" if axes == 1 else "around"
    sizes: Sizes = {}
    for block in (f"{name}.{number}" for number in range(first, first + count)):
        sizes |= _norm(f"{block}.norm", channels)
        sizes |= _layer(f"{block}.{around}", channels, channels, *(3,) * axes)
        sizes |= _layer(f"{block}.across_channels", channels, channels, *(1,) * axes)
    return sizes | _norm(f"{name}.{first + count}", channels)
