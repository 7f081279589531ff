from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.library.file_names import MOST_BYTES, fold, free_file_name, safe_name

ANY_TEXT = st.text(st.characters(codec=None), max_size=300)
RESERVED = ["con", "PRN.wav", "aux.flac", "Nul.tar.gz", "com1.wav", "LPT9", "conin$", "com³.wav", "nul .wav"]


@given(ANY_TEXT)
@example("con.wav")
@example("a" * 300 + ".wav")
@example("\ud800.wav")
@example("../../etc/passwd")
@example("e\u0301" * 200)
@example("." * 250)
def test_any_text_becomes_one_part_of_a_path_that_every_system_takes(wanted: str):
    name = safe_name(wanted)
    assert name == safe_name(name)
    assert 0 < len(name.encode()) <= MOST_BYTES
    assert Path(name).name == name
    assert not set(name) & set('/\\<>:"|?*')
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in name)
    assert name.strip(" .") == name


@given(ANY_TEXT)
def test_a_safe_name_is_that_of_a_file_that_can_be_written(wanted: str):
    assert safe_name(wanted).partition(".")[0].rstrip().casefold() not in ("con", "prn", "aux", "nul", "com1", "lpt1")


@pytest.mark.parametrize("name", RESERVED)
def test_names_of_devices_are_set_apart(name: str):
    assert safe_name(name).startswith("_")


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("kick.wav", "kick.wav"),
        ("Ünïcödé 音 🎷.flac", "Ünïcödé 音 🎷.flac"),
        ("U\u0308ber.wav", "Über.wav"),
        ("/home/me/kick.wav", "kick.wav"),
        ("C:\\sounds\\kick.wav", "kick.wav"),
        ("..", "recording"),
        ("", "recording"),
        ("kick.wav. . ", "kick.wav"),
        ("a\x00b\nc.wav", "abc.wav"),
        ("what?.wav", "what_.wav"),
        ("safe\u202egpj.wav", "safegpj.wav"),
        ("kick .wav", "kick.wav"),
        (".hidden.wav", "hidden.wav"),
        ("console.wav", "console.wav"),
    ],
)
def test_letters_of_all_scripts_stay_and_the_rest_goes(wanted: str, name: str):
    assert safe_name(wanted) == name


def test_a_long_name_is_cut_between_letters_and_keeps_its_ending():
    name = safe_name("音" * 100 + ".wav")
    assert name == "音" * 65 + ".wav"
    assert len(name.encode()) == 199


@given(st.lists(ANY_TEXT, max_size=12))
@example(["a.wav", "A.WAV", "a.wav"])
@example(["Ä.wav", "A\u0308.wav"])
@example(["x" * 200, "x" * 200])
def test_no_two_files_get_one_name_on_any_file_system(wanted: list[str]):
    taken: list[str] = []
    for text in wanted:
        taken.append(free_file_name(safe_name(text), taken))
    assert len({fold(name) for name in taken}) == len(taken)
    assert all(len(name.encode()) <= MOST_BYTES for name in taken)


def test_the_number_goes_before_the_ending():
    assert free_file_name("a.b.wav", ["A.B.wav", "a.b (2).wav"]) == "a.b (3).wav"
