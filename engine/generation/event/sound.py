"""The sound of one event by itself: walked, steered, sung, freed of rumble, shaped, its level, onset and end made.

walk ─► steer ─► sing ─► low cut ─► shape ─► contour ─► properties ─► fade ─► level

Each event is made by itself. Several would be steered faster at once, and a little differently in other company: an
output that is heard from its middle on would not be the same then.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.audio.ends import fade_ends
from engine.audio.mixdown import mix_down
from engine.generation.event.holding import LESS, Held, hold_notes, keeps_note
from engine.generation.event.loudness import match_energy, weighted_energy
from engine.generation.event.reference import Plain
from engine.generation.event.register import Elsewhere, find_elsewhere
from engine.generation.event.sing import Find, Sounding, audible, sing
from engine.generation.event.way import Walk, move_elsewhere, walk_events, walk_home
from engine.generation.renderer import Renderer
from engine.generation.score.composing import Event, latent_seconds
from engine.generation.score.edges import ending
from engine.generation.sliders.bank import Bank
from engine.generation.sliders.looking import TRAITS
from engine.generation.sliders.shaping import Wanted, shape
from engine.generation.sliders.steering import Steered, moments_of
from engine.latent.checks import Check, carry_on
from engine.properties.describing import PROPERTIES, describe
from engine.properties.emphasis import transpose
from engine.properties.onset import hold_contour
from engine.properties.property import Take
from engine.settings import GenerateSettings
from engine.sliders import REGISTER
from engine.units import LATENT_HOP, SAMPLE_RATE, db_to_amplitude

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

FULL_STRENGTH = 2.0  # drive from which on the whole error is shaped away; at 0 none is


@dataclass(frozen=True)
class Account:
    """How an event came to sound as it does, in the order of TRAITS, at each of its moments (moments, 5).

    Attributes:
        walked: What would have been heard of the walk alone.
        steered: What was heard after the latent space had moved it.
        wanted: What was to be heard.
    """

    walked: Doubles
    steered: Doubles
    wanted: Doubles


ACCOUNT = ("walked", "steered", "wanted")  # its parts, in order


@dataclass(frozen=True)
class Sound:
    """One event as it sounds by itself.

    Attributes:
        event: From the score.
        samples: Shape (samples, channels of the corpus), as loud as its walk alone would sound or softer (`softer_db`).
        account: How its timbre came about; None where nothing was asked of it.
    """

    event: Event
    samples: Floats
    account: Account | None


def sound_event(
    renderer: Renderer,
    bank: Bank,
    settings: GenerateSettings,
    event: Event,
    stretch: float = 1.0,
    check: Check = carry_on,
) -> Sound:
    """Return the sound of one event, which is not made again where it was made lately.

    Args:
        renderer: The sound space, prepared.
        bank: The sliders.
        settings: Of the output.
        event: From the score.
        stretch: By how much it is longer than by itself.
        check: Called between the steps.
    """
    sound = recall(renderer, bank, settings, event, stretch)
    if sound is None:
        check()
        elsewhere = find_elsewhere(renderer.guide, bank, event.clip, event.start / SAMPLE_RATE)
        made_of, slower = move_elsewhere(renderer, settings, event, elsewhere) if elsewhere else (event, 1.0)
        (walk,) = walk_events(renderer, bank, settings, [made_of], slower * stretch)
        check()
        sound = make_sound(renderer, bank, settings, walk, check=check)
        if elsewhere:
            check()
            home = walk_home(renderer, settings, event, stretch)
            sound = bring_home(renderer, bank, settings, home, sound, elsewhere)
        remember(renderer, bank, settings, sound, stretch)
    return sound


def recall(
    renderer: Renderer, bank: Bank, settings: GenerateSettings, event: Event, stretch: float = 1.0
) -> Sound | None:
    """Return the sound of one event where it was made lately, None where it was not."""
    sound: Sound | None = renderer.recent.find(_identify(bank, settings, event, stretch))
    return sound


def remember(renderer: Renderer, bank: Bank, settings: GenerateSettings, sound: Sound, stretch: float = 1.0) -> None:
    """Keep the sound of one event as made lately."""
    renderer.recent.keep(_identify(bank, settings, sound.event, stretch), sound)


def sound_to_arrays(sound: Sound) -> dict[str, NDArray[Any]]:
    """Return all of a sound but its event, as named arrays."""
    account = sound.account
    told = {} if account is None else {name: getattr(account, name) for name in ACCOUNT}
    return {"samples": sound.samples, **told}


def arrays_to_sound(event: Event, arrays: Mapping[str, NDArray[Any]]) -> Sound:
    """Return the sound of an event from named arrays."""
    account = Account(*(arrays[name] for name in ACCOUNT)) if ACCOUNT[0] in arrays else None
    return Sound(event, arrays["samples"], account)


def _identify(bank: Bank, settings: GenerateSettings, event: Event, stretch: float) -> Hashable:
    """Return all that the sound of an event depends on, besides the model."""
    place = (settings.at, settings.path, settings.duration, settings.loop)
    sliders = tuple(sorted(bank.curves.items()))
    return event, stretch, settings.seed, settings.source, settings.novelty, settings.keep, place, sliders


def bring_home(
    renderer: Renderer, bank: Bank, settings: GenerateSettings, home: Walk, made: Sound, elsewhere: Elsewhere
) -> Sound:
    """Return an event that is higher or lower, and else as it would be.

    Args:
        renderer: The sound space, prepared.
        bank: The sliders.
        settings: Of the output.
        home: The walk of the event without sliders.
        made: The sound from elsewhere.
        elsewhere: Where that is.
    """
    event = home.event
    plain, begin = _hear_plain(renderer, bank, settings, home), event.start / SAMPLE_RATE
    plain = replace(plain, note=elsewhere.note)
    turned = fade_ends(transpose(made.samples, elsewhere.semitones)[: event.longest], seconds_in=0.0)
    shaped, account = _shaped(renderer, bank, event, plain, turned, settings.seed + event.index)
    if not bank.drive("attack", begin):
        shaped = hold_contour(shaped, plain.contour)
    return Sound(event, match_energy(shaped, _softer(bank, begin, shaped, account) * plain.energy), made.account)


def make_sound(
    renderer: Renderer, bank: Bank, settings: GenerateSettings, walk: Walk, *, check: Check = carry_on
) -> Sound:
    """Make the sound of one event; the check is called between the steps."""
    event, steered = walk.event, walk.steered
    begin, seed = event.start / SAMPLE_RATE, settings.seed + event.index
    plain = _hear_plain(renderer, bank, settings, walk) if steered.is_changed else None
    check()
    quiet = [name for name, one in PROPERTIES.items() if one.rules and not one.rules.lifts_hiss]
    hushed, held = max(min(1.0, abs(bank.drive(name, begin)) / FULL_STRENGTH) for name in quiet), None
    if plain and settings.keep == "notes":
        held = hold_notes(renderer.guide.notes.search, plain, steered, hushed)
    sung = _sung(renderer, settings, steered, seed, held, plain)
    longest, fall = ending(event.longest, len(sung))
    shaped, account = sung[:longest], None
    check()
    if plain:
        shaped, account = _shaped(renderer, bank, event, plain, shaped, seed, held is not None)
        shaped = shaped if walk.is_drawn_out else hold_contour(shaped, plain.contour)
        energy = _softer(bank, begin, shaped, account) * plain.energy
    else:
        energy = weighted_energy(walk.edges.fade(shaped, fall)) if bank.curves else 0.0
    changed = _changed(bank, Take(shaped, begin, event.gap_seconds, walk.edges.is_onset, seed))
    faded = walk.edges.fade(changed, fall)
    return Sound(event, match_energy(faded, energy) if bank.curves else faded, account)


def _softer(bank: Bank, seconds: float, sound: Floats, account: Account | None) -> float:
    """Return the share of its energy at which an event is played that did not become all that sliders ask of it."""
    softer_db = 0.0
    for place, name in enumerate(TRAITS):
        ask, drive = PROPERTIES[name].softer_db, bank.drive(name, seconds)
        if account and ask and drive:
            wanted = max(float(account.wanted[:, place].mean()), bank.chart.reach(name).low)
            softer_db += ask(describe(mix_down(sound), [name])[name], wanted, drive)
    return db_to_amplitude(-softer_db) ** 2


def _changed(bank: Bank, take: Take) -> Floats:
    """Return the samples of an event after all properties that change events by themselves, in the order of sliders."""
    for name, one in PROPERTIES.items():
        if one.event and bank.drive(name, take.seconds):
            take = replace(take, samples=one.event(take, bank.ask(name)))
    return take.samples


def _sung(
    renderer: Renderer, settings: GenerateSettings, steered: Steered, seed: int, held: Held | None, plain: Plain | None
) -> Floats:
    """Return what is sung of a steered walk; of one whose note stays, less steered where it would have another one."""

    def sing_as(decoded: Sounding | None, find: Find | None) -> Floats:
        return audible(sing(renderer.space, steered.track, settings.source, seed, steered.lift, decoded, find))

    if held is None or plain is None:
        return sing_as(steered.decoded, None)
    sung = sing_as(held.decoded, held.find)
    for share in LESS:
        if keeps_note(plain.note, sung):
            break
        sung = sing_as(held.decoded.less(share), held.find)
    return sung


def _hear_plain(renderer: Renderer, bank: Bank, settings: GenerateSettings, walk: Walk) -> Plain:
    """Return the event as it would be without sliders."""
    event, at = walk.event, moments_of(bank, latent_seconds(walk.event.start, len(walk.track)))[0] * LATENT_HOP
    seed, (track, decoded) = settings.seed + event.index, (walk.track, walk.steered.walked)
    if walk.unmoved is not None:
        track, decoded = walk.unmoved, None
    return renderer.plain.hear(track, settings.source, seed, event.longest, at, decoded, walk.edges)


def _shaped(
    renderer: Renderer, bank: Bank, event: Event, plain: Plain, sung: Floats, seed: int, keeps_notes: bool = True
) -> tuple[Floats, Account | None]:
    """Shape away what steering left of what sliders ask for, and what it and another register moved of the rest."""
    seconds = (event.start + plain.at_samples) / SAMPLE_RATE
    drives = np.stack([bank.drives(name, seconds) for name in TRAITS], axis=1)
    strongest = np.maximum(np.abs(drives).max(1), np.abs(bank.drives(REGISTER, seconds)))
    strength = np.minimum(1.0, strongest / FULL_STRENGTH)
    if not strength.any():
        return sung, None
    wanted = plain.traits + bank.moves(TRAITS, plain.traits, seconds)
    asked = Wanted(wanted, np.sign(drives), strength, plain.at_samples, plain.depth, keeps_notes)
    shaped = shape(sung, asked, renderer.spans, seed)
    sound, account = shaped.sound, Account(plain.traits, shaped.before, wanted)
    if not keeps_notes or keeps_note(plain.note, sound):
        return sound, account
    if not keeps_note(plain.note, sung):
        return sound, account  # it had another note already: less shaping would not bring its own back
    for share in LESS:
        sound = shape(sung, replace(asked, strength=share * strength), renderer.spans, seed, shaped.before).sound
        if keeps_note(plain.note, sound):
            return sound, account
    return sung, account
