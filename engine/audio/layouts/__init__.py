"""Where the sound lies in a file: what libsndfile would overlook, or take for damage, is laid out for it."""
