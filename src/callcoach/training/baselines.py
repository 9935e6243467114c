"""Judges that see one surface trait each: what a real judge must beat, above all on the twins.

Each is the mean of a logistic regression and extremely randomised trees over a handful of numbers of a call. Knows nothing of
the judge it is compared with, nor which model `encode` is.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean, median
from typing import Any, NamedTuple

from callcoach.domain.call import Role
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Verdict
from callcoach.training.corpus import LabelledCall
from callcoach.training.folds import Fold, writer_folds

Encode = Callable[[Sequence[str]], Any]
"""Texts to an array (n texts, dimension) of unit vectors."""

Features = Mapping[str, tuple[float, ...]]
"""Numbers of a call by call id."""

SEED = 20261005
TREES = 200

_WORD = re.compile(r"[a-z0-9']+")
_FILLERS = (
    "uh",
    "um",
    "er",
    "hmm",
    "you know",
    "i mean",
    "kind of",
    "sort of",
    "like",
    "well",
    "so yeah",
    "basically",
    "honestly",
)
_PRONOUNS = ("you", "your", "i", "we", "our", "they", "it")
_FIGURE = re.compile(
    r".*\d.*|(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(thir|four|fif|six|seven|eigh|nine)teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|half|percent|dollars)$"
)
_CAUSAL = (
    "because",
    "cause",
    "so that",
    "that's why",
    "this is why",
    "which is why",
    "the reason",
    "which means",
    "that means",
    "what that means",
    "means for you",
    "since",
    "therefore",
    "due to",
    "in order to",
    "so you",
    "so we",
)


class _RepTalk(NamedTuple):
    """The rep's turns as lower-case word lists."""

    turns: list[list[str]]

    @property
    def words(self) -> list[str]:
        return [word for turn in self.turns for word in turn]


def baseline_features(calls: Sequence[LabelledCall], stories: Mapping[str, Initiative], encode: Encode) -> dict[str, Features]:
    """The numbers each baseline sees: name -> call id -> numbers. `stories` by initiative id."""
    return {
        "length": {call.call_id: _lengths(_rep_talk(call).turns) for call in calls},
        "style": {call.call_id: _style(call) for call in calls},
        "terms": {call.call_id: _term_mentions(call, stories[call.initiative_id]) for call in calls},
        "causal": {call.call_id: _causal_markers(call) for call in calls},
        "script": {call.call_id: _script_overlap(call, stories[call.initiative_id]) for call in calls},
        "similarity": _similarity(calls, stories, encode),
    }


class Measured(NamedTuple):
    """Labelled calls with the numbers each baseline sees in them."""

    calls: Sequence[LabelledCall]
    features: Mapping[str, Features]


def judge_by_baselines(learn: Measured, judge: Measured, *, seed: int = SEED) -> dict[str, dict[str, Verdict]]:
    """Each baseline's verdict on the calls of `judge`, learnt from the calls of `learn`: name -> call id -> verdict."""
    gold = [call.labels.verdict.value for call in learn.calls]
    verdicts = {}
    for name in judge.features:
        told = _learn_and_tell(
            [learn.features[name][call.call_id] for call in learn.calls],
            gold,
            [judge.features[name][call.call_id] for call in judge.calls],
            seed=seed,
        )
        verdicts[name] = {call.call_id: Verdict(label) for call, label in zip(judge.calls, told, strict=True)}
    return verdicts


def cross_validated_baselines(
    calls: Sequence[LabelledCall],
    features: Mapping[str, Features],
    *,
    groups: Mapping[str, int] | None = None,
    seed: int = SEED,
    fold_done: Callable[[Fold], None] | None = None,
) -> dict[str, dict[str, Verdict]]:
    """Each baseline's verdict on every call, learnt from the calls (base and twins) of the other folds.

    groups: writer -> fold; None holds back one writer at a time.
    """
    verdicts: dict[str, dict[str, Verdict]] = {name: {} for name in features}
    for fold in writer_folds(calls, groups):
        for name, told in judge_by_baselines(Measured(fold.learn, features), Measured(fold.judge, features), seed=seed).items():
            verdicts[name] |= told
        if fold_done:
            fold_done(fold)
    return verdicts


def _learn_and_tell(
    learn: Sequence[tuple[float, ...]], gold: Sequence[str], judge: Sequence[tuple[float, ...]], *, seed: int
) -> list[str]:
    import numpy as np
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if len(set(gold)) < 2:
        return [gold[0]] * len(judge)
    line = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=2000))
    trees = ExtraTreesClassifier(TREES, min_samples_leaf=3, random_state=seed, n_jobs=1)
    probability = sum(model.fit(np.asarray(learn), gold).predict_proba(np.asarray(judge)) for model in (line, trees))
    return [str(trees.classes_[column]) for column in np.argmax(probability, axis=1)]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))


def _rep_talk(call: LabelledCall) -> _RepTalk:
    return _RepTalk([_words(turn.text) for _, turn in call.transcript.turns_of(Role.REP)])


