"""The two letters of a language from the tags that transcripts carry: `en-US`, `eng`. Detects no language."""

import re

from callcoach.domain.languages import language_code

THREE_LETTERS = {
    "deu": "de", "dut": "nl", "fra": "fr", "fre": "fr", "ger": "de", "ita": "it", "jpn": "ja", "nld": "nl", "pol": "pl",
    "por": "pt", "spa": "es", "swe": "sv",
}  # fmt: skip
"""What Gong writes (ISO 639-2) for the languages that calls are held in; `eng` is among the codes that are the same."""


def two_letters(tag: str | None) -> str | None:
    """ISO 639-1 for a language tag; None where it is missing or not known to us."""
    code = language_code(tag or "")
    return code if re.fullmatch(r"[a-z]{2}", code) else THREE_LETTERS.get(code)
