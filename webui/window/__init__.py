"""The native window around the page: what is native about it, and how it begins and ends."""
