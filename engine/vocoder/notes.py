"""The notes of a voice: the fundamental of every frame, and a search that stays with the notes of a sound.

    a sound without sliders ─► its path ─► the note of each frame ─► the search for the sound with sliders

A frame whose own fundamental is not clear belongs to the clear one nearest to it in its recording: breath, attack and
decay go with their note.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.features.fundamental import CLEAR, WINDOW, find_fundamentals
from engine.once import built_once
from engine.vocoder.lattice import USUAL_BONUS
from engine.vocoder.search import Path, Voice, find_path, misfit_of

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

EVERY = 4  # frames of a recording that are asked, 43 ms
PITCHED_SHARE = 0.6  # of the energy of a sound that must have a clear fundamental, for it to have notes
OCTAVE_WEIGHT = 60.0  # of an octave in the search, neper: a semitone costs far more than leaving a recording
FAR_OCTAVES = 12.0  # as far from a note as a frame is whose recording has none
MIDDLE_OCTAVES = 8.0  # log2 of 256 Hz, so that numbers in the search are small
SMALLEST_POWER = 1e-12
LOUD_PERCENTILE, AUDIBLE_DB = 95.0, 60.0  # moments this far below loud ones are not asked
CHUNK = 512  # moments at once


@dataclass(frozen=True)
class Notes:
    """The notes of a voice.

    Attributes:
        octaves: Binary logarithm of the fundamental in Hz that each frame belongs to, (frames,); NaN where its
            recording has none.
        is_clear: Whether its own fundamental is clear, (frames,).
    """

    octaves: Doubles
    is_clear: NDArray[np.bool_]

    def of(self, frames: NDArray[np.int64], power: Doubles) -> Doubles | None:
        """Return the notes of some frames, (frames,), of some power each; None where they are not clearly pitched.

        A frame whose recording has none is NaN, and stays among those.
        """
        is_clear = self.is_clear[frames]
        if not is_clear.any() or (power * is_clear).sum() < PITCHED_SHARE * power.sum():
            return None
        return self.octaves[frames]


class NoteSearch:
    """Finds what a voice sings, at notes that are given."""

    def __init__(self, voice: Voice) -> None:
        """Find nothing yet."""
        self._voice = voice

    @built_once
    def notes(self) -> Notes:
        """Return the notes of the voice."""
        return find_notes(self._voice)

    @built_once
    def _pitched(self) -> Voice:
        """Return the voice in a search space with one more dimension: pitch."""
        return replace(self._voice, reduced=np.hstack([self._voice.reduced, _to_searchable(self.notes.octaves)]))

    def find(self, wanted: Floats, octaves: Doubles, usual: NDArray[np.int64]) -> Path:
        """Choose a recorded frame for each wanted one, of the note that is given.

        Args:
            wanted: Decoded log-mel, (frames, mels), neper.
            octaves: Note of each frame, (frames,), as `Notes` has it.
            usual: Frames that sing these notes where nothing else is wanted, (frames,).

        Returns:
            A path whose misfit says nothing of pitch.
        """
        pitch = _to_searchable(octaves)
        path = find_path(self._pitched, wanted, pitch, usual)
        off = (self._pitched.reduced[path.frames, -1:] - pitch)[:, 0]
        bonus = USUAL_BONUS * (path.frames == usual)
        return replace(path, misfit=np.maximum(path.misfit + bonus - off**2, 0.0))

    def misfit(self, frames: NDArray[np.int64], wanted: Floats) -> Floats:
        """Return how far recorded frames are from wanted ones (frames, mels), neper², (frames,); not in pitch."""
        return misfit_of(self._voice, frames, wanted)


def find_notes(voice: Voice) -> Notes:
    """Return the notes of a voice; frames at other speeds have those of the recording, transposed."""
    asked = np.flatnonzero(voice.speeds == 1.0)[::EVERY]
    centres = voice.centres[asked].round().astype(int)
    hz, clearness = _heard_at(voice, centres)
    is_clear = clearness >= CLEAR
    octaves = np.log2(np.where(is_clear, hz, np.nan))
    recordings = voice.recordings[asked]
    belongs = np.full(len(asked), np.nan)
    for recording in np.unique(recordings):
        inside = recordings == recording
        belongs[inside] = _filled(octaves[inside], centres[inside])
    nearest = _nearest(centres, voice.centres)
    return Notes(belongs[nearest] + np.log2(voice.speeds), is_clear[nearest])


def _heard_at(voice: Voice, centres: NDArray[np.int64]) -> tuple[Doubles, Doubles]:
    """Return fundamental and clearness of the recordings around some samples; soft moments are not clear."""
    parts = [_hear(voice, part) for part in np.split(centres, range(CHUNK, len(centres), CHUNK))]
    hz, clearness, power = (np.concatenate(column) for column in zip(*parts, strict=True))
    loud = np.percentile(power, LOUD_PERCENTILE) * 10 ** (-AUDIBLE_DB / 10)
    return hz, clearness * (power > max(SMALLEST_POWER, float(loud)))


def _hear(voice: Voice, centres: NDArray[np.int64]) -> tuple[Doubles, Doubles, Doubles]:
    """Return fundamental, clearness and power around some samples; beyond the voice is silence."""
    places = centres[:, None] + np.arange(-WINDOW // 2, WINDOW // 2)
    inside = (places >= 0) & (places < len(voice.samples))
    frames = voice.samples[np.clip(places, 0, len(voice.samples) - 1)].mean(2) * inside
    return *find_fundamentals(frames), (frames.astype(np.float64) ** 2).mean(1)


def _to_searchable(octaves: Doubles) -> Floats:
    """Return pitches (frames,) in the unit of the search space, (frames, 1); those that are NaN lie far from all."""
    known = np.nan_to_num(octaves, nan=MIDDLE_OCTAVES - FAR_OCTAVES)
    return (OCTAVE_WEIGHT * (known - MIDDLE_OCTAVES)).astype(np.float32)[:, None]


def _filled(octaves: Doubles, places: NDArray[np.int64]) -> Doubles:
    """Return pitches (places,) whose gaps have that of the nearest place; all NaN where there is none."""
    known = np.flatnonzero(~np.isnan(octaves))
    return octaves[known][_nearest(places[known], places)] if len(known) else octaves


def _nearest(known: NDArray[np.int64], places: NDArray[np.floating] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each place the index of the nearest of known ones, which rise."""
    after = np.clip(np.searchsorted(known, places), 1, max(1, len(known) - 1))
    if len(known) == 1:
        return np.zeros(len(places), np.int64)
    return after - (places - known[after - 1] < known[after] - places)
