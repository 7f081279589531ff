"""A forecast of a training before it begins: whether its minutes and the computer's memory will do."""

from dataclasses import dataclass

from engine.dataset.corpus import Corpus
from engine.latent.tracks import HEARD_FRAMES, count_frames
from engine.training.schedule import Recipe
from engine.units import HOP, SAMPLE_RATE

ENOUGH_TIMES = 0.5  # that each second of a set is heard: the network knows sound before it begins
STEPS_OF_MORE = 0.5  # of minutes that are added, at least
ROUND_MINUTES = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440)
UNITS = (("hour", 3600.0), ("minute", 60.0))
PROGRAM_BYTES = 900e6  # that a training takes, however little it learns from
FRAME_BYTES = 3_300  # more for each frame that is heard: spectra, and what the search makes of them


@dataclass(frozen=True)
class Outlook:
    """A forecast of the steps of a training.

    Attributes:
        set_seconds: Length of all recordings.
        minutes: That the training may take.
        step_seconds: That the steps may take together.
        heard_first: Seconds of sound that are heard before the first step.
        heard_each: Seconds of sound that a second of training adds.
    """

    set_seconds: float
    minutes: float
    step_seconds: float
    heard_first: float
    heard_each: float

    @property
    def times(self) -> float:
        """Return how often each second of the set is heard, on average."""
        return (self.heard_first + self.heard_each * self.step_seconds) / self.set_seconds

    @property
    def minutes_that_do(self) -> float:
        """Return the minutes in which each second is heard often enough, rounded up; asked where these will not do."""
        wanted = (ENOUGH_TIMES * self.set_seconds - self.heard_first) / self.heard_each
        longer = self.minutes + (wanted - self.step_seconds) / 60 / STEPS_OF_MORE
        in_proportion = self.minutes * wanted / self.step_seconds if self.step_seconds else longer
        least = min(longer, in_proportion)
        return next((some for some in ROUND_MINUTES if some >= least), ROUND_MINUTES[-1])


def look_ahead(set_seconds: float, minutes: float, step_seconds: float, recipe: Recipe, pace: float) -> Outlook:
    """Return what the steps of a training will come to.

    Args:
        set_seconds: Length of all recordings.
        minutes: That the training may take.
        step_seconds: That the steps may take together.
        recipe: How many excerpts are heard.
        pace: Seconds that one step takes.
    """
    excerpt = recipe.frames * HOP / SAMPLE_RATE
    return Outlook(set_seconds, minutes, step_seconds, recipe.reservoir * excerpt, recipe.renewed * excerpt / pace)


def tell_minutes(outlook: Outlook) -> str | None:
    """Return what to say where the minutes are few for the set; None where they are enough."""
    if outlook.times >= ENOUGH_TIMES:
        return None
    heard = f"about {outlook.times:.1f}" if outlook.times >= 0.05 else "less than 0.1"
    sound, minutes = in_words(outlook.set_seconds), in_words(60 * outlook.minutes)
    enough = in_words(60 * outlook.minutes_that_do)
    return f"{sound} of sound in {minutes}: each second is heard {heard} times; {enough} would do"


def tell_share(corpus: Corpus, most_frames: int) -> str:
    """Return what to say where a part of a set is what sings.

    Args:
        corpus: The set.
        most_frames: Analysis frames that may be heard.
    """
    if count_frames(corpus) <= most_frames:
        return "the recordings will sing as they are, and at other speeds with more --minutes"
    part, full = (min(most, count_frames(corpus)) * HOP / SAMPLE_RATE for most in (most_frames, HEARD_FRAMES))
    text = (
        f"{in_words(part)} of the {in_words(corpus.seconds)} will sing ({part / corpus.seconds:.0%}), chosen so that "
        "they cover the set best; the model learns from all of it"
    )
    return f"{text}. With more --minutes up to {in_words(full)} can" if part < 0.9 * full else text


def tell_memory(frames: int, free_bytes: float) -> str | None:
    """Return what to say where memory may not do; None where it will.

    Args:
        frames: That are heard, at all speeds.
        free_bytes: Of memory.
    """
    wanted = PROGRAM_BYTES + FRAME_BYTES * frames
    if free_bytes >= wanted:
        return None
    return (
        f"the training takes about {wanted / 1e9:.1f} GB of memory, and {free_bytes / 1e9:.1f} GB are free: close "
        "other programs, or it may be slow or fail"
    )


def in_words(seconds: float) -> str:
    """Return a length of time as a person would say it: "3 minutes", "1.5 hours"."""
    name, size = next((unit for unit in UNITS if seconds >= unit[1]), ("second", 1.0))
    count = seconds / size
    shown = f"{count:.0f}" if count >= 10 or name == "second" else f"{count:.1f}".removesuffix(".0")
    return f"{shown} {name}" if shown == "1" else f"{shown} {name}s"
