"""What is stale, who computes it, and what the night has to say. Knows nothing of how a call is judged."""
