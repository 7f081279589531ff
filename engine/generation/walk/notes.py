"""Clips of one note: towards which a walk may be drawn that is to keep its pitch."""

import numpy as np
from numpy.typing import NDArray

from engine.dataset.clips import Clip
from engine.latent.chart import HIGH, LOW
from engine.latent.space import SoundSpace
from engine.once import built_once
from engine.properties.property import Reach
from engine.sliders import REGISTER, SLIDERS
from engine.units import LATENT_HOP
from engine.vocoder.notes import NoteSearch

Doubles = NDArray[np.float64]

LIKE_OCTAVES = 50 / 1200  # half a semitone
PITCHED_CLIPS = 0.5  # share of clips that must have a clear pitch, for a set to have a register


class ClipNotes:
    """The notes of a model's recordings, and of its clips."""

    def __init__(self, space: SoundSpace) -> None:
        """Look at nothing yet."""
        self._space = space
        self.search = NoteSearch(space.voice)

    @built_once
    def octaves(self) -> Doubles:
        """Return log2 of the fundamental in Hz of each clip, (clips,); NaN where it has no clear one."""
        return np.array([self._octaves_of(clip) for clip in self._space.clips])

    @built_once
    def reach(self) -> Reach | None:
        """Return where the notes of the clips lie, log2 of Hz; None where most clips have no clear pitch."""
        known = self.octaves[~np.isnan(self.octaves)]
        if len(known) < PITCHED_CLIPS * len(self.octaves):
            return None
        low, high = np.percentile(known, (LOW, HIGH))
        return Reach(float(low), float(high), SLIDERS[REGISTER].least_span)

    def is_pitched(self, clip: int) -> bool:
        """Return whether a clip has a clear pitch."""
        return not np.isnan(self.octaves[clip])

    def others_of(self, clip: int) -> NDArray[np.bool_] | None:
        """Return which other clips are of the note of one, (clips,); None where that one has no clear pitch."""
        if not self.is_pitched(clip):
            return None
        alike = np.abs(self.octaves - self.octaves[clip]) < LIKE_OCTAVES
        alike[clip] = False
        return alike

    def _octaves_of(self, clip: Clip) -> float:
        voice, start = self._space.voice, self._space.corpus.recordings[clip.recording].start
        first, last = np.searchsorted(self._centres, start + LATENT_HOP * np.array([clip.first, clip.last]))
        frames = self._as_recorded[first:last]
        loud = np.exp(2.0 * voice.recorded[frames].astype(np.float64)).sum(1)
        found = self.search.notes.of(frames, loud) if len(frames) else None
        if found is None:
            return float("nan")
        known = ~np.isnan(found)
        return float(np.average(found[known], weights=loud[known]))

    @built_once
    def _as_recorded(self) -> NDArray[np.int64]:
        """Return the frames of the voice at the speed at which they were recorded."""
        return np.flatnonzero(self._space.voice.speeds == 1.0)

    @built_once
    def _centres(self) -> Doubles:
        return self._space.voice.centres[self._as_recorded]
