"""A mono sound as two ears hear it from a direction that may change: for headphones.

The direction is known at points HOP samples apart. Around each the sound is cut out with a triangle, so that the pieces
add up to the sound; each goes through the responses mixed for its direction. That is the same as responses that change
linearly from sample to sample. The ears' delays come afterwards, read sample by sample.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from engine.errors import ShapeError
from engine.spatial.delay import REACH, read_delayed
from engine.spatial.direction import Directions
from engine.spatial.equalise import equalise
from engine.spatial.hrtf import LONGEST_INTERAURAL_SECONDS, Hrtf
from engine.spatial.minimum_phase import TAPS
from engine.spatial.motion import HOP, count_points
from engine.spatial.sphere import Sphere, triangulate
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]

FFT = 1_024  # holds a triangle, 2 * HOP, and the response behind it
PARTS = FFT // HOP
TRIANGLE = np.bartlett(2 * HOP + 1)[:-1].astype(np.float32)
TAIL = TAPS + round(LONGEST_INTERAURAL_SECONDS * SAMPLE_RATE) + 2 * REACH  # samples heard after the end of a sound
PIECES = 256  # triangles transformed at once


@dataclass(frozen=True)
class Listener:
    """An HRTF made ready for rendering.

    Attributes:
        sphere: Its directions, joined to triangles.
        spectra: Of the responses and the poles', (directions, 2, FFT // 2 + 1).
        delays_samples: Of both ears and the poles', (directions, 2): half of what lies between the ears each, one way
            and the other, behind the same for all.
    """

    sphere: Sphere
    spectra: NDArray[np.complex64]
    delays_samples: NDArray[np.float64]


def open_listener(hrtf: Hrtf) -> Listener:
    """Make an HRTF ready: equalised, transformed, triangulated.

    Raises:
        ParameterError: the directions leave a large part of the sphere empty.
    """
    sphere = triangulate(hrtf.places.vectors)
    responses = equalise(hrtf, sphere.areas).responses
    interaural = hrtf.delays_samples - hrtf.delays_samples.mean(axis=1, keepdims=True)
    return Listener(
        sphere=sphere,
        spectra=sphere.extend(fft.rfft(responses, FFT)),
        delays_samples=sphere.extend(interaural - interaural.min() + REACH),
    )


def render_binaural(listener: Listener, sound: Floats, path: Directions) -> Floats:
    """Return a mono sound as both ears hear it.

    At 1 metre from an average direction each ear hears the sound as loud as it is; elsewhere the level follows the
    inverse of the distance.

    Args:
        listener: The ears.
        sound: Shape (samples,).
        path: One direction for a sound that keeps still, or one every HOP samples; see `count_points`.

    Returns:
        Left and right, shape (samples + TAIL, 2).

    Raises:
        ShapeError: the sound has several axes, or the path has another length.
    """
    if sound.ndim != 1:
        raise ShapeError(f"a mono sound has the shape (samples,), this one {sound.shape}")
    points = count_points(len(sound))
    if len(path) not in (1, points):
        raise ShapeError(f"a path for {len(sound)} samples has 1 or {points} directions, this one {len(path)}")
    rows, shares = listener.sphere.shares(path.vectors)
    levels = (shares / path.distance_metres[:, None]).astype(np.float32)
    filtered = _filter(listener, sound, rows, levels)
    at = np.arange(len(sound) + TAIL) / HOP
    delays = np.broadcast_to(np.einsum("pn,pne->pe", shares, listener.delays_samples[rows]), (points, 2))
    ears = [read_delayed(filtered[:, ear], np.interp(at, np.arange(points), delays[:, ear])) for ear in (0, 1)]
    return np.stack(ears, axis=1)


def _filter(listener: Listener, sound: Floats, rows: NDArray[np.intp], levels: Floats) -> Floats:
    """Send each triangle of a sound through its mixed responses.

    Args:
        listener: The ears.
        sound: Shape (samples,).
        rows: Three directions at each point of the path, or at all of them, shape (points or 1, 3).
        levels: Of these directions, same shape.

    Returns:
        Shape (samples and more, 2).
    """
    points = count_points(len(sound))
    padded = np.pad(sound, (HOP, points * HOP - len(sound)))
    pieces = np.lib.stride_tricks.sliding_window_view(padded, 2 * HOP)[::HOP]
    laid = np.zeros((points + PARTS, 2, HOP), np.float32)
    for at in range(0, points, PIECES):
        which = slice(at, at + PIECES) if len(rows) > 1 else slice(None)
        mixed = _mix(listener.spectra, rows[which], levels[which])
        heard = fft.irfft(fft.rfft(pieces[at : at + PIECES] * TRIANGLE, FFT)[:, None] * mixed, FFT)
        for part, block in enumerate(np.split(heard, PARTS, axis=-1)):
            laid[at + part : at + part + len(block)] += block
    return laid.transpose(0, 2, 1).reshape(-1, 2)[HOP:]


def _mix(spectra: NDArray[np.complex64], rows: NDArray[np.intp], levels: Floats) -> NDArray[np.complex64]:
    """Return the sum of three rows of spectra at each point, shape (points, 2, bins)."""
    mixed = spectra[rows[:, 0]] * levels[:, 0, None, None]
    for corner in (1, 2):
        mixed += spectra[rows[:, corner]] * levels[:, corner, None, None]
    return mixed
