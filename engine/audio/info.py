"""Facts about a recording before all of it is read."""

from dataclasses import dataclass

STEPS = {"PCM_U8": 2.0**-7, "PCM_S8": 2.0**-7, "PCM_24": 2.0**-23, "PCM_32": 2.0**-31,
         "FLOAT": 2.0**-23, "DOUBLE": 2.0**-23}  # fmt: skip
COARSE = frozenset({"ULAW", "ALAW", "GSM610"})  # steps grow with the level, so that peaks look cut


@dataclass(frozen=True)
class SourceInfo:
    """Facts about a recording before all of it is read.

    Attributes:
        sample_rate: In Hz, of its first part.
        channels: As stored; the most that any part has.
        samples: Per channel, as far as the header can be believed.
        promised_samples: What the file would hold if it had not been cut off; equals `samples` when it was not.
        cut_off: Whether the file shows that its end is missing.
        container: WAV, AIFF, FLAC, OGG, MP3 …
        encoding: PCM_16, FLOAT, VORBIS …
        speakers: To which more than two channels belong; none where nobody knows.
        has_speakers: Whether the file itself says so.
        notes: What the person should know of how it is read, each a clause.
    """

    sample_rate: int
    channels: int
    samples: int
    promised_samples: int
    cut_off: bool
    container: str
    encoding: str
    speakers: tuple[str, ...] = ()
    has_speakers: bool = False
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Return the length in seconds."""
        return self.samples / self.sample_rate

    @property
    def step(self) -> float:
        """Return the smallest difference between two sample values, 16 bit where the encoding does not tell."""
        return STEPS.get(self.encoding, 2.0**-15)

    @property
    def is_float(self) -> bool:
        """Return whether its steps are as fine as its level is low."""
        return self.encoding in ("FLOAT", "DOUBLE")

    @property
    def shows_clipping(self) -> bool:
        """Return whether a flat top in it was cut, rather than coded like that."""
        return self.encoding not in COARSE
