"""Outputs of one model at positions of its sliders, each rendered and measured once, and how long that takes."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial

import numpy as np

from engine.device import count_cores
from engine.features.fundamental import Note, find_loudest_note
from engine.generation.calibration.agenda import Look
from engine.generation.calibration.compensation import NOTHING, Compensation
from engine.generation.calibration.readings import Place, Reading, Readings
from engine.generation.calibration.standing import Standing
from engine.generation.event.sound import Account, Sound
from engine.generation.mix.ahead import never
from engine.generation.render import render
from engine.generation.renderer import Renderer
from engine.generation.sliders.looking import TRAITS
from engine.latent.certificate import ENDS, KEPT_WHILE_MEASURED, SliderCertificate
from engine.latent.chart import NAMES
from engine.properties.describing import describe
from engine.properties.register import measure_register
from engine.settings import GenerateSettings

TRIED = "roughness"  # the dearest slider: by its ends is seen how long measuring takes
TRIED_SECONDS, TRIAL_SEED = 1.0, 3_000


class Sweep:
    """The outputs of one model, as they are measured.

    Args:
        renderer: Of the model; its certificate asks for nothing.
        readings: To go on from.
        pool: In which outputs are made, one on each core.
        should_stop: Asked often, from several threads.
    """

    def __init__(
        self,
        renderer: Renderer,
        readings: Readings,
        pool: Executor,
        should_stop: Callable[[], bool] = never,
    ) -> None:
        self.renderer, self.readings, self.pool, self.should_stop = renderer, readings, pool, should_stop
        self.sounded = self.spent = 0.0  # seconds of sound that were measured, and seconds that it took
        self._standing = self._stand()
        self._compensating: dict[str, Renderer] = {}

    @property
    def pace(self) -> float:
        """Return how many seconds the measuring of a second of sound takes; 0 before any was measured."""
        return self.spent / max(self.sounded, 1e-9)

    def standing(self) -> Standing:
        """Return where the sliders stand by what was measured; it is worked out once for each."""
        if self._standing.readings is not self.readings:
            self._standing = self._stand()
        return self._standing

    def _stand(self) -> Standing:
        return Standing(self.renderer.space.chart, self.readings, self.renderer.guide.notes.reach)

    def try_out(self) -> None:
        """Measure a few short outputs that are not kept, to see how long it takes: the first is longer than all others.

        Raises:
            Cancelled: it was time to stop.
        """
        self._measure([Place(TRIED, ENDS[1], TRIAL_SEED, compensated=False)], TRIED_SECONDS)
        self.sounded = self.spent = 0.0
        places = [Place(TRIED, position, TRIAL_SEED + 1, compensated=False) for position in ENDS]
        self._measure(places, TRIED_SECONDS)

    def expected_seconds(self, looks: Iterable[Look], seconds: float | None = None) -> float:
        """Return how long looks will take, where outputs are so long, or as long as they are."""
        return self.pace * len(self._missing(looks)) * (seconds or self.readings.seconds)

    def fill_cores(self, looks: Sequence[Look]) -> list[Look]:
        """Return the first looks, as many as have an output for each core."""
        places: set[Place] = set()
        for number, look in enumerate(looks, 1):
            places.update(place for place in look.places if place not in self.readings.by_place)
            if len(places) >= count_cores():
                return list(looks[:number])
        return list(looks)

    def take(self, looks: Sequence[Look]) -> None:
        """Measure looks, as many outputs at once as there are cores.

        Raises:
            Cancelled: it was time to stop; nothing of them is kept.
        """
        missing = self._missing(looks)
        found = self._measure(missing, self.readings.seconds)
        by_place = {**self.readings.by_place, **dict(zip(missing, found, strict=True))}
        self.readings = replace(self.readings, by_place=by_place)

    def _missing(self, looks: Iterable[Look]) -> list[Place]:
        places = dict.fromkeys(place for look in looks for place in look.places)
        return [place for place in places if place not in self.readings.by_place]

    def _measure(self, places: Sequence[Place], seconds: float) -> list[Reading]:
        """Render and measure outputs of a length."""
        compensations, begun = self.standing().compensations, time.monotonic()
        jobs = [(place, self._renderer(place, compensations.get(place.name, NOTHING))) for place in places]
        found = list(self.pool.map(partial(self._read, seconds), *zip(*jobs, strict=True))) if jobs else []
        self.spent += time.monotonic() - begun
        self.sounded += seconds * len(places)
        return found

    def _read(self, seconds: float, place: Place, renderer: Renderer) -> Reading:
        """Render one output and measure it."""
        sliders = {place.name: place.position} if place.position else {}
        settings = GenerateSettings(
            duration=seconds, seed=place.seed, channels="mono", sliders=sliders, keep=KEPT_WHILE_MEASURED
        )
        accounts: list[Account] = []
        notes: list[tuple[Note, float]] = []

        def hear(sound: Sound) -> None:
            mono = sound.samples.mean(1)
            notes.append((find_loudest_note(mono), float(mono @ mono)))
            if sound.account:
                accounts.append(sound.account)

        blocks = render(renderer, settings, hear, one_core=True, should_stop=self.should_stop)
        found = describe(np.concatenate(list(blocks))[:, 0])
        values, share = tuple(float(found[name]) for name in NAMES), latent_share(place.name, accounts)
        return Reading(values, share, tuple(note for note, _ in notes), measure_register(notes))

    def _renderer(self, place: Place, compensation: Compensation) -> Renderer:
        """Return what renders an output: one whose slider compensates, where that is asked for."""
        if not place.compensated:
            return self.renderer
        if place.name not in self._compensating:
            certificate = self.renderer.certificate
            sliders = {**certificate.sliders, place.name: SliderCertificate(place.name, compensation=compensation)}
            self._compensating[place.name] = replace(self.renderer, certificate=replace(certificate, sliders=sliders))
        return self._compensating[place.name]


def latent_share(name: str, accounts: Sequence[Account]) -> float:
    """Return how much of a slider's way the latent space went, 0 to 1; the rest was shaped afterwards.

    Tension and attack work by layering and by onsets, and not by the latent space.
    """
    if name not in TRAITS:
        return 0.0
    if not accounts:
        return 1.0
    place = TRAITS.index(name)
    walked, steered, wanted = (
        np.concatenate([getattr(account, part)[:, place] for account in accounts])
        for part in ("walked", "steered", "wanted")
    )
    way = wanted - walked
    share = np.divide(steered - walked, way, out=np.ones_like(way), where=np.abs(way) > 1e-6)
    found = float(np.median(np.clip(share, 0.0, 1.0)))
    return found if math.isfinite(found) else 1.0
