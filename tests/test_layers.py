"""Imports go down the signal chain only, counted also inside functions; what needs no torch loads none."""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = [
    {"engine.cli", "webui"},
    {"engine.workers"},
    {"engine.studio"},
    {"engine.generation"},
    {"engine.training", "engine.latent"},
    {"engine.properties"},
    {"engine.dataset", "engine.model", "engine.vocoder", "engine.spatial", "engine.export"},
    {"engine.features"},
    {"engine.audio", "engine.device", "engine.dsp", "engine.library"},
    {
        "engine",
        "engine.errors",
        "engine.failures",
        "engine.once",
        "engine.units",
        "engine.paths",
        "engine.programs",
        "engine.sliders",
        "engine.curves",
        "engine.places",
        "engine.checking",
        "engine.settings",
    },
]
LOWEST = len(LAYERS) - 1
DOORS_UPWARDS = {("engine.cli", "webui.desktop")}  # `sda app` opens the window, inside a function
WITHOUT_TORCH = (
    "engine.audio",
    "engine.export",
    "engine.library",
    "engine.spatial",
    "engine.studio",
    "engine.workers",
    "engine.cli",
    "webui",
)
AT_WORK = {  # load torch
    *(f"engine.studio.{name}" for name in ("growth", "hearing", "listen", "run_state", "session")),
    *(f"engine.workers.{name}" for name in ("making", "opened", "previewing")),
}


def modules() -> dict[str, Path]:
    """Return all modules of the project by dotted name."""
    found = {}
    for path in sorted([*ROOT.glob("engine/**/*.py"), *ROOT.glob("webui/**/*.py")]):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def component(module: str) -> str:
    """Return the part of the project a module belongs to: "engine.audio", "engine.units", "webui"."""
    depth = 1 if module.startswith("webui") else 2
    return ".".join(module.split(".")[:depth])


def layer(module: str) -> int:
    return next((level for level, parts in enumerate(LAYERS) if component(module) in parts), -1)


def imports(source: str, module: str, is_package: bool) -> Iterator[tuple[str, bool]]:
    """Yield every module of the project that a source imports, and whether it does so inside a function."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        for name in imported_names(node, module, is_package):
            imported = known_part(name)
            if imported and imported != module:
                yield imported, id(node) in inside


def known_part(name: str) -> str:
    """Shorten "engine.units.HOP" until it is a module of the project; "" when it is not the project's."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name


def imported_names(node: ast.AST, module: str, is_package: bool) -> list[str]:
    """Return the dotted names an import statement asks for; nothing for other nodes."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        package = module if is_package else module.rpartition(".")[0]
        base = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
        return [f"{base}.{alias.name}" for alias in node.names]
    return []


def violation(module: str, imported: str, in_function: bool) -> str | None:
    """Say what is wrong with one import, or None."""
    if component(module) == component(imported):
        return None
    if in_function and (component(module), imported) in DOORS_UPWARDS:
        return None
    if layer(module) == layer(imported) == LOWEST or layer(module) < layer(imported):
        return None
    return f"{module} imports {imported}"


def project_imports() -> Iterator[tuple[str, str, bool]]:
    for module, path in MODULES.items():
        for imported, in_function in imports(path.read_text("utf-8"), module, path.name == "__init__.py"):
            yield module, imported, in_function


def test_every_module_has_a_layer():
    assert [module for module in MODULES if layer(module) < 0] == []


def test_imports_go_downwards_only():
    assert [line for line in (violation(*found) for found in project_imports()) if line] == []


def test_there_is_no_cycle():
    graph: dict[str, set[str]] = {}
    for module, imported, in_function in project_imports():
        if not (in_function and (component(module), imported) in DOORS_UPWARDS):
            graph.setdefault(module, set()).add(imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


@pytest.mark.parametrize(
    ("module", "source", "found"),
    [
        ("engine.audio.x", "from engine.features import mel", [("engine.features.mel", False)]),
        ("engine.audio.x", "def f():\n    import engine.features.mel as m", [("engine.features.mel", True)]),
        ("engine.audio.x", "from ..features.mel import log_mel", [("engine.features.mel", False)]),
        ("engine.audio.x", "if True:\n    from engine import device", [("engine.device", False)]),
        ("engine.audio.x", "import numpy\nfrom os import path", []),
    ],
)
def test_imports_of_every_form_are_found(module: str, source: str, found: list[tuple[str, bool]]):
    assert list(imports(source, module, is_package=False)) == found


@pytest.mark.parametrize(
    ("module", "imported", "in_function", "allowed"),
    [
        ("engine.model.vae", "engine.features.mel", False, True),
        ("engine.features.mel", "engine.model.vae", False, False),
        ("engine.features.mel", "engine.model.vae", True, False),
        ("engine.model.vae", "engine.vocoder.corpus", False, False),
        ("engine.training.loop", "engine.latent.pca", False, False),
        ("engine.settings", "engine.errors", False, True),
        ("engine.cli.app", "webui.desktop", True, True),
        ("engine.cli.app", "webui.desktop", False, False),
        ("engine.cli.app", "webui.api", True, False),
        ("webui.api", "engine.studio.train", False, True),
        ("engine.studio.train", "webui.api", True, False),
    ],
)
def test_the_rule_knows_down_from_up_and_sideways(module: str, imported: str, in_function: bool, allowed: bool):
    assert (violation(module, imported, in_function) is None) == allowed


@pytest.mark.parametrize("part", WITHOUT_TORCH)
def test_what_needs_no_torch_loads_none(part: str):
    names = [name for name in MODULES if (name == part or name.startswith(part + ".")) and name not in AT_WORK]
    program = (
        f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\nprint('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"
