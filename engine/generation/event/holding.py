"""Notes that stay while sliders move: an event of clear pitch is sung at the notes that it has without sliders.

The change of its spectrum by sliders is smoothed, so that it is a colour and no longer partials of other notes. It is
laid over the spectrum of the walk, and recordings sing it where they have these notes. So a slider filters the event,
and may choose another moment or recording of the same note.
"""

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from engine.audio.mixdown import mix_down
from engine.features.bins import HZ
from engine.features.fundamental import Note, find_loudest_note
from engine.features.mel import mel_filters, mel_to_bin_weights
from engine.generation.event.reference import Plain
from engine.generation.event.sing import Find, one_frame_more
from engine.generation.sliders.steering import Steered
from engine.latent.encode import Decoded
from engine.properties.colouring import presence
from engine.vocoder.notes import NoteSearch
from engine.vocoder.search import Path

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

SMOOTH_BANDS = 4.0  # of the mel spectrum, over which a change is averaged: more than partials are apart


LESS = (0.75, 0.5, 0.3, 0.15)  # of a change, where all of it leads to another note
SAME_CENTS = 50.0


class Recoloured:
    """The network's account of a walk, in the colour that sliders give it."""

    def __init__(self, walked: Decoded, change: Floats) -> None:
        """Change the log-mel of a walk, (frames, mels), neper."""
        self._walked, self._change = walked, change
        self.log_mel: Floats = walked.log_mel + change

    def less(self, share: float) -> "Recoloured":
        """Return the same with a share of the change."""
        return Recoloured(self._walked, np.float32(share) * self._change)

    def fine(self) -> Floats:
        """Return the fine log-magnitude, (4 * latent frames, bins), neper."""
        fine: Floats = self._walked.fine() + self._change @ mel_to_bin_weights().numpy().T
        return fine


class Held(NamedTuple):
    """How an event is sung whose notes stay.

    Attributes:
        decoded: What it is to sound like.
        find: Finds what the recordings sing of it.
    """

    decoded: Recoloured
    find: Find


def hold_notes(search: NoteSearch, plain: Plain, steered: Steered, hushed: float = 0.0) -> Held | None:
    """Return how an event is sung at the notes that it has without sliders; None where it has no clear pitch.

    Args:
        search: Of the model.
        plain: The event without sliders.
        steered: Its walk.
        hushed: How far highs that it hardly has are left as they are, 0 to 1.
    """
    octaves = search.notes.of(plain.frames, plain.power)
    if octaves is None or steered.walked is None or steered.decoded is None:
        return None

    uncoloured = one_frame_more(steered.walked.log_mel)

    def find(wanted: Floats) -> Path:
        places = np.linspace(0, len(octaves) - 1, len(wanted)).round().astype(int)
        path = search.find(wanted, octaves[places], plain.frames[places])
        # A recording that is the same sound in another colour carries it: the colour is a filter
        return replace(path, misfit=np.minimum(path.misfit, search.misfit(path.frames, uncoloured)))

    change = steered.decoded.log_mel - steered.walked.log_mel
    smooth: Floats = gaussian_filter1d(change, SMOOTH_BANDS, axis=1, mode="nearest")
    lifted = 1.0 - np.float32(hushed) * (1.0 - presence(np.exp(steered.walked.log_mel), _mel_hz()))
    return Held(Recoloured(steered.walked, np.where(smooth > 0.0, lifted * smooth, smooth)), find)


@lru_cache
def _mel_hz() -> Doubles:
    """Return the middle frequency of each mel band, (mels,)."""
    filters = mel_filters().numpy().astype(float)
    middles: Doubles = filters @ HZ / filters.sum(1)
    return middles


def keeps_note(note: Note, sound: Floats) -> bool:
    """Return whether a sound (samples, channels) has the note that it is to have, where that is clear."""
    if not note.is_clear:
        return True
    heard = find_loudest_note(mix_down(sound))
    return heard.hz > 0 and abs(1200.0 * np.log2(heard.hz / note.hz)) < SAME_CENTS