def _lengths(turns: Sequence[Sequence[str]]) -> tuple[float, ...]:
    lengths = [len(turn) for turn in turns]
    if not lengths:
        return (0.0,) * 7
    long_turns = sum(length >= 30 for length in lengths)
    return (
        float(len(lengths)),
        float(sum(lengths)),
        fmean(lengths),
        float(median(lengths)),
        float(max(lengths)),
        math.sqrt(fmean([(length - fmean(lengths)) ** 2 for length in lengths])),
        long_turns / len(lengths),
    )


def _style(call: LabelledCall) -> tuple[float, ...]:
    numbers: list[float] = []
    for role in (Role.REP, Role.CUSTOMER):
        texts = [turn.text for _, turn in call.transcript.turns_of(role)]
        words = [_words(text) for text in texts]
        n_words = max(sum(len(turn) for turn in words), 1)
        spoken = " ".join(f" {' '.join(turn)} " for turn in words)
        everything = [word for turn in words for word in turn]
        numbers += _lengths(words)
        numbers += [spoken.count(f" {filler} ") / n_words for filler in _FILLERS]
        numbers += [everything.count(pronoun) / n_words for pronoun in _PRONOUNS]
        numbers += [sum(text.count(mark) for text in texts) / max(len(texts), 1) for mark in ("?", "!", "...", ",", ".")]
        numbers.append(sum(_FIGURE.match(word) is not None for word in everything) / n_words)
        numbers.append(sum(len(word) for word in everything) / n_words)
        numbers.append(len(set(everything)) / n_words)
    return tuple(numbers)


def _term_mentions(call: LabelledCall, initiative: Initiative) -> tuple[float, ...]:
    names = [" ".join(_words(term)) for term in (*initiative.terms, initiative.name)]
    numbers: list[float] = []
    for role in (Role.REP, Role.CUSTOMER):
        turns = [f" {' '.join(_words(turn.text))} " for _, turn in call.transcript.turns_of(role)]
        mentions = [sum(turn.count(f" {name} ") for name in names) for turn in turns]
        first = next((number for number, count in enumerate(mentions) if count), len(turns))
        numbers += [float(sum(mentions)), float(sum(count > 0 for count in mentions)), first / max(len(turns), 1)]
    return tuple(numbers)


def _causal_markers(call: LabelledCall) -> tuple[float, ...]:
    turns = [f" {' '.join(turn)} " for turn in _rep_talk(call).turns]
    n_words = max(len(_rep_talk(call).words), 1)
    counts = [float(sum(turn.count(f" {marker} ") for turn in turns)) for marker in _CAUSAL]
    with_one = sum(any(f" {marker} " in turn for marker in _CAUSAL) for turn in turns)
    return (*counts, sum(counts), sum(counts) / n_words, with_one / max(len(turns), 1))


def _script_overlap(call: LabelledCall, initiative: Initiative) -> tuple[float, ...]:
    script = _words(initiative.script)
    in_script = _trigrams(script)
    talk = _rep_talk(call)
    said = [_trigrams(turn) for turn in talk.turns]
    shares = [len(grams & in_script) / len(grams) if grams else 0.0 for grams in said]
    runs = [_longest_shared_run(turn, script) for turn in talk.turns]
    everything = set().union(*said)
    return (
        max(shares, default=0.0),
        fmean(shares) if shares else 0.0,
        len(everything & in_script) / max(len(in_script), 1),
        len(everything & in_script) / max(len(everything), 1),
        float(max(runs, default=0)),
        float(sum(run for run in runs if run >= 5)),
        sum(run >= 5 for run in runs) / max(len(runs), 1),
    )


def _trigrams(words: Sequence[str]) -> set[tuple[str, ...]]:
    return set(zip(words, words[1:], words[2:], strict=False))


def _longest_shared_run(said: Sequence[str], script: Sequence[str]) -> int:
    best = 0
    before = [0] * (len(script) + 1)
    for word in said:
        row = [0] * (len(script) + 1)
        for number, scripted in enumerate(script, 1):
            if word == scripted:
                row[number] = before[number - 1] + 1
        best = max(best, *row)
        before = row
    return best


def _similarity(calls: Sequence[LabelledCall], stories: Mapping[str, Initiative], encode: Encode) -> Features:
    """Closest, mean of the three closest, and mean turn for each component, and the turn closest to all three together."""
    import numpy as np

    turn_texts = {turn.text for call in calls for _, turn in call.transcript.turns_of(Role.REP)}
    story_texts = {stories[call.initiative_id].story.of(part) for call in calls for part in Component}
    texts = sorted(turn_texts | story_texts)
    vectors = np.asarray(encode(texts))
    row = {text: number for number, text in enumerate(texts)}
    numbers: dict[str, tuple[float, ...]] = {}
    for call in calls:
        story = stories[call.initiative_id].story
        said = [row[turn.text] for _, turn in call.transcript.turns_of(Role.REP)]
        if not said:
            numbers[call.call_id] = (0.0,) * (3 * len(Component) + 1)
            continue
        closeness = vectors[said] @ vectors[[row[story.of(part)] for part in Component]].T
        ranked = -np.sort(-closeness, axis=0)
        numbers[call.call_id] = tuple(
            float(number)
            for number in (*ranked[0], *ranked[:3].mean(axis=0), *closeness.mean(axis=0), closeness.mean(axis=1).max())
        )
    return numbers
