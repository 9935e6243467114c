"""Tell whether heard words can be a name: the same letters, a listed mishearing, near in spelling, or near in sound.

And whether they are ordinary words that anybody says without meaning the name. Knows nothing of calls or of what stands around.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from typing import Any

import jellyfish
from rapidfuzz.distance import Levenshtein

from callcoach.domain.languages import language_code
from callcoach.domain.story import GlossaryTerm

# a short name with one letter changed is often another word (wren, when); a long one hardly ever
LETTERS_FOR_ONE_SLIP = 7
LETTERS_FOR_TWO_SLIPS = 12
# sounds of fewer consonants are shared by too many words; below this share of letters it is another word with the same consonants
FEWEST_SOUNDS = 4
LEAST_ALIKE = 0.6
# per 1.6 billion words of subtitles: "proofs" is ordinary, "wren" and "ketch" are not
ORDINARY_FROM = 1_000

# what recognition confuses at the end of a syllable: seat and seed, back and bag
_VOICED = str.maketrans({"B": "P", "D": "T", "G": "K", "V": "F", "Z": "S", "J": "X", "0": "T"})


class Likeness(IntEnum):
    """How heard words come to be taken for a name, the surest last."""

    NEAR = 1
    LISTED = 2
    ITSELF = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A glossary term as it is compared; `spaced`: the ways to mishear it that are written as several words."""

    term: str
    key: str
    sound: str
    heard_keys: frozenset[str]
    spaced: frozenset[tuple[str, ...]]

    def likeness(self, key: str) -> tuple[Likeness, str] | None:
        """How `key` is like the name, and the ending ("" or the plural's "s") that follows it; None where it is another word."""
        for ending in ("", "s"):
            stem = key.removesuffix(ending)
            if ending and (stem == key or self.key.endswith("s")):
                continue
            if stem == self.key:
                return Likeness.ITSELF, ending
            if stem in self.heard_keys:
                return Likeness.LISTED, ending
        return (Likeness.NEAR, "") if self._near_in_spelling(key) or self._near_in_sound(key) else None

    def _near_in_spelling(self, key: str) -> bool:
        slips = (len(self.key) >= LETTERS_FOR_ONE_SLIP) + (len(self.key) >= LETTERS_FOR_TWO_SLIPS)
        return key[:1] == self.key[:1] and 0 < Levenshtein.distance(key, self.key, score_cutoff=slips) <= slips

    def _near_in_sound(self, key: str) -> bool:
        if len(self.sound) < FEWEST_SOUNDS or Levenshtein.normalized_similarity(key, self.key) < LEAST_ALIKE:
            return False
        return sound_of(key) == self.sound


def name_of(term: GlossaryTerm) -> Name:
    """The term with all that it is compared by."""
    words = [tuple(re.findall(r"[^\W_]+", form.lower())) for form in term.heard_as]
    return Name(
        term=term.term,
        key=key_of(term.term),
        sound=sound_of(key_of(term.term)),
        heard_keys=frozenset(key_of(form) for form in term.heard_as) - {""},
        spaced=frozenset(form for form in words if len(form) > 1),
    )


def key_of(text: str) -> str:
    """Letters and digits only: "Safe-Seat", "safe seat" and "SafeSeat" sound alike."""
    return re.sub(r"[\W_]+", "", text.lower())


@lru_cache(maxsize=50_000)
def sound_of(key: str) -> str:
    """The consonants of a word as they are heard, voiced and unvoiced ones alike."""
    return jellyfish.metaphone(key).replace(" ", "").translate(_VOICED)


def is_ordinary(words: Sequence[str], name: Name, language: str | None) -> bool:
    """Whether the words are everyday ones; a word that joins everyday words of a listed mishearing (cashback) is, too."""
    parts = [part for word in words for part in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", word.lower())]
    if len(words) == 1 and len(parts) == 1:
        stem = parts[0].removesuffix("s")
        parts = next((list(form) for form in name.spaced if "".join(form) in (parts[0], stem)), parts)
    return all(_times_said(part, language_code(language or "en")) >= ORDINARY_FROM for part in parts)


def _times_said(word: str, language: str) -> int:
    words = _dictionary(language)
    return int(words[word]) if words is not None else 0


@cache
def _dictionary(language: str) -> Any:
    from spellchecker import SpellChecker

    # of a language without a word list nothing is known to be ordinary
    return SpellChecker(language=language).word_frequency if language in SpellChecker.languages() else None
