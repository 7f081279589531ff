"""The work of sliders on events: positions become drives, walks are steered, and the rest is shaped."""
