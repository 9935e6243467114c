from dataclasses import replace
from datetime import datetime

import pytest
from coaching_calls import judged, reciter, rep, report

from callcoach.coaching import one_call
from callcoach.coaching.canned import with_said_again
from callcoach.domain.coaching import Behaviour, Moment, SaidAgain
from callcoach.domain.verdict import Reaction

WORDS = "So what we did is build it so that the caller gets a text before they ring the next one."


def moment(call_id, start=40.0):
    return Moment(
        call_id=call_id,
        initiative_id="catchback",
        started_at=datetime.fromisoformat("2026-10-05T09:00"),
        turn=3,
        start=start,
        end=None,
        quote=WORDS,
        customer_name="Kimball Tire",
        rep_id="tyler",
    )


AGAIN = SaidAgain(
    rep_id="tyler", initiative_id="catchback", words=20, customers=3, in_script=False, said=tuple(map(moment, ("t1", "t2", "t3")))
)


def test_the_passage_stands_beside_the_rep_and_in_the_reasons_to_leave_the_script():
    before = report(*reciter(), judged("a1", "alicia", 6, "recites"), judged("a2", "alicia", 7, "recites"))
    after = with_said_again(before, [AGAIN])
    assert rep(after, "tyler").said_again == (AGAIN,)
    assert rep(after, "alicia") == rep(before, "alicia")
    reasons = {each.behaviour: each.because for each in rep(after, "tyler").recommendations}
    earlier = {each.behaviour: each.because for each in rep(before, "tyler").recommendations}
    assert Behaviour.LEAVE_THE_SCRIPT in reasons
    for behaviour, because in reasons.items():
        added = f" 3 customers heard the same 20 words, which are not in the script: “{WORDS}”"
        assert because == earlier[behaviour] + (added if behaviour is Behaviour.LEAVE_THE_SCRIPT else "")


def test_saying_the_same_again_makes_no_recommendation_by_itself():
    explains = [judged(f"j{n}", "tyler", n, "explains", "R 0:05 wall,part Your own forty-one.") for n in (5, 6)]
    before = report(*explains)
    after = with_said_again(before, [AGAIN])
    assert rep(after, "tyler").recommendations == rep(before, "tyler").recommendations


def test_without_passages_nothing_changes():
    before = report(*reciter())
    assert with_said_again(before, []) is before


def test_the_sentence_says_whose_words_they_are():
    assert one_call.said_again(AGAIN, "CatchBack") == (
        "Says the same 20 words about CatchBack to 3 customers; it does not stand in the script."
    )
    assert one_call.said_again(replace(AGAIN, in_script=True), "CatchBack").endswith("it stands in the script.")
    many = replace(AGAIN, said=tuple(moment(f"t{n}") for n in range(9)))
    assert (one_call.and_earlier(AGAIN), one_call.and_earlier(many)) == ("", " and 5 calls before")


def test_words_said_once_are_not_said_again():
    with pytest.raises(ValueError, match="two calls or more"):
        replace(AGAIN, said=(moment("t1"),))


def test_a_call_that_needs_a_person_is_no_ground_for_a_recommendation_by_itself():
    said = "C 0:34 need I got three bays going. / R 0:47 recite,hammer So that's why we built CatchBack."
    why = "The judge is only 40% sure."
    alone = [judged(f"t{n}", "tyler", n, "recites", said, needs_person=why) for n in (5, 6)]
    of = rep(report(*alone), "tyler")
    assert of.recommendations == ()
    assert of.no_recommendation_because == (
        "What could be coached rests only on 2 calls that need a person: listen first, then decide."
    )
    three = [*alone, judged("t7", "tyler", 7, "recites", said, needs_person=why)]
    assert rep(report(*three), "tyler").recommendations
    beside = rep(report(*alone, judged("t9", "tyler", 9, "recites", said)), "tyler").recommendations
    assert beside and all("t9" in {shown.call_id for shown in each.moments} for each in beside)


def test_praise_rests_on_a_call_that_the_judge_stands_for():
    told = "R 0:05 wall,part Your own forty-one."
    explains = [judged(f"j{n}", "joyce", n, "explains", told, needs_person="Not sure.") for n in (5, 6)]
    assert rep(report(*explains), "joyce").recommendations == ()


def test_the_reaction_is_told_by_what_was_done():
    found = Reaction(
        pitch_turn=3,
        turn=4,
        quote="Huh. And what is it, the mobile thing?",
        words=8,
        asked=True,
        asked_why=False,
        stayed=True,
        took_up=("mobile",),
        start=65.0,
    )
    assert one_call.reaction(found) == (
        "Right after the pitch the customer said 8 words at 1:05, asked a question, stayed with the subject and took up the "
        "rep’s words “mobile”: “Huh. And what is it, the mobile thing?”"
    )
    silent = replace(found, asked=False, stayed=None, took_up=(), start=None, words=1, quote="Okay.")
    assert one_call.reaction(silent) == "Right after the pitch the customer said 1 word, asked nothing: “Okay.”"
