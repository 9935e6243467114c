"""Tell which names of an initiative are spoken in a call, by letters alone. Judges nothing: a name is not an explanation."""

import re

from callcoach.domain.call import Transcript
from callcoach.domain.story import Initiative

_NOT_LETTERS = re.compile(r"[\W_]+")


def names_heard(transcript: Transcript, initiative: Initiative) -> tuple[str, ...]:
    """The initiative's name and glossary terms that occur in the words, whoever says them, in the rubric's order."""
    said = [_letters(turn.text) for turn in transcript.turns]
    return tuple(name for name in initiative.names if any(_letters(name) in text for text in said))


def _letters(text: str) -> str:
    """Words in lower case, each after a space: the end is open for "s" and "'s", the beginning is not."""
    return f" {_NOT_LETTERS.sub(' ', text.lower()).strip()}"
