import pytest

from engine.dataset.advice import advise, find_advice, judge, note_file
from engine.dataset.intake import Skipped
from engine.dataset.report import FileHealth


def health(name: str = "a.wav", **found) -> FileHealth:
    fine = {
        "seconds": 4.0, "sample_rate": 48_000, "channels": 1, "stereo": False, "peak_db": -3.0, "loudness_lufs": -20.0,
        "clipped_share": 0.0, "dc_offset": 0.0, "silence_share": 0.0, "band_limit_hz": None, "mono_loss_db": 0.0,
        "duplicate_of": None, "near_duplicate_of": None, "oddness": 0.0, "share": 1 / 6,
    }  # fmt: skip
    return FileHealth(file=name, **{**fine, **found})


FINE = [health(f"{name}.wav") for name in "uvwxyz"]


def test_a_fine_set_needs_nothing():
    assert find_advice(FINE, ()) == ()
    assert judge(FINE, ()) == "Ready to train: 6 recordings, 24.0 s, mono."


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ({"duplicate_of": "u.wav"}, "2 files copied from others: remove them, or they count twice (a.wav, b.wav)"),
        ({"clipped_share": 0.1}, "2 files clipped: use a cleaner take if you have one (a.wav, b.wav)"),
        ({"loudness_lufs": -50.0}, "very quiet: bring up the level"),
        ({"silence_share": 0.6}, "mostly silent: trim"),
        ({"dc_offset": -0.03}, "with a DC offset, which can click: high-pass at 20 Hz"),
    ],
)
def test_an_advice_about_files_comes_with_the_button_that_leaves_them_out(found, text: str):
    files = [*FINE, health("a.wav", **found), health("b.wav", **found)]
    (line,) = [one for one in find_advice(files, ()) if one.action]
    assert text in line.text
    assert (line.action.kind, line.action.label, line.action.files) == (
        "leave_out", "Leave these 2 out", ("a.wav", "b.wav"),
    )  # fmt: skip
    (line,) = [one for one in find_advice(files[:-1], ()) if one.action]
    assert (line.action.label, line.action.files) == ("Leave it out", ("a.wav",))


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ({"band_limit_hz": 16_000.0}, "2 files without highs, perhaps because of the format"),
        ({"oddness": 5.0}, "2 files unlike the rest: keep if meant"),
        ({"loudness_lufs": -65.0, "noise_db": -149.0}, "2 files soft, though clean: raise the level"),
    ],
)
def test_what_is_only_suspected_has_no_button_that_leaves_it_out(found, text: str):
    files = [*FINE, health("a.wav", **found), health("b.wav", **found)]
    (line,) = [one for one in find_advice(files, ()) if text in one.text]
    assert line.action is None


def test_what_may_be_a_copy_is_no_copy_and_says_how_alike_it_is():
    files = [*FINE, health("a.wav", similar_to="u.wav", likeness=0.93)]
    assert find_advice(files, ()) == ()
    assert note_file(files[-1]) == (
        "may be the same sound as u.wav, or only sound alike (likeness 93%): listen to both",
    )


def test_channels_that_may_be_ambisonics_are_asked_about():
    files = [*FINE, health("a.wav", channels=4, stereo=True, may_be_ambisonic=True)]
    line = find_advice(files, ())[0]
    assert line.text.startswith("1 file may be Ambisonics (AmbiX): a.wav. If so, say channels in = ambix")
    assert "are they Ambisonics (AmbiX)?" in note_file(files[-1])[0]


def test_of_channels_that_the_person_chose_nothing_is_said():
    assert note_file(health("a.wav", channels=4, channels_in="left")) == ()
    assert note_file(health("a.wav", channels=2, channels_in="right")) == ()
    assert note_file(health("a.wav", channels=2)) == ("both channels are the same: used as mono",)


def test_the_recording_that_is_most_of_the_sound_can_be_left_out():
    files = [*FINE, health("long.wav", share=0.7)]
    (line,) = find_advice(files, ())
    assert line.text.startswith("long.wav alone is 70% of your audio")
    assert line.action.files == ("long.wav",)


def test_what_no_button_can_change_has_none():
    files = [health(f"{name}.wav", seconds=1.0, stereo=True, loudness_lufs=-15.0) for name in "abc"]
    found = find_advice([*files, health("d.wav", seconds=1.0, loudness_lufs=-44.0)], [Skipped("e.wav", "empty")])
    assert [one.action for one in found] == [None] * 5
    assert [one.text.split(":")[0] for one in found] == [
        "only 4 files",
        "1 file left out; the list says why",
        "only 4.0 s of sound in all",
        "loudness from -35 to -15 LUFS",
        "1 mono and 3 stereo",
    ]


def test_the_texts_are_those_of_the_advice():
    files = [health("a.wav", clipped_share=0.1), *FINE]
    skipped = [Skipped("c.wav", "empty")]
    assert advise(files, skipped) == tuple(one.text for one in find_advice(files, skipped))


def test_of_no_recordings_nothing_is_said_but_what_cannot_be_used():
    assert find_advice((), ()) == ()
    assert advise((), [Skipped("a.wav", "empty")]) == ("1 file left out; the list says why",)
    assert judge((), ()) == "There is nothing to learn from."


def test_what_is_lost_of_a_file_is_noted_first():
    notes = note_file(health(notice="cut off", duplicate_of="b.wav"))
    assert notes == ("cut off", "the same as b.wav: remove one")
