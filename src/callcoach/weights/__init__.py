"""Find the weight files and verify them against the manifest before first use. Knows nothing of what they compute."""
