"""The models that this player has opened, shared by all that it makes: what is explored is what is rendered next."""

from engine.studio.opening import Opener

OPENER = Opener("auto")
