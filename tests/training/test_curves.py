"""Which calls a curve learns from and which it judges, and what is said of sizes that cannot be measured."""

from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, Level, Verdict
from callcoach.testing import make_call
from callcoach.training.corpus import CallLabels, LabelledCall
from callcoach.training.curves import LEAST_JUDGED, Told, few_shot_point, in_families, shots


def labelled(call_id: str, *, base: str | None = None, initiative: str = "spare-line") -> LabelledCall:
    return LabelledCall(
        call_id=call_id,
        base_id=base,
        initiative_id=initiative,
        writer="w1",
        rep="R1",
        transcript=make_call("rep It rang out. / customer Why?", call_id=call_id),
        labels=CallLabels(
            verdict=Verdict.PARTIAL,
            levels=dict.fromkeys(Component, Level.MENTIONED),
            asked_why=False,
            answer=Answer.NOT_ASKED,
            behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        ),
        tags=(frozenset(), frozenset()),
    )


def calls(n_base: int, n_twins: int) -> list[LabelledCall]:
    return [labelled(f"b{n}") for n in range(n_base)] + [labelled(f"t{n}", base=f"b{n}") for n in range(n_twins)]


def test_a_twin_goes_with_its_base_call_in_an_order_by_the_seed() -> None:
    families = in_families(calls(6, 3), seed="one")
    assert sorted(len(family) for family in families) == [1, 1, 1, 2, 2, 2]
    assert all(call.base_id in (None, family[0].call_id) for family in families for call in family)
    assert families == in_families(calls(6, 3), seed="one") != in_families(calls(6, 3), seed="two")


def test_every_size_is_judged_on_the_same_calls_and_never_on_a_twin_of_one_learnt_from() -> None:
    divided = shots(calls(20, 8), (5, 10), seed="x")
    assert [len(divided.learn[size]) for size in (0, 5, 10)] == [0, 5, 10]
    assert divided.learn[5] == divided.learn[10][:5]
    learnt = {call.base_id or call.call_id for call in divided.learn[10]}
    assert not learnt & {call.base_id or call.call_id for call in divided.judge}
    assert len(divided.judge) >= 28 - 10 - 1


def test_a_size_that_leaves_too_little_to_judge_is_not_measured() -> None:
    divided = shots(calls(20, 8), (10, 25, 30), seed="x")
    assert tuple(divided.learn) == (0, 10)
    assert len(divided.judge) >= LEAST_JUDGED


def test_the_gain_is_over_the_same_calls_without_any_of_the_initiative() -> None:
    judged = [labelled(f"b{n}", initiative="one" if n < 5 else "two") for n in range(10)]
    told = [Told(call, Verdict.PARTIAL) for call in judged]
    without = [Told(call, Verdict.PARTIAL if n < 4 else Verdict.RECITES) for n, call in enumerate(judged)]
    point = few_shot_point(10, told, without, with_turns=False)
    assert (point.initiatives, point.judged, point.accuracy, point.gain) == (2, 10, 1.0, 0.6)
    assert point.gain_interval == (0.2, 1.0)
    alone = few_shot_point(0, without, without, with_turns=False)
    assert (alone.gain, alone.gain_interval) == (0.0, None)
