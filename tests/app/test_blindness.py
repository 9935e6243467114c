"""What a report may say to somebody who is still to label one of its calls."""

from datetime import date

from callcoach.app.blindness import report_without_blind
from callcoach.domain.behaviour import Behaviour
from callcoach.domain.coaching import Estimate, Moment, Recommendation, RepProfile, RepReport

NONE = Estimate(n=0, share=None, low=None, high=None)


def moment(call_id):
    return Moment(call_id=call_id, initiative_id="catchback", started_at=None, turn=3, start=1.0, end=2.0, quote="It exists.")


def report(*call_ids):
    recommendation = Recommendation(
        rep_id="ed",
        initiative_id="catchback",
        behaviour=Behaviour.TELL_THE_WALL,
        headline="Say why it exists.",
        intent="Callers ring the next shop.",
        because="In 2 of 3 calls.",
        moments=tuple(moment(call_id) for call_id in call_ids),
        practice="Say the wall first.",
        owner="mara",
        due=date(2026, 11, 23),
        n_calls=3,
        n_shown=1,
        example=moment("c9"),
    )
    profile = RepProfile(rep_id="ed", team=None, n_calls=3, verdicts={}, explained=NONE, shares={})
    return RepReport(profile=profile, recommendations=(recommendation,))


def test_a_recommendation_loses_the_call_that_is_to_be_labelled():
    (left,) = report_without_blind(report("c1", "c2"), {"c1", "c9"}).recommendations
    assert [each.call_id for each in left.moments] == ["c2"] and left.example is None


def test_a_recommendation_that_rests_on_nothing_else_waits():
    assert report_without_blind(report("c1"), {"c1"}).recommendations == ()


def test_who_labels_nothing_reads_everything():
    whole = report("c1", "c2")
    assert report_without_blind(whole, frozenset()) is whole
