"""Fit all heads of the judge from measured calls and their labels, with care for what each may have seen.

The call-level heads learn from acts that were predicted for writers the act heads had not seen, as they will be in use.
Knows nothing of how calls are measured: rows come in, heads go out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer
from callcoach.judging.features import OUTCOMES
from callcoach.judging.heads import CallHeads, Head, Matrix, TurnMatrix, sharpened
from callcoach.judging.rows import CallRows
from callcoach.judging.sequence import Columns
from callcoach.judging.turn_heads import TurnHeads
from callcoach.training.corpus import LabelledCall
from callcoach.training.fit import (
    CALL_RECIPE,
    CUSTOMER_RECIPE,
    REP_RECIPE,
    SEED,
    Recipe,
    Rows,
    columns_of,
    fit_each,
    fit_one,
    part_of,
    stack,
)
from callcoach.training.fit_sequence import UNKNOWN, CallTurns, SequenceRecipe, fit_sequences
from callcoach.training.fit_tuned import TunedRecipe
from callcoach.training.targets import (
    ANSWER_OUTPUTS,
    BEHAVIOURS,
    CUSTOMER_OUTPUTS,
    LEVEL_OUTPUTS,
    REP_OUTPUTS,
    VERDICT_OUTPUTS,
    YES_NO,
    customer_targets,
    one_hot,
    rep_targets,
    turn_weights,
)
from callcoach.training.team_calls import TeamCall

GROUPS = 5
CALIBRATION_GROUPS = 5
SHARPNESSES = tuple(round(0.6 + 0.1 * step, 1) for step in range(15))


class TurnRows(NamedTuple):
    """The rows of one call's turns."""

    rep: TurnMatrix
    customer: TurnMatrix


class Recipes(NamedTuple):
    """How each group of heads is fitted, and the encoder tuned; `tuned` None: it is used as it came, in a quarter of the time."""

    rep: Recipe = REP_RECIPE
    customer: Recipe = CUSTOMER_RECIPE
    call: Recipe = CALL_RECIPE
    sequence: SequenceRecipe = SequenceRecipe()
    tuned: TunedRecipe | None = TunedRecipe()


def writer_groups(calls: Sequence[LabelledCall], n_groups: int = GROUPS) -> dict[str, int]:
    """Put writers into groups of about equal numbers of calls; with fewer writers than groups, a writer each."""
    size = Counter(call.writer for call in calls)
    filled = [0] * min(n_groups, len(size))
    group_of = {}
    for writer in sorted(size, key=lambda name: (-size[name], name)):
        group = min(range(len(filled)), key=lambda number: (filled[number], number))
        group_of[writer] = group
        filled[group] += size[writer]
    return group_of


def fit_turn_heads(calls: Sequence[LabelledCall], rows: Mapping[str, TurnRows], recipes: Recipes) -> TurnHeads:
    """Act heads from the turns of `calls`; `rows` by call id. Raises ValueError where there is no turn to learn from."""
    turns = [
        CallTurns(
            rows[call.call_id].rep,
            rows[call.call_id].customer,
            rep_targets(call, rows[call.call_id].rep.turns),
            customer_targets(call, rows[call.call_id].customer.turns),
            outcomes=_outcomes(call),
            n_turns=len(call.transcript.turns),
        )
        for call in calls
    ]
    rep, rep_columns = _side(calls, [(each.rep, each.rep_targets) for each in turns], REP_OUTPUTS, recipes.rep)
    customer, customer_columns = _side(
        calls, [(each.customer, each.customer_targets) for each in turns], CUSTOMER_OUTPUTS, recipes.customer
    )
    sequences = fit_sequences(
        turns,
        rep_columns,
        customer_columns,
        OUTCOMES,
        (len(VERDICT_OUTPUTS), *(len(LEVEL_OUTPUTS) for _ in Component)),
        recipes.sequence,
        seed=SEED,
    )
    return TurnHeads(rep=rep, customer=customer, sequences=sequences)


def _side(
    calls: Sequence[LabelledCall], turns: Sequence[tuple[TurnMatrix, Matrix]], outputs: Sequence[str], recipe: Recipe
) -> tuple[Head, Columns]:
    """The head of one side, and its columns as networks read them; all its rows together take a gigabyte while it is fitted."""
    rows = Rows(
        stack([matrix for matrix, _ in turns]),
        np.concatenate([targets for _, targets in turns]),
        turn_weights(calls, [matrix.turns for matrix, _ in turns]),
    )
    return fit_each(rows, outputs, recipe), columns_of(rows, recipe.dimensions)


