"""Events laid over each other into an output that is heard while it is made."""
