import unicodedata

import pytest

from engine.library.search import simplify, text_matcher


@pytest.mark.parametrize("words", ["sax", "SAX", "säx", "ax", "sax warm", "warm sax", "  sax  ", "", " "])
def test_every_word_must_occur_somewhere(words: str):
    assert text_matcher(words)(["My Säx", "warm, dark"])


@pytest.mark.parametrize("words", ["drums", "sax drums", "saxwarm", "sax.*", "my-sax"])
def test_words_that_occur_nowhere_fit_nothing(words: str):
    assert not text_matcher(words)(["My Säx", "warm, dark"])
    assert not text_matcher(words)([])


def test_no_words_fit_even_nothing():
    assert text_matcher("")([])


def test_a_word_does_not_reach_from_one_text_into_the_next():
    assert not text_matcher("ab")(["a", "b"])


def test_it_does_not_matter_how_a_system_writes_accents():
    composed, decomposed = (unicodedata.normalize(form, "Ätna Überflüssig") for form in ("NFC", "NFD"))
    assert composed != decomposed
    assert simplify(composed) == simplify(decomposed) == "atna uberflussig"
    assert text_matcher(decomposed)([composed])


def test_case_is_that_of_words_and_not_of_letters():
    assert text_matcher("STRASSE")(["Straße"])
