"""Signal processing that several rooms share: spectra of short stretches, their sum, minimum phase."""
