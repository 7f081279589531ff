"""Shaping after the decoder: closes the error that steering left between what was wanted and what is heard.

One loop for all: each step measures, corrects as far as the error asks, and gives back another version of the sound, or
none where nothing is worth it. Roughness is changed first (`beating`), then the colour and the grain of the spectrum
(`colouring`), roughness again where that helps in all, then motion (`levelling`). All that lies deeper than these is
kept from growing (`depths`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.audio.loudness import loudness_lufs
from engine.audio.mixdown import mix_down
from engine.generation.sliders.looking import (
    COLOUR_PLACES,
    MOTION,
    ROUGH,
    TRAITS,
    Moments,
    look_along,
    loud_frames,
    normal_gain,
    roughness_along,
)
from engine.once import built_once
from engine.properties.beating import change_roughness
from engine.properties.colouring import (
    FRAMES_BEYOND,
    LIMITS,
    Spectra,
    colour_of,
    find_means,
    sound_of,
    spectra_of,
    tint,
)
from engine.properties.depths import hold_depths
from engine.properties.describing import PROPERTIES
from engine.properties.levelling import AMOUNTS, Fluctuation
from engine.properties.property import Rules
from engine.units import HOP, db_to_amplitude

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

RULING = ("texture", "brightness", "warmth", "roughness")  # the first of these that is moved makes the rules
HELD = Rules((9.0, 2.0, 1.0), (9.0, 2.0, 0.5))  # the rules where all of them are held
NEGLIGIBLE = 0.02  # of a descriptor's span: not worth shaping
AUDIBLY_ROUGH = 0.05  # the same of roughness
SMALLEST_RESPONSE = 0.2  # of the motion that is missing: a trial that brings less is not corrected


@dataclass(frozen=True)
class Wanted:
    """The aim for a sound at some moments.

    Attributes:
        traits: In the order of TRAITS, (moments, 5); NaN where one may become what it likes.
        direction: Which way each is to move, -1 or 1; 0 where it is held, (moments, 5).
        strength: Share of the error that is closed at each moment, 0 to 1, (moments,).
        at_samples: The middle of each moment, rising, (moments,).
        depth: Of the sound without sliders, see `engine.properties.depths`; None where depths may be any.
        keeps_notes: Whether it has notes that are to stay.
    """

    traits: Doubles
    direction: Doubles
    strength: Doubles
    at_samples: Doubles
    depth: float | None = None
    keeps_notes: bool = False


@dataclass(frozen=True)
class Shaped:
    """A sound after shaping.

    Attributes:
        sound: Shape (samples, channels).
        before: Its traits before, (moments, 5).
    """

    sound: Floats
    before: Doubles


class Version:
    """A sound on its way through shaping: its samples and its spectra, each made from the other where it is asked for.

    Args:
        samples: How many it has.
        sound: Shape (samples, channels), where that is known.
        spectra: Shape (channels, frames, bins), where those are known.
    """

    def __init__(self, samples: int, *, sound: Floats | None = None, spectra: Spectra | None = None) -> None:
        self.samples, self._sound, self._spectra = samples, sound, spectra

    @built_once
    def sound(self) -> Floats:
        """Return its samples, (samples, channels)."""
        if self._sound is not None:
            return self._sound
        return np.stack([sound_of(channel, self.samples) for channel in self.spectra], axis=1)

    @built_once
    def spectra(self) -> Spectra:
        """Return its spectra, (channels, frames, bins)."""
        return np.stack([spectra_of(channel) for channel in self.sound.T]) if self._spectra is None else self._spectra

    @built_once
    def mono(self) -> Spectra:
        """Return the spectra of its mix, (frames, bins)."""
        first, *others = self.spectra
        mono: Spectra = sum(others, start=first) * np.float32(1.0 / len(self.spectra)) if others else first
        return mono


@dataclass(frozen=True)
class Aim:
    """The traits that a sound is to come to.

    Attributes:
        traits: In the order of TRAITS, (moments, 5).
        moved: Which are to move, (moments, 5); the others are held.
        weights: What a unit of each counts, (moments, 5).
        spans: The corpus's range of each, (5,).
        at_samples: The middle of each moment, (moments,).
        keeps_notes: Whether the sound has notes that are to stay.
        depth: See `Wanted`.
        seed: Of the noise that fills valleys.
        roughness: Of the sound as it came, (moments,).
    """

    traits: Doubles
    moved: NDArray[np.bool_]
    weights: Doubles
    spans: Floats
    at_samples: Doubles
    keeps_notes: bool
    depth: float | None
    seed: int
    roughness: Doubles

    @property
    def roughens(self) -> bool:
        """Return whether roughness is to move."""
        return bool(self.moved[:, ROUGH].any())

    def moments(self, version: Version) -> Moments:
        """Return where the moments lie in a version."""
        return Moments(self.at_samples / HOP, version.spectra.shape[1])


def shape(sound: Floats, wanted: Wanted, spans: Floats, seed: int, before: Doubles | None = None) -> Shaped:
    """Bring a sound to wanted traits, at the loudness that it has.

    Args:
        sound: Shape (samples, channels).
        wanted: Its traits at some moments.
        spans: The corpus's range of each trait, (5,).
        seed: Of the noise that fills valleys.
        before: Its traits as it is, (moments, 5), where they are known.
    """
    before = look_along(sound, wanted.at_samples) if before is None else before
    aim, start = _aim(before, wanted, spans, seed), Version(len(sound), sound=sound)
    version, is_changed = start, False
    for step in STEPS:
        changed = step(version, aim)
        version, is_changed = changed or version, is_changed or changed is not None
    if not is_changed:
        return Shaped(sound, before)
    louder = np.float32(db_to_amplitude(loudness_lufs(sound) - loudness_lufs(version.sound)))
    return Shaped(version.sound * louder, before)


def _aim(before: Doubles, wanted: Wanted, spans: Floats, seed: int) -> Aim:
    """Return where a sound of some traits (moments, 5) is to come: its share of the way to what is wanted."""
    moved, asked = wanted.direction != 0, np.where(np.isnan(wanted.traits), before, wanted.traits)
    beyond = moved & ((before - asked) * wanted.direction > 0)  # farther than was wanted: not to be undone
    traits = before + wanted.strength[:, None] * np.where(beyond, 0.0, asked - before)
    weights = _weights(moved, spans)
    return Aim(
        traits,
        moved,
        weights,
        spans,
        wanted.at_samples,
        wanted.keeps_notes,
        wanted.depth,
        seed,
        before[:, ROUGH],
    )


def _weights(moved: NDArray[np.bool_], spans: Floats) -> Doubles:
    """Return what a unit of each trait counts at each moment, (moments, 5)."""
    weights = np.where(moved, 1.0, np.array([[_rules(row).hold] for row in moved]))
    for place, name in enumerate(TRAITS):
        rules = PROPERTIES[name].rules
        for held, weight in rules.holds.items() if rules else ():
            weights[moved[:, place] & ~moved[:, TRAITS.index(held)], TRAITS.index(held)] = weight
    return weights / np.maximum(spans, 1e-6)


def _rules(moved: NDArray[np.bool_]) -> Rules:
    """Return the rules where some traits (5,) are to move and the others are held."""
    ruling = (PROPERTIES[name].rules for name in RULING if moved[TRAITS.index(name)])
    return next(ruling, None) or HELD


def _roughen(version: Version, aim: Aim) -> Version | None:
    """Change roughness where it is to move, before all else."""
    return _roughened(version, aim, aim.roughness) if aim.roughens else None


def _colour(version: Version, aim: Aim) -> Version | None:
    """Bring brightness, warmth and texture to their aim."""
    means, _ = _find_means(version, aim)
    return _tinted(version, aim, means)


def _roughen_again(version: Version, aim: Aim) -> Version | None:
    """Change roughness by what colouring left or did to it, where that is better in all."""
    roughness = roughness_along(version.sound, aim.at_samples)
    again = _roughened(version, aim, roughness)
    if again is None:
        return None
    if aim.roughens:
        lost = _misshapen(again, aim, roughness_along(again.sound, aim.at_samples))
    else:
        means, lost = _find_means(again, aim)
        again = _tinted(again, aim, means) or again
    return again if lost < _misshapen(version, aim, roughness) else None


def _level(version: Version, aim: Aim) -> Version | None:
    """Bring motion to its aim.

    What is heard of a gain that changes from frame to frame depends on how fast the sound itself fluctuates. So it is
    tried, and corrected in proportion.
    """
    moments, wanted, mixed = aim.moments(version), aim.traits[:, MOTION], version.mono
    mono = mix_down(version.sound)[: HOP * (len(mixed) - FRAMES_BEYOND)]
    gain = np.float32(normal_gain(mono))
    found = Fluctuation(gain * np.abs(mixed))
    before = moments.motion(found)
    missing = np.where(np.abs(wanted - before) > NEGLIGIBLE * aim.spans[MOTION], wanted - before, 0.0)
    if not missing.any():
        return None
    amounts = np.array(
        [
            found.find_amount(float(there), slice(*edges)) if gap else 0.0
            for edges, there, gap in zip(moments.edges, wanted, missing, strict=True)
        ]
    )
    tried = sound_of(mixed * found.gain(moments.along(amounts)), len(mono))
    reached = moments.motion(Fluctuation(gain * np.abs(spectra_of(tried)))) - before
    moved = reached * np.sign(missing) > SMALLEST_RESPONSE * np.abs(missing)
    correction = np.divide(missing, reached, out=np.ones_like(missing), where=moved)
    levelled = found.gain(moments.along(np.clip(correction * amounts, AMOUNTS[0], AMOUNTS[-1])))
    return Version(version.samples, spectra=version.spectra * levelled)


def _hold_depths(version: Version, aim: Aim) -> Version | None:
    """Keep from growing all that lies deeper than what timbre listens to."""
    held = None if aim.depth is None else hold_depths(version.spectra, aim.depth)
    return None if held is None else Version(version.samples, spectra=held)


STEPS: tuple[Callable[[Version, Aim], Version | None], ...] = (_roughen, _colour, _roughen_again, _level, _hold_depths)


def _roughened(version: Version, aim: Aim, roughness: Doubles) -> Version | None:
    """Bring a version of some roughness (moments,) to that of the moment at which it is farthest from its aim."""
    wanted = aim.traits[:, ROUGH]
    error = np.abs(wanted - roughness) / aim.spans[ROUGH]
    farthest = int(np.argmax(error))
    if error[farthest] <= AUDIBLY_ROUGH:
        return None
    made = change_roughness(version.sound, float(wanted[farthest]), keeps_notes=aim.keeps_notes)
    return None if made is None else Version(version.samples, sound=made)


def _find_means(version: Version, aim: Aim) -> tuple[Doubles, float]:
    """Return the means of colouring at each moment, (moments, 3), and the price of what is missing with them."""
    mono, edges = np.abs(version.mono), aim.moments(version).edges
    whole = _rules(np.asarray(aim.moved.any(0)))
    means, prices = [], []
    for place, moved in enumerate(aim.moved):
        rules = _rules(moved)
        found, price = find_means(
            mono[loud_frames(mono, *edges[place])],
            aim.traits[place, COLOUR_PLACES],
            aim.weights[place, COLOUR_PLACES],
            np.array([rules.down, rules.up]),
            whole.loudest_noise,
            lifts_hiss=whole.lifts_hiss,
        )
        means.append(found)
        prices.append(price)
    return np.stack(means), sum(prices)


def _tinted(version: Version, aim: Aim, means: Doubles) -> Version | None:
    """Return a version under means of colouring (moments, 3); None where they are not worth it."""
    if (np.abs(means) <= NEGLIGIBLE * LIMITS).all():
        return None
    rules, along = _rules(np.asarray(aim.moved.any(0))), aim.moments(version).along(means)
    tinted = [
        tint(
            channel,
            along,
            [aim.seed, place],
            version.samples,
            rules.loudest_noise,
            lifts_hiss=rules.lifts_hiss,
        )
        for place, channel in enumerate(version.spectra)
    ]
    return Version(version.samples, spectra=np.stack(tinted))


def _misshapen(version: Version, aim: Aim, roughness: Doubles) -> float:
    """Return how far colour and roughness (moments,) of a version are from their aim, as `find_means` prices it."""
    mono = np.abs(spectra_of(mix_down(version.sound)))
    heard = np.stack([colour_of(mono[loud_frames(mono, *edges)]) for edges in aim.moments(version).edges])
    off = np.concatenate([aim.traits[:, COLOUR_PLACES] - heard, (aim.traits[:, ROUGH] - roughness)[:, None]], 1)
    return float(((off * aim.weights[:, [*COLOUR_PLACES, ROUGH]]) ** 2).sum())
