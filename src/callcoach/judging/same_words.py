"""Find what one rep says in the same words to different customers, whether or not it stands in a script.

Calls are compared by runs of three word stems, which a misheard word breaks and does not hide; the work grows with the words
said, not with pairs of calls. Knows nothing of reps' names, of verdicts or of what is made of it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Role, Transcript
from callcoach.domain.story import Initiative
from callcoach.judging.overlap import copied_runs
from callcoach.judging.own_words import own_words
from callcoach.judging.uptake import story_stems
from callcoach.judging.wording import content_stems, stem, word_spans, words_of

SHORTEST_PASSAGE = 12
FEWEST_CUSTOMERS = 2
# a passage is about the initiative where it holds so many of its content words; greetings and the way a call is handled do not
FEWEST_STORY_STEMS = 3
# Words that two tellings may differ by in a row, and in length up to there: misheard, lost and doubled words.
LONGEST_GAP = 6
MOST_DRIFT = 3
# A telling counts where it holds this share of the passage, and the passage is scripted, or exempt, where so much of it is.
SHARED = 0.75
MOSTLY = 0.5
MOST_PASSAGES = 50
"""The most repeated words come first; nobody reads the fifty-first."""

_RUN = 3
_GREETING = re.compile(
    r"\b(?:this is|my name is|my name's|calling from|how are you|how's it going|good (?:morning|afternoon|evening)"
    r"|hello|hi|hey)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.?!]+\s+")

_Ids = NDArray[np.int64]


class SpokenCall(NamedTuple):
    """A call of the rep; `customer` names who heard it, the call itself where that is not known."""

    customer: str
    transcript: Transcript


class Telling(NamedTuple):
    """Where a passage was said: number of the call in the sequence, number of the turn, characters `begin`..`end` of its text."""

    call: int
    turn: int
    begin: int
    end: int


class Passage(NamedTuple):
    """A passage of `words` words, said to `customers` different customers; tellings in the order of the calls, one for each."""

    words: int
    customers: int
    in_script: bool
    tellings: tuple[Telling, ...]


def repeated_passages(calls: Sequence[SpokenCall], initiative: Initiative) -> tuple[Passage, ...]:
    """What several customers heard about the initiative in the same words, the most repeated words first.

    Left out: greetings, compliance text, and what the customer of the call had just said.
    """
    said = _Said(calls, story_stems(initiative) | content_stems(" ".join(initiative.terms)))
    found: list[Passage] = []
    for first, last in said.candidates():
        found += said.passages(first, last, initiative)
    return tuple(sorted(found, key=lambda each: (-each.words * each.customers, each.tellings))[:MOST_PASSAGES])


class _Match(NamedTuple):
    """A stretch of a turn that agrees with words `begin`..`end` of a candidate; `agreed`: (word of that, word of the turn)."""

    begin: int
    end: int
    agreed: tuple[tuple[int, int], ...]


class _Said:
    """All rep words of the calls in a row, with every run of three stems looked up."""

    def __init__(self, calls: Sequence[SpokenCall], story: frozenset[str]) -> None:
        self._calls = calls
        numbers: dict[str, int] = {}
        ids: list[int] = []
        rows: list[int] = []
        self._turns: list[tuple[int, int]] = []
        self._first_word: list[int] = []
        for place, call in enumerate(calls):
            opening = True
            for number, turn in call.transcript.turns_of(Role.REP):
                words = words_of(turn.text)
                self._turns.append((place, number))
                self._first_word.append(len(ids))
                spoken = [numbers.setdefault(stem(word), len(numbers)) for word in words]
                if opening and words:
                    for begin, end in _greetings(turn.text):
                        spoken[begin:end] = [-1] * (end - begin)
                    opening = False
                ids += [*spoken, -1]
                rows += [len(self._turns) - 1] * (len(words) + 1)
        self._ids: _Ids = np.array(ids, dtype=np.int64)
        self._rows: _Ids = np.array(rows, dtype=np.int64)
        customers = {name: place for place, name in enumerate(sorted({call.customer for call in calls}))}
        self._customer_of_row: _Ids = np.array([customers[calls[place].customer] for place, _ in self._turns], dtype=np.int64)
        self._story: _Ids = np.array(sorted(numbers[root] for root in story if root in numbers), dtype=np.int64)
        self._used = np.zeros(len(ids), dtype=bool)
        self._look_up(len(numbers), len(customers))

    def _look_up(self, n_stems: int, n_customers: int) -> None:
        """For every place where a run begins its number, how many customers heard it, and all places of every run."""
        n_runs = max(len(self._ids) - _RUN + 1, 0)
        parts = [self._ids[shift : shift + n_runs] for shift in range(_RUN)]
        whole = np.logical_and.reduce([part >= 0 for part in parts]) if n_runs else np.zeros(0, dtype=bool)
        base = np.int64(n_stems + 1)
        keys = (parts[0] * base + parts[1]) * base + parts[2] if n_runs else np.zeros(0, dtype=np.int64)
        places = np.flatnonzero(whole)
        distinct, run_of = np.unique(keys[places], return_inverse=True)
        heard = np.unique(run_of * np.int64(max(n_customers, 1)) + self._customer_of_row[self._rows[places]])
        times = np.bincount(heard // max(n_customers, 1), minlength=len(distinct))
        self._run_at: _Ids = np.full(len(self._ids), -1, dtype=np.int64)
        self._run_at[places] = np.where(times[run_of] >= FEWEST_CUSTOMERS, run_of, -1)
        self._places = places[np.argsort(run_of, kind="stable")]
        self._bounds = np.concatenate([[0], np.cumsum(np.bincount(run_of, minlength=len(distinct)))])

    def candidates(self) -> list[tuple[int, int]]:
        """Stretches of a turn that other customers may have heard, about the initiative, the longest first."""
        begins = np.flatnonzero(self._run_at >= 0)
        if not len(begins):
            return []
        apart = np.flatnonzero((np.diff(begins) > LONGEST_GAP + _RUN) | (np.diff(self._rows[begins]) != 0)) + 1
        stretches = [(int(part[0]), int(part[-1]) + _RUN) for part in np.split(begins, apart)]
        long_enough = [(first, last) for first, last in stretches if last - first >= SHORTEST_PASSAGE]
        told = [pair for pair in long_enough if self._is_about(*pair)]
        return sorted(told, key=lambda pair: (pair[0] - pair[1], pair[0]))

    def passages(self, first: int, last: int, initiative: Initiative) -> Iterator[Passage]:
        """The parts of words `first`..`last` that most customers heard; none where they are told already, or exempt."""
        tried: set[tuple[int, int]] = set()
        while True:
            left = [part for part in self._unused(first, last) if part not in tried]
            if not left:
                return
            tried.add(left[0])
            matches = self._matches(*left[0])
            chosen = self._most_shared(matches)
            if chosen is None:
                continue
            low, high, tellers = chosen
            self._use(low, high, matches)
            passage = self._passage(low, high, tellers, initiative)
            if passage is not None:
                yield passage

    def _passage(self, low: int, high: int, tellers: dict[int, _Match], initiative: Initiative) -> Passage | None:
        text, n_words = self._text(low, high), high - low
        if not self._is_about(low, high) or _copied(text, initiative.compliance) > MOSTLY * n_words:
            return None
        tellings = self._tellings(low, high, tellers)
        customers = {self._calls[telling.call].customer for telling in tellings}
        if len(customers) < FEWEST_CUSTOMERS:
            return None
        return Passage(n_words, len(customers), _copied(text, initiative.script) > MOSTLY * n_words, tellings)

    def _unused(self, first: int, last: int) -> list[tuple[int, int]]:
        free = np.flatnonzero(~self._used[first:last]) + first
        if not len(free):
            return []
        parts = np.split(free, np.flatnonzero(np.diff(free) > 1) + 1)
        return [(int(part[0]), int(part[-1]) + 1) for part in parts if len(part) >= SHORTEST_PASSAGE]

    def _use(self, low: int, high: int, matches: dict[int, _Match]) -> None:
        """Set aside the passage wherever it was said, misheard words and shorter tellings too: it must not be found again."""
        for row, match in matches.items():
            inside = [pair for pair in match.agreed if low <= pair[0] < high]
            if inside:
                begin = inside[0][1] - (inside[0][0] - low)
                end = inside[-1][1] + (high - inside[-1][0])
                row_begin = self._first_word[row]
                row_end = self._first_word[row + 1] if row + 1 < len(self._first_word) else len(self._used)
                self._used[max(begin - MOST_DRIFT, row_begin) : min(end + MOST_DRIFT, row_end)] = True
        self._used[low:high] = True

    def _is_about(self, first: int, last: int) -> bool:
        return len(np.intersect1d(self._ids[first:last], self._story)) >= FEWEST_STORY_STEMS

    def _matches(self, first: int, last: int) -> dict[int, _Match]:
        """For each turn (by row) with enough in common its longest agreeing stretch; the candidate's own turn is among them."""
        begins = [place for place in range(first, last - _RUN + 1) if self._run_at[place] >= 0]
        runs = self._run_at[begins]
        found = [self._places[self._bounds[run] : self._bounds[run + 1]] for run in runs]
        if not found:
            return {}
        others = np.concatenate(found)
        mine = np.repeat(np.array(begins, dtype=np.int64), [len(places) for places in found])
        free = ~self._used[others]
        others, mine = others[free], mine[free]
        rows = self._rows[others]
        n_hits = np.bincount(rows)
        # one misheard word costs three runs of the ten that a passage of twelve words has
        enough = n_hits[rows] >= SHORTEST_PASSAGE // 2
        others, mine, rows = others[enough], mine[enough], rows[enough]
        order = np.lexsort((others, mine, rows))
        others, mine, rows = others[order], mine[order], rows[order]
        result: dict[int, _Match] = {}
        for part in np.split(np.arange(len(rows)), np.flatnonzero(np.diff(rows)) + 1):
            match = _longest_chain(mine[part].tolist(), others[part].tolist()) if len(part) else None
            if match is not None:
                result[int(rows[part[0]])] = match
        return result

    def _most_shared(self, matches: dict[int, _Match]) -> tuple[int, int, dict[int, _Match]] | None:
        """The stretch with the most words times customers, and the turns that hold most of it."""
        stretches = sorted(
            {(match.begin, match.end) for match in matches.values() if match.end - match.begin >= SHORTEST_PASSAGE}
        )
        if not stretches:
            return None
        rows = np.array(list(matches), dtype=np.int64)
        begins = np.array([match.begin for match in matches.values()])
        ends = np.array([match.end for match in matches.values()])
        best: tuple[int, int, int] | None = None
        for low, high in stretches:
            holds = np.minimum(ends, high) - np.maximum(begins, low) >= SHARED * (high - low)
            n_customers = len(np.unique(self._customer_of_row[rows[holds]]))
            worth = n_customers * (high - low)
            if n_customers >= FEWEST_CUSTOMERS and (best is None or worth > best[0]):
                best = worth, low, high
        if best is None:
            return None
        _, low, high = best
        holding = {
            row: match for row, match in matches.items() if min(match.end, high) - max(match.begin, low) >= SHARED * (high - low)
        }
        return low, high, holding

    def _tellings(self, low: int, high: int, tellers: dict[int, _Match]) -> tuple[Telling, ...]:
        """One for each call: the words from the first to the last that agree, what the customer said before left out."""
        found: dict[int, Telling] = {}
        for row, match in sorted(tellers.items()):
            agreed = [place for mine, place in match.agreed if low <= mine < high]
            call, turn = self._turns[row]
            if call in found or not agreed:
                continue
            spans = word_spans(self._calls[call].transcript.turns[turn].text)
            here = self._first_word[row]
            begin, end = spans[agreed[0] - here][0], spans[agreed[-1] - here][1]
            if not self._is_echo(call, turn, begin, end):
                found[call] = Telling(call, turn, begin, end)
        return tuple(found[call] for call in sorted(found))

    def _is_echo(self, call: int, turn: int, begin: int, end: int) -> bool:
        turns = self._calls[call].transcript.turns
        heard = [earlier.text for earlier in turns[:turn] if earlier.role is Role.CUSTOMER]
        own = own_words(turns[turn].text, heard)[begin:end]
        return len(words_of(own)) < MOSTLY * len(words_of(turns[turn].text[begin:end]))

    def _text(self, low: int, high: int) -> str:
        row = int(self._rows[low])
        call, turn = self._turns[row]
        text = self._calls[call].transcript.turns[turn].text
        spans = word_spans(text)
        here = self._first_word[row]
        return text[spans[low - here][0] : spans[high - 1 - here][1]]


