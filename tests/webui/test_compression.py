"""Texts of the page go compressed to who takes them so, and come back as they are on the disk."""

import gzip

import pytest
from asking import Page

from webui.pages import STATIC

PACKED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("name", ["core/api.js", "css/tokens.css", "icons.svg"])
def test_a_text_is_sent_compressed_and_is_the_same(page: Page, name: str):
    answer = page.get(f"/static/{name}", headers=PACKED)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(answer.data) == (STATIC / name).read_bytes()
    assert len(answer.data) < (STATIC / name).stat().st_size


def test_who_takes_no_gzip_gets_the_text_itself(page: Page):
    with page.get("/static/core/api.js") as answer:
        assert "Content-Encoding" not in answer.headers
        assert answer.data == (STATIC / "core/api.js").read_bytes()


@pytest.mark.parametrize("path", ["/static/fonts/inter-latin.woff2", "/api/models", "/static/absent.js"])
def test_nothing_else_is_compressed(page: Page, path: str):
    with page.get(path, headers=PACKED) as answer:
        assert "Content-Encoding" not in answer.headers
