"""From signals to a judged call: pure functions and plain arithmetic. Knows nothing of files, models or the database."""

from callcoach.judging.verdict import score

__all__ = ["score"]
