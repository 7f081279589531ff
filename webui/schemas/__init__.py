"""Models of requests and answers, one module a noun; limits of settings are in `engine.settings` alone."""
