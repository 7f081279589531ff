"""The work of each slider: on an event, on the mix, and all that it must leave alone."""
