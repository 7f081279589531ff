"""The score of an output: its events, how they go on into each other, and which are heard in a passage."""
