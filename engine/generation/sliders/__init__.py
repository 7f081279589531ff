"""What each slider does: to an event, to the mix, and what it must leave alone."""
