"""From a transcript and a story to signals: the only place where language models run. Judges nothing."""

import os

# OpenMP threads that spin while they wait starve each other where more processes than cores run: 359 turns took 33 s with
# spinning and 4 s without, on two busy cores. It is read once, when the first of spaCy and torch is loaded, hence here.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
