"""The traits of a sound as shaping sees them, as a whole or around some of its moments."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.audio.loudness import loudness_lufs
from engine.audio.mixdown import mix_down
from engine.features.descriptors import LOUDNESS_LUFS
from engine.properties.beating import measure_roughness
from engine.properties.colouring import COLOURED, colour_of, spectra_of
from engine.properties.levelling import Fluctuation, measure_motion
from engine.sliders import TIMBRE
from engine.units import N_FFT, db_to_amplitude

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

TRAITS = (*TIMBRE, "motion")  # what is shaped, the order of arrays here
WARM, ROUGH, MOTION = map(TRAITS.index, ("warmth", "roughness", "motion"))
COLOUR_PLACES = [TRAITS.index(name) for name in COLOURED]
COLOUR_FRAMES = 16  # frames on which colour is measured
QUIETEST = 1e-6  # of the energy of the loudest frame: softer ones are not looked at


def look_at(sound: Floats) -> Doubles:
    """Return the traits of a sound (samples, channels) as shaping sees them, (5,)."""
    middle = mix_down(sound)
    mono = np.abs(spectra_of(middle))
    traits = np.zeros(len(TRAITS))
    traits[COLOUR_PLACES] = colour_of(mono[loud_frames(mono, 0, len(mono))])
    traits[ROUGH] = measure_roughness(sound)
    traits[MOTION] = measure_motion(np.float32(normal_gain(middle)) * mono)
    return traits


def look_along(sound: Floats, at_samples: Doubles) -> Doubles:
    """Return the traits of a sound around each of some moments, (moments, 5)."""
    return np.stack([look_at(part) for part in _parts(sound, at_samples)])


def roughness_along(sound: Floats, at_samples: Doubles) -> Doubles:
    """Return the roughness around each of some moments, (moments,)."""
    return np.array([measure_roughness(part) for part in _parts(sound, at_samples)])


class Moments:
    """Where moments lie in a sound, in frames."""

    def __init__(self, centres: Doubles, frames: int) -> None:
        self.centres, self.frames = centres, np.arange(frames)
        edges = np.concatenate([[0.0], (centres[1:] + centres[:-1]) / 2, [frames]]).clip(0, frames).astype(int)
        self.edges = list(pairwise(edges.tolist()))

    def motion(self, found: Fluctuation) -> Doubles:
        """Return the motion at each moment, (moments,)."""
        return np.array([found.motion(slice(*edges)) for edges in self.edges])

    def along(self, values: Doubles) -> Doubles:
        """Return for each frame what lies between values of the moments, (moments, …) to (frames, …)."""
        columns = values.reshape(len(values), -1).T
        every = np.stack([np.interp(self.frames, self.centres, column) for column in columns], axis=1)
        return every.reshape(len(self.frames), *values.shape[1:])


def normal_gain(mono: Floats) -> float:
    """Return by what magnitudes of spectra of a sound (samples,) are to be multiplied, for its normal loudness."""
    return 4.0 / N_FFT * db_to_amplitude(LOUDNESS_LUFS - loudness_lufs(mono[:, None]))


def loud_frames(mono: Doubles, first: int, last: int) -> NDArray[np.int64]:
    """Return frames that stand for those from `first` to `last`: loud ones, COLOUR_FRAMES at most, evenly chosen."""
    low = min(first, len(mono) - 1)
    part = np.arange(low, max(low + 1, min(last, len(mono))))
    heard = mono[low : low + len(part)]
    energy = np.vecdot(heard, heard)
    loud = part[energy >= energy.max() * QUIETEST]
    return loud[np.unique(np.linspace(0, len(loud) - 1, min(len(loud), COLOUR_FRAMES)).round().astype(int))]


def _parts(sound: Floats, at_samples: Doubles) -> list[Floats]:
    """Return what lies around each of some moments of a sound; all of it where there is one."""
    if len(at_samples) == 1:
        return [sound]
    half = int((at_samples[1] - at_samples[0]) / 2)
    middles = np.minimum(at_samples, len(sound) - 1).astype(int)
    return [sound[max(0, at - half) : at + half + 1] for at in middles]
