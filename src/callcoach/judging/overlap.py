"""Find how much of a turn was copied from the script, tolerant of recognition errors. Knows nothing of models or verdicts."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import fuzz

from callcoach.domain.verdict import CopiedRun
from callcoach.judging.wording import stem, word_spans, words_of

# A run this short is small talk ("would you like me to"); experiment: runs under 4 words are as frequent in explaining turns.
SHORTEST_RUN = 4
MOST_RUNS = 4
SHORTEST_EXEMPT_RUN = 5
_MISMATCH = -1.0
_GAP = -0.8
_LOOKALIKE = 80.0


class Run(NamedTuple):
    """Words `begin`..`end` of a turn that follow words `script_begin`..`script_end` of the script; `words` of them agree."""

    begin: int
    end: int
    script_begin: int
    script_end: int
    words: int


def copied_runs(text: str, script: str, compliance: str = "") -> tuple[Run, ...]:
    """The stretches of `text` copied from `script`, longest first; stretches read from the compliance text do not count."""
    return _copied_runs(text, script, compliance)


@lru_cache(maxsize=20_000)
def _copied_runs(text: str, script: str, compliance: str) -> tuple[Run, ...]:
    said: list[str | None] = [stem(word) for word in words_of(text)]
    if compliance.strip():
        for run in _runs(said, _stems(compliance), SHORTEST_EXEMPT_RUN):
            said[run.begin : run.end] = [None] * (run.end - run.begin)
    return tuple(_runs(said, _stems(script), SHORTEST_RUN))


def longest_copy(turns: Sequence[tuple[int, str]], script: str, compliance: str = "") -> CopiedRun | None:
    """The longest copied run over (turn number, text) pairs, said and script side by side; None where nothing was copied."""
    best: tuple[Run, int, str] | None = None
    for number, text in turns:
        for run in copied_runs(text, script, compliance)[:1]:
            if best is None or run.words > best[0].words:
                best = run, number, text
    if best is None:
        return None
    run, number, text = best
    spans, script_spans = word_spans(text), word_spans(script)
    return CopiedRun(
        turn=number,
        said=text[spans[run.begin][0] : spans[run.end - 1][1]],
        script=" ".join(script[script_spans[run.script_begin][0] : script_spans[run.script_end - 1][1]].split()),
        words=run.words,
        share_of_turn=round(copied_share(text, script, compliance), 4),
    )


def copied_share(text: str, script: str, compliance: str = "") -> float:
    """Share (0..1) of the turn's words that stand in copied runs."""
    return share_in(copied_runs(text, script, compliance), text)


def share_in(runs: Sequence[Run], text: str) -> float:
    """Share (0..1) of the turn's words that stand in these runs of it."""
    n_words = len(words_of(text))
    return sum(run.end - run.begin for run in runs) / n_words if n_words else 0.0


@lru_cache(maxsize=512)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words_of(text))


def _runs(said: list[str | None], script: tuple[str, ...], shortest: int) -> list[Run]:
    found: list[Run] = []
    left = list(said)
    while len(found) < MOST_RUNS:
        run = _best_local_run(left, script)
        if run is None or run.words < shortest:
            break
        found.append(run)
        left[run.begin : run.end] = [None] * (run.end - run.begin)
    return found


def _best_local_run(said: list[str | None], script: tuple[str, ...]) -> Run | None:
    """Smith-Waterman over words: an exact stem scores 1, a lookalike 0.8, a wrong or missing word about -1.

    Only cells above 0 are kept, by column, and no run is begun that ends after one word (nineteen in twenty do): the whole
    table took most of the time of judging a call. A run of one word, which is never looked at, may be missing from the result.
    """
    if not script or len(set(said) & set(script)) < 3:
        return None
    places = _places(script)
    ahead_of = [*said, None, None]
    before: dict[int, tuple[float, int, int, int]] = {}
    best = (0.0, 0, 0, 0, 0, 0)
    for row, word in enumerate(said):
        current: dict[int, tuple[float, int, int, int]] = {}
        if word is not None:
            # a cell can only be above 0 where a run begins, or below, beside or aslant of one that is
            begun = _begins(places.get(word, ()), script, ahead_of[row + 1], ahead_of[row + 2])
            if not begun and not before:
                continue
            ahead = sorted({*begun, *before, *(column + 1 for column in before if column + 1 < len(script))})
            for first, following in pairwise([*ahead, len(script)]):
                for column in range(first, following):
                    cell = _cell(word, script[column], row, column, before, current)
                    if cell is None:
                        break
                    current[column] = cell
                    if cell[0] > best[0]:
                        best = (cell[0], cell[1], row + 1, cell[2], column + 1, cell[3])
        before = current
    if best[0] <= 0:
        return None
    return Run(begin=best[1], end=best[2], script_begin=best[3], script_end=best[4], words=best[5])


def _cell(
    word: str,
    other: str,
    row: int,
    column: int,
    before: dict[int, tuple[float, int, int, int]],
    current: dict[int, tuple[float, int, int, int]],
) -> tuple[float, int, int, int] | None:
    """Score, where the run began in turn and script, and words that agree; None where the score is not above 0."""
    corner = before.get(column - 1)
    if word == other:
        cell = (1.0, row, column, 1) if corner is None else (corner[0] + 1.0, corner[1], corner[2], corner[3] + 1)
    elif corner is None:
        cell = (_MISMATCH, row, column, 0)
    elif _lookalike(word, other):
        cell = (corner[0] + 0.8, corner[1], corner[2], corner[3] + 1)
    else:
        cell = (corner[0] + _MISMATCH, corner[1], corner[2], corner[3])
    for neighbour in (before.get(column), current.get(column - 1)):
        if neighbour is not None and neighbour[0] + _GAP > cell[0]:
            cell = (neighbour[0] + _GAP, neighbour[1], neighbour[2], neighbour[3])
    return cell if cell[0] > 0 else None


def _begins(places: Sequence[int], script: tuple[str, ...], following: str | None, second: str | None) -> list[int]:
    """Of the `places` of a word in the script, where a run can begin: a lone word's score is gone unless another agrees soon."""
    n_words, found = len(script), []
    for place in places:
        after = script[place + 1] if place + 1 < n_words else None
        if after is not None and (
            _agree(following, after) or _agree(second, after) or (place + 2 < n_words and _agree(following, script[place + 2]))
        ):
            found.append(place)
    return found


def _agree(word: str | None, other: str) -> bool:
    return word is not None and (word == other or (len(word) > 3 and len(other) > 3 and _lookalike(word, other)))


@lru_cache(maxsize=512)
def _places(script: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """Where each word of the script stands."""
    found: dict[str, list[int]] = {}
    for place, word in enumerate(script):
        found.setdefault(word, []).append(place)
    return {word: tuple(places) for word, places in found.items()}


@lru_cache(maxsize=100_000)
def _lookalike(word: str, other: str) -> bool:
    return len(word) > 3 and len(other) > 3 and fuzz.ratio(word, other) >= _LOOKALIKE
