"""The page names the scripts that it needs, each once, and none that is not there."""

import re
from pathlib import Path

from asking import Page

from webui.pages import STATIC
from webui.preloading import FIRST, list_scripts


def test_all_that_is_imported_is_listed_once(tmp_path: Path):
    for name, text in {
        "main.js": 'import { a } from "./core/a.js";\nimport "./core/b.js";\nawait import("./later.js");\n',
        "core/a.js": 'import {\n  b,\n} from "./b.js";\nexport { c } from "../c.js";\n// import "./no.js";\n',
        "core/b.js": "",
        "c.js": 'import { a } from "./core/a.js";\n',
        "places/play/play.js": 'import { a } from "../../core/a.js";\n',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert list_scripts(tmp_path) == (*FIRST, "core/a.js", "core/b.js", "c.js")


def test_the_page_names_scripts_that_are_there(page: Page):
    named = re.findall(r'<link rel="modulepreload" href="/static/([^"]+)">', page.get("/").text)
    assert set(FIRST) < set(named)
    assert len(named) == len(set(named)) > 50
    assert all((STATIC / name).is_file() for name in named)
