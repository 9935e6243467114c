"""Invented companies whose truth is known, to see whether the roll-up finds it. The roll-up is never shown the truth."""
