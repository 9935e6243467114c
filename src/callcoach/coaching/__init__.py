"""From scores to what to do next: pure functions. Knows nothing of files, models or the database."""
