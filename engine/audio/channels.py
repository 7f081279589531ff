"""Any number of channels to mono or stereo: by the loudspeakers that they belong to, or as the person says."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.settings import ChannelsIn

SIDE_GAIN = 0.5**0.5  # of centre and surround in a stereo mix, as ITU-R BS.775 has it
GAINS = {  # to left and right; the low-frequency effects channel is left out, as there
    "FL": (1.0, 0.0), "FR": (0.0, 1.0), "FC": (SIDE_GAIN, SIDE_GAIN), "LFE": (0.0, 0.0),
    "BL": (SIDE_GAIN, 0.0), "BR": (0.0, SIDE_GAIN), "FLC": (SIDE_GAIN, 0.0), "FRC": (0.0, SIDE_GAIN),
    "BC": (0.5, 0.5), "SL": (SIDE_GAIN, 0.0), "SR": (0.0, SIDE_GAIN), "TC": (0.5, 0.5),
    "TFL": (SIDE_GAIN, 0.0), "TFC": (0.5, 0.5), "TFR": (0.0, SIDE_GAIN),
    "TBL": (SIDE_GAIN, 0.0), "TBC": (0.5, 0.5), "TBR": (0.0, SIDE_GAIN),
}  # fmt: skip
IN_MASK = tuple(GAINS)  # by the bits of the mask of a WAV, the lowest first
USUAL = {  # where nothing is said
    3: "FL FR FC", 4: "FL FR BL BR", 5: "FL FR FC BL BR", 6: "FL FR FC LFE BL BR",
    7: "FL FR FC LFE BC SL SR", 8: "FL FR FC LFE BL BR SL SR",
}  # fmt: skip
IN_OGG = {  # Vorbis and Opus
    3: "FL FC FR", 4: "FL FR BL BR", 5: "FL FC FR BL BR", 6: "FL FC FR BL BR LFE",
    7: "FL FC FR SL SR BC LFE", 8: "FL FC FR SL SR BL BR LFE",
}  # fmt: skip
AMBISONIC = (4, 9, 16)  # channels of the first three orders
AMBIX_LEFT, AMBIX_RIGHT = (0.5, 0.5), (0.5, -0.5)  # of W and Y: cardioids that look left and right

Floats = NDArray[np.float32]


def find_speakers(channels: int, container: str = "WAV", mask: int | None = None) -> tuple[str, ...]:
    """Return the loudspeakers that more than two channels belong to, in their order; none where nobody knows.

    Args:
        channels: Their number.
        container: The file format, "OGG" having another order.
        mask: Of a WAV; None or 0 where it says nothing.
    """
    named = tuple(name for bit, name in enumerate(IN_MASK) if (mask or 0) >> bit & 1)
    if len(named) == channels:
        return named
    return tuple((IN_OGG if container == "OGG" else USUAL).get(channels, "").split())


def mixing_matrix(channels: int, speakers: Sequence[str]) -> Floats:
    """Return the gains of a stereo mix as ITU-R BS.775 has it, (channels, 2), which cannot exceed full scale.

    Where no loudspeakers are known, channels are taken as alternating left and right microphones and averaged.
    """
    if speakers:
        gains = np.array([GAINS[name] for name in speakers])
    else:
        gains = np.array([(1.0 - place % 2, place % 2) for place in range(channels)])
    return np.asarray(gains / max(gains.sum(axis=0).max(), 1e-9), np.float32)


class Mixer:
    """Brings the channels of one recording to mono or stereo.

    Args:
        channels: As stored.
        speakers: From `find_speakers`, where there are more than two.
        wanted: What the person says of the channels; auto mixes what is more than stereo. Ambix counts where there can
            be Ambisonics, and left and right where there are two sides.
    """

    def __init__(self, channels: int, speakers: Sequence[str] = (), wanted: ChannelsIn = "auto") -> None:
        self._matrix: Floats | None = None
        if channels > 1 and wanted in ("left", "right"):
            self._matrix = _one_channel(channels, speakers, "FL" if wanted == "left" else "FR")
        elif channels in AMBISONIC and wanted == "ambix":
            self._matrix = np.zeros((channels, 2), np.float32)
            self._matrix[:2] = np.transpose([AMBIX_LEFT, AMBIX_RIGHT])
        elif channels > 2:
            self._matrix = mixing_matrix(channels, speakers)
        if channels > 1 and wanted == "mono":
            whole = np.eye(2, dtype=np.float32) if self._matrix is None else self._matrix
            self._matrix = whole.mean(axis=1, keepdims=True)
        self.channels = channels if self._matrix is None else self._matrix.shape[1]

    def mix(self, block: Floats) -> Floats:
        """Return a block (samples, channels) as (samples, 1 or 2); the block itself where nothing is to be done."""
        if self._matrix is None:
            return block
        return np.asarray(block @ self._matrix, np.float32)


def _one_channel(channels: int, speakers: Sequence[str], name: str) -> Floats:
    """Return the gains of one channel alone, (channels, 1): of a loudspeaker, or the first or second."""
    place = speakers.index(name) if name in speakers else int(name == "FR")
    return np.eye(channels, dtype=np.float32)[:, place : place + 1]
