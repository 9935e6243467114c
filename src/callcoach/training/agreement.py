"""How far people agree on calls, with each other and with the machine. A figure that is not defined is None, never 0.

Kappas are scikit-learn's. Krippendorff's alpha is written here by its published formula (K. Krippendorff, Computing
Krippendorff's Alpha-Reliability, 2011): the package of that name is under the GPL, and only the tests compare with it.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any, Literal, NamedTuple

from callcoach.domain.calibration import CRITERION, Agreement, Figure, Label
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.story import Component
from callcoach.domain.verdict import CallScore, Level, Verdict
from callcoach.training.metrics import kappa, quadratic_weighted_kappa

COVERAGE = 0.9
DRAWS = 2000

Metric = Literal["nominal", "interval"]
Answers = Sequence[Sequence[int | None]]
"""One row per call, one column per rater; None where a rater did not say."""


class Interval(NamedTuple):
    """Alpha, and the middle of what it is when the calls are drawn anew with replacement."""

    alpha: float | None
    low: float | None
    high: float | None


def krippendorff_alpha(answers: Answers, *, metric: Metric) -> float | None:
    """1 for perfect agreement, 0 for that of chance; None where fewer than two answers can be paired or all are the same."""
    import numpy as np

    counts = _counts(answers)
    if counts is None:
        return None
    value = float(_alpha(np.ones((1, len(counts.per_call))), counts, metric)[0])
    return None if np.isnan(value) else value


def alpha_with_interval(answers: Answers, *, metric: Metric, seed: int, draws: int = DRAWS) -> Interval:
    """Alpha with the middle 90% of `draws` bootstrap samples of whole calls; samples without a defined alpha are left out."""
    import numpy as np

    alpha = krippendorff_alpha(answers, metric=metric)
    counts = _counts(answers)
    if alpha is None or counts is None:
        return Interval(None, None, None)
    n = len(counts.per_call)
    weights = np.random.default_rng(seed).multinomial(n, [1 / n] * n, size=draws).astype(float)
    drawn = _alpha(weights, counts, metric)
    drawn = drawn[~np.isnan(drawn)]
    low, high = np.quantile(drawn, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    return Interval(alpha, round(float(low), 6), round(float(high), 6))


def mean_pairwise_kappa(answers: Answers, *, grades: int | None = None) -> float | None:
    """Cohen's kappa of each two raters on the calls both answered, averaged; quadratic weighted where there are `grades`."""
    width = len(answers[0]) if answers else 0
    found = []
    for first, second in combinations(range(width), 2):
        both = [(row[first], row[second]) for row in answers]
        pairs = [(one, other) for one, other in both if one is not None and other is not None]
        ours, theirs = [one for one, _ in pairs], [other for _, other in pairs]
        if grades is None:
            value = kappa([str(answer) for answer in ours], [str(answer) for answer in theirs])
        else:
            value = quadratic_weighted_kappa(ours, theirs, grades=grades)
        if value is not None:
            found.append(value)
    return sum(found) / len(found) if found else None


def agreement(
    initiative_id: str, labels: Sequence[Label], scores: Mapping[str, CallScore], *, version: str, seed: int = 0
) -> Agreement:
    """The figures of one initiative; of a person's labels of one call the latest counts. scores: the machine's, by call id.

    Calls that a person or the machine could not judge count for the verdict among people and for nothing else.
    """
    latest = latest_labels(labels)
    people = tuple(sorted({label.person_id for label in latest}))
    by_call: dict[str, dict[str, Label]] = {}
    for label in latest:
        by_call.setdefault(label.call_id, {})[label.person_id] = label
    calls = sorted(by_call)
    shared = [by_call[call_id] for call_id in calls if len(by_call[call_id]) > 1]
    judged = [(by_call[call_id], scores[call_id]) for call_id in calls if _assessed(scores.get(call_id))]
    among, machine = [], []
    for question in _questions(latest):
        rows = [[_answer(question, row.get(person)) for person in people] for row in shared]
        among.append(_figure(question, rows, fingerprint(initiative_id, question.about, seed)))
        machine.append(_with_machine(question, people, judged, fingerprint(initiative_id, question.about, "machine", seed)))
    return Agreement(
        initiative_id=initiative_id,
        people=people,
        n_calls=len(shared),
        n_raised=sum(any(label.raised for label in row.values()) for row in shared),
        people_people=tuple(among),
        people_machine=tuple(machine),
        n_labels=len(latest),
        older=sum(label.version != version for label in latest),
    )


def latest_labels(labels: Sequence[Label]) -> tuple[Label, ...]:
    """The latest label of each person for each call, by call and person."""
    found: dict[tuple[str, str], Label] = {}
    for label in sorted(labels, key=lambda label: (label.at, label.label_id)):
        found[label.call_id, label.person_id] = label
    return tuple(found[key] for key in sorted(found))


class _Question(NamedTuple):
    """One thing that is asked of each call; an answer is an index into what can be said."""

    about: str
    of_label: Callable[[Label], int | None]
    of_score: Callable[[CallScore], int | None]
    grades: int | None = None


