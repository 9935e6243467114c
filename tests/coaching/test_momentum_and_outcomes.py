from dataclasses import replace
from datetime import date

import pytest
from coaching_calls import CATCHBACK, COMPANY, judged

from callcoach.coaching import diagnosis_wording as words
from callcoach.coaching.heard import hear
from callcoach.coaching.momentum import adoption, after_kick_off, in_stretches, momentum, rank_allowed
from callcoach.coaching.outcomes import alarms, pays, relation
from callcoach.coaching.shares import only, shares_of
from callcoach.domain.coaching import Estimate
from callcoach.domain.diagnosis import AlarmKind, Direction, Relation

REPS = ("tyler", "alicia", "walt", "joyce", "derek", "marcy")


def call(rep, day, explains, outcome=None):
    verdict, levels = ("explains", (2, 2, 2)) if explains else ("partial", (0, 2, 1))
    judged_call, score = judged(f"{rep}-{day}", rep, day, verdict, levels=levels)
    return replace(judged_call, outcome=outcome), score


def shares(pairs):
    return shares_of(hear([each for each, _ in pairs], [score for _, score in pairs], [CATCHBACK]), COMPANY)


def test_mentioned_is_not_adopted_and_few_calls_are_not_counted():
    pairs = [call(rep, day, explains=rep in ("joyce", "alicia")) for rep in REPS[:5] for day in range(1, 21)]
    found = adoption(shares([*pairs, *[call("marcy", day, explains=True) for day in (1, 2)]]), "catchback")
    assert (found.consistent, found.reps, found.too_few) == (2, 5, 1)
    assert (found.mentioned.count, found.mentioned.n) == (102, 102)
    assert words.adoption(found) == (
        "2 of 5 reps consistently explain it (surely in over 50% of calls); 1 rep has too few calls to tell. "
        "It was mentioned in 102 of 102 calls."
    )


def test_nobody_is_ranked_on_a_handful_of_calls():
    assert rank_allowed(4) == "Not enough calls yet: 4 of 8."
    assert rank_allowed(8) is None


def test_a_rise_is_named_with_its_streak():
    rising = shares([call(rep, day, explains=day > 15) for rep in REPS for day in range(1, 31)])
    found = momentum(rising, "catchback", rep_id="tyler")
    assert (found.direction, found.streak) == (Direction.RISING, 15)
    assert words.momentum(found).startswith("Rising, likely: ")
    assert momentum(rising, "catchback").direction is Direction.RISING


def test_decay_after_a_kick_off_is_heard():
    fading = shares([call(rep, day, explains=day < 22) for rep in REPS for day in range(1, 43)])
    found = after_kick_off(fading, "catchback", [date(2026, 10, 1)])
    assert found.direction is Direction.FALLING
    assert words.after_kick_off(found).endswith(f"since Oct 22 ({found.before.n} and 126 calls): it fades, likely.")
    # a talk of last week says nothing yet, the one before is asked; where every talk is that fresh, nothing is said
    assert after_kick_off(fading, "catchback", [date(2026, 10, 1), date(2026, 11, 5)]) == found
    assert after_kick_off(fading, "catchback", [date(2026, 11, 5)]) is None


@pytest.mark.parametrize("rep", [None, "tyler"])
@pytest.mark.parametrize("lately", [2, 9, 25])
def test_the_sentence_on_momentum_counts_the_calls_of_the_stretches_that_are_drawn(rep, lately):
    """lately: calls a rep in the second half; however they fall, no call is in one and not in the other."""
    days = [*range(1, 26), *range(27, 27 + lately)]
    found = shares([call(one, day, explains=day % 2 == 0) for one in REPS for day in days])
    drawn = in_stretches(found, "catchback", rep_id=rep)
    said = momentum(found, "catchback", rep_id=rep)
    assert len(drawn) > 1 and said.since in [stretch.first for stretch in drawn]
    for half, mine in ((said.before, [each for each in drawn if each.first < said.since]),
                       (said.now, [each for each in drawn if each.first >= said.since])):  # fmt: skip
        assert (half.n, half.count) == (sum(each.explained.n for each in mine), sum(each.explained.count for each in mine))


def test_two_calls_are_no_trend():
    found = momentum(shares([call("tyler", 1, explains=False), call("tyler", 2, explains=True)]), "catchback")
    assert found.direction is Direction.UNKNOWN


def test_wins_are_set_beside_the_why_with_an_interval_and_a_caveat():
    pairs = [call(rep, day, day % 2 == 0, "won" if day % 2 == 0 else "lost") for rep in REPS for day in range(1, 15)]
    found = relation(shares(pairs), only(["catchback"]))
    assert (found.explained.count, found.other.count) == (42, 0)
    assert found.low > 0.8
    assert pays(found) is True
    assert "proves no cause" in found.caveat


