"""Ask whether what we hear of reciting tells sentences that stand in many dialogues from those that stand in one.

Plain overlap stands beside every measure. Knows nothing of files or models: closeness to the script is given to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Role, Transcript, Turn
from callcoach.domain.story import Initiative, ValueStory
from callcoach.judging.overlap import copied_runs, copied_share
from callcoach.judging.same_words import SHORTEST_PASSAGE, SpokenCall, repeated_passages
from callcoach.judging.wording import stem, words_of

RECITED = 3
"""A sentence counts as recited from so many other dialogues on; those in one or two are left out."""
SEED = 20261122
DRAWS = 1000
COVERAGE = 0.9
FALSE_ALARMS = 0.01
FOLDS = 5
RUN = 3
"""Stems in a row by which two tellings are looked up, as in `judging/same_words.py`."""
ASKED_FOR = 0.05
"""How much better than plain overlap a measure was to be."""

PLAIN = ("word_share", "jaccard")
WITHOUT_SCRIPT = ("same_words", "same_pairs")

Values = NDArray[np.float64]


class SaidSentence(NamedTuple):
    """A sentence of one dialogue; `elsewhere`: in how many others a near-identical one stands, as the data say."""

    dialogue: str
    text: str
    elsewhere: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """How well one measure separates recited sentences from the others.

    auc: chance that a recited one is ranked first; low, high: the middle 90% of draws of whole dialogues. found: share of the
    recited above all but 1% of the others. above_plain: AUC less that of the better plain overlap, its interval from the same
    draws; None for plain overlap itself.
    """

    auc: float
    low: float
    high: float
    found: float
    above_plain: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Sentences of `words` words and more that the product's search puts into a passage: of the recited, and of the others."""

    words: int
    recited: int
    found: float | None
    others: int
    wrongly: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecitingBench:
    """Every figure. best_plain: the better plain overlap; asked_for: its AUC and 0.05; reachable: whether that is an AUC.

    as_written: the sentences as they stand; misheard: with `misheard_rate` of their words wrong, lost or doubled, the script as
    it is, without the measures that need sentence vectors. without_script: the measures that never see the script. long_ones:
    what the product's search finds of the sentences that are long enough for it.
    """

    sentences: int
    recited: int
    others: int
    dialogues: int
    script_lines: int
    best_plain: str
    asked_for: float
    reachable: bool
    without_script: tuple[str, ...]
    as_written: Mapping[str, Separation]
    misheard_rate: float
    misheard: Mapping[str, Separation]
    long_ones: Found
    made_with: Mapping[str, str]


def word_measures(said: Sequence[SaidSentence], script: Sequence[str]) -> dict[str, Values]:
    """Every measure that needs no model, one value per sentence, more for what looks recited."""
    words = [_lower_words(sentence.text) for sentence in said]
    lines = [frozenset(_lower_words(line)) for line in script]
    known = frozenset().union(*lines)
    whole = "\n".join(script)
    return {
        "word_share": np.array([sum(word in known for word in each) / max(len(each), 1) for each in words]),
        "jaccard": np.array([max(_jaccard(frozenset(each), line) for line in lines) for each in words]),
        "copied_share": np.array([copied_share(sentence.text, whole) for sentence in said]),
        "copied_words": np.array([_longest_run(sentence.text, whole) for sentence in said], dtype=np.float64),
        "same_words": same_words(said),
        "same_pairs": same_words(said, run=2),
        "passages": in_passages(said, script),
    }


def same_words(said: Sequence[SaidSentence], *, run: int = RUN) -> Values:
    """How much (0..1) of a sentence stands in the third most alike of the other dialogues: runs shared, of all runs of both.

    run: stems in a run. The script and `elsewhere` are not looked at.
    """
    from scipy.sparse import csr_array

    numbers: dict[tuple[str, ...], int] = {}
    pairs: set[tuple[int, int]] = set()
    for row, sentence in enumerate(said):
        stems = [stem(word) for word in words_of(sentence.text)]
        for begin in range(len(stems) - run + 1):
            pairs.add((row, numbers.setdefault(tuple(stems[begin : begin + run]), len(numbers))))
    result = np.zeros(len(said))
    if not pairs:
        return result
    rows, columns = np.array(sorted(pairs)).T
    holds = csr_array((np.ones(len(rows), dtype=np.float64), (rows, columns)), shape=(len(said), len(numbers)))
    n_runs = np.bincount(rows, minlength=len(said))
    shared = (holds @ holds.T).tocsr()
    names = {name: number for number, name in enumerate(dict.fromkeys(sentence.dialogue for sentence in said))}
    dialogue = np.array([names[sentence.dialogue] for sentence in said])
    for row in range(len(said)):
        others = shared.indices[shared.indptr[row] : shared.indptr[row + 1]]
        both = shared.data[shared.indptr[row] : shared.indptr[row + 1]]
        alike = both / (n_runs[row] + n_runs[others] - both)
        best = np.zeros(max(len(names), RECITED + 1))
        np.maximum.at(best, dialogue[others], alike)
        best[dialogue[row]] = 0.0
        result[row] = np.partition(best, -RECITED)[-RECITED]
    return result


