"""Properties that are built when they are first asked for, once, whichever thread asks."""

from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, Self, TypeVar, overload

Built = TypeVar("Built")


class built_once(Generic[Built]):  # noqa: N801 - a decorator, as `property` is
    """A property whose value is built once and kept; threads that ask meanwhile wait for it.

    `functools.cached_property` lets each thread build a value of its own from Python 3.12 on, and before, one object
    waited for another.
    """

    def __init__(self, build: Callable[[Any], Built]) -> None:
        """Keep the method that builds the value."""
        self._build = build
        self.__doc__ = build.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Built: ...

    def __get__(self, instance: object | None, owner: type) -> Self | Built:
        """Return the value; once it is there, Python finds it without this method."""
        if instance is None:
            return self
        kept = vars(instance)
        with kept.setdefault(f"{self._name}: lock", RLock()):
            if self._name not in kept:
                kept[self._name] = self._build(instance)
            built: Built = kept[self._name]
            return built
