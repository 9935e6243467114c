"""Judge every labelled call by heads that saw no call of its writer, the acts behind the call heads' training included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from callcoach.app.learn import Fitting, Learning
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
    for_training: dict[int, dict[str, Signals]] = {group: {} for group in by_group}
    for (one, other), fitting in without_two.items():
        heads = learning.fitted(fitting)
        for_training[one] |= learning.signals(by_group[other], heads)
        for_training[other] |= learning.signals(by_group[one], heads)
    scores: dict[str, CallScore] = {}
    signals: dict[str, Signals] = {}
    outcomes: list[Outcome] = []
    copies = {call.call_id for call in learning.lessons.disguised}
    for group, members in by_group.items():
        heads = learning.fitted(without_one[group])
        learning.say(f"Judging group {group + 1} of {len(by_group)}")
        others = without_one[group].calls
        judge = learning.call_heads(others, learning.call_table(others, for_training[group]))
        held_out = [call for call in members if call.call_id not in copies]
        judged = learning.signals(held_out, heads)
        signals |= judged
        for call in held_out:
            scores[call.call_id] = score(
                call.transcript, learning.corpus.stories[call.initiative_id], judged[call.call_id], judge
            )
        if robustness:
            outcomes += _tried(learning, held_out, scores, heads, judge)
    return CrossValidated(
        corpus=learning.corpus,
        foreign=learning.lessons.foreign,
        scores=scores,
        signals=signals,
        groups=group_of,
        outcomes=tuple(outcomes),
    )


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
