"""Small DataSet Audio: learn a small collection of recordings, explore the sound space it spans."""

__version__ = "0.1.0"
