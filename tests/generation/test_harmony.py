import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.features.descriptors import chroma, chroma_to_tension
from engine.generation.event.loudness import weighted_energy
from engine.generation.mix.harmony import MEMORY, SHORTEST_CHORD, Harmony
from engine.properties.property import Reach
from engine.properties.warmth import warmth
from engine.units import SAMPLE_RATE

REACH = Reach(0.2, 0.7, 0.05)
SPANS = np.array([3.0, 6.0, 1.5, 50.0, 0.4], np.float32)  # of drums
NOWHERE = np.zeros(12)


def column(sound: np.ndarray) -> np.ndarray:
    return sound[:, None].astype(np.float32)


def note(*semitones: float, seconds: float = 0.5) -> np.ndarray:
    """Return sines of equal level above 440 Hz, (samples, 1)."""
    return column(sum(tone(440 * 2 ** (step / 12), seconds, 0.2) for step in semitones))


def shares(sound: np.ndarray) -> np.ndarray:
    energies = chroma(sound.mean(1).astype(np.float64))
    return energies / max(energies.sum(), 1e-12)


def heard(sounds: list[np.ndarray]) -> list[float]:
    """Return the tension of what sounds and is remembered at each event, from the second on."""
    memory, found = np.zeros(12), []
    for sound in sounds:
        memory = MEMORY * memory + chroma(sound.mean(1).astype(np.float64))
        found.append(float(chroma_to_tension(memory)))
    return found[1:]


def fitted(events: list[np.ndarray], drive: float, hold: float = 0.0) -> list[np.ndarray]:
    harmony = Harmony(REACH, SPANS)
    return [harmony.fit(event, drive, shares(event), hold) for event in events]


MELODY = [0, 4, 7, 2, 9, 5, 11, 7, 0, 4]
CHORDS = [(0, 4, 7), (2, 5, 9), (0, 1, 7), (5, 9, 0), (7, 11, 2), (0, 4, 7)]
PIECES = {"melody": [note(step) for step in MELODY], "chords": [note(*steps) for steps in CHORDS]}


def test_without_a_drive_every_event_stays_as_it_is():
    for events in PIECES.values():
        assert all(out is event for out, event in zip(fitted(events, 0.0), events, strict=True))


@pytest.mark.parametrize("piece", PIECES)
def test_tension_goes_the_way_it_is_driven(piece: str):
    calm, plain, tense = (np.mean(heard(fitted(PIECES[piece], drive))) for drive in (-10.0, 0.0, 10.0))
    assert calm < plain - 0.05
    assert tense > plain + 0.1


@pytest.mark.parametrize("piece", PIECES)
def test_the_more_it_is_driven_the_tenser_it_gets(piece: str):
    found = [np.mean(heard(fitted(PIECES[piece], drive))) for drive in (-10.0, -5.0, 0.0, 5.0, 10.0)]
    assert found == sorted(found)


@pytest.mark.parametrize("drive", [-10.0, -4.0, 4.0, 10.0])
def test_the_events_keep_their_loudness_while_their_harmony_changes(drive: float):
    for out, event in zip(fitted(PIECES["chords"], drive), PIECES["chords"], strict=True):
        assert weighted_energy(out) == pytest.approx(weighted_energy(event), rel=1e-4)


@pytest.mark.parametrize("drive", [-10.0, -5.0, 5.0, 10.0])
def test_deep_drums_arrive_where_they_are_driven(drive: float):
    """A window sees a deep sound in many pitch classes at once: what is one pitch there must still be steered."""
    drums = [column(struck(hz, 0.6)) for hz in (62.0, 75.0, 90.0, 68.0, 110.0, 82.0)]
    before, after = (np.mean(heard(fitted(drums, one))) for one in (0.0, drive))
    assert 0.6 < (after - before) / REACH.move(before, drive) < 1.2


@pytest.mark.parametrize("drive", [-4.0, 4.0])
def test_a_chord_of_long_ago_is_forgotten(drive: float):
    long_ago, since, event = [note(1, 6, 8)] * 30, [note(0, 4, 7)] * 40, note(2, 9)  # 0.85 ** 40 is left of the first
    late, fresh = (Harmony(REACH, SPANS) for _ in range(2))
    for harmony, sounds in ((late, long_ago + since), (fresh, since)):
        for sound in sounds:
            harmony.fit(sound, 0.0, shares(sound), 0.0)
    found, wanted = (harmony.fit(event, drive, shares(event), 0.0) for harmony in (late, fresh))
    assert found is not event
    assert np.allclose(found, wanted, atol=1e-4)


