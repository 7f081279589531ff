"""A head that can be computed, and the way to a direction of a measured one."""

import numpy as np

from engine.spatial.direction import vectors_to_directions


def find_direction(hrtf, azimuth, elevation=0.0):
    """Return the index of a measured direction."""
    places = hrtf.places
    turn = np.abs((places.azimuth_degrees - azimuth + 180) % 360 - 180)
    index = int(np.argmin(turn + np.abs(places.elevation_degrees - elevation)))
    assert turn[index] + abs(places.elevation_degrees[index] - elevation) < 0.01
    return index


def simple_head(vectors, samples=128, sample_rate=48_000):
    """Return responses (directions, 2, samples) of a head that only delays: by up to 0.3 ms towards either side."""
    places = vectors_to_directions(vectors)
    side = places.vectors[:, 1]
    responses = np.zeros((len(places), 2, samples))
    for ear, towards in enumerate((-1, 1)):
        late = np.round((0.0005 - towards * 0.0003 * side) * sample_rate).astype(int)
        responses[np.arange(len(places)), ear, late] = 1.0 + 0.3 * towards * side
    return responses
