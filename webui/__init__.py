"""The window: a Flask micro-API around `engine.studio`, and the page it serves. Imports no torch."""
