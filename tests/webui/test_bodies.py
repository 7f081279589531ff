from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from engine.errors import ParameterError
from webui.bodies import Upload, checked_file_name, receive_file, safe_suffix

SMALL = Upload(limit_bytes=10)


@pytest.fixture
def flask() -> Flask:
    return Flask(__name__)


def test_a_file_is_there_as_long_as_the_block_lasts(flask: Flask):
    with flask.test_request_context("/?name=low.WAV", method="POST", data=b"0123456789"), receive_file(SMALL) as found:
        assert (found.name, found.size, found.path.read_bytes()) == ("low.WAV", 10, b"0123456789")
        assert found.path.name == "upload.wav"
    assert not found.path.parent.exists()


def test_one_that_was_moved_away_stays(flask: Flask, tmp_path: Path):
    with flask.test_request_context("/?name=a.wav", method="POST", data=b"01"), receive_file(SMALL) as found:
        kept = found.path.rename(tmp_path / "kept.wav")
    assert kept.read_bytes() == b"01"


def test_a_large_file_is_refused_by_what_its_header_says(flask: Flask):
    context = flask.test_request_context(
        "/?name=a", method="POST", data=b"01", environ_overrides={"CONTENT_LENGTH": "11"}
    )
    with context, pytest.raises(RequestEntityTooLarge, match="10 bytes"), receive_file(SMALL):
        pass


def test_a_large_file_is_refused_by_what_comes(flask: Flask):
    """As where a header says nothing: waitress counts the bytes, other servers need not."""
    over = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    context = flask.test_request_context("/?name=a", method="POST", data=b"x" * 11, environ_overrides=over)
    with context, pytest.raises(RequestEntityTooLarge, match="10 bytes"), receive_file(SMALL):
        pass


def test_a_form_is_refused(flask: Flask):
    context = flask.test_request_context("/?name=a", method="POST", data={"file": "x"})
    with context, pytest.raises(UnsupportedMediaType), receive_file(SMALL):
        pass


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.wav", "a.wav"),
        ("folder/a.wav", "a.wav"),
        (r"C:\sounds\a.wav", "a.wav"),
        (" ü b.wav ", "ü b.wav"),
        ("..a", "..a"),
    ],
)
def test_a_name_is_its_last_part(given: str, kept: str):
    assert checked_file_name(given) == kept


@pytest.mark.parametrize("given", ["", " ", ".", "..", "a/", "a/..", "a\0", "a\nb", "x" * 256])
def test_what_is_no_name_is_refused(given: str):
    with pytest.raises(ParameterError) as refused:
        checked_file_name(given)
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.WAV", ".wav"),
        ("a", ""),
        ("a.w/v", ""),
        ("a.ünt", ""),
        ("a.verylongending", ""),
        (".wav", ""),
        ("a.tar.gz", ".gz"),
    ],
)
def test_an_ending_is_kept_where_it_is_plain(name: str, suffix: str):
    assert safe_suffix(name) == suffix
