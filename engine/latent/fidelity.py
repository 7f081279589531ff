"""How near a network comes to recordings: they are heard and decoded, and the log-mel is compared."""

from collections.abc import Sequence

import numpy as np

from engine.dataset.corpus import Corpus
from engine.latent.checks import Check, carry_on
from engine.latent.encode import decode_mel, hear
from engine.model.vae import Vae
from engine.units import SAMPLE_RATE

HEARD_SECONDS = 5.0  # of each recording, from its beginning
MOST_RECORDINGS = 64  # are heard of those asked for


def measure_distances(vae: Vae, corpus: Corpus, recordings: Sequence[int], check: Check = carry_on) -> dict[str, float]:
    """Return how far recordings are from what a network decodes of them, by name, neper.

    The distance is the mean absolute difference of true and decoded log-mel, as in training, but of the recordings as
    they are. The same recordings give the same distances in every corpus.

    Args:
        vae: The network, ready for use.
        corpus: That holds the recordings.
        recordings: Their places in it; of more than MOST_RECORDINGS, so many are taken evenly.
        check: Called before each; may raise to stop.
    """
    count = min(MOST_RECORDINGS, len(recordings))
    taken = [recordings[place] for place in np.linspace(0, len(recordings) - 1, count).round().astype(int)]
    found = {}
    for recording in (corpus.recordings[index] for index in taken):
        check()
        samples = corpus.recorded(recording)[: round(HEARD_SECONDS * SAMPLE_RATE)].mean(axis=1)
        track, wanted = hear(vae, samples)
        found[recording.name] = float(np.abs(decode_mel(vae, track)[: len(wanted)] - wanted).mean())
    return found
