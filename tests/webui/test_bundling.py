"""All scripts of the page as one do what they do apart."""

import json
import subprocess
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from asking import Page
from required_programs import find_node

from webui.bundling import BUNDLE, MAIN, bundle_scripts, list_imports, list_scripts
from webui.pages import STATIC

SCRIPTS = {
    "main.js": """
import { said as words } from "./core/a.js";
import "./core/b.js";
import { load } from "./core/load.js";
const place = await load("play");
console.log(JSON.stringify([words, place.name, globalThis.order]));
""",
    "core/a.js": """
import {
  b,
  ended as isEnded,
} from "./b.js";
/** @type {import("./b.js").B} */
export const said = [b, isEnded()];
globalThis.order.push("a");
""",
    "core/b.js": """
export const b = new URL("x.svg", import.meta.url).pathname.slice(-10);
export function ended() {
  return b.endsWith("svg");
}
(globalThis.order ??= []).push("b");
""",
    "core/load.js": """
export async function load(place) {
  return await import(`../places/${place}/${place}.js`);
}
""",
    "places/play/play.js": """
import { said } from "../../core/a.js";
class Kept {}
export class Play extends Kept {}
export const name = Play.name + said.length;
globalThis.order.push("play");
""",
    "places/train/train.js": "globalThis.order.push(1 / nothing);",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in SCRIPTS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    return tmp_path


def test_together_they_do_what_they_do_apart(folder: Path):
    (folder / BUNDLE).write_text(bundle_scripts(folder))
    apart, together = run(folder / MAIN), run(folder / BUNDLE)
    assert apart == together == [["core/x.svg", True], "Play2", ["b", "a", "play"]]


def run(script: Path) -> object:
    return json.loads(subprocess.run([find_node(), script], check=True, capture_output=True, timeout=60).stdout)


def test_all_that_is_imported_now_or_later_is_listed_once(folder: Path):
    assert sorted(list_scripts(folder)) == sorted(SCRIPTS)


def test_every_import_of_the_page_is_known_and_none_leads_back():
    order = TopologicalSorter({name: list_imports(STATIC, name) for name in list_scripts(STATIC)}).static_order()
    assert sorted(order) == sorted(list_scripts(STATIC))
    lines = bundle_scripts(STATIC).splitlines()
    assert not [line for line in lines if line.startswith(("import ", "export "))]


def test_the_page_asks_for_all_scripts_at_once_or_for_each(page: Page):
    assert f'src="/static/{BUNDLE}"' in page.get("/").text
    assert f'src="/static/{MAIN}"' in page.get("/?scripts=apart").text
