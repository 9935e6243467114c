"""Keep the three layers of fact, each under what made it. The only place that knows SQL."""
