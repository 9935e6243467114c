"""Find how much of a turn was copied from the script, tolerant of recognition errors. Knows nothing of models or verdicts."""

from collections.abc import Sequence
from functools import lru_cache
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
    n_words = len(words_of(text))
    return sum(run.end - run.begin for run in copied_runs(text, script, compliance)) / n_words if n_words else 0.0


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
    """Smith-Waterman over words: an exact stem scores 1, a lookalike 0.8, a wrong or missing word about -1."""
    if not script or len(set(said) & set(script)) < 3:
        return None
    before: list[tuple[float, int, int, int]] = [(0.0, 0, 0, 0)] * (len(script) + 1)
    best = (0.0, 0, 0, 0, 0, 0)
    for row, word in enumerate(said):
        current = [(0.0, row + 1, 0, 0)]
        for column, other in enumerate(script):
            if word is None:
                current.append((0.0, row + 1, column + 1, 0))
                continue
            corner, above, left = before[column], before[column + 1], current[column]
            if corner[0] <= 0:
                corner = (0.0, row, column, 0)
            if word == other:
                cell = (corner[0] + 1.0, corner[1], corner[2], corner[3] + 1)
            elif corner[0] > 0 and _lookalike(word, other):
                cell = (corner[0] + 0.8, corner[1], corner[2], corner[3] + 1)
            else:
                cell = (corner[0] + _MISMATCH, corner[1], corner[2], corner[3])
            for neighbour in (above, left):
                if neighbour[0] + _GAP > cell[0]:
                    cell = (neighbour[0] + _GAP, *neighbour[1:])
            if cell[0] <= 0:
                cell = (0.0, row + 1, column + 1, 0)
            elif cell[0] > best[0]:
                best = (cell[0], cell[1], row + 1, cell[2], column + 1, cell[3])
            current.append(cell)
        before = current
    if best[0] <= 0:
        return None
    return Run(begin=best[1], end=best[2], script_begin=best[3], script_end=best[4], words=best[5])


@lru_cache(maxsize=100_000)
def _lookalike(word: str, other: str) -> bool:
    return len(word) > 3 and len(other) > 3 and fuzz.ratio(word, other) >= _LOOKALIKE
