"""The sources of packaging say what holds: names, files, versions, and both programs' beginning."""

import ast
import configparser
import importlib.util
import plistlib
import re
import struct
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from bundle import project

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build"


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"build_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def spec_values() -> dict[str, Any]:
    """Return the constants of the specification that are plain."""
    found = {}
    for node in ast.parse((BUILD / "program.spec").read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            found |= {
                name.id: value.value
                for name, value in zip(node.targets[0].elts, getattr(node.value, "elts", []), strict=False)
                if isinstance(value, ast.Constant) and isinstance(name, ast.Name)
            }
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            found[node.targets[0].id] = node.value.value  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize(
    ("called", "given", "arguments"),
    [
        ("/opt/x/small-dataset-audio", [], ["app"]),
        ("small-dataset-audio", ["a.sda"], ["app", "a.sda"]),
        ("small-dataset-audio", ["app", "--browser"], ["app", "--browser"]),
        ("Small-DataSet-Audio.exe", ["--self-test", "--report", "r.json"], ["self-test", "--report", "r.json"]),
        ("sda", ["--self-test"], ["self-test"]),
        ("SDA.exe", ["models", "list"], ["models", "list"]),
        ("/usr/bin/sda", [], []),
    ],
)
def test_both_programs_are_told_apart_by_their_name(called: str, given: list[str], arguments: list[str]):
    assert load(BUILD / "start.py").arguments_of(called, given) == arguments


def test_workers_begin_before_anything_is_imported():
    (run,) = [node for node in ast.parse((BUILD / "start.py").read_text("utf-8")).body
              if isinstance(node, ast.FunctionDef) and node.name == "run"]  # fmt: skip
    assert ast.unparse(run.body[1]) == "multiprocessing.freeze_support()"


def test_the_specification_and_the_scripts_use_the_same_names():
    values = spec_values()
    assert (values["NAME"], values["CONSOLE"], values["TITLE"]) == (project.NAME, project.CONSOLE, project.TITLE)
    text = (BUILD / "program.spec").read_text("utf-8")
    for name in re.findall(r'ROOT / "([^"]+)"\), "', text):
        assert (ROOT / name).exists(), name
    assert "modules_of" in text


def test_the_version_stands_in_one_place():
    version = re.escape(project.read_version())
    for path in [
        *BUILD.rglob("*.spec"),
        *BUILD.rglob("*.py"),
        *(BUILD / "linux").iterdir(),
        *ROOT.glob("scripts/**/*.py"),
    ]:
        assert not re.search(rf"\b{version}\b", path.read_text("utf-8")), path


def test_the_menu_entry_opens_files_of_the_type_that_is_declared():
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(BUILD / "linux/app.desktop", "utf-8")
    desktop = entry["Desktop Entry"]
    mime = ElementTree.parse(BUILD / "linux/mime.xml").getroot()
    ns = "{http://www.freedesktop.org/standards/shared-mime-info}"
    declared = mime.find(f"{ns}mime-type")
    assert declared is not None
    assert desktop["MimeType"] == f"{declared.get('type')};"
    assert desktop["Exec"] == f"{project.NAME} %F"
    glob = declared.find(f"{ns}glob")
    assert glob is not None
    assert glob.get("pattern") == "*.sda"
    about = ElementTree.parse(BUILD / "linux/metainfo.xml").getroot()
    assert about.findtext("launchable") == f"{project.NAME}.desktop"
    assert about.findtext("provides/mediatype") == declared.get("type")


def test_windows_and_macos_name_files_that_there_are():
    script = (BUILD / "windows/installer.iss").read_text("utf-8")
    assert f'#define Program "{project.NAME}"' in script
    assert (BUILD / "windows" / re.search(r"LicenseFile=(.+)", script)[1].replace("\\", "/")).resolve().is_file()  # type: ignore[index]
    webview = (ROOT / "webui/window/windows.py").read_text("utf-8")
    for name in ("F3017226-FE2A-4295-8BDF-00C3A9A7E4C5", "394802"):
        assert name in script
        assert name in webview.replace("_", "")
    granted = plistlib.loads((BUILD / "macos/entitlements.plist").read_bytes())
    assert len(granted) == 3
    assert all(granted.values())
    resource = load(BUILD / "windows/resource.py").make_resource("1.2.3")
    assert "filevers=(1, 2, 3, 0)" in resource
    assert ast.parse(resource)


def test_releases_are_tested_as_they_were_installed():
    workflow = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))
    bundle = workflow["jobs"]["bundle"]
    systems = {name.partition("-")[0] for name in bundle["strategy"]["matrix"]["os"]}
    assert systems == {"ubuntu", "windows", "macos"}
    steps = bundle["steps"]
    tested = [step["if"] for step in steps if "self-test-installed.json" in step.get("run", "")]
    assert {condition.split("'")[1] for condition in tested} == {"Linux", "Windows", "macOS"}
    assert any("attest" in step.get("uses", "") for step in steps)


def test_icons_are_drawn_in_every_size(tmp_path: Path):
    subprocess.run([sys.executable, str(BUILD / "icons/render.py"), str(tmp_path)], check=True)
    render = load(BUILD / "icons/render.py")
    for size in render.SIZES:
        content = (tmp_path / f"icon-{size}.png").read_bytes()
        assert struct.unpack(">II", content[16:24]) == (size, size)
    ico = (tmp_path / "icon.ico").read_bytes()
    assert struct.unpack("<HHH", ico[:6]) == (0, 1, len(render.ICO_SIZES))
    for place in range(len(render.ICO_SIZES)):
        size, begin = struct.unpack("<II", ico[6 + 16 * place + 8 : 6 + 16 * place + 16])
        assert ico[begin : begin + 8] == b"\x89PNG\r\n\x1a\n"
        assert begin + size <= len(ico)
    icns = (tmp_path / "icon.icns").read_bytes()
    assert icns[:4] == b"icns"
    assert struct.unpack(">I", icns[4:8])[0] == len(icns)
