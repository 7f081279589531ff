"""A sound space made ready for rendering: what is needed for every event is computed once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.generation.event.recent import Recent
from engine.generation.event.reference import PlainEvents
from engine.generation.novelty.moments import RecordedMoments
from engine.generation.score.composing import Event
from engine.generation.score.flow import measure_flow
from engine.generation.sliders.looking import TRAITS
from engine.generation.walk.walking import Guide
from engine.latent.certificate import Certificate
from engine.latent.space import SoundSpace
from engine.latent.steer import Steerer
from engine.once import built_once
from engine.sliders import TIMBRE
from engine.units import db_to_amplitude

Floats = NDArray[np.float32]

LEVEL_DB = -6.0  # full-scale level that a loud clip of the corpus has in an output
LOUD_CLIP_PERCENTILE = 90.0


@dataclass(frozen=True)
class Renderer:
    """A sound space made ready for rendering.

    Attributes:
        guide: What walks need to know of it.
        gain: By which every sound is multiplied.
        certificate: What the sliders do.
        plain: How events would be without sliders.
    """

    guide: Guide
    gain: float
    certificate: Certificate
    plain: PlainEvents

    @property
    def space(self) -> SoundSpace:
        """Return the sound space."""
        return self.guide.space

    def name_recording(self, event: Event) -> str:
        """Return the name of the recording that an event begins from."""
        return self.space.corpus.recordings[self.space.clips[event.clip].recording].name

    @built_once
    def flow(self) -> float:
        """Return the flow of the recordings, 0 single events to 1 unbroken sound."""
        return measure_flow(self.space, self.guide.edges, self.guide.onward.silent_share)

    @built_once
    def spans(self) -> Floats:
        """Return the corpus's range of each of TRAITS, (5,)."""
        return np.array([self.space.chart.reach(name).span for name in TRAITS], np.float32)

    @built_once
    def steerer(self) -> Steerer:
        """Return what steers walks."""
        return Steerer(self.space.vae, self.space.chart.basis, self.certificate.ear, self.spans[: len(TIMBRE)])

    @built_once
    def recent(self) -> Recent[Any]:
        """Return the sounds of events that were made last, with this certificate."""
        return Recent()

    @built_once
    def moments(self) -> RecordedMoments:
        """Return what outputs are compared with."""
        return RecordedMoments(self.space.voice)


def prepare(space: SoundSpace) -> Renderer:
    """Make a sound space ready for rendering."""
    loud = float(np.percentile([clip.peak for clip in space.clips], LOUD_CLIP_PERCENTILE))
    return Renderer(Guide(space), db_to_amplitude(LEVEL_DB) / max(loud, 1e-4), space.certificate, PlainEvents(space))
