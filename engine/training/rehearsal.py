"""Rehearsal: a model that learns something new keeps hearing what it knows, or it would forget it."""

import numpy as np
from numpy.typing import NDArray

from engine.dataset.augment import clip_weights
from engine.dataset.clips import Clip

NEW_SHARE = (0.25, 0.4)  # of the excerpts: a single new file is learned, a hundred do not drown what was known


def rehearsal_weights(clips: tuple[Clip, ...], known: int) -> NDArray[np.float64]:
    """Return how often each clip is drawn where some recordings are known and others are new, (clips,).

    As often as it would be by its length, but new ones together not less and not more than NEW_SHARE.

    Args:
        clips: Of all recordings, at least one of them new.
        known: Number of recordings that are known; they come first.
    """
    weights = clip_weights(clips)
    is_new = np.array([clip.recording >= known for clip in clips])
    if is_new.all():
        return weights
    share = float(np.clip(weights[is_new].sum() / weights.sum(), *NEW_SHARE))
    return np.where(is_new, weights * (share / weights[is_new].sum()), weights * ((1 - share) / weights[~is_new].sum()))
