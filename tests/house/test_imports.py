"""Asking for help must not cost the seconds that models take to import."""

import subprocess
import sys

HEAVY = (
    "torch",
    "spacy",
    "faster_whisper",
    "ctranslate2",
    "sklearn",
    "sentence_transformers",
    "transformers",
    "fastapi",
    "ray",
    "presidio_analyzer",
)


def test_importing_the_cli_loads_no_model_library():
    program = f"import sys, callcoach.cli.main; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "", f"callcoach.cli.main imports {ran.stdout.strip()}"
