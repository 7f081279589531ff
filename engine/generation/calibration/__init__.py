"""The effect of sliders in a model: rendered, measured and certified."""
