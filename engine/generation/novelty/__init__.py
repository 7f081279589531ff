"""How new an output is beside its recordings."""
