"""How the sound of a file is laid out."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.audio.window import Piece


@dataclass(frozen=True)
class Part:
    """One stretch of sound with one rate and number of channels, that a decoder can read by itself.

    Attributes:
        pieces: Of the file, and bytes between them; none where the file can be read as it is.
        speakers: Mask of the loudspeakers that the channels belong to, as WAV has it; None where nothing is said.
    """

    pieces: tuple[Piece, ...] = ()
    speakers: int | None = None


@dataclass(frozen=True)
class Layout:
    """All sound of a file.

    Attributes:
        parts: In their order; none where the layout is not understood, and a decoder may try.
        missing_samples: How much the file says it has and has not, per channel, 0 if that is not known.
        cut_off: Whether its end is missing.
        notes: What the person should know of how it was read, each a clause.
    """

    parts: tuple[Part, ...] = ()
    missing_samples: int = 0
    cut_off: bool = False
    notes: tuple[str, ...] = ()


AS_IT_IS = Layout((Part(),))


def join(layouts: Sequence[Layout]) -> Layout:
    """Return the layout of a file that is several files, one after the other."""
    return Layout(
        tuple(part for one in layouts for part in one.parts),
        sum(one.missing_samples for one in layouts),
        any(one.cut_off for one in layouts),
        tuple(dict.fromkeys(note for one in layouts for note in one.notes)),
    )
