"""What sounds when: the score of an output, and which of its events are heard in a passage."""
