"""Events as they would be if no slider moved them: sliders move away from these, and leave the rest as it is."""

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from engine.audio.mixdown import mix_down
from engine.features.fundamental import Note, find_loudest_note
from engine.generation.event.loudness import weighted_energy
from engine.generation.event.sing import audible, sing_along
from engine.generation.score.edges import BY_SCORE, Edges, ending
from engine.generation.score.flow import Passing
from engine.generation.sliders.looking import look_along
from engine.latent.encode import Decoded
from engine.latent.space import SoundSpace
from engine.properties.depths import depth_of
from engine.properties.onset import levels

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

REMEMBERED = 1_024  # events: who explores hears the same ones again and again


@dataclass(frozen=True)
class Plain:
    """An event as it would be without sliders.

    Attributes:
        at_samples: The middles of the moments at which it was looked at, (moments,).
        traits: At these, (moments, 5), as `engine.generation.sliders.shaping` sees them.
        energy: Weighted for loudness, see `engine.generation.event.loudness`.
        depth: See `engine.properties.depths`.
        contour: Its level in every 10 ms, see `engine.properties.onset.levels`.
        note: Of its loudest moment.
        frames: Recorded frames that carry it, (frames,).
        power: Of each of its frames, (frames,).
    """

    at_samples: Doubles
    traits: Doubles
    energy: float
    depth: float
    contour: Doubles
    note: Note
    frames: NDArray[np.int64]
    power: Doubles


class PlainEvents:
    """Events of one model without sliders, each sung once."""

    def __init__(self, space: SoundSpace) -> None:
        """Remember nothing yet of a model's events."""
        self._space = space
        self._known: OrderedDict[tuple[bytes, float, int, int | None, bytes, Edges | Passing], Plain] = OrderedDict()

    def hear(
        self,
        track: Floats,
        source: float,
        seed: int,
        longest: int | None,
        at_samples: Doubles,
        decoded: Decoded | None = None,
        edges: Edges | Passing = BY_SCORE,
    ) -> Plain:
        """Return what an event would be.

        Args:
            track: Its walk, (latent frames, latent).
            source: 1 the recordings carry the sound, 0 it is dreamt.
            seed: Of what is random in it.
            longest: Samples after which it has ended, or None.
            at_samples: The middles of the moments at which it is looked at.
            decoded: The walk, where that is known already.
            edges: How it comes and goes.
        """
        key = (blake2b(track.tobytes()).digest(), source, seed, longest, at_samples.tobytes(), edges)
        plain = self._known.get(key)
        if plain is None:
            made = sing_along(self._space, track, source, seed, decoded=decoded)
            whole = audible(made.samples)
            last, fall = ending(longest, len(whole))
            sung, energy = whole[:last], weighted_energy(edges.fade(whole[:last], fall))
            traits, power = look_along(sung, at_samples), np.exp(2.0 * made.wanted.astype(np.float64)).sum(1)
            note = find_loudest_note(mix_down(sung))
            plain = Plain(at_samples, traits, energy, depth_of(sung), levels(sung), note, made.path.frames, power)
            self._known[key] = plain
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return plain
