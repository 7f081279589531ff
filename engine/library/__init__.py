"""What the person has made, kept on disk: models, presets, and the history of outputs. Imports no torch."""
