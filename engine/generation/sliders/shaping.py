"""Shaping after the decoder: closes the error that steering left between what was wanted and what is heard.

Roughness is changed first (`beating`), then the colour and the grain of the spectrum (`colouring`), roughness again
where that helps in all, then motion (`levelling`), each only as far as the error asks. All that lies deeper than these
is kept from growing (`depths`).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.audio.loudness import loudness_lufs
from engine.audio.mixdown import mix_down
from engine.features.descriptors import LOUDNESS_LUFS
from engine.properties.beating import change_roughness, measure_roughness
from engine.properties.colouring import (
    COLOURED,
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
from engine.properties.levelling import AMOUNTS, Fluctuation, measure_motion
from engine.properties.property import Rules
from engine.sliders import TIMBRE
from engine.units import HOP, N_FFT, db_to_amplitude

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

TRAITS = (*TIMBRE, "motion")  # what is shaped, the order of arrays here
WARM, ROUGH, MOTION = map(TRAITS.index, ("warmth", "roughness", "motion"))
PLACES = [TRAITS.index(name) for name in COLOURED]
RULING = ("texture", "brightness", "warmth", "roughness")  # the first of these that is moved makes the rules
HELD = Rules((9.0, 2.0, 1.0), (9.0, 2.0, 0.5))  # the rules where all of them are held
NEGLIGIBLE = 0.02  # of a descriptor's span: not worth shaping
AUDIBLY_ROUGH = 0.05  # the same of roughness
SMALLEST_RESPONSE = 0.2  # of the motion that is missing: a trial that brings less is not corrected
LOOKED_AT = 16  # frames on which colour is measured
QUIETEST = 1e-6  # of the energy of the loudest frame: softer ones are not looked at


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


def shape(sound: Floats, wanted: Wanted, spans: Floats, seed: int) -> Shaped:
    """Bring a sound to wanted traits, at the loudness that it has.

    Args:
        sound: Shape (samples, channels).
        wanted: Its traits at some moments.
        spans: The corpus's range of each trait, (5,).
        seed: Of the noise that fills valleys.
    """
    before = look_along(sound, wanted.at_samples)
    moved, asked = wanted.direction != 0, np.where(np.isnan(wanted.traits), before, wanted.traits)
    beyond = moved & ((before - asked) * wanted.direction > 0)  # farther than was wanted: not to be undone
    aim = before + wanted.strength[:, None] * np.where(beyond, 0.0, asked - before)
    is_rough = bool(moved[:, ROUGH].any())
    keeps = wanted.keeps_notes
    shaped = _roughened(sound, aim[:, ROUGH], before[:, ROUGH], spans[ROUGH], keeps) if is_rough else sound
    spectra = _spectra_of(shaped)
    moments = _Moments(wanted.at_samples / HOP, spectra.shape[1])
    weights = _weights(moved, spans)
    colouring = (aim, weights, moved, moments, [seed, len(sound)])
    made, _ = _coloured(spectra, *colouring)
    heard = shaped if made is spectra else _sound_of(made, len(sound))
    roughness = _roughness_along(heard, wanted.at_samples)
    again = _roughened(heard, aim[:, ROUGH], roughness, spans[ROUGH], keeps)
    if again is not heard:
        others = _spectra_of(again)
        if is_rough:
            lost = _misshapen(again, _roughness_along(again, wanted.at_samples), aim, weights, moments)
        else:
            others, lost = _coloured(others, *colouring)
        if lost < _misshapen(heard, roughness, aim, weights, moments):
            made, heard = others, again if is_rough else _sound_of(others, len(sound))
    coloured = made
    made = _levelled(made, mix_down(heard), aim[:, MOTION], spans[MOTION], moments)
    made = made if wanted.depth is None else hold_depths(made, wanted.depth)
    shaped = heard if made is coloured else _sound_of(made, len(sound))
    if shaped is not sound:
        shaped = shaped * np.float32(db_to_amplitude(loudness_lufs(sound) - loudness_lufs(shaped)))
    return Shaped(shaped, before)


def look_at(sound: Floats) -> Doubles:
    """Return the traits of a sound (samples, channels) as shaping sees them, (5,)."""
    middle = mix_down(sound)
    mono = np.abs(spectra_of(middle))
    traits = np.zeros(len(TRAITS))
    traits[PLACES] = colour_of(mono[_loud_frames(mono, 0, len(mono))])
    traits[ROUGH] = measure_roughness(sound)
    traits[MOTION] = measure_motion(np.float32(_normal_gain(middle)) * mono)
    return traits


def look_along(sound: Floats, at_samples: Doubles) -> Doubles:
    """Return the traits of a sound around each of some moments, (moments, 5)."""
    return np.stack([look_at(part) for part in _parts(sound, at_samples)])


class _Moments:
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


def _normal_gain(mono: Floats) -> float:
    """Return by what magnitudes of spectra of a sound (samples,) are to be multiplied, for its normal loudness."""
    return 4.0 / N_FFT * db_to_amplitude(LOUDNESS_LUFS - loudness_lufs(mono[:, None]))


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


def _parts(sound: Floats, at_samples: Doubles) -> list[Floats]:
    """Return what lies around each of some moments of a sound; all of it where there is one."""
    if len(at_samples) == 1:
        return [sound]
    half = int((at_samples[1] - at_samples[0]) / 2)
    middles = np.minimum(at_samples, len(sound) - 1).astype(int)
    return [sound[max(0, at - half) : at + half + 1] for at in middles]


def _roughness_along(sound: Floats, at_samples: Doubles) -> Doubles:
    """Return the roughness around each of some moments, (moments,)."""
    return np.array([measure_roughness(part) for part in _parts(sound, at_samples)])


def _roughened(sound: Floats, aim: Doubles, heard: Doubles, span: float, keeps_notes: bool) -> Floats:
    """Bring a sound to the roughness of the moment at which it is farthest from its aim (moments,)."""
    error = np.abs(aim - heard) / span
    farthest = int(np.argmax(error))
    if error[farthest] <= AUDIBLY_ROUGH:
        return sound
    return change_roughness(sound, float(aim[farthest]), keeps_notes=keeps_notes)


def _sound_of(spectra: Spectra, samples: int) -> Floats:
    """Return the sound (samples, channels) of spectra (channels, frames, bins)."""
    return np.stack([sound_of(channel, samples) for channel in spectra], axis=1)


def _spectra_of(sound: Floats) -> Spectra:
    """Return the spectra (channels, frames, bins) of a sound (samples, channels)."""
    return np.stack([spectra_of(channel) for channel in sound.T])


def _mono_of(spectra: Spectra) -> Spectra:
    """Return the spectra (frames, bins) of the mix of some channels (channels, frames, bins)."""
    mono: Spectra = spectra[0] if len(spectra) == 1 else spectra.mean(0)
    return mono


def _coloured(
    spectra: Spectra, aim: Doubles, weights: Doubles, moved: NDArray[np.bool_], moments: _Moments, noise: list[int]
) -> tuple[Spectra, float]:
    """Bring brightness, warmth and texture of spectra (channels, frames, bins) to an aim (moments, 5).

    Returned as well is the price of what is missing then, see `find_means`.

    Args:
        spectra: Of each channel.
        aim: Wanted traits.
        weights: What a unit of each counts, (moments, 5).
        moved: Which are to move, (moments, 5); the others are held.
        moments: Where they are.
        noise: Seed of the noise that fills valleys, and how many samples of it there are.
    """
    mono = np.abs(_mono_of(spectra))
    rules = _rules(np.asarray(moved.any(0)))
    loudest, lifts_hiss = rules.loudest_noise, rules.lifts_hiss
    means, prices = zip(
        *(
            find_means(
                mono[_loud_frames(mono, *moments.edges[place])],
                aim[place, PLACES],
                weights[place, PLACES],
                np.array([_rules(moved[place]).down, _rules(moved[place]).up]),
                loudest,
                lifts_hiss=lifts_hiss,
            )
            for place in range(len(aim))
        ),
        strict=True,
    )
    if (np.abs(means) <= NEGLIGIBLE * LIMITS).all():
        return spectra, sum(prices)
    along, (seed, samples) = moments.along(np.stack(means)), noise
    tinted = [
        tint(channel, along, [seed, place], samples, loudest, lifts_hiss=lifts_hiss)
        for place, channel in enumerate(spectra)
    ]
    return np.stack(tinted), sum(prices)


def _misshapen(sound: Floats, roughness: Doubles, aim: Doubles, weights: Doubles, moments: _Moments) -> float:
    """Return how far colour and roughness (moments,) of a sound are from an aim, as `find_means` prices it."""
    mono = np.abs(spectra_of(mix_down(sound)))
    heard = np.stack([colour_of(mono[_loud_frames(mono, *edges)]) for edges in moments.edges])
    off = np.concatenate([aim[:, PLACES] - heard, (aim[:, ROUGH] - roughness)[:, None]], 1)
    return float(((off * weights[:, [*PLACES, ROUGH]]) ** 2).sum())


def _levelled(spectra: Spectra, mono: Floats, aim: Doubles, span: float, moments: _Moments) -> Spectra:
    """Bring the motion of spectra (channels, frames, bins) to an aim (moments,).

    What is heard of a gain that changes from frame to frame depends on how fast the sound itself fluctuates. So it is
    tried, and corrected in proportion.

    Args:
        spectra: Of each channel.
        mono: The mix of their sound, (samples,).
        aim: Wanted motion.
        span: The corpus's range of it.
        moments: Where they are.
    """
    mono, mixed = mono[: HOP * (spectra.shape[1] - FRAMES_BEYOND)], _mono_of(spectra)
    gain = np.float32(_normal_gain(mono))
    found = Fluctuation(gain * np.abs(mixed))
    before = moments.motion(found)
    missing = np.where(np.abs(aim - before) > NEGLIGIBLE * span, aim - before, 0.0)
    if not missing.any():
        return spectra
    amounts = np.array(
        [
            found.find_amount(float(there), slice(*edges)) if gap else 0.0
            for edges, there, gap in zip(moments.edges, aim, missing, strict=True)
        ]
    )
    tried = sound_of(mixed * found.gain(moments.along(amounts)), len(mono))
    reached = moments.motion(Fluctuation(gain * np.abs(spectra_of(tried)))) - before
    moved = reached * np.sign(missing) > SMALLEST_RESPONSE * np.abs(missing)
    correction = np.divide(missing, reached, out=np.ones_like(missing), where=moved)
    return spectra * found.gain(moments.along(np.clip(correction * amounts, AMOUNTS[0], AMOUNTS[-1])))


def _loud_frames(mono: Doubles, first: int, last: int) -> NDArray[np.int64]:
    """Return some frames that stand for those from `first` to `last`: loud ones, LOOKED_AT at most, evenly chosen."""
    low = min(first, len(mono) - 1)
    part = np.arange(low, max(low + 1, min(last, len(mono))))
    heard = mono[low : low + len(part)]
    energy = np.vecdot(heard, heard)
    loud = part[energy >= energy.max() * QUIETEST]
    return loud[np.unique(np.linspace(0, len(loud) - 1, min(len(loud), LOOKED_AT)).round().astype(int))]
