"""Words with times, from the items that formats give: marks, items of several words, words without a time. Knows no format."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from callcoach.domain.call import Word


class Spoken(NamedTuple):
    """A word of a voice as a format gives it; without `span` it has no time. Punctuation joins the word before."""

    text: str
    span: tuple[float, float] | None
    probability: float | None = None
    punctuation: bool = False


def words_of(spoken: Iterable[Spoken], within: tuple[float, float] | None) -> tuple[Word, ...]:
    """Words in time: those without a time share the gap between their neighbours, or the borders of the piece (`within`).

    None at all where the times run backwards, or where a gap has no border: guessed times are worse than none.
    """
    merged: list[Spoken] = []
    for one in spoken:
        text = " ".join(one.text.split())
        if not text:
            continue
        if one.punctuation and merged:
            merged[-1] = merged[-1]._replace(text=merged[-1].text + text)
        else:
            merged.append(one._replace(text=text))
    if not merged:
        return ()
    spans = _filled([one.span for one in merged], within)
    if spans is None or any(after[0] < before[0] for before, after in pairwise(spans)):
        return ()
    return tuple(word for one, span in zip(merged, spans, strict=True) for word in _split(one, span))


def _filled(spans: Sequence[tuple[float, float] | None], within: tuple[float, float] | None) -> list[tuple[float, float]] | None:
    """The spans with the missing ones shared out evenly; None where all are missing or a border is."""
    if all(span is None for span in spans):
        return None
    filled: list[tuple[float, float]] = []
    number = 0
    while number < len(spans):
        span = spans[number]
        if span is not None:
            filled.append(span)
            number += 1
            continue
        upto = next((later for later in range(number, len(spans)) if spans[later] is not None), len(spans))
        following = spans[upto] if upto < len(spans) else None
        first = filled[-1][1] if filled else within[0] if within else None
        last = following[0] if following else within[1] if within else None
        if first is None or last is None:
            return None
        first = min(first, last)
        step = (last - first) / (upto - number)
        borders = [round(first + step * place, 6) for place in range(upto - number)] + [last]
        filled += pairwise(borders)
        number = upto
    return filled


def _split(one: Spoken, span: tuple[float, float]) -> Iterator[Word]:
    """The words of one item: `New York` with one time becomes two that share it by their letters."""
    parts = one.text.split()
    letters = sum(map(len, parts))
    start, before = span[0], 0
    for part in parts:
        before += len(part)
        end = span[1] if before == letters else round(span[0] + (span[1] - span[0]) * before / letters, 6)
        yield Word(text=part, start=start, end=end, probability=one.probability)
        start = end
