"""The sound of one event by itself."""
