"""Measure the speech side beside what people would use instead, on recordings with a known text. Judges nobody's calls."""
