"""Several models in one output: sounds paired, made equally long, and morphed."""
