"""The person's work on disk: models, presets, and the history of outputs. Imports no torch."""
