from collections.abc import Mapping

import msgspec
import pytest
from test_edits import CALL, HEARD, INITIATIVE, labelled

from callcoach.domain.call import Role
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.training.corpus import LabelledCall
from callcoach.training.edits import TRICKS
from callcoach.training.evaluation import RobustnessFigures
from callcoach.training.robustness import MOST_CALLS, Outcome, robustness_figures, sample, try_out

STORIES = {"spare-line": INITIATIVE}


def score(call: LabelledCall, verdict: Verdict, *quoted: int) -> CallScore:
    return CallScore(
        call_id=call.call_id,
        initiative_id="spare-line",
        verdict=verdict,
        confidence=0.7,
        why_score=None,
        levels=dict.fromkeys(Component, Level.ABSENT),
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=tuple(Evidence(act="part", turn=turn, quote=call.transcript.turns[turn].text) for turn in quoted),
    )


class BecauseListener:
    """Hears an explanation wherever `because` is said or the quoted turn still stands; keeps what it was given."""

    def __init__(self) -> None:
        self.heard: list[LabelledCall] = []

    def __call__(self, call: LabelledCall, initiative: Initiative) -> CallScore:
        self.heard.append(call)
        text = " ".join(turn.text for _, turn in call.transcript.turns_of(Role.REP))
        explained = "because" in text.lower()
        return score(call, Verdict.EXPLAINS if explained else Verdict.FACTS_ONLY)


def outcomes_of(call: LabelledCall, told: CallScore, judge: BecauseListener) -> Mapping[str, Outcome]:
    outcomes = try_out([call], STORIES, {call.call_id: told}, sample([call]), HEARD, judge)
    return {outcome.edit: outcome for outcome in outcomes}


def test_a_poor_call_is_edited_in_every_way_and_tricked() -> None:
    judge = BecauseListener()
    outcomes = outcomes_of(CALL, score(CALL, Verdict.FACTS_ONLY), judge)
    assert set(outcomes) == {"wer05", "wer10", "wer20", "names", "fillers", "reorder", *TRICKS}
    assert outcomes["because"].after is outcomes["script_because"].after is Verdict.EXPLAINS
    assert outcomes["parrot"].after is Verdict.FACTS_ONLY
    assert {call.labels.verdict for call in judge.heard} == {Verdict.FACTS_ONLY}


def test_a_call_that_explains_is_not_tricked_but_loses_its_quotes_and_as_many_other_turns() -> None:
    call = labelled(verdict=Verdict.EXPLAINS)
    judge = BecauseListener()
    outcomes = outcomes_of(call, score(call, Verdict.EXPLAINS, 6, 7), judge)
    assert set(outcomes).isdisjoint(TRICKS)
    quoted, others = (next(c for c in judge.heard if c.call_id.endswith(end)) for end in ("without_quoted", "without_others"))
    assert len(quoted.transcript.turns) == len(others.transcript.turns) == 13  # the customer's quoted line stays
    assert call.transcript.turns[6] not in quoted.transcript.turns
    assert call.transcript.turns[6] in others.transcript.turns
    assert outcomes["without_quoted"].before is Verdict.EXPLAINS


def test_nothing_is_deleted_from_a_call_that_was_told_no_why() -> None:
    outcomes = outcomes_of(CALL, score(CALL, Verdict.RECITES, 6), BecauseListener())
    assert "without_quoted" not in outcomes


def test_a_sample_is_spread_over_all_calls_and_tricks_are_for_poor_ones() -> None:
    calls = [labelled(call_id=f"c{n}", verdict=Verdict.RECITES if n % 3 else Verdict.EXPLAINS) for n in range(3 * MOST_CALLS)]
    chosen = sample(calls)
    assert len(chosen.any_verdict) == MOST_CALLS
    assert {"c0", "c3", f"c{3 * MOST_CALLS - 3}"} <= chosen.any_verdict
    assert chosen.poor <= {call.call_id for call in calls if call.labels.verdict is Verdict.RECITES}


def test_figures_are_shares_and_say_what_was_so_before_the_edit() -> None:
    explains, recites = Verdict.EXPLAINS, Verdict.RECITES
    outcomes = [
        Outcome("wer10", "a", explains, explains, stands=True),
        Outcome("wer10", "b", explains, recites),
        Outcome("without_quoted", "a", explains, recites),
        Outcome("without_others", "a", explains, explains),
        Outcome("parrot", "b", recites, explains),
        Outcome("parrot", "c", explains, explains),
        Outcome("because", "b", recites, recites),
        Outcome("because", "c", explains, recites),
    ]
    figures = robustness_figures(outcomes)
    assert figures.flips["wer10"] == 0.5
    assert figures.flips["names"] is None
    assert (figures.standing_flips["wer10"], figures.standing["wer10"]) == (0.0, 1), "the one that changed asks for a person"
    assert figures.standing_flips["names"] is None
    assert (figures.deletion_moves, figures.other_deletions_move) == (1.0, 0.0)
    assert (figures.gaming_explains, figures.gaming_explains_unedited) == (0.5, 0.5)
    assert (figures.gaming["parrot"].tries, figures.gaming["parrot"].explains) == (2, 2)
    assert figures.gaming["parrot"].explains_unedited == 1


def test_the_json_keeps_the_promised_fields() -> None:
    fields = msgspec.json.decode(msgspec.json.encode(robustness_figures([])))
    assert list(fields["flips"]) == ["wer05", "wer10", "wer20", "names", "fillers", "reorder"]
    assert {"flips", "deletion_moves", "gaming_explains"} <= fields.keys()
    assert msgspec.convert(fields, RobustnessFigures) == robustness_figures([])
    earlier = {name: value for name, value in fields.items() if not name.startswith("standing")}
    assert msgspec.convert(earlier, RobustnessFigures).standing_flips == {}, "evaluations written before are still read"


def test_a_call_keeps_its_own_labels_whatever_is_done_to_it() -> None:
    judge = BecauseListener()
    outcomes_of(CALL, score(CALL, Verdict.FACTS_ONLY), judge)
    for call in judge.heard:
        assert call.labels == CALL.labels
        assert len(call.tags) == len(call.transcript.turns)
        assert call.call_id != CALL.call_id


@pytest.mark.parametrize("verdict", [Verdict.EXPLAINS, Verdict.PARTIAL, Verdict.NOT_RAISED])
def test_only_calls_that_recite_list_or_stumble_are_tricked(verdict: Verdict) -> None:
    assert not sample([labelled(verdict=verdict)]).poor
