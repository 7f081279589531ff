"""How the minutes of a training are divided: steps, and everything that comes after them."""

import math
from dataclasses import dataclass

from engine.settings import TrainSettings

SAVING_SECONDS = 2.0  # set aside for writing the model
MEASURING_SHARE = 0.2  # of the minutes, set aside for measuring the sliders
KEPT_SHARE = 0.5  # of that, which measuring has in any case, though the training then takes longer
LISTENING_SHARE = 0.3  # of the minutes that are left, that listening may take; of a larger set a part is heard
COMPARING_SHARE = 0.7  # of the time that listening takes at five speeds: up to six networks, at one speed


@dataclass(frozen=True)
class Allotment:
    """The seconds of a training, divided among its parts.

    Attributes:
        total: From now to the end.
        listening: To the recordings through the trained network, and comparing it with its parent.
        measuring: The sliders.
        saving: The model.
    """

    total: float
    listening: float
    measuring: float
    saving: float = SAVING_SECONDS

    @property
    def steps(self) -> float:
        """Return the seconds that training steps may take; 0 where the other parts take all."""
        return max(0.0, self.total - self.listening - self.measuring - self.saving)

    def left_to_listen(self, passed: float, *, grows: bool) -> float:
        """Return the seconds that listening may take, where so many have passed: measuring keeps its own.

        Args:
            passed: Since the time was divided.
            grows: Whether the model is compared with its parent afterwards.
        """
        left = self.total - passed - self.measuring - self.saving
        return max(0.0, left) / (1 + COMPARING_SHARE * grows)

    def left_to_measure(self, passed: float) -> float:
        """Return the seconds that measuring may take, where so many have passed: all that are left.

        However late it is, KEPT_SHARE of its time is kept: a model whose sliders nobody knows is not finished.
        """
        return max(KEPT_SHARE * self.measuring, self.total - passed - self.saving)


def allot(
    settings: TrainSettings, listening: float, *, grows: bool, spent: float = 0.0, done: float = 0.0
) -> Allotment:
    """Divide the minutes of a training.

    Args:
        settings: Minutes, and whether sliders are measured.
        listening: Seconds that listening to the recordings is expected to take.
        grows: Whether the model is compared with the one it goes on from.
        spent: Seconds that are gone.
        done: Share of the steps that was done before, 0 to 1, when a training is resumed. Parts that come after the
            steps are still to be done, so they are not shortened by it.
    """
    minutes = 60.0 * settings.minutes
    compared = listening * (1 + COMPARING_SHARE * grows)
    measuring = minutes * MEASURING_SHARE * settings.measure
    after = compared + measuring + SAVING_SECONDS
    return Allotment((minutes - after) * (1 - done) + after - spent, compared, measuring)


def most_listening(settings: TrainSettings, *, grows: bool, spent: float = 0.0) -> float:
    """Return the seconds that listening may take; without end where the steps are counted and not the time.

    Args:
        settings: Minutes or steps.
        grows: Whether the model is compared with the one it goes on from.
        spent: Seconds that are gone.
    """
    if settings.steps is not None:
        return math.inf
    return LISTENING_SHARE * max(0.0, 60.0 * settings.minutes - spent) / (1 + COMPARING_SHARE * grows)


def seconds_to_resume(settings: TrainSettings, done: float) -> float:
    """Return about how many seconds a resumed training takes, without opening its recordings.

    Args:
        settings: As it was started.
        done: Share of the steps that was done, 0 to 1.
    """
    return allot(settings, 0.0, grows=False, done=done).total
