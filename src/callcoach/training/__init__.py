"""Learn the judge's heads from labelled calls and measure it. Knows nothing of where the features came from."""
