"""What a verdict alone says of the levels, learnt from other writers' calls."""

import pytest

from callcoach.domain.verdict import Verdict
from callcoach.training.evaluation import Prediction
from callcoach.training.verdict_levels import verdict_levels

EXPLAINS, PARTIAL, NOT_RAISED = Verdict.EXPLAINS, Verdict.PARTIAL, Verdict.NOT_RAISED


def call(writer: str, told: Verdict, gold: Verdict, hammer: int) -> Prediction:
    return Prediction(
        call_id=f"{writer}-{told}-{gold}-{hammer}",
        initiative="catchback",
        writer=writer,
        twin_of=None,
        verdict=told,
        gold=gold,
        confidence=None,
        why_score=None,
        probabilities={},
        levels={"wall": 0, "hammer": 0, "part": 0},
        gold_levels={"wall": 2 if gold is EXPLAINS else 0, "hammer": hammer, "part": 1},
        asked_why=False,
        gold_asked_why=False,
        answer="not_asked",
        gold_answer="not_asked",
        reason=None,
    )


CALLS = [
    *(call(writer, EXPLAINS, EXPLAINS, 2) for writer in "abc"),
    *(call(writer, NOT_RAISED, NOT_RAISED, 0) for writer in "abc"),
    *(call(writer, EXPLAINS, PARTIAL, 1) for writer in "abc"),
]


def test_levels_that_follow_from_the_labelled_verdict_are_all_right_by_it_and_those_of_a_wrong_verdict_are_not() -> None:
    found = verdict_levels(CALLS)["hammer"]
    assert found.labelled == 1.0
    # three calls of level 1 are told for 2: by squares of distance 3 of the 15 that chance would give
    assert found.told == pytest.approx(1 - 3 / 15)


def test_a_writer_does_not_teach_the_levels_of_their_own_calls() -> None:
    # the one writer who explains offers at level 1 finds none such among the others
    calls = [*CALLS, *(call("d", EXPLAINS, EXPLAINS, 1) for _ in range(20))]
    found = verdict_levels(calls)["hammer"]
    assert found.labelled is not None and found.labelled < 0.5
    only = verdict_levels([each for each in CALLS if each.writer == "a"])["hammer"]
    assert only.labelled == 0.0, "with one writer there is nobody to learn from: every level is absent"


def test_where_all_calls_have_the_same_level_there_is_nothing_to_agree_on() -> None:
    assert verdict_levels(CALLS)["part"].labelled is None
    assert verdict_levels([])["wall"].told is None
