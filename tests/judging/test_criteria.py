from dataclasses import replace

import pytest
from judging_values import BACKUP, judge, signals

from callcoach import judging
from callcoach.domain.call import Transcript
from callcoach.domain.signals import CriterionSignals, Signals
from callcoach.domain.story import Component, Criterion, Initiative
from callcoach.domain.verdict import Answer, CallScore, Level, Verdict
from callcoach.judging.criteria import by_criteria, is_met
from callcoach.testing import make_call

CALL = make_call(
    """rep 0:02 Hi Dale, this is Ann. When did your internet last go down?
    customer 0:08 Saturday before Easter, with a line out the door. What would that do for me?
    rep 0:16 Two hours of a line out the door, and every one of those cards would have worked."""
)
TOLD = {0: {"hammer": 0.4}, 1: {"ask": 0.9, "need": 0.8}, 2: {"wall": 0.8, "hammer": 0.7, "part": 0.9, "answer": 0.9}}
OWN_DAY = Criterion(
    id="own-day", about="part", question="Does the rep name this customer's own outage?", yes=("x", "y"), no=("z",)
)


def heard(met: bool | None, name: str = "own-day") -> CriterionSignals:
    closeness = {True: 0.7, None: 0.49, False: 0.2}[met]
    return CriterionSignals(id=name, turn=2, begin=0, end=32, closeness=closeness, lean=0.2, floor=0.5, gap=0.1)


def measured(*criteria: CriterionSignals) -> Signals:
    return replace(signals(CALL, TOLD), criteria=criteria)


def judged(verdict: str, levels: str, initiative: Initiative, said: Signals, *, answer: str = "full") -> CallScore:
    return judging.score(CALL, initiative, said, judge(verdict, levels, asked="yes", answer=answer))


@pytest.mark.parametrize(
    ("closeness", "lean", "met"),
    [
        (0.5, 0.1, True),  # exactly what the examples ask
        (0.9, 0.08, None),  # close, and a little less to the yes than it takes
        (0.48, 0.4, None),
        (0.9, -0.3, False),  # as close as it gets, but to the near misses
        (0.3, 0.4, False),
        (None, None, False),  # the rep says nothing at all
    ],
)
def test_words_meet_a_criterion_by_closeness_and_by_leaning_to_the_yes(
    closeness: float | None, lean: float | None, met: bool | None
) -> None:
    assert is_met(CriterionSignals(id="c", turn=2, closeness=closeness, lean=lean, floor=0.5, gap=0.1)) is met


def test_examples_that_cannot_be_told_apart_are_unclear() -> None:
    assert is_met(CriterionSignals(id="c", turn=2, closeness=0.9, lean=0.9)) is None


def test_without_criteria_nothing_changes() -> None:
    plain = judged("explains", "222", BACKUP, measured())
    assert judged("explains", "222", BACKUP, measured(heard(False))) == plain
    assert plain.criteria == ()


def test_a_criterion_about_the_part_that_is_not_met_keeps_it_at_mentioned_and_says_so() -> None:
    strict = replace(BACKUP, criteria=(OWN_DAY,))
    before = judged("explains", "222", BACKUP, measured())
    after = judged("explains", "222", strict, measured(heard(False)))
    assert before.levels[Component.PART] is Level.EXPLAINED
    assert after.levels[Component.PART] is Level.MENTIONED
    assert after.verdict is Verdict.PARTIAL
    assert after.why_score is not None and before.why_score is not None and after.why_score < before.why_score
    assert "Criterion 'own-day' is not met: part stays at mentioned." in after.statements
    assert after.statements[-1].startswith("Why score:")
    assert not any("So the customer heard why" in sentence for sentence in after.statements)


