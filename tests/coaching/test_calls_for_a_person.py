"""Which calls wait for a person, and why."""

from dataclasses import replace
from datetime import UTC, datetime

from coaching_calls import CATCHBACK, COMPANY, SAFESEAT, everybody, judged

from callcoach.coaching.flagged import every_flag, flag
from callcoach.coaching.heard import hear
from callcoach.coaching.queue import calls_for_a_person, drawn, with_disputes_of_now
from callcoach.domain.queue import Why
from callcoach.domain.remark import Remark, RemarkKind

INITIATIVES = (CATCHBACK, SAFESEAT)


def hearings(*pairs):
    return hear([call for call, _ in pairs], [score for _, score in pairs], INITIATIVES)


def waiting(*pairs, disputes=()):
    found = calls_for_a_person(hearings(*pairs), INITIATIVES, COMPANY, disputes=disputes)
    return {call.call_id: call for call in found}


def disputed(call_id, text="I did say why.", **about):
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return Remark(
        call_id=call_id, person_id="tyler", at=at, kind=RemarkKind.DISPUTE, text=text, initiative_id="catchback", **about
    )


def test_every_flag_is_in_the_queue_and_not_only_eight():
    heard = hearings(*everybody())
    assert len(every_flag(heard, INITIATIVES)) > len(flag(heard, INITIATIVES)) - 1
    found = waiting(*everybody())
    flagged = {each.call_id for each in every_flag(heard, INITIATIVES)}
    assert flagged <= set(found)
    assert all(found[call_id].reasons for call_id in found)


def test_who_hears_it_is_told_where_to_begin_and_how_sure_the_judge_is():
    found = waiting(
        judged(
            "u1", "tyler", 5, "partial", "R 0:47 hammer It texts back.", confidence=0.4, needs_person="Two verdicts are close."
        )
    )
    (call,) = found.values()
    assert [reason.why for reason in call.reasons] == [Why.UNCERTAIN, Why.RANDOM]
    assert (call.uncertainty, call.team, call.moment.start) == (0.6, "river", 47.0)


def test_what_could_not_be_judged_waits_for_nobody():
    assert waiting(judged("v1", "tyler", 5, "not_assessed")) == {}


def test_one_in_twenty_of_a_team_and_week_is_drawn_whatever_was_said_and_whenever_it_is_done():
    # October 5, 2026 is a Monday
    week = [judged(f"c{n:02d}", ("tyler", "walt")[n % 2], 5 + n % 5, "explains") for n in range(41)]
    other = [judged("late", "tyler", 12, "recites"), judged("ridge", "joyce", 6, "explains")]
    found = drawn(hearings(*week, *other), COMPANY)
    again = drawn(hearings(*reversed(week), *other), COMPANY)
    assert {heard.call.call_id for heard, _ in found} == {heard.call.call_id for heard, _ in again}
    assert len(found) == 5
    sentences = {sentence for _, sentence in found}
    assert "Drawn by lot: 3 of 41 calls of River in the week of Oct 5." in sentences
    assert "Drawn by lot: 1 of 1 call of Ridge in the week of Oct 5." in sentences


def test_a_dispute_comes_first_with_the_reps_own_words_and_their_moment():
    pair = judged("t1", "tyler", 5, "recites", "R 0:47 recite,hammer So that's why we built it.")
    dispute = disputed("t1", text="I had\u202e said why.", turn=3, quote="You lose one in four.", start=62.0)
    call = waiting(pair, disputes=[dispute])["t1"]
    assert call.reasons[0].why is Why.DISPUTED
    assert call.reasons[0].sentence == "Tyler Rep disputes the verdict: “I had said why.”"
    assert (call.moment.start, call.moment.quote) == (62.0, "You lose one in four.")


def test_a_dispute_of_now_takes_the_place_of_an_older_one_and_leaves_the_other_reasons():
    pair = judged("t1", "tyler", 5, "stumbles", answer="deflects")
    kept = tuple(waiting(pair, disputes=[disputed("t1", text="Once.")]).values())
    now = tuple(waiting(pair, disputes=[disputed("t1", text="Twice.")]).values())
    (again,) = with_disputes_of_now(kept, now)
    assert [reason.sentence for reason in again.reasons if reason.why is Why.DISPUTED] == [
        "Tyler Rep disputes the verdict: “Twice.”"
    ]
    assert {reason.why for reason in again.reasons} == {Why.DISPUTED, Why.FLAGGED, Why.RANDOM}
    (settled,) = with_disputes_of_now(kept, tuple(waiting(pair).values()))
    assert {reason.why for reason in settled.reasons} == {Why.FLAGGED, Why.RANDOM}
    alone = (replace(kept[0], reasons=kept[0].reasons[:1]),)
    assert with_disputes_of_now(alone, ()) == ()
