"""A team's own labels: which are held back, how two judges compare on them, and what they teach the heads."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.domain.verdict import Answer, Behaviours, Level, Verdict
from callcoach.judging.heads import TurnMatrix
from callcoach.judging.rows import CallRows
from callcoach.testing import make_call
from callcoach.training.compare import compare
from callcoach.training.corpus import CallLabels, LabelledCall
from callcoach.training.fit import Recipe
from callcoach.training.fit_heads import fit_call_heads
from callcoach.training.metrics import difference_interval
from callcoach.training.team_calls import HELD_BACK_PERCENT, TeamCall, as_team_call, parts_of

STORY = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 1),
    company="Testing Telecom",
    growth_driver="customers",
    story=ValueStory(wall="Calls ring out.", hammer="A text goes back.", part="Ask who picks up."),
)
PLAIN = Recipe(dimensions={}, strength=0.5, trees=20, smallest_leaf=2, features_tried=1.0)


def team_call(call_id: str, verdict: Verdict = Verdict.EXPLAINS, **settled: object) -> TeamCall:
    transcript = make_call("rep It rang out. / customer Why?", call_id=call_id)
    return TeamCall(call_id=call_id, initiative=STORY, transcript=transcript, verdict=verdict, **settled)  # type: ignore[arg-type]


def labelled(call_id: str, verdict: Verdict, writer: str) -> LabelledCall:
    return LabelledCall(
        call_id=call_id,
        base_id=None,
        initiative_id="other",
        writer=writer,
        rep="R1",
        transcript=make_call("rep It rang out. / customer Why?", call_id=call_id),
        labels=CallLabels(
            verdict=verdict,
            levels=dict.fromkeys(Component, Level.MENTIONED),
            asked_why=True,
            answer=Answer.FULL,
            behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        ),
        tags=(frozenset(), frozenset()),
    )


def test_about_the_share_is_held_back_and_a_call_stays_where_it_is_as_labels_come_in() -> None:
    calls = [team_call(f"c{number}") for number in range(1000)]
    early, late = parts_of(calls[:300]), parts_of(calls)
    assert abs(len(late.held_back) - 10 * HELD_BACK_PERCENT) < 60
    assert {call.call_id for call in early.held_back} <= {call.call_id for call in late.held_back}
    assert {call.call_id for call in early.learn} <= {call.call_id for call in late.learn}
    assert len(late.learn) + len(late.held_back) == 1000


def test_a_call_labelled_for_two_initiatives_is_on_one_side_only() -> None:
    other = Initiative(
        id="late-fee", name="Late fee", launched=STORY.launched, company="T", growth_driver="customers", story=STORY.story
    )
    for number in range(40):
        call = team_call(f"c{number}")
        twice = TeamCall(call_id=call.call_id, initiative=other, transcript=call.transcript, verdict=Verdict.NOT_RAISED)
        parts = parts_of([call, twice])
        assert {len(parts.learn), len(parts.held_back)} == {0, 2}
        assert call.key != twice.key


def verdicts(right: Sequence[bool]) -> list[Verdict]:
    return [Verdict.EXPLAINS if hit else Verdict.RECITES for hit in right]


@pytest.mark.parametrize(
    ("before", "after", "better"),
    [
        ([False] * 6 + [True] * 6, [True] * 12, True),  # half of them gained
        ([False] * 2 + [True] * 10, [True] * 12, False),  # two gained: other calls might have shown none
        ([True] * 12, [True] * 12, False),  # the same
        ([True] * 12, [False] * 6 + [True] * 6, False),  # worse
    ],
)
def test_only_what_other_calls_would_show_too_is_better(before: list[bool], after: list[bool], better: bool) -> None:
    calls = [team_call(f"c{number}") for number in range(12)]
    compared = compare(calls, verdicts(before), verdicts(after))
    assert (compared.shipped.right, compared.retrained.right) == (sum(before), sum(after))
    assert compared.interval is not None
    assert compared.better is better


def test_a_judge_that_says_one_thing_to_all_is_not_better_at_a_lower_kappa() -> None:
    gold = [Verdict.EXPLAINS] * 14 + [Verdict.RECITES] * 6
    calls = [team_call(f"c{number}", verdict) for number, verdict in enumerate(gold)]
    shipped = [Verdict.EXPLAINS] * 4 + [Verdict.PARTIAL] * 10 + [Verdict.RECITES] * 6
    compared = compare(calls, shipped, [Verdict.EXPLAINS] * 20)
    assert compared.retrained.right > compared.shipped.right
    assert compared.retrained.kappa is not None and compared.retrained.kappa < (compared.shipped.kappa or 0)
    assert not compared.better


def test_of_one_call_nothing_can_be_said() -> None:
    compared = compare([team_call("c1")], [Verdict.RECITES], [Verdict.EXPLAINS])
    assert compared.interval is None and not compared.better


def test_the_interval_of_a_difference_draws_whole_groups() -> None:
    ours, theirs = [True] * 20, [False] * 10 + [True] * 10
    narrow = difference_interval(ours, theirs, [str(number) for number in range(20)])
    wide = difference_interval(ours, theirs, ["a"] * 10 + ["b"] * 10)
    assert narrow is not None and wide is not None
    assert narrow[0] < 0.5 < narrow[1]
    assert wide == (0.0, 1.0)


def rows_of(sides: dict[str, float]) -> dict[str, CallRows]:
    def row(value: float) -> TurnMatrix:
        return TurnMatrix(turns=(0,), names=("heard",), plain=np.array([[value]]), blocks={})

    return {key: CallRows(call=row(value), conduct=row(value)) for key, value in sides.items()}


def test_a_team_teaches_what_it_settled_and_nothing_else() -> None:
    """The corpus says recites whatever is heard; the team says explains, at part 2, where little is heard."""
    corpus = [labelled(f"k{number}", Verdict.RECITES, f"w{number % 2}") for number in range(12)]
    team = [team_call(f"c{number}", levels={Component.PART: Level.EXPLAINED}) for number in range(12)]
    rows = rows_of({call.call_id: 1.0 + number / 100 for number, call in enumerate(corpus)})
    rows |= rows_of({call.key: -1.0 - number / 100 for number, call in enumerate(team)})
    alone, taught = fit_call_heads(corpus, rows, PLAIN), fit_call_heads(corpus, rows, PLAIN, team)
    little = rows[team[0].key].call

    def told(head: object, name: str) -> float:
        return float(head.probabilities(little)[0][head.outputs.index(name)])  # type: ignore[attr-defined]

    assert told(alone.verdict, "explains") < 0.1 < 0.8 < told(taught.verdict, "explains")
    assert told(taught.levels["part"], "2") > 0.8
    # nobody in the team said anything of the wall, of questions, of answers or of conduct
    for head, other in (
        (alone.levels["wall"], taught.levels["wall"]),
        (alone.asked_why, taught.asked_why),
        (alone.answer, taught.answer),
        (alone.behaviours["feature_dump"], taught.behaviours["feature_dump"]),
    ):
        assert np.array_equal(head.probabilities(little), other.probabilities(little))
    assert taught.verdict.sharpness == alone.verdict.sharpness


def test_a_labelled_call_as_a_team_would_have_labelled_it_has_no_tags() -> None:
    call = as_team_call(labelled("k1", Verdict.PARTIAL, "w1"), STORY)
    assert (call.verdict, call.levels[Component.WALL], call.answer) == (Verdict.PARTIAL, Level.MENTIONED, Answer.FULL)
    assert not hasattr(call, "tags")
