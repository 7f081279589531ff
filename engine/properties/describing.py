"""All properties by name, and all measures of one sound.

A property is found by the name of its slider, so a new one is a line in `engine.sliders` and a file here.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.features.descriptors import normalise
from engine.properties.property import Property
from engine.sliders import CHARTED, SLIDERS


def _find(name: str) -> Property:
    found: Property = import_module(f"engine.properties.{name}").PROPERTY
    return found


PROPERTIES: Mapping[str, Property] = MappingProxyType(
    {name: _find(name) for name in SLIDERS}
)  # in the order of sliders


def describe(samples: NDArray[np.floating], names: Sequence[str] = CHARTED) -> dict[str, float]:
    """Measure properties of a mono sound (samples,) at its normal loudness, by default all that any sound has.

    Raises:
        ShapeError: `samples` has more than one axis, or is empty.
    """
    normal = normalise(samples)
    measures = {name: PROPERTIES[name].measure for name in names}
    return {name: measure(normal) for name, measure in measures.items() if measure}
