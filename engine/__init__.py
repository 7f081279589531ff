"""Small DataSet Audio: learn a small collection of recordings, explore the sound space it spans."""

import os

__version__ = "0.1.0"

# Threads that wait by spinning take the core from those that compute as soon as anything else runs on the machine: a
# training step beside one busy core was ten times slower. Read by OpenMP when torch is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
