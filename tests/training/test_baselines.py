from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from callcoach.domain.call import Transcript, Turn
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.domain.verdict import Answer, Behaviours, Level, Verdict
from callcoach.training.baselines import Measured, baseline_features, cross_validated_baselines, judge_by_baselines
from callcoach.training.corpus import CallLabels, LabelledCall
from callcoach.training.folds import writer_folds

STORY = Initiative(
    id="spare-line",
    name="Spare Line",
    launched=date(2026, 10, 5),
    story=ValueStory(wall="outages close the till", hammer="a second line takes over", part="you go on selling"),
    terms=("spare line", "second line"),
    script="Nobody likes an outage because an outage closes the till.",
)
QUIET = Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False)


def labelled(call_id: str, verdict: Verdict, *turns: str, writer: str = "w1") -> LabelledCall:
    spoken = tuple(Turn(speaker=turn.split(" ", 1)[0], text=turn.split(" ", 1)[1]) for turn in turns)
    return LabelledCall(
        call_id=call_id,
        base_id=None,
        initiative_id="spare-line",
        writer=writer,
        rep="R01",
        transcript=Transcript(call_id=call_id, turns=spoken),
        labels=CallLabels(
            verdict=verdict,
            levels=dict.fromkeys(Component, Level.ABSENT),
            asked_why=False,
            answer=Answer.NOT_ASKED,
            behaviours=QUIET,
        ),
        tags=(frozenset(),) * len(spoken),
    )


def one_hot(texts: Sequence[str]) -> np.ndarray:
    """Two directions: what speaks of outages, and the rest."""
    return np.array([[1.0, 0.0] if "outage" in text else [0.0, 1.0] for text in texts])


def numbers(name: str, *turns: str) -> tuple[float, ...]:
    call = labelled("c", Verdict.PARTIAL, *turns)
    return baseline_features([call], {"spare-line": STORY}, one_hot)[name]["c"]


def test_length_sees_only_how_long_the_reps_turns_are() -> None:
    assert numbers("length", "rep one two three", "customer hm", "rep one") == (2.0, 4.0, 2.0, 2.0, 3.0, 1.0, 0.0)
    assert numbers("length", "rep ein zwei drei", "customer Why on earth?", "rep was") == numbers(
        "length", "rep one two three", "customer hm", "rep one"
    )


def test_style_sees_manner_and_not_the_story() -> None:
    plain = numbers("style", "rep It costs more money.", "customer No.")
    assert numbers("style", "rep It closes more tills.", "customer No.")[:7] == plain[:7]
    assert numbers("style", "rep It, um, costs money.", "customer No.") != plain
    assert numbers("style", "rep It costs more money?", "customer No.") != plain
    assert numbers("style", "rep It costs 30 dollars.", "customer No.") != plain


def test_terms_counts_the_names_by_role_and_where_the_first_falls() -> None:
    said = numbers("terms", "rep Hello.", "customer Who?", "rep The spare line, a second line.", "customer The Spare Line?")
    # names: two terms, and the initiative's name again; rep: 3 mentions in 1 turn, first at half of the turns
    assert said == (3.0, 1.0, 0.5, 2.0, 1.0, 0.5)
    assert numbers("terms", "rep spare lines") == (0.0, 0.0, 1.0, 0.0, 0.0, 0.0)


def test_causal_counts_only_the_reps_connectives() -> None:
    *_, total, rate, share = numbers("causal", "rep Because it fails, that's why.", "rep Fine.", "customer Because?")
    assert (total, share) == (2.0, 0.5)
    assert rate == pytest.approx(2 / 6)


def test_script_measures_the_run_that_is_copied() -> None:
    copied = numbers("script", "rep Well nobody likes an outage because an outage happens.")
    assert copied[4] == 7.0
    assert numbers("script", "rep I sell phones.") == (0.0,) * 7


def test_similarity_compares_turns_with_each_component() -> None:
    near = numbers("similarity", "rep An outage hurts.", "rep Thirty dollars.")
    # columns: closest, mean of the closest three and mean, for wall, hammer, part; then the turn closest to all
    assert near == pytest.approx((1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 2 / 3))


def test_a_call_in_which_the_rep_says_nothing_has_numbers_too() -> None:
    features = baseline_features([labelled("c", Verdict.NOT_RAISED, "customer Hello?")], {"spare-line": STORY}, one_hot)
    assert set(features) == {"length", "style", "terms", "causal", "script", "similarity"}
    assert {len(numbers["c"]) for numbers in features.values()} == {7, len(features["style"]["c"]), 6, 20, 10}


def some_calls(writer: str) -> list[LabelledCall]:
    long, short = "rep " + "word " * 40, "rep word"
    return [
        *(labelled(f"{writer}-l{n}", Verdict.EXPLAINS, long, "customer yes", long, writer=writer) for n in range(6)),
        *(labelled(f"{writer}-s{n}", Verdict.RECITES, short, "customer no", short, writer=writer) for n in range(6)),
    ]


def test_no_writer_is_on_both_sides_of_a_fold() -> None:
    calls = [*some_calls("w2"), *some_calls("w1")]
    folds = list(writer_folds(calls))
    assert [fold.writers for fold in folds] == [("w1",), ("w2",)]
    for fold in folds:
        assert {call.writer for call in fold.judge} == set(fold.writers)
        assert fold.writers[0] not in {call.writer for call in fold.learn}
        assert {call.call_id for call in (*fold.learn, *fold.judge)} == {call.call_id for call in calls}


def test_writers_of_a_group_are_held_back_together() -> None:
    calls = [*some_calls("w1"), *some_calls("w2"), *some_calls("w3")]
    first, second = writer_folds(calls, {"w1": 0, "w2": 1, "w3": 0})
    assert (first.writers, second.writers) == (("w1", "w3"), ("w2",))
    assert {call.writer for call in first.learn} == {"w2"} == {call.writer for call in second.judge}


def test_a_baseline_learns_the_trait_it_sees_and_nothing_else() -> None:
    calls = [*some_calls("w1"), *some_calls("w2")]
    features = baseline_features(calls, {"spare-line": STORY}, one_hot)
    told = cross_validated_baselines(calls, features)
    assert all(told["length"][call.call_id] is call.labels.verdict for call in calls)
    assert len({told["terms"][call.call_id] for call in calls}) == 1


def test_calls_to_learn_from_and_to_judge_may_share_ids() -> None:
    learn = some_calls("w1")
    judge = [labelled("w1-l0", Verdict.RECITES, "rep word", "customer no", "rep word")]
    told = judge_by_baselines(
        Measured(learn, baseline_features(learn, {"spare-line": STORY}, one_hot)),
        Measured(judge, baseline_features(judge, {"spare-line": STORY}, one_hot)),
    )
    assert told["length"] == {"w1-l0": Verdict.RECITES}


def test_the_same_calls_give_the_same_verdicts() -> None:
    calls = [*some_calls("w1"), *some_calls("w2")]
    features = baseline_features(calls, {"spare-line": STORY}, one_hot)
    assert cross_validated_baselines(calls, features) == cross_validated_baselines(calls, features)
