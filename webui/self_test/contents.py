"""Is everything there that the program comes with? Files that a bundle forgets are missed only by who needs them."""

import hashlib
from importlib import metadata
from importlib.resources import files

import numpy as np

from engine import __version__
from engine.model.shape import VaeShape, expected_weights
from engine.model.tensors import load_arrays
from engine.spatial.hrtf import KEMAR_ARRAYS, KEMAR_SHA256, KEMAR_SOFA, load_kemar, read_kemar
from engine.studio.doctor import DISTRIBUTION, find_packages
from webui.pages import STATIC
from webui.self_test.checks import expect
from webui.self_test.ground import Ground

LARGEST_ERROR = 1e-6  # of the arrays, against the SOFA file that says the same
PAGE_PARTS = ("index.html", "css/interface.css", "icons.svg")


def check_hrtf(_: Ground) -> str:
    """The HRTF is the one that was measured, and its SOFA file says the same."""
    folder = files("engine.spatial")
    found = hashlib.sha256((folder / KEMAR_ARRAYS).read_bytes()).hexdigest()
    expect(found == KEMAR_SHA256, f"{KEMAR_ARRAYS} has SHA-256 {found}, not {KEMAR_SHA256}")
    kemar = load_kemar()
    sofa = read_kemar(folder / KEMAR_SOFA)
    expect(len(kemar.places) == len(sofa.places), "the two files have different directions")
    error = float(np.abs(kemar.responses - sofa.responses).max())
    expect(error < LARGEST_ERROR, f"the two files differ by {error:.2g}")
    return f"{kemar.title}, {len(kemar.places)} directions, SHA-256 as expected"


def check_network(_: Ground) -> str:
    """The network that every model starts from is whole."""
    path = files("engine.model") / "base.safetensors"
    weights = load_arrays(path, expected_weights(VaeShape(), "float16"))  # type: ignore[arg-type]
    return f"{sum(array.size for array in weights.values()) / 1e6:.1f} million weights"


def check_page(_: Ground) -> str:
    """The page and its parts are there."""
    missing = [part for part in PAGE_PARTS if not (STATIC / part).is_file()]
    expect(not missing, f"missing: {', '.join(missing)}")
    scripts, fonts = list(STATIC.rglob("*.js")), list(STATIC.rglob("*.woff2"))
    expect(bool(scripts and fonts), "there are no scripts, or no fonts")
    return f"{len(scripts)} scripts, {len(fonts)} fonts"


def check_packages(_: Ground) -> str:
    """The versions of what the program stands on are known, and its own is the same everywhere."""
    own = metadata.version(DISTRIBUTION)
    expect(own == __version__, f"the program is {__version__}, its package {own}")
    found = dict(find_packages())
    missing = [name for name, version in found.items() if version is None]
    expect(bool(found) and not missing, f"missing: {', '.join(missing) or 'all'}")
    return f"version {own}, {len(found)} packages"