def test_the_first_event_is_not_transposed():
    out = fitted([note(0)], 10.0)[0]
    assert len(out) == len(note(0))
    spectrum = np.abs(np.fft.rfft(out[:, 0] * np.hanning(len(out)), 1 << 19))
    assert spectrum.argmax() * SAMPLE_RATE / (1 << 19) == pytest.approx(440.0, rel=0.002)


@pytest.mark.parametrize("drive", [-10.0, 10.0])
def test_what_is_to_stay_plain_is_only_transposed(drive: float):
    harmony = Harmony(REACH, SPANS)
    for steps in CHORDS:
        out = harmony.fit(note(*steps), drive, shares(note(*steps)), 0.0, emphasis=0.0)
        turns = [np.abs(np.roll(shares(note(*steps)), turn) - shares(out)).max() for turn in range(12)]
        assert min(turns) < 0.03


def test_what_others_did_to_the_tension_is_undone_as_far_as_it_is_held():
    def away(hold: float) -> float:
        harmony = Harmony(REACH, SPANS)
        before, meant, is_now = note(0), note(7), note(1, 2, 6)
        memory = MEMORY * chroma(harmony.fit(before, 0.0, shares(before), 0.0)[:, 0].astype(float))
        own = chroma(is_now[:, 0].astype(float))
        wanted = chroma_to_tension(memory + shares(meant) * own.sum())
        out = harmony.fit(is_now, 0.0, shares(meant), hold)
        return abs(float(chroma_to_tension(memory + chroma(out[:, 0].astype(float))) - wanted))

    assert away(1.0) < 0.5 * away(0.0)
    assert away(1.0) <= away(0.5) + 0.02 <= away(0.0) + 0.02


def test_a_sound_too_short_for_a_pitch_is_left_alone():
    harmony = Harmony(REACH, SPANS)
    harmony.fit(note(0), 10.0, NOWHERE, 0.0)
    click = column(noise(1.0)[: SHORTEST_CHORD - 1])
    assert harmony.fit(click, 10.0, NOWHERE, 1.0) is click


@pytest.mark.parametrize("drive", [-10.0, 0.0, 10.0])
def test_silence_between_events_stays_silent(drive: float):
    events = [note(0), np.zeros((9_600, 1), np.float32), note(1)]
    outs = fitted(events, drive, 1.0)
    assert not outs[1].any()
    assert all(np.isfinite(out).all() for out in outs)


def test_an_event_that_is_played_slower_still_ends_in_time_and_is_as_loud():
    event = note(17)
    lengths = []
    for longest in (None, len(event)):
        remembered = Harmony(REACH, SPANS)
        remembered.hear(chroma(note(0)[:, 0].astype(float)))
        out = remembered.fit(event, -10.0, shares(event), 0.0, emphasis=0.0, longest=longest)
        lengths.append(len(out))
        assert weighted_energy(out) == pytest.approx(weighted_energy(event), rel=1e-3)
    assert lengths == [round(len(event) * 2 ** (5 / 12)), len(event)]


@pytest.mark.parametrize(("hz", "turns"), [(1_540.0, True), (540.0, False)])
def test_a_thin_sound_is_not_transposed_to_where_sounds_are_warm(hz: float, turns: bool):
    harmony = Harmony(REACH, SPANS)
    calm = chroma(tone(hz * 2 ** (-2 / 12), 0.5, 0.2))
    harmony.hear(calm)
    sound = column(tone(hz, 0.5, 0.2))
    out = harmony.bring(sound, chroma(sound[:, 0].astype(float)), float(chroma_to_tension(calm)), emphasis=0.0)
    assert (chroma(out[:, 0].astype(float)).argmax() == calm.argmax()) == turns
    assert warmth(out[:, 0].astype(float)) == pytest.approx(warmth(sound[:, 0].astype(float)), abs=1.0)
