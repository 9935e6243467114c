"""Try a judge on edited calls: what ought to change nothing, what ought to change the verdict, and tricks that must not work.

Knows nothing of how calls are judged: a judgement of an edited call is asked for, whoever gives it.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from callcoach.domain.call import Role
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore, Verdict
from callcoach.training.corpus import LabelledCall
from callcoach.training.edits import (
    SEED,
    TRICKS,
    Edited,
    Vocabulary,
    filled,
    misheard,
    renamed,
    reordered,
    tricked,
    without,
)
from callcoach.training.evaluation import EDITS, OTHERS, QUOTED, RobustnessFigures, TrickFigures
from callcoach.training.metrics import share_of

JudgeEdited = Callable[[LabelledCall, Initiative], CallScore]

WORD_ERRORS = {"wer05": 0.05, "wer10": 0.1, "wer20": 0.2}
POOR = (Verdict.RECITES, Verdict.FACTS_ONLY, Verdict.STUMBLES)
TOLD = (Verdict.EXPLAINS, Verdict.PARTIAL)
# reading and encoding an edited call takes up to a second: these many take some minutes
MOST_CALLS = 120
MOST_POOR = 90


class Sample(NamedTuple):
    """The calls to edit, by id: `any_verdict` for what should change nothing and for deletions, `poor` for tricks."""

    any_verdict: frozenset[str]
    poor: frozenset[str]


class Outcome(NamedTuple):
    """One edited call: the edit, the call, and the verdicts before and after; stands: whether the one before needs no person."""

    edit: str
    call_id: str
    before: Verdict
    after: Verdict
    stands: bool = False


def sample(calls: Sequence[LabelledCall]) -> Sample:
    """Evenly over the calls in their order, base calls and twins; poor are those labelled recites, facts_only or stumbles."""
    poor = [call for call in calls if call.labels.verdict in POOR]
    return Sample(_evenly(calls, MOST_CALLS), _evenly(poor, MOST_POOR))


def _evenly(calls: Sequence[LabelledCall], most: int) -> frozenset[str]:
    n_chosen = min(most, len(calls))
    return frozenset(calls[place * len(calls) // n_chosen].call_id for place in range(n_chosen))


def try_out(
    calls: Iterable[LabelledCall],
    stories: Mapping[str, Initiative],
    scores: Mapping[str, CallScore],
    chosen: Sample,
    words: Vocabulary,
    judge: JudgeEdited,
) -> Iterator[Outcome]:
    """Judge the edited copies of those of `calls` that were chosen; `scores` hold the judgements of the calls as they are."""
    for call in calls:
        initiative, score = stories[call.initiative_id], scores[call.call_id]
        edits: list[tuple[str, Edited]] = []
        if call.call_id in chosen.any_verdict:
            edits += _harmless(call, initiative, words)
            if score.verdict in TOLD:
                edits += _deletions(call, initiative, score)
        if call.call_id in chosen.poor:
            edits += [(name, Edited(tricked(call, initiative, name), initiative)) for name in TRICKS]
        for name, edited in edits:
            after = judge(edited.call, edited.initiative).verdict
            yield Outcome(name, call.call_id, score.verdict, after, stands=score.needs_person is None)


def _harmless(call: LabelledCall, initiative: Initiative, words: Vocabulary) -> Iterator[tuple[str, Edited]]:
    for name, rate in WORD_ERRORS.items():
        yield name, Edited(misheard(call, rate, words), initiative)
    yield "names", renamed(call, initiative, words)
    yield "fillers", Edited(filled(call), initiative)
    other_order = reordered(call, initiative)
    if other_order:
        yield "reorder", Edited(other_order, initiative)


def _deletions(call: LabelledCall, initiative: Initiative, score: CallScore) -> Iterator[tuple[str, Edited]]:
    """Without the rep's quoted turns, and without as many others of the rep's."""
    reps = [place for place, _ in call.transcript.turns_of(Role.REP)]
    quoted = sorted({quote.turn for quote in score.evidence} & set(reps))
    others = [place for place in reps if place not in quoted]
    if not quoted or len(others) < len(quoted):
        return
    chance = random.Random(f"{SEED} {call.call_id} deletion")
    for name, removed in ((QUOTED, quoted), (OTHERS, chance.sample(others, len(quoted)))):
        left = without(call, removed, name)
        if left:
            yield name, Edited(left, initiative)


def robustness_figures(outcomes: Sequence[Outcome]) -> RobustnessFigures:
    """Shares over the outcomes; None where nothing was tried."""

    def moved(edit: str, among: Sequence[Outcome] = outcomes) -> float | None:
        return share_of([outcome.before is not outcome.after for outcome in among if outcome.edit == edit])

    standing = [outcome for outcome in outcomes if outcome.stands]
    tricks = [outcome for outcome in outcomes if outcome.edit in TRICKS]
    return RobustnessFigures(
        flips={edit: moved(edit) for edit in EDITS},
        deletion_moves=moved(QUOTED),
        gaming_explains=share_of([outcome.after is Verdict.EXPLAINS for outcome in tricks]),
        tried={edit: sum(outcome.edit == edit for outcome in outcomes) for edit in (*EDITS, QUOTED, OTHERS)},
        other_deletions_move=moved(OTHERS),
        gaming_explains_unedited=share_of([outcome.before is Verdict.EXPLAINS for outcome in tricks]),
        gaming={name: _trick_figures([outcome for outcome in tricks if outcome.edit == name]) for name in TRICKS},
        standing_flips={edit: moved(edit, standing) for edit in EDITS},
        standing={edit: sum(outcome.edit == edit for outcome in standing) for edit in EDITS},
    )


def _trick_figures(outcomes: Sequence[Outcome]) -> TrickFigures:
    return TrickFigures(
        tries=len(outcomes),
        explains=sum(outcome.after is Verdict.EXPLAINS for outcome in outcomes),
        explains_unedited=sum(outcome.before is Verdict.EXPLAINS for outcome in outcomes),
    )
