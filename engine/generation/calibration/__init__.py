"""What sliders do in a model: rendered, measured and certified."""
