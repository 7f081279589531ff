"""What the person has made, kept on disk: models now, presets and history beside them. Imports no torch."""
