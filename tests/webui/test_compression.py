"""Texts of the page go condensed and compressed to who takes them so."""

import gzip

import pytest
from asking import Page

from webui import compression
from webui.bundling import BUNDLE, bundle_scripts, list_scripts
from webui.condensing import condense_script, condense_sheet
from webui.pages import STATIC
from webui.sheets import INTERFACE, join_sheets

PACKED = {"Accept-Encoding": "gzip"}
OF_THE_WORKER = "logic/spectrum.js"  # loads it on its own, besides the page
MOST_BYTES = 250_000


@pytest.mark.parametrize("name", ["core/api.js", "css/tokens.css", "icons.svg"])
def test_a_text_is_sent_compressed(page: Page, name: str):
    answer = page.get(f"/static/{name}", headers=PACKED)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    text = (STATIC / name).read_bytes()
    condensed = {".js": condense_script, ".css": condense_sheet}.get(name[name.rindex(".") :], bytes)(text)
    assert gzip.decompress(answer.data) == condensed
    assert len(answer.data) < len(text) / 2


def test_all_sheets_are_one_answer_which_is_sent_again_only_when_it_is_another(page: Page):
    address = f"/static/{INTERFACE}"
    answer = page.get(address, headers=PACKED)
    assert answer.headers["Content-Type"].startswith("text/css")
    assert gzip.decompress(answer.data) == condense_sheet(join_sheets(STATIC / INTERFACE))
    assert page.get(address, headers={**PACKED, "If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_all_of_the_interface_is_within_its_bound(page: Page):
    """Count all that any place loads, in bytes over the wire; letters that only some names have come on top."""
    kept = [path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()]
    others = (".css", ".txt", ".html", "inter-latin-ext.woff2")
    own = [name for name in kept if not name.startswith("specimens") and not name.endswith(others)]
    apart = [name for name in own if name not in list_scripts(STATIC) or name == OF_THE_WORKER]
    total = 0
    for address in ["/", *(f"/static/{name}" for name in (INTERFACE, BUNDLE, *apart))]:
        with page.get(address, headers=PACKED) as answer:
            total += len(answer.data)
    assert total <= MOST_BYTES


def test_who_takes_no_gzip_gets_the_text_itself(page: Page):
    with page.get("/static/core/api.js") as answer:
        assert "Content-Encoding" not in answer.headers
        assert answer.data == (STATIC / "core/api.js").read_bytes()


@pytest.mark.parametrize("path", ["/static/fonts/inter-latin.woff2", "/api/models", "/static/absent.js"])
def test_nothing_else_is_compressed(page: Page, path: str):
    with page.get(path, headers=PACKED) as answer:
        assert "Content-Encoding" not in answer.headers


def test_all_scripts_are_one_answer_which_is_compressed_before_it_is_asked_for(page: Page):
    compression._compressed.cache_clear()
    compression.prepare_texts(STATIC)
    answer = page.get(f"/static/{BUNDLE}", headers=PACKED)
    assert gzip.decompress(answer.data) == condense_script(bundle_scripts(STATIC).encode())
    assert compression._compressed.cache_info().misses == 1
    assert page.get(f"/static/{BUNDLE}", headers={**PACKED, "If-None-Match": answer.headers["ETag"]}).status_code == 304
