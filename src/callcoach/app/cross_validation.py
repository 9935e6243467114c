"""Judge every labelled call by heads that saw no call of its writer, the acts behind the call heads' training included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from callcoach.app.learn import Fitting, Learning
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore
from callcoach.judging.heads import CallHeads
from callcoach.judging.turn_heads import TurnHeads
from callcoach.judging.verdict import score
from callcoach.training.corpus import Corpus, LabelledCall
from callcoach.training.edits import vocabulary
from callcoach.training.robustness import Outcome, sample, try_out


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossValidated:
    """Every labelled call judged by heads that saw no call of its writer; `groups` maps writers to folds.

    `foreign`: the calls set beside a story they do not tell; their scores and signals are among the others. `outcomes`: what
    came of edited calls, judged by the heads that judged the calls themselves; none where they were not asked for.
    """

    corpus: Corpus
    foreign: Sequence[LabelledCall]
    scores: Mapping[str, CallScore]
    signals: Mapping[str, Signals]
    groups: Mapping[str, int]
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One group of writers, judged by what the others taught."""

    scores: dict[str, CallScore]
    signals: dict[str, Signals]
    outcomes: tuple[Outcome, ...]


def cross_validate(learning: Learning, *, robustness: bool = False) -> CrossValidated:
    """Judge each group of writers by what the other groups teach; robustness: edited copies of some calls, too.

    Acts for training calls of group j, when group i is judged, come from heads fitted without both i and j (and by the quick
    recipes).
    """
    group_of = learning.group_of
    by_group: dict[int, list[LabelledCall]] = {group: [] for group in sorted(set(group_of.values()))}
    for call in learning.calls:
        by_group[group_of[call.writer]].append(call)
    without_two = _without_two(learning, tuple(by_group))
    without_one = learning.folds(learning.calls, group_of, learning.recipes)
    learning.begin((*without_two.values(), *without_one.values()))
    hearings = {
        _name(learning, (fitting,), by_group[heard]): (pair, heard, partial(_heard, learning, heard, fitting, by_group[heard]))
        for pair, fitting in without_two.items()
        for heard in pair
    }
    for_training: dict[int, dict[str, Signals]] = {group: {} for group in by_group}
    said = learning.kept({name: make for name, (_, _, make) in hearings.items()}, dict[str, Signals])
    for ((one, other), heard, _), signals in zip(hearings.values(), said, strict=True):
        for_training[one if heard == other else other] |= signals
    copies = {call.call_id for call in learning.lessons.disguised}
    judging = {}
    for group, members in by_group.items():
        held_out = [call for call in members if call.call_id not in copies]
        name = _name(learning, (without_one[group], *without_two.values()), held_out, robustness)
        judging[name] = partial(
            _judged, learning, group, without_one[group], for_training[group], held_out, robustness=robustness
        )
    judged = list(learning.kept(judging, Judged))
    return CrossValidated(
        corpus=learning.corpus,
        foreign=learning.lessons.foreign,
        scores={call_id: found for each in judged for call_id, found in each.scores.items()},
        signals={call_id: found for each in judged for call_id, found in each.signals.items()},
        groups=group_of,
        outcomes=tuple(outcome for each in judged for outcome in each.outcomes),
    )


def _name(learning: Learning, fittings: Sequence[Fitting], calls: Sequence[LabelledCall], *others: object) -> str:
    return fingerprint([learning.name_of(fitting) for fitting in fittings], [call.call_id for call in calls], *others)


def _heard(learning: Learning, group: int, fitting: Fitting, calls: Sequence[LabelledCall]) -> dict[str, Signals]:
    learning.say(f"Hearing group {group + 1}, after {fitting.sentence[0].lower()}{fitting.sentence[1:]}")
    return learning.signals(calls, learning.fitted(fitting))


def _judged(
    learning: Learning,
    group: int,
    fitting: Fitting,
    for_training: Mapping[str, Signals],
    held_out: Sequence[LabelledCall],
    *,
    robustness: bool,
) -> Judged:
    """The calls held out, judged by a judge that learnt from the others. for_training: what was heard of those."""
    learning.say(f"Judging group {group + 1} of {len(set(learning.group_of.values()))}")
    heads = learning.fitted(fitting)
    judge = learning.call_heads(fitting.calls, learning.call_table(fitting.calls, for_training))
    signals = learning.signals(held_out, heads)
    stories = learning.corpus.stories
    scores = {
        call.call_id: score(call.transcript, stories[call.initiative_id], signals[call.call_id], judge) for call in held_out
    }
    outcomes = _tried(learning, held_out, scores, heads, judge) if robustness else ()
    return Judged(scores=scores, signals=signals, outcomes=tuple(outcomes))


def _without_two(learning: Learning, groups: Sequence[int]) -> dict[tuple[int, int], Fitting]:
    return {
        (one, other): Fitting(
            f"Fitting acts without groups {one + 1} and {other + 1} of {len(groups)}",
            [call for call in learning.calls if learning.group_of[call.writer] not in (one, other)],
            learning.quick,
        )
        for one, other in combinations(groups, 2)
    }


def _tried(
    learning: Learning, calls: Sequence[LabelledCall], scores: Mapping[str, CallScore], heads: TurnHeads, judge: CallHeads
) -> Sequence[Outcome]:
    hear = learning.hearer(heads)

    def judged(call: LabelledCall, initiative: Initiative) -> CallScore:
        return score(call.transcript, initiative, hear(call, initiative), judge)

    corpus = learning.corpus
    return tuple(try_out(calls, corpus.stories, scores, sample(corpus.calls), vocabulary(corpus.calls), judged))
