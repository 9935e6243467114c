"""Lay a copied run beside the script word by word, so that a reader sees what was changed. Knows no verdict."""

from difflib import SequenceMatcher
from typing import NamedTuple

from callcoach.judging.wording import stem, word_spans, words_of


class Part(NamedTuple):
    """A stretch of a text, verbatim; `same` where the other text has these words too."""

    text: str
    same: bool


class SideBySide(NamedTuple):
    """Both texts in full, cut where they begin and cease to agree."""

    said: tuple[Part, ...]
    script: tuple[Part, ...]


def side_by_side(said: str, script: str) -> SideBySide:
    """The parts of two texts; words agree where they have the same stem, as in finding the run."""
    ours, theirs = [stem(word) for word in words_of(said)], [stem(word) for word in words_of(script)]
    blocks = SequenceMatcher(a=ours, b=theirs, autojunk=False).get_matching_blocks()
    return SideBySide(
        _parts(said, [(block.a, block.a + block.size) for block in blocks if block.size]),
        _parts(script, [(block.b, block.b + block.size) for block in blocks if block.size]),
    )


def _parts(text: str, agreeing: list[tuple[int, int]]) -> tuple[Part, ...]:
    spans, cuts, place = word_spans(text), [], 0
    for first, last in agreeing:
        begin, end = spans[first][0], spans[last - 1][1]
        cuts += [(place, begin, False), (begin, end, True)]
        place = end
    cuts.append((place, len(text), False))
    parts: list[Part] = []
    for begin, end, same in cuts:
        piece = text[begin:end]
        if not piece:
            continue
        # a full stop or a space between agreeing words is no difference
        agrees = same or not words_of(piece)
        if parts and parts[-1].same == agrees:
            parts[-1] = Part(parts[-1].text + piece, same=agrees)
        else:
            parts.append(Part(piece, same=agrees))
    return tuple(parts)
