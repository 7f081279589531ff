"""The bins of the frame in which models hear, by frequency."""

from engine.units import BINS, N_FFT, SAMPLE_RATE

BIN_HZ = SAMPLE_RATE / N_FFT
SMALL = 1e-9  # of a magnitude: keeps roots and quotients finite


def band(low_hz: float, high_hz: float = SAMPLE_RATE) -> slice:
    """Return the bins whose frequency is above `low_hz` and below `high_hz`."""
    return slice(int(low_hz / BIN_HZ) + 1, min(BINS, int(high_hz / BIN_HZ) + 1))
