"""How a model's decoded timbre is heard once it is rendered: learned from some events of the model itself.

The recordings that sing have a fine structure of their own, so what is heard differs from what was decoded, and differs
more where the sound has been steered. Walks are therefore tried as they are and with offsets in every direction.
"""

from concurrent.futures import Executor
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.features.movement import mel_loudness
from engine.generation.event.sing import audible, sing
from engine.generation.renderer import Renderer
from engine.generation.score.composing import compose
from engine.generation.sliders.looking import look_at
from engine.generation.sliders.steering import standing_for
from engine.generation.walk.walking import walk
from engine.latent.checks import Check, carry_on
from engine.latent.ear import Ear, plain_ear
from engine.latent.encode import decode
from engine.latent.steer import Steerer
from engine.settings import GenerateSettings
from engine.sliders import TIMBRE
from engine.units import LATENT_STRIDE

Doubles = NDArray[np.float64]

EVENTS = 32
OFFSET = 1.2  # length of the offsets that are tried, standard deviations
LONGEST_HEARD = 24  # latent frames of an event that are tried, one second
EAR_RIDGE = 4.0  # events: how strongly the map is held to "heard as decoded, but for a constant"


def learn_ear(renderer: Renderer, check: Check = carry_on, pool: Executor | None = None) -> Ear:
    """Learn what is heard of decoded timbre, from EVENTS short events.

    Args:
        renderer: Of the model.
        check: Called before each event.
        pool: In which events are made; None makes one after the other.
    """
    spans = renderer.spans[: len(TIMBRE)]
    steerer = Steerer(renderer.space.vae, renderer.space.chart.basis, plain_ear(), spans)
    made = (pool.map if pool else map)(partial(_try, renderer, steerer, check), range(EVENTS))
    decoded, heard = zip(*made, strict=True)
    return fit_ear(np.stack(decoded), np.stack(heard), spans)


def _try(renderer: Renderer, steerer: Steerer, check: Check, seed: int) -> tuple[Doubles, Doubles]:
    """Return the timbre of one event as it is decoded and as it is heard, (4,) each."""
    check()
    space, basis = renderer.space, renderer.space.chart.basis
    settings = GenerateSettings(one_shot=True, seed=seed)
    event = next(compose(settings, space.clips, renderer.guide.places))
    track = walk(renderer.guide, event, seed, 0.5)[:LONGEST_HEARD]
    direction = np.random.default_rng(seed).standard_normal(basis.directions)
    away = OFFSET * (seed % 2) * direction / np.linalg.norm(direction)
    track = (track + basis.to_offset(away.astype(np.float32))).astype(np.float32)
    seen = decode(space.vae, track)
    loudness = mel_loudness(seen.log_mel).reshape(-1, LATENT_STRIDE).max(1)
    frames = standing_for(loudness, (len(track) - 1) / 2, len(track) / 2)
    heard = look_at(audible(sing(space, track, settings.source, seed, decoded=seen)))
    return steerer.measure(track[frames][None])[0], heard[: len(TIMBRE)]


def fit_ear(decoded: NDArray[np.floating], heard: NDArray[np.floating], spans: NDArray[np.floating]) -> Ear:
    """Fit the map from decoded to heard timbre by ridge regression towards identity.

    Args:
        decoded: Shape (events, 4).
        heard: Shape (events, 4).
        spans: The corpus's range of each descriptor, (4,).
    """
    middle = decoded.mean(0)
    x, surprise = (decoded - middle) / spans, (heard - decoded) / spans
    constant = surprise.mean(0)
    slopes = np.linalg.solve(x.T @ x + EAR_RIDGE * np.eye(len(TIMBRE)), x.T @ (surprise - constant))
    matrix = np.eye(len(TIMBRE)) + slopes / spans[:, None] * spans[None]
    return Ear(matrix.astype(np.float32), (middle + constant * spans - middle @ matrix).astype(np.float32))