def in_passages(said: Sequence[SaidSentence], script: Sequence[str]) -> Values:
    """How many dialogues hold the passage that a sentence mostly belongs to, as the product finds them; 0 where there is none.

    The product looks for passages of twelve words and more that are about the initiative, and stops after fifty of them.
    """
    places: dict[str, list[int]] = {}
    for row, sentence in enumerate(said):
        places.setdefault(sentence.dialogue, []).append(row)
    calls = [
        SpokenCall(
            dialogue,
            Transcript(call_id=dialogue, turns=tuple(Turn(speaker=Role.REP.value, text=said[row].text) for row in rows)),
        )
        for dialogue, rows in places.items()
    ]
    whole = "\n".join(script)
    story = ValueStory(wall=whole, hammer=whole, part=whole)
    initiative = Initiative(id="script", name="script", launched=date.min, story=story, script=whole)
    rows_of = list(places.values())
    result = np.zeros(len(said))
    for passage in repeated_passages(calls, initiative):
        for telling in passage.tellings:
            row = rows_of[telling.call][telling.turn]
            if 2 * (telling.end - telling.begin) >= len(said[row].text):
                result[row] = max(result[row], passage.customers)
    return result


def found_of_long(said: Sequence[SaidSentence], passages: Values) -> Found:
    """What `in_passages` found of the sentences that have the words of a passage."""
    counts, recited = classes(said)
    is_long = np.array([len(words_of(sentence.text)) >= SHORTEST_PASSAGE for sentence in said])[counts]
    hit = passages[counts] > 0
    yes, no = hit[is_long & recited], hit[is_long & ~recited]
    return Found(
        words=SHORTEST_PASSAGE,
        recited=len(yes),
        found=round(float(yes.mean()), 4) if len(yes) else None,
        others=len(no),
        wrongly=round(float(no.mean()), 4) if len(no) else None,
    )


def fitted(said: Sequence[SaidSentence], columns: Sequence[Values]) -> Values:
    """The columns weighed by a logistic regression that has not seen the sentence's dialogue: a probability.

    Sentences of no class (in one or two other dialogues) are in no fold and get 0.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    counts, recited = classes(said)
    table = np.column_stack(columns)[counts]
    groups = [sentence.dialogue for sentence, is_counted in zip(said, counts, strict=True) if is_counted]
    told = np.zeros(len(table))
    for known, unseen in GroupKFold(FOLDS).split(table, recited, groups):
        model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=1000))
        told[unseen] = model.fit(table[known], recited[known]).predict_proba(table[unseen])[:, 1]
    result = np.zeros(len(said))
    result[counts] = told
    return result


def length(said: Sequence[SaidSentence]) -> Values:
    """The logarithm of the number of words."""
    return np.array([np.log1p(len(words_of(sentence.text))) for sentence in said])


def classes(said: Sequence[SaidSentence]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which sentences count, and, of these, which are recited."""
    elsewhere = np.array([sentence.elsewhere for sentence in said])
    counts = (elsewhere == 0) | (elsewhere >= RECITED)
    return counts, elsewhere[counts] >= RECITED


def separations(said: Sequence[SaidSentence], measures: Mapping[str, Values], *, draws: int = DRAWS) -> dict[str, Separation]:
    """The figures of every measure. Plain overlap must be among them, and both classes among the sentences."""
    counts, recited = classes(said)
    kept = {name: values[counts] for name, values in measures.items()}
    dialogues = np.array([sentence.dialogue for sentence, is_counted in zip(said, counts, strict=True) if is_counted])
    names, member = np.unique(dialogues, return_inverse=True)
    times = np.random.default_rng(SEED).multinomial(len(names), [1 / len(names)] * len(names), size=draws)
    once = np.ones(len(recited))
    whole = {name: _auc(values, recited, once) for name, values in kept.items()}
    drawn = {name: np.array([_auc(values, recited, draw[member]) for draw in times]) for name, values in kept.items()}
    plain = best_plain(whole)
    return {
        name: Separation(
            auc=round(whole[name], 4),
            low=_middle(drawn[name])[0],
            high=_middle(drawn[name])[1],
            found=round(_found(values, recited), 4),
            above_plain=None if name in PLAIN else (round(whole[name] - whole[plain], 4), *_middle(drawn[name] - drawn[plain])),
        )
        for name, values in kept.items()
    }


def best_plain(auc: Mapping[str, float]) -> str:
    """The better plain overlap by these AUCs."""
    return max(PLAIN, key=lambda name: auc[name])


def _auc(values: Values, recited: NDArray[np.bool_], weights: NDArray[np.float64] | NDArray[np.int64]) -> float:
    """Ties count half. NaN where a draw holds one class only."""
    _, place = np.unique(values, return_inverse=True)
    yes = np.bincount(place, weights=weights * recited)
    no = np.bincount(place, weights=weights * ~recited)
    pairs = yes.sum() * no.sum()
    return float((yes * (np.cumsum(no) - no / 2)).sum() / pairs) if pairs else float("nan")


def _found(values: Values, recited: NDArray[np.bool_]) -> float:
    others = np.sort(values[~recited])[::-1]
    return float(np.mean(values[recited] > others[int(FALSE_ALARMS * len(others))]))


def _middle(figures: Values) -> tuple[float, float]:
    low, high = np.nanquantile(figures, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    return round(float(low), 4), round(float(high), 4)


def _longest_run(text: str, script: str) -> int:
    return max((run.words for run in copied_runs(text, script)), default=0)


def _lower_words(text: str) -> list[str]:
    return words_of(text.lower())


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)
