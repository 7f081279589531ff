"""Texts of the page go compressed to who takes them so, and come back as they are on the disk."""

import gzip
from pathlib import Path

import pytest
from asking import Page

from webui.compression import strip_comments
from webui.pages import STATIC

PACKED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("name", ["core/api.js", "css/tokens.css", "icons.svg"])
def test_a_text_is_sent_compressed_line_by_line_as_it_is(page: Page, name: str):
    answer = page.get(f"/static/{name}", headers=PACKED)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    sent, kept = gzip.decompress(answer.data).splitlines(), (STATIC / name).read_bytes().splitlines()
    assert len(sent) == len(kept)
    assert all(ours == theirs or not ours for ours, theirs in zip(sent, kept, strict=True))
    assert len(answer.data) < (STATIC / name).stat().st_size / 2


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        (b"a = 1; // why\n", b"a = 1; // why\n"),
        (b"  // why\nb\n", b"\nb\n"),
        (b"/**\n * What.\n * @param {x} y\n */\nf();\n", b"\n\n\n\nf();\n"),
        (b"a /* not alone */ b\n", b"a /* not alone */ b\n"),
        (b"/* one */\n.a { b: c; }\n/* two */\n", b"\n.a { b: c; }\n\n"),
        (b"/** @type {x} */ #a = 1;\nb();\n/* c */\n", b"/** @type {x} */ #a = 1;\nb();\n\n"),
        (b'url("https://x")\n', b'url("https://x")\n'),
    ],
)
def test_comments_that_have_their_lines_to_themselves_are_left_out(text: bytes, stripped: bytes):
    assert strip_comments(text) == stripped


@pytest.mark.parametrize("path", [*STATIC.rglob("*.js"), *STATIC.rglob("*.css")], ids=lambda path: path.name)
def test_nothing_but_comments_is_left_out(path: Path):
    """Every line that goes lies in a comment that ends before any code begins: told by reading line by line."""
    kept = path.read_bytes().splitlines()
    inside = False
    for ours, theirs in zip(strip_comments(path.read_bytes()).splitlines(), kept, strict=True):
        line = theirs.strip()
        begins = not inside and line.startswith(b"/*")
        ends = line.partition(b"*/")[1] != b"" and (inside or begins)
        alone = not line.partition(b"*/")[2].strip() if ends else inside or begins or line.startswith(b"//")
        assert ours == theirs or alone, theirs
        inside = (inside or begins) and not ends


def test_who_takes_no_gzip_gets_the_text_itself(page: Page):
    with page.get("/static/core/api.js") as answer:
        assert "Content-Encoding" not in answer.headers
        assert answer.data == (STATIC / "core/api.js").read_bytes()


@pytest.mark.parametrize("path", ["/static/fonts/inter-latin.woff2", "/api/models", "/static/absent.js"])
def test_nothing_else_is_compressed(page: Page, path: str):
    with page.get(path, headers=PACKED) as answer:
        assert "Content-Encoding" not in answer.headers
