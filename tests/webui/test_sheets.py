"""All sheets of the interface go out as one, each in its place."""

import re
from pathlib import Path

from webui.pages import STATIC
from webui.sheets import INTERFACE, join_sheets


def test_imported_sheets_stand_in_their_places(tmp_path: Path):
    (tmp_path / "css").mkdir()
    (tmp_path / "a.css").write_text(".a {}\n")
    (tmp_path / "css/b.css").write_text(".b {}\n")
    sheet = tmp_path / "css/all.css"
    sheet.write_text('/* why */\n@import url("b.css");\n@import url("../a.css");\n.c {}\n')
    assert join_sheets(sheet) == b"/* why */\n.b {}\n.a {}\n.c {}\n"


def test_the_interface_has_every_sheet_once():
    kept = {path for path in STATIC.rglob("*.css") if "specimens" not in path.parts} - {STATIC / INTERFACE}
    named = re.findall(r'@import url\("([^"]+)"\)', (STATIC / INTERFACE).read_text("utf-8"))
    assert sorted((STATIC / "css" / name).resolve() for name in named) == sorted(kept)
    assert b"@import" not in join_sheets(STATIC / INTERFACE)


def test_only_sheets_beside_it_have_addresses():
    others = [path for path in STATIC.rglob("*.css") if path.parent != STATIC / "css"]
    assert [path.name for path in others if "url(" in path.read_text("utf-8")] == []