def _outcomes(call: LabelledCall) -> tuple[int, ...]:
    """Which verdict, and which level of each component."""
    verdict = call.labels.verdict.value
    known = VERDICT_OUTPUTS.index(verdict) if verdict in VERDICT_OUTPUTS else UNKNOWN
    return (known, *(int(call.labels.levels[part]) if part in call.labels.levels else UNKNOWN for part in Component))


def fit_call_heads(
    calls: Sequence[LabelledCall],
    rows: Mapping[str, CallRows],
    recipe: Recipe = CALL_RECIPE,
    team: Sequence[TeamCall] = (),
) -> CallHeads:
    """Call-level heads; `rows` by call id (of `team`: by key), from acts that did not see the call.

    A call of `team` teaches what people settled of it, and nothing of conduct or of how sure to be.
    """
    conduct = stack([rows[call.call_id].conduct for call in calls])
    asked = [call for call in calls if call.labels.answer is not Answer.NOT_ASKED]
    answered = [call for call in team if call.answer not in (None, Answer.NOT_ASKED)]

    def yes_or_no(answer: bool) -> str:
        return YES_NO[int(answer)]

    def examples(keys: Sequence[str], chosen: Sequence[str], outputs: Sequence[str]) -> Rows:
        return Rows(stack([rows[key].call for key in keys]), one_hot(chosen, outputs), np.ones(len(keys)))

    def head(known: Mapping[str, str], outputs: Sequence[str]) -> Head:
        return fit_one(examples(tuple(known), tuple(known.values()), outputs), outputs, recipe)

    verdicts = {call.call_id: call.labels.verdict.value for call in calls}
    sharpness = fit_sharpness(calls, examples(tuple(verdicts), tuple(verdicts.values()), VERDICT_OUTPUTS), recipe)
    asked_why = {call.call_id: yes_or_no(call.labels.asked_why) for call in calls}
    asked_why |= {call.key: yes_or_no(call.asked_why) for call in team if call.asked_why is not None}
    return CallHeads(
        verdict=replace(head(verdicts | {call.key: call.verdict.value for call in team}, VERDICT_OUTPUTS), sharpness=sharpness),
        levels={
            part.value: head(
                {call.call_id: str(int(call.labels.levels[part])) for call in calls}
                | {call.key: str(int(call.levels[part])) for call in team if part in call.levels},
                LEVEL_OUTPUTS,
            )
            for part in Component
        },
        asked_why=head(asked_why, YES_NO),
        answer=head(
            {call.call_id: call.labels.answer.value for call in asked or calls}
            | {call.key: call.answer.value for call in answered if call.answer},
            ANSWER_OUTPUTS,
        ),
        behaviours={
            name: fit_one(
                Rows(
                    conduct,
                    one_hot([yes_or_no(getattr(call.labels.behaviours, name)) for call in calls], YES_NO),
                    np.ones(len(calls)),
                ),
                YES_NO,
                recipe,
            )
            for name in BEHAVIOURS
        },
    )


def fit_sharpness(calls: Sequence[LabelledCall], rows: Rows, recipe: Recipe) -> float:
    """The power under which the head's probabilities for writers it has not seen are the likeliest (least log loss).

    1.0 where all calls are by one writer. Experiment: expected calibration error 0.073 without it, 0.024 at a power of 1.4.
    """
    group_of = writer_groups(calls, CALIBRATION_GROUPS)
    group = np.array([group_of[call.writer] for call in calls])
    if len(set(group_of.values())) < 2:
        return 1.0
    shares = np.zeros_like(rows.targets)
    for number in sorted(set(group_of.values())):
        unseen = group == number
        shares[unseen] = fit_one(part_of(rows, ~unseen), VERDICT_OUTPUTS, recipe).probabilities(part_of(rows, unseen).matrix)
    loss = {power: -float(np.log((sharpened(shares, power) * rows.targets).sum(axis=1)).mean()) for power in SHARPNESSES}
    return min(loss, key=lambda power: loss[power])