def test_a_doubt_about_the_earlier_verdict_does_not_stand_beside_another() -> None:
    before = judged("explains", "222", BACKUP, measured())
    doubted = replace(
        before,
        confidence=0.5,
        probabilities={Verdict.EXPLAINS: 0.5, Verdict.PARTIAL: 0.45, Verdict.RECITES: 0.05},
        needs_person="The judge is only 50% sure that the rep explains; next comes that the rep explains in part (45%).",
    )
    strict = replace(BACKUP, criteria=(OWN_DAY,))
    after = by_criteria(doubted, CALL, strict, measured(heard(False)))
    assert (after.verdict, after.confidence, after.needs_person) == (Verdict.PARTIAL, 0.95, None)
    unmoved = by_criteria(doubted, CALL, strict, measured(heard(None)))
    assert unmoved.needs_person == doubted.needs_person


def test_a_criterion_that_is_met_lifts_a_mention_and_brings_its_quote() -> None:
    strict = replace(BACKUP, criteria=(OWN_DAY,))
    after = judged("partial", "211", strict, measured(heard(True)))
    assert after.levels[Component.PART] is Level.EXPLAINED
    assert "Criterion 'own-day' is met: part counts as explained." in after.statements
    (result,) = after.criteria
    assert result.met is True
    assert result.quote is not None
    assert result.quote.quote == CALL.turns[2].text[:32]
    assert result.quote.start == CALL.turns[2].start


def test_a_talk_track_is_not_lifted_by_a_criterion() -> None:
    after = judged("recites", "111", replace(BACKUP, criteria=(OWN_DAY,)), measured(heard(True)))
    assert after.verdict is Verdict.RECITES
    assert after.levels[Component.PART] is Level.MENTIONED


def test_an_unclear_criterion_moves_nothing_and_is_shown() -> None:
    strict = replace(BACKUP, criteria=(OWN_DAY,))
    before, after = judged("explains", "222", BACKUP, measured()), judged("explains", "222", strict, measured(heard(None)))
    assert (after.verdict, after.levels, after.why_score) == (before.verdict, before.levels, before.why_score)
    assert after.criteria[0].met is None


def test_weights_say_how_far_the_why_score_moves_and_none_moves_nothing() -> None:
    def why(weight: float) -> float:
        criteria = (replace(OWN_DAY, weight=weight),)
        return judged("explains", "222", replace(BACKUP, criteria=criteria), measured(heard(False))).why_score or 0.0

    assert why(0.0) == judged("explains", "222", BACKUP, measured()).why_score
    assert why(0.0) > why(1.0) > why(4.0)
    # the judge weighs 4, so a criterion of 4 that is not met takes half
    assert why(4.0) == pytest.approx(why(0.0) / 2, abs=0.06)


def test_a_criterion_about_the_answer_makes_a_full_answer_partial() -> None:
    about_answer = replace(OWN_DAY, about="answer")
    after = judged("explains", "222", replace(BACKUP, criteria=(about_answer,)), measured(heard(False)))
    assert after.answer is Answer.PARTIAL
    assert after.verdict is Verdict.EXPLAINS


def test_a_criterion_about_reciting_counts_against_the_call_when_met() -> None:
    canned = replace(OWN_DAY, about="recite")
    met = judged("explains", "222", replace(BACKUP, criteria=(canned,)), measured(heard(True)))
    missed = judged("explains", "222", replace(BACKUP, criteria=(canned,)), measured(heard(False)))
    assert met.why_score is not None and missed.why_score is not None and met.why_score < missed.why_score


def test_an_initiative_that_is_not_raised_is_left_alone() -> None:
    strict = replace(BACKUP, criteria=(OWN_DAY,))
    after = judged("not_raised", "000", strict, measured(heard(True)))
    assert after.criteria == ()
    assert after == replace(judged("not_raised", "000", BACKUP, measured()), versions=after.versions)


def test_a_call_that_is_not_assessed_has_no_criteria() -> None:
    empty = Transcript(call_id="none", turns=())
    score = judging.score(empty, replace(BACKUP, criteria=(OWN_DAY,)), signals(empty, {}), judge("explains", "222", asked="no"))
    assert score.verdict is Verdict.NOT_ASSESSED
    assert score.criteria == ()
