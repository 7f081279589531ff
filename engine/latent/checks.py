"""Long work asks now and then whether it is still wanted, by calling a check that raises where it is not."""

from collections.abc import Callable

Check = Callable[[], None]


def carry_on() -> None:
    """Let work go on to its end."""
