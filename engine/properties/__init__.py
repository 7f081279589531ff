"""The properties of sound that sliders move, each in a file of its slider's name: measured, and changed in a sound.

`engine.sliders` declares the sliders; `describing` finds the file of each.
"""
