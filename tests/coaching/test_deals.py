"""What was sold and how late prices fell, with and without the why; nothing where nothing is stated."""

from dataclasses import replace

from coaching_calls import CATCHBACK, COMPANY, SAFESEAT, judged, report

from callcoach.coaching.deals import deal_signals
from callcoach.coaching.heard import hear
from callcoach.coaching.standing import narrow, standing
from callcoach.domain.around import DealQuestion

REPS = ("tyler", "alicia", "walt", "joyce", "derek", "marcy")


def deal(call_id, rep, verdict, outcome="won", day=5, **said):
    call, score = judged(call_id, rep, day, verdict)
    return replace(call, outcome=outcome, extra=said), score


def signals(pairs, company=COMPANY):
    return deal_signals(hear([call for call, _ in pairs], [score for _, score in pairs], [CATCHBACK]), "catchback", company)


def test_where_nothing_is_stated_nothing_is_shown():
    assert signals([deal("d1", "tyler", "recites"), deal("d2", "joyce", "explains")]) == ()


def test_high_and_low_value_sales_are_told_with_and_without_the_why():
    pairs = [deal(f"e{n}", ("joyce", "derek")[n % 2], "explains", tier="high" if n < 9 else "low") for n in range(12)]
    pairs += [deal(f"r{n}", ("tyler", "alicia")[n % 2], "recites", tier="high" if n < 3 else "low") for n in range(10)]
    pairs += [deal("lost", "tyler", "recites", "lost", tier="high"), deal("open", "tyler", "recites", "follow_up", tier="high")]
    company, ridge, river = signals(pairs)
    assert (company.question, company.share.count, company.share.n) == (DealQuestion.HIGH_VALUE, 12, 22)
    assert company.share.low < 12 / 22 < company.share.high
    assert company.sentence == (
        "12 of 22 sales of a high-value product, the others of a low-value one; likely 37% to 71% in the long run. "
        "Where the why was told 9 of 12 (52% to 90%), where it was not 3 of 10 (12% to 56%)."
    )
    assert (ridge.team, ridge.share.n, river.team, river.share.count) == ("ridge", 12, "river", 3)
    assert river.sentence.startswith("River: 3 of 10 sales")
    assert "decides more of it than the telling" in company.caveat


def test_a_discount_in_the_last_quarter_of_a_deal_is_a_late_one():
    dates = {"opened_on": "2026-10-01", "closed_on": "2026-10-21"}
    pairs = [
        deal("late", "tyler", "recites", discount="15%", discount_on="2026-10-16", **dates),
        deal("early", "tyler", "recites", discount="15", discount_on="2026-10-15", **dates),
        deal("none", "tyler", "explains", "lost", discount="0", **dates),
        deal("not stated", "tyler", "explains", **dates),
        deal("no day", "tyler", "explains", discount="10", **dates),
        deal(
            "in a day",
            "tyler",
            "explains",
            discount="10",
            discount_on="2026-10-02",
            opened_on="2026-10-02",
            closed_on="2026-10-03",
        ),
    ]
    (found,) = signals(pairs)
    assert (found.question, found.share.count, found.share.n) == (DealQuestion.LATE_DISCOUNT, 1, 3)
    assert found.sentence == "1 of 3 closed deals with a discount given late; too few to say how it is in the long run (3 of 8)."


def test_a_deal_of_several_calls_counts_once_and_begins_with_its_first_call():
    dates = {"opportunity_id": "O-1", "tier": "high"}
    pairs = [
        deal("first", "tyler", "explains", day=1, **dates),
        deal("last", "tyler", "recites", day=20, discount="5", discount_on="2026-10-20", closed_on="2026-10-21", **dates),
    ]
    mix, late = signals(pairs)
    assert (mix.share.n, mix.explained.n) == (1, 1)
    assert (late.share.count, late.share.n) == (1, 1)


def test_the_why_may_be_told_in_an_early_call_of_a_deal():
    pairs = [
        deal("first", "tyler", "explains", "follow_up", day=1, opportunity_id="O-1"),
        deal("second", "tyler", "not_raised", "follow_up", day=9, opportunity_id="O-1"),
        deal("last", "tyler", "not_raised", day=20, tier="high", discount="5", discount_on="2026-10-20",
             closed_on="2026-10-21", opportunity_id="O-1"),
        deal("open", "tyler", "explains", "follow_up", day=3, tier="high", opportunity_id="O-2"),
    ]  # fmt: skip
    mix, late = signals(pairs)
    assert (mix.share.n, mix.explained.n, mix.other.n) == (1, 1, 0)
    # its time begins with the first call, whatever came of that one
    assert (late.share.count, late.share.n, late.explained.n) == (1, 1, 1)


def test_a_team_with_a_deal_or_two_is_not_told_apart():
    of_two = [deal(f"r{n}", ("joyce", "derek")[n % 2], "recites", tier="low") for n in range(8)]
    pairs = [deal("d1", "tyler", "recites", tier="high"), *of_two]
    assert [(each.team, each.share.n) for each in signals(pairs)] == [(None, 9), ("ridge", 8)]


def test_one_reps_deals_do_not_stand_as_their_teams():
    pairs = [deal("d1", "tyler", "recites", tier="high"), *(deal(f"r{n}", "joyce", "recites", tier="low") for n in range(8))]
    assert [(each.team, each.share.n) for each in signals(pairs)] == [(None, 9)]


def test_short_deals_are_left_out_with_a_discount_and_without_one():
    short = {"opened_on": "2026-10-01", "closed_on": "2026-10-04"}
    assert signals([deal("none", "tyler", "recites", discount="0", **short)]) == ()
    assert signals([deal("unknown", "tyler", "recites", discount="0")]) == ()


def test_a_team_report_shows_its_own_deals_and_a_reps_none():
    pairs = [deal(f"{rep}-{n}", rep, "recites", day=5 + n, tier="low") for rep in REPS for n in range(3)]
    hearings = hear([call for call, _ in pairs], [score for _, score in pairs], [CATCHBACK, SAFESEAT])
    both = [CATCHBACK, SAFESEAT]
    about = {"catchback", "safeseat"}
    whole = standing(report(*pairs), hearings, both, COMPANY, reps=set(REPS), about=about)
    assert [signal.team for signal in whole.initiatives[0].deals] == [None, "ridge", "river"]
    assert whole.initiatives[0].around is not None
    river = {"tyler", "alicia", "walt"}
    for team in (
        narrow(whole, COMPANY, reps=river, about=about),
        standing(report(*pairs), hearings, both, COMPANY, reps=river, about=about),
    ):
        assert [signal.team for signal in team.initiatives[0].deals] == ["river"]
        assert team.initiatives[0].around is None
    assert narrow(whole, COMPANY, reps={"tyler"}, about=about).initiatives[0].deals == ()
