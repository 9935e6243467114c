"""What several calls tell together, each with its quotes; who is not asked for is not named."""

from dataclasses import replace
from datetime import date

from coaching_calls import CATCHBACK, COMPANY, SAFESEAT, judged, report

from callcoach.coaching.heard import hear
from callcoach.coaching.stories import stories
from callcoach.coaching.story_lines import given_away
from callcoach.domain.call import CallKind, Transcript, Turn
from callcoach.domain.people import Coached
from callcoach.domain.story import PreviousStory

RECITED = "C 0:30 need We miss some.\nR 0:40 recite,wall Calls go unanswered."
EXPLAINED = "C 0:30 need We miss some.\nR 0:40 wall,part That is why we built it."


def sold(pair, outcome="won"):
    return replace(pair[0], outcome=outcome), pair[1]


def told(*pairs, said=None, company=COMPANY, initiatives=(CATCHBACK,), reps=None, withheld=()):
    """The stories of these calls; said: what the rep says in a call, by call id."""
    calls, scores = [call for call, _ in pairs], [score for _, score in pairs]
    hearings = hear(calls, scores, initiatives)
    transcripts = {
        call_id: Transcript(call_id=call_id, turns=(Turn(speaker="rep", text=text, start=12.0, end=15.0),))
        for call_id, text in (said or {}).items()
    }
    found = report(*pairs)
    return stories(
        hearings,
        [finding for finding in found.initiatives if finding.initiative_id in {each.id for each in initiatives}],
        initiatives,
        company,
        said=transcripts.get,
        calls=calls,
        reps=set(hearings.reps) if reps is None else set(reps),
        withheld=withheld,
    )


def named(found, title):
    return next((story for story in found if title in story.title), None)


SALES = (
    sold(judged("a1", "tyler", 5, "recites", RECITED)),
    sold(judged("a2", "tyler", 14, "recites", RECITED)),
    judged("b1", "joyce", 6, "explains", EXPLAINED),
    judged("b2", "joyce", 9, "explains", EXPLAINED),
)
FREE = {"a1": "Tell you what. I can knock off the first two months.", "a2": "I can do three months free on all four."}


def test_sales_with_something_given_away_each_time_and_no_why_stand_beside_who_explains():
    story = named(told(*SALES, said=FREE), "Winning is not explaining")
    assert story.sentences[0] == (
        "Tyler Rep won 2 sales, all 2 with something given away, and explained CatchBack in 0 of the 2 calls it came up in."
    )
    assert story.sentences[1].startswith("Joyce Rep explained CatchBack in 2 of 2, won no sale yet")
    assert [moment.quote for moment in story.moments][:2] == list(FREE.values())
    assert story.moments[0].start == 12.0


def test_one_sale_without_a_gift_is_no_such_story():
    assert named(told(*SALES, said={**FREE, "a2": "Shall I write it up?"}), "Winning") is None


def test_a_reps_own_page_names_no_colleague():
    found = told(*SALES, said=FREE, reps=("tyler",))
    assert "Joyce" not in " ".join(sentence for story in found for sentence in story.sentences)
    assert told(*SALES, said=FREE, reps=("joyce",)) == ()


def test_what_changed_after_a_coaching_is_told_with_its_days_and_no_cause_is_claimed():
    company = replace(COMPANY, coached=(Coached(on=date(2026, 10, 21), by="ray", rep_id="alicia", initiative_id="catchback"),))
    calls = (
        judged("a1", "alicia", 7, "recites", RECITED),
        judged("a2", "alicia", 12, "recites", RECITED),
        judged("a3", "alicia", 23, "partial", EXPLAINED),
        judged("a4", "alicia", 28, "explains", EXPLAINED),
    )
    story = named(told(*calls, company=company), "After coaching, Alicia Rep explains")
    assert story.sentences[0] == (
        "Alicia Rep recited CatchBack on Oct 7 and Oct 12. Ray Delgado coached on Oct 21. "
        "Since then Alicia Rep explained it in part on Oct 23, then explained it on Oct 28."
    )
    assert [moment.call_id for moment in story.moments] == ["a2", "a4"]
    assert named(told(*calls[:3], company=company), "After coaching") is None


def test_the_replaced_reason_is_heard_in_the_words_of_the_call():
    earlier = PreviousStory(
        until=date(2026, 9, 30),
        wall="Answering services take messages down wrong.",
        hammer="Cheaper.",
        why_changed="Few had one.",
    )
    catchback = replace(CATCHBACK, previous_story=earlier)
    calls = (sold(judged("w1", "walt", 8, "partial")), judged("w2", "walt", 15, "partial"))
    said = {"w1": "Hello there. Remember those answering services?", "w2": "A text goes out."}
    story = named(told(*calls, said=said, initiatives=(catchback,)), "The old story of CatchBack lives on")
    assert story.sentences[0] == (
        "Walt Rep gave the earlier reason for CatchBack in 1 of the 2 calls it came up in. 1 of these calls was won."
    )
    assert [moment.quote for moment in story.moments] == ["Remember those answering services?"]


def test_facts_in_every_call_and_a_why_in_none():
    calls = [judged(f"d{day}", "derek", day, "facts_only", "R 0:10 hammer You get a list.") for day in (5, 9)]
    story = named(told(*calls), "What CatchBack is, and never why")
    assert story.sentences == (
        "Derek Rep said what CatchBack does or costs in all 2 calls it came up in, and why it exists in none.",
    )
    assert named(told(*calls, judged("d3", "derek", 12, "explains", EXPLAINED)), "never why") is None


def test_what_is_named_before_its_launch_comes_with_who_had_spoken_of_it():
    later = replace(SAFESEAT, launched=date(2026, 11, 23))
    calls = (
        judged("t1", "tyler", 35, "recites", RECITED),
        judged("m1", "marcy", 36, "recites", RECITED),
        judged("huddle", None, 33, "facts_only", about="safeseat", kind=CallKind.LEADER_RECORDING),
    )
    calls = (*calls[:2], (replace(calls[2][0], extra={"leader_id": "beth"}), calls[2][1]))
    said = {"t1": "It is called SafeSeat.", "m1": "safeseat starts when you sign.", "huddle": "Nobody promises SafeSeat yet."}
    story = named(told(*calls, said=said, initiatives=(CATCHBACK, later)), "SafeSeat is promised before its launch")
    assert story.sentences[0] == "2 reps named SafeSeat to customers before Nov 23, when it starts: Tyler Rep and Marcy Rep."
    assert "only that of Beth Kowal speaks of SafeSeat" in story.sentences[1]
    assert {moment.call_id for moment in story.moments} == {"t1", "m1"}


def test_without_transcripts_nothing_is_claimed_that_rests_on_words():
    titles = [story.title for story in told(*SALES)]
    assert titles == []


def test_nothing_is_told_of_how_reps_tell_what_is_not_calibrated():
    assert named(told(*SALES, said=FREE), "Winning is not explaining")
    assert told(*SALES, said=FREE, withheld={"catchback"}) == ()


def test_what_is_refused_is_not_given_away():
    def given(text):
        return given_away([(0, Turn(speaker="rep", text=text))])

    assert given("I can't give you a discount. Never a free month, and we don't waive it.") is None
    assert given("I can't come down. I can throw in a month.")
    assert given("There is no charge for the set-up.")[2] == "There is no charge for the set-up."