def _longest_chain(mine: list[int], others: list[int]) -> _Match | None:
    """The longest run of places that go on in step, give or take a few words."""
    chains: list[list[tuple[int, int]]] = []
    for pair in zip(mine, others, strict=True):
        for chain in reversed(chains):
            last = chain[-1]
            onward = 0 < pair[0] - last[0] <= LONGEST_GAP + _RUN and 0 < pair[1] - last[1] <= LONGEST_GAP + _RUN
            if onward and abs((pair[0] - pair[1]) - (chain[0][0] - chain[0][1])) <= MOST_DRIFT:
                chain.append(pair)
                break
        else:
            chains.append([pair])
    best = max(chains, key=len, default=[])
    agreed = sorted({(one + shift, other + shift) for one, other in best for shift in range(_RUN)})
    n_agreed = len({one for one, _ in agreed})
    return _Match(agreed[0][0], agreed[-1][0] + 1, tuple(agreed)) if n_agreed >= SHORTEST_PASSAGE else None


def _greetings(text: str) -> list[tuple[int, int]]:
    """The sentences that greet, as spans of words."""
    spans, found, begin = word_spans(text), [], 0
    for end in [*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]:
        if _GREETING.search(text, begin, end):
            inside = [place for place, (first, _) in enumerate(spans) if begin <= first < end]
            if inside:
                found.append((inside[0], inside[-1] + 1))
        begin = end
    return found


def _copied(text: str, source: str) -> int:
    return sum(run.words for run in copied_runs(text, source)) if source.strip() else 0