def test_too_few_closed_calls_say_nothing():
    found = relation(shares([call("tyler", 1, True, "won"), call("tyler", 2, False, "lost")]), only(["catchback"]))
    assert (found.difference, pays(found)) == (None, None)
    assert found.sentence == "Not enough closed calls yet to set wins beside the why: 1 with it and 1 without, of 30 each."


def test_scores_that_rise_while_wins_stay_flat_raise_a_question():
    steady = [call(rep, day, day % 3 > 0, ("won", "lost")[day % 2]) for rep in REPS[1:] for day in range(1, 41)]
    gaming = [call("tyler", day, day > 20, ("won", "lost", "lost", "lost")[day % 4]) for day in range(1, 41)]
    (alarm,) = [each for each in alarms(shares([*steady, *gaming]), [CATCHBACK]) if each.kind is AlarmKind.GAMING]
    assert alarm.about == "tyler"
    assert alarm.sentence.endswith("does the customer hear the why, or only the judge?")


def test_a_rep_whose_wins_rise_with_the_scores_raises_none():
    steady = [call(rep, day, day % 3 > 0, ("won", "lost")[day % 2]) for rep in REPS[1:] for day in range(1, 41)]
    better = [call("tyler", day, day > 20, "won" if day > 20 else "lost") for day in range(1, 41)]
    assert alarms(shares([*steady, *better]), [CATCHBACK]) == ()


def sold_as_told(reps, days=40):
    """Reps who explain in two of three calls, and win two of three of those and one of five of the others."""
    pairs = []
    for rep in reps:
        for day in range(1, days + 1):
            explains = day % 3 > 0
            won = day % 9 < 6 if explains else day % 15 == 0
            pairs.append(call(rep, day, explains, "won" if won else "lost"))
    return pairs


def test_wins_below_what_the_risen_scores_would_bring_raise_a_question_too():
    # 2 of 20 before, 4 of 20 since: more, and far fewer than twenty explained calls bring the others
    gaming = [call("tyler", day, day > 20, "won" if day in (3, 11, 23, 28, 33, 38) else "lost") for day in range(1, 41)]
    (alarm,) = alarms(shares([*sold_as_told(REPS[1:]), *gaming]), [CATCHBACK])
    assert (alarm.kind, alarm.about) == (AlarmKind.GAMING, "tyler")
    assert "wins did not follow (2 of 20, then 4 of 20, where about 1" in alarm.sentence


def test_wins_that_follow_as_they_do_elsewhere_raise_none():
    honest = [call("tyler", day, day > 20, "won" if day in (3, 11) or day > 25 else "lost") for day in range(1, 41)]
    assert alarms(shares([*sold_as_told(REPS[1:]), *honest]), [CATCHBACK]) == ()


VERDICTS = ("explains", "partial", "recites", "facts_only", "stumbles")


def driven(verdict_of, *, won_of=lambda rep, n: n % 3 == 0):
    """Every rep brings it up ten times in the first three weeks, and thirty times in the next."""
    pairs = []
    for place, rep in enumerate(REPS):
        for n in range(40):
            day = 1 + n * 2 if n < 10 else 22 + n % 20
            told, score = judged(f"{rep}-{n}", rep, day, verdict_of(place, n))
            pairs.append((replace(told, outcome="won" if won_of(place, n) else "lost"), score))
    return shares(pairs)


def test_more_effort_without_a_pattern_asks_whether_everybody_means_the_same():
    (alarm,) = alarms(driven(lambda rep, n: VERDICTS[n % 5]), [CATCHBACK])
    assert (alarm.kind, alarm.about) == (AlarmKind.SCATTERED, "catchback")
    assert alarm.sentence.startswith("CatchBack came up in 180 calls after 60, told one way in one call and another in the next")
    assert alarm.sentence.endswith("Does everybody mean the same by it?")


def test_reps_who_each_tell_it_one_way_are_a_pattern():
    assert alarms(driven(lambda rep, n: VERDICTS[rep % 5]), [CATCHBACK]) == ()


def test_effort_that_sells_more_raises_no_question():
    rising = driven(lambda rep, n: VERDICTS[n % 5], won_of=lambda rep, n: n >= 10 and n % 3 > 0)
    assert [alarm for alarm in alarms(rising, [CATCHBACK]) if alarm.kind is AlarmKind.SCATTERED] == []


def test_what_explaining_has_to_be_worth_depends_on_how_often_anything_is_sold():
    def found(other, high):
        side = Estimate(n=100, share=other, low=other, high=other, count=int(100 * other))
        return Relation(explained=side, other=side, difference=0.0, low=-0.05, high=high, sentence="", caveat="")

    assert pays(found(0.30, 0.09)) is False
    assert pays(found(0.30, 0.11)) is None
    # where one call in twenty is won, five points more would be twice as many
    assert pays(found(0.05, 0.05)) is None
    assert pays(found(0.05, 0.01)) is False