def _questions(labels: Sequence[Label]) -> list[_Question]:
    verdicts = tuple(Verdict)
    questions = [
        _Question("verdict", lambda label: verdicts.index(label.verdict), lambda score: verdicts.index(score.verdict)),
        *(_level_question(component) for component in Component),
        _Question(
            "asked_why", lambda label: int(label.asked_why) if _levels(label) else None, lambda score: int(score.asked_why)
        ),
        _Question(
            "answer",
            lambda label: _ANSWERS.index(label.answer.value) if label.asked_why else None,
            lambda score: _ANSWERS.index(score.answer.value) if score.asked_why else None,
        ),
    ]
    criteria = sorted({name for label in labels for name in label.criteria})
    return [*questions, *(_criterion_question(name) for name in criteria)]


_ANSWERS = ("full", "partial", "deflects", "none", "na")


def _level_question(component: Component) -> _Question:
    def level(of: Label | CallScore) -> int | None:
        found = of.levels.get(component)
        return None if found is None else int(found)

    return _Question(component.value, level, level, grades=len(Level))


def _criterion_question(name: str) -> _Question:
    def said(label: Label) -> int | None:
        answer = label.criteria.get(name)
        return None if answer is None else int(answer)

    def met(score: CallScore) -> int | None:
        found = next((criterion.met for criterion in score.criteria if criterion.id == name), None)
        return None if found is None else int(found)

    return _Question(CRITERION + name, said, met)


def _levels(label: Label) -> bool:
    return label.verdict is not Verdict.NOT_ASSESSED


def _assessed(score: CallScore | None) -> bool:
    return score is not None and score.verdict is not Verdict.NOT_ASSESSED


def _answer(question: _Question, label: Label | None) -> int | None:
    return None if label is None else question.of_label(label)


def _figure(question: _Question, rows: Answers, key: str) -> Figure:
    compared = [row for row in rows if sum(answer is not None for answer in row) > 1]
    metric: Metric = "nominal" if question.grades is None else "interval"
    alpha, low, high = alpha_with_interval(compared, metric=metric, seed=int(key, 16) % 2**32)
    same = [len({answer for answer in row if answer is not None}) == 1 for row in compared]
    return Figure(
        about=question.about,
        n=len(compared),
        agreed=sum(same) / len(same) if same else None,
        kappa=_rounded(mean_pairwise_kappa(compared, grades=question.grades)),
        alpha=_rounded(alpha),
        low=low,
        high=high,
        coverage=COVERAGE,
    )


def _with_machine(
    question: _Question, people: Sequence[str], judged: Sequence[tuple[Mapping[str, Label], CallScore]], key: str
) -> Figure:
    """Each person beside the machine; the mean over people. n counts calls, of which a person who left one out has fewer."""
    each: list[Figure] = []
    compared: set[int] = set()
    for person in people:
        rows = [(_answer(question, row.get(person)), question.of_score(score)) for row, score in judged]
        compared |= {place for place, row in enumerate(rows) if None not in row}
        each.append(_figure(question, rows, fingerprint(key, person)))
    return Figure(
        about=question.about,
        n=len(compared),
        agreed=_mean([figure.agreed for figure in each]),
        kappa=_mean([figure.kappa for figure in each]),
        alpha=_mean([figure.alpha for figure in each]),
        low=_mean([figure.low for figure in each]),
        high=_mean([figure.high for figure in each]),
        coverage=COVERAGE,
    )


def _mean(figures: Sequence[float | None]) -> float | None:
    there = [figure for figure in figures if figure is not None]
    return _rounded(sum(there) / len(there)) if there else None


def _rounded(figure: float | None) -> float | None:
    # so that the last bits of one machine's arithmetic do not change a page
    return None if figure is None else round(figure, 6)


class _Counts(NamedTuple):
    """per_call (calls, answers): how often each answer was given, for calls with at least two answers. values: the answers."""

    per_call: Any
    values: Any


def _counts(answers: Answers) -> _Counts | None:
    import numpy as np

    rows = [[answer for answer in row if answer is not None] for row in answers]
    rows = [row for row in rows if len(row) > 1]
    values = sorted({answer for row in rows for answer in row})
    if not rows or len(values) < 2:
        return None
    per_call = np.zeros((len(rows), len(values)))
    for place, row in enumerate(rows):
        for answer in row:
            per_call[place, values.index(answer)] += 1
    return _Counts(per_call, np.array(values, dtype=float))


def _alpha(weights: Any, counts: _Counts, metric: Metric) -> Any:
    """Alpha for each row of `weights` (draws, calls): how often a call is in the draw. NaN where it is not defined.

    1 - observed / expected disagreement; a call with m answers adds its ordered pairs of answers, each divided by m - 1.
    """
    import numpy as np

    per_call, values = counts
    answers = per_call.sum(axis=1)
    apart = (
        (values[:, None] != values[None, :]).astype(float) if metric == "nominal" else (values[:, None] - values[None, :]) ** 2
    )
    # a pair of one answer with itself is no disagreement, so apart being 0 on the diagonal spares taking it out
    within = np.einsum("ca,ab,cb->c", per_call, apart, per_call) / (answers - 1)
    observed = weights @ within
    margins = weights @ per_call
    total = margins.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.einsum("da,ab,db->d", margins, apart, margins) / (total - 1)
        return np.where(expected > 0, 1 - observed / expected, np.nan)
