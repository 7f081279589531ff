"""Scripts and sheets are condensed to what does the same; node's own parser and Python's say whether it does."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from required_programs import find_node

from webui.condensing import condense_script, condense_sheet
from webui.pages import STATIC

SCRIPTS = [path for path in STATIC.rglob("*.js") if path.name != "boot.js"]
SHEETS = list(STATIC.rglob("*.css"))
COMPARE = """
const acorn = require("internal/deps/acorn/acorn/dist/acorn");
const fs = require("fs");
const tree = (path) => {
  const options = { ecmaVersion: "latest", sourceType: "module", locations: true };
  const found = acorn.parse(fs.readFileSync(path, "utf8"), options);
  return JSON.stringify(found, (key, value) => {
    if (key === "loc") return [value.start.line, value.end.line];
    return key === "start" || key === "end" ? undefined : value;
  });
};
const pairs = JSON.parse(fs.readFileSync(0, "utf8"));
console.log(JSON.stringify(pairs.filter(([kept, sent]) => tree(kept) !== tree(sent)).map(([kept]) => kept)));
"""


@pytest.mark.parametrize(
    ("text", "condensed"),
    [
        (b"a = 1; // why\n", b"a=1;\n"),
        (b"  // why\nb\n", b"\nb\n"),
        (b"/**\n * What.\n * @param {x} y\n */\nf();\n", b"\n\n\n\nf();\n"),
        (b"return /* it */ b\n", b"return b\n"),
        (b"a = /** @type {x} */ (b);\n", b"a=(b);\n"),
        (b"const { a, b } = c ? [d] : {};\n", b"const{a,b}=c?[d]:{};\n"),
        (b"a + +b - -c / d\n", b"a + +b - -c / d\n"),
        (b"x => { y }\n", b"x=>{y}\n"),
        (b"'a  /* b */' + \"// c , d\"\n", b"'a  /* b */' + \"// c , d\"\n"),
        (b"`a  // b ${ c  /* d */ } , ${`e , f`} `\n", b"`a  // b ${ c  /* d */ } , ${`e , f`} `\n"),
        (b"`a\n   b`\n", b"`a\n   b`\n"),
        (b"a.replace(/['\"]  , /g, b)\n", b"a.replace(/['\"]  , /g,b)\n"),
        (b"a.match(/[/*] , /) / 2 // c\n", b"a.match(/[/*] , /)/ 2 \n"),
        (b"'it\\'s  , '; // a\n", b"'it\\'s  , ';\n"),
    ],
)
def test_a_script_keeps_what_does_something(text: bytes, condensed: bytes):
    assert condense_script(text) == condensed


@pytest.mark.parametrize(
    ("text", "condensed"),
    [
        (b"/* one */\n.a {\n  b: c;\n}\n/* two */\n", b"\n.a{\nb:c;\n}\n\n"),
        (b".a:not(.b) .c > .d :hover, .e {}\n", b".a:not(.b) .c > .d :hover,.e{}\n"),
        (b"a { width: calc(1px + 2px) !important; }\n", b"a{width:calc(1px + 2px) !important;}\n"),
        (b'a { content: "/* b */  , {"; }\n', b'a{content:"/* b */  , {";}\n'),
        (b".a:not(.b) /* c */ .d {}\n", b".a:not(.b) .d{}\n"),
        (b"@media (min-width: 1px) and (b: c) {}\n", b"@media (min-width:1px) and (b:c){}\n"),
    ],
)
def test_a_sheet_keeps_what_is_seen(text: bytes, condensed: bytes):
    assert condense_sheet(text) == condensed


def test_all_scripts_are_the_same_to_a_parser_line_by_line(tmp_path: Path):
    node = find_node()
    pairs = []
    for number, script in enumerate(SCRIPTS):
        sent = tmp_path / f"{number}.js"
        sent.write_bytes(condense_script(script.read_bytes()))
        pairs.append((str(script), str(sent)))
    (tmp_path / "compare.cjs").write_text(COMPARE, "utf-8")
    command = [node, "--expose-internals", str(tmp_path / "compare.cjs")]
    done = subprocess.run(command, input=json.dumps(pairs), capture_output=True, text=True, check=True)
    assert len(pairs) > 100
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_all_sheets_are_the_same_but_for_comments_and_spaces(path: Path):
    text = path.read_text("utf-8")
    condensed = condense_sheet(text.encode()).decode()
    assert bare(condensed) == bare(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    assert condensed.count("\n") == text.count("\n")


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)
