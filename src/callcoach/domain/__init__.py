"""The values callcoach speaks of: calls, stories, signals, verdicts, people, coaching. Standard library only."""
