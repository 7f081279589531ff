"""The slider bank: which sliders there are, what each one measures, and in which unit. Declared once.

A slider goes from -LIMIT to +LIMIT and moves one measured property of the rendered sound; 0 leaves the sound as it is.
`engine.properties` has a file for each, which measures the property and changes it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

LIMIT = 10.0  # a slider's position goes from -LIMIT to +LIMIT
NEAR_MIDDLE = 0.1  # of LIMIT: up to here what would jump at 0 comes in gradually
DISCOVERED = "discovered"  # "discovered 1", "discovered 2" …: directions of a model's space that no name explains


@dataclass(frozen=True)
class Slider:
    """One named slider.

    Attributes:
        name: As people, files and scripts write it.
        low: What the sound is at -LIMIT, one word.
        high: What the sound is at +LIMIT, one word.
        group: Which others it stands with: timbre and texture are what a spectrum shows, harmony chooses notes.
        measures: What is measured, in words.
        unit: Of the measured number.
        least_span: What can just be heard, in its unit: no set is taken to span less.
    """

    name: str
    low: str
    high: str
    group: str
    measures: str
    unit: str
    least_span: float

    @property
    def is_timbre(self) -> bool:
        """Return whether a spectrum shows it, so that it is steered through the latent space."""
        return self.group in ("timbre", "texture")

    @property
    def chooses_notes(self) -> bool:
        """Return whether events get other notes by it; all others leave notes alone."""
        return self.group == "harmony"


_BANK = (
    Slider("brightness", "dark", "bright", "timbre", "spectral centroid", "octaves", 0.15),
    Slider("warmth", "thin", "warm", "timbre", "share of energy from 80 to 500 Hz", "dB", 1.0),
    Slider("roughness", "smooth", "rough", "timbre", "roughness after Vassilakis, power of ten", "log10", 0.15),
    Slider("tension", "consonant", "dissonant", "harmony", "tonal-interval dissonance of the chroma", "of 1", 0.05),
    Slider("attack", "soft", "percussive", "time", "steepest rises of level within 10 ms", "dB", 1.0),
    Slider("motion", "still", "moving", "time", "change of the spectrum over 100 ms", "neper", 0.03),
    Slider("texture", "tonal", "noisy", "texture", "spectral flatness", "dB", 1.5),
    Slider("register", "low", "high", "harmony", "mean fundamental of sounds that have one", "octaves", 2 / 12),
)
SLIDERS: Mapping[str, Slider] = MappingProxyType({slider.name: slider for slider in _BANK})
REGISTER = "register"  # where recordings have pitch; the others are there in every set
CHARTED = tuple(name for name in SLIDERS if name != REGISTER)  # what is measured of any sound
CHOOSE_NOTES = tuple(name for name, slider in SLIDERS.items() if slider.chooses_notes)
TIMBRE = tuple(name for name, slider in SLIDERS.items() if slider.is_timbre)  # the order of arrays of timbre


def is_discovered(name: str) -> bool:
    """Return whether a slider is one of a model's own directions, "discovered 1" and so on."""
    return re.fullmatch(rf"{DISCOVERED} [1-9][0-9]?", name) is not None


def discovered_number(name: str) -> int:
    """Return N of "discovered N"."""
    return int(name.removeprefix(DISCOVERED))


def read_slider_name(text: str) -> str:
    """Return the name of a slider from how people write it: "Brightness", "discovered 1", "discovered-1".

    Raises:
        ValueError: there is no such slider; the message says which there are.
    """
    name = text.strip().casefold()
    found = re.fullmatch(rf"{DISCOVERED}[ _-]*([1-9][0-9]?)", name)
    if found:
        return f"{DISCOVERED} {found[1]}"
    if name in SLIDERS:
        return name
    close = get_close_matches(name, SLIDERS, n=1)
    meant = f" Did you mean {close[0]!r}?" if close else ""
    names = ", ".join(SLIDERS)
    raise ValueError(f"there is no slider {text!r}.{meant} There are {names}, and {DISCOVERED} 1, 2 … of each model")


def show_value(name: str, value: float) -> str:
    """Write a measured value for a musician: octaves as Hz, powers of ten as numbers, the others in their unit."""
    match SLIDERS[name].unit:
        case "octaves":
            return f"{2.0**value:.0f} Hz"
        case "log10":
            return f"{10.0**value:.2f}"
        case "dB":
            return f"{value:.1f} dB"
    return f"{value:.2f}"
