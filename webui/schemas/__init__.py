"""What requests bring and answers hold, one module a noun; limits of settings are in `engine.settings` alone."""
