"""One recording as the model in training hears it by now: the answer to "when do I stop?" is heard, not read."""

import numpy as np
import torch
from numpy.typing import NDArray

from engine.dataset.clips import Clip
from engine.dataset.corpus import Corpus
from engine.latent.encode import decode, encode
from engine.model.vae import Vae
from engine.training.events import Audition
from engine.units import LATENT_HOP, LOG_FLOOR, SAMPLE_RATE
from engine.vocoder.blend import fine_to_magnitude
from engine.vocoder.pghi import magnitude_to_samples

Floats = NDArray[np.float32]

LONGEST_SECONDS = 4.0


class Hearing:
    """The excerpt of a corpus that a person follows through a training, always the same."""

    def __init__(self, corpus: Corpus, clips: tuple[Clip, ...]) -> None:
        """Choose of all clips the one that is nearest to LONGEST_SECONDS, the first of several."""
        clip = min(clips, key=lambda one: abs(min(one.seconds, LONGEST_SECONDS) - LONGEST_SECONDS))
        recording = corpus.recordings[clip.recording]
        first, last = _stretch(clip)
        self._name = recording.name
        self._original: Floats = np.array(corpus.recorded(recording)[first:last].mean(axis=1), np.float32)

    def offer(self, vae: Vae) -> Audition:
        """Return the excerpt, and what makes heard what the network makes of it by now.

        Args:
            vae: The network; it must not change while it is heard.
        """
        return Audition(self._name, self._original, lambda: self._dream(vae))

    def _dream(self, vae: Vae) -> Floats:
        """Return what the network makes of the excerpt without the help of any recording, (samples,)."""
        with torch.inference_mode():
            decoded = decode(vae, encode(vae, self._original))
            magnitude = fine_to_magnitude(decoded.fine(), LOG_FLOOR)
            return magnitude_to_samples(magnitude, len(self._original)).numpy().astype(np.float32)


def _stretch(clip: Clip) -> tuple[int, int]:
    """Return first and one past the last sample of the beginning of a clip, in its recording."""
    first = clip.first * LATENT_HOP
    return first, min(clip.last * LATENT_HOP, first + round(LONGEST_SECONDS * SAMPLE_RATE))
