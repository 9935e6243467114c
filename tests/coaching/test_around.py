"""How leaders tell an initiative, how often, and what competes in calls: only what quotes show."""

from dataclasses import replace
from datetime import date

from coaching_calls import CATCHBACK, COMPANY, SAFESEAT, UNREADY, everybody, judged, report

from callcoach.coaching import around_wording as words
from callcoach.coaching.competing import competing
from callcoach.coaching.consistency import consistency
from callcoach.coaching.figures import days_in, figures_in
from callcoach.coaching.frequency import frequency
from callcoach.coaching.heard import hear
from callcoach.coaching.leaders_words import is_rather_of, nearest, passage
from callcoach.coaching.stories import stories
from callcoach.domain.around import About
from callcoach.domain.call import CallKind
from callcoach.domain.diagnosis import Stretch
from callcoach.domain.people import Coached, Company
from callcoach.domain.story import Component
from callcoach.testing import make_call

NAMES = {"catchback": "CatchBack", "safeseat": "SafeSeat"}
RAY = "leader 0:00 CatchBack first. Most callers rang the next business. / leader 0:20 SafeSeat. Insurers send a questionnaire."
CAROL = "leader 0:00 SafeSeat is the number one. It is a forty percent margin. / leader 0:20 Now CatchBack, you know that one."
BETH = "leader 0:00 SafeSeat. It's a Proof Sheet only for offices without an insurer. / leader 0:30 Back to CatchBack."


def talk(call_id, who, day, levels, said="", about="safeseat"):
    wall, hammer = levels
    verdict = "partial" if wall else "facts_only"
    lines = [f"R 0:01 wall {said}"] if wall else []
    call, score = judged(
        call_id, who, day, verdict, " / ".join(lines), about=about, levels=(wall, hammer, 0), kind=CallKind.LEADER_RECORDING
    )
    levels_told = {component: level for component, level in score.levels.items() if component is not Component.PART}

    return call, replace(score, levels=levels_told)


def heard(*pairs):
    return hear([call for call, _ in pairs], [score for _, score in pairs], [CATCHBACK, SAFESEAT])


TALKS = {"ray-1": RAY, "carol-1": CAROL, "beth-1": BETH}


def said(call_id):
    return make_call(TALKS[call_id], call_id=call_id) if call_id in TALKS else None


def three_leaders():
    return heard(
        talk("ray-1", "ray", 2, (1, 0), "Insurers send a questionnaire."),
        talk("carol-1", "carol", 3, (1, 0), "It is a forty percent margin."),
        talk("beth-1", "beth", 4, (0, 0)),
    )


def test_what_is_said_of_an_initiative_ends_where_another_is_named():
    lines = passage(make_call(RAY), CATCHBACK, [CATCHBACK, SAFESEAT])
    assert [line.text for line in lines] == ["CatchBack first. Most callers rang the next business."]
    assert passage(make_call("leader 0:00 Good morning."), CATCHBACK, [CATCHBACK]) == ()


def test_the_line_nearest_to_the_reason_is_shown_first():
    lines = passage(
        make_call("leader 0:00 SafeSeat is for you, go and get it. / leader 0:09 Insurers send a form, forty-one of them."),
        SAFESEAT,
        [CATCHBACK, SAFESEAT],
    )
    assert nearest(lines, SAFESEAT)[0].text.startswith("Insurers send")


def test_each_leader_is_told_with_what_was_said_and_left_out():
    found = consistency(three_leaders(), SAFESEAT, [CATCHBACK, SAFESEAT], COMPANY, said=said)
    ray, carol, beth = found.leaders
    assert (ray.told, ray.other_words) == ((Component.WALL,), ())
    # a reason was heard, and no word of it is the story's: the company's margin is not the customer's wall
    assert (carol.told, carol.other_words) == ((), (Component.WALL,))
    assert (beth.told, beth.touched, beth.left_out) == ((), {Component.HAMMER: ("Proof", "Sheet")}, (Component.WALL,))
    assert words.leader_said(carol, "Carol Landry") == (
        "Carol Landry (Oct 3) told why it exists in other words than the story’s and was not heard to tell what we do."
    )
    assert carol.quotes[0].quote == "SafeSeat is the number one. It is a forty percent margin."
    # two of its words come near a part; one alone (an insurer) does not
    assert words.leader_said(beth, "Beth Kowal").endswith(
        "came near what we do (“Proof”, “Sheet”) and was not heard to tell why it exists."
    )


def test_two_lines_stand_side_by_side_where_they_differ():
    found = consistency(three_leaders(), SAFESEAT, [CATCHBACK, SAFESEAT], COMPANY, said=said)
    own, silent, limit = found.differences
    assert silent.sentence == "They tell it differently: Ray Delgado tells why it exists, Beth Kowal was not heard to."
    assert own.sentence == "Carol Landry and the story tell why it exists differently."
    assert own.story == "Insurers send a questionnaire."
    assert (limit.about, limit.story) == (About.LIMIT, "A Proof Sheet.")
    assert limit.one.quote.startswith("SafeSeat. It's a Proof Sheet only for offices")


def test_leaders_who_tell_the_same_do_not_differ():
    alike = heard(
        talk("ray-1", "ray", 2, (1, 0), "Insurers send a questionnaire."),
        talk("beth-1", "beth", 4, (1, 0), "It's a questionnaire that insurers send."),
    )
    same = consistency(alike, SAFESEAT, [CATCHBACK, SAFESEAT], COMPANY, said=lambda _: make_call(RAY))
    assert same.differences == ()
    assert same.sentence == "2 recordings of leaders speak of SafeSeat. No two lines were found to differ."


def test_a_component_one_leader_tells_and_another_leaves_out_has_both_quotes():
    found = consistency(
        heard(talk("ray-1", "ray", 2, (1, 0), "Insurers send a questionnaire."), talk("carol-1", "carol", 3, (0, 0))),
        SAFESEAT,
        [CATCHBACK, SAFESEAT],
        COMPANY,
        said=said,
    )
    (difference,) = found.differences
    assert difference.sentence == "They tell it differently: Ray Delgado tells why it exists, Carol Landry was not heard to."
    assert difference.one.quote == "Insurers send a questionnaire."
    assert "forty percent margin" in difference.other.quote


def test_where_the_words_are_not_kept_nobody_is_said_to_have_left_out_anything():
    found = consistency(three_leaders(), SAFESEAT, [CATCHBACK, SAFESEAT], COMPANY, said=lambda _: None)
    assert all(each.left_out == () for each in found.leaders)


def test_figures_are_laid_side_by_side_only_where_they_count_the_same_thing():
    (seat,) = figures_in("It's $24 a seat.")[:1] or figures_in("It's twenty-four dollars a seat each month.")[:1]
    (month,) = figures_in("24 dollars a month per seat.")[:1]
    (other,) = figures_in("twenty-nine dollars a month per location")[:1]
    assert (seat.amount, seat.thing) == (24.0, "dollar")
    assert seat.is_about(month) and month.is_about(other)
    assert not figures_in("three calls a month")[0].is_about(month)
    assert figures_in("I have two.") == ()
    (starts,) = days_in("It starts on November 23.")
    (ready,) = days_in("The lists are ready on November 25.")
    assert starts.amount == 1123.0 and not starts.is_about(ready)


def test_another_figure_of_the_same_thing_is_named_with_both_lines():
    priced = {
        "ray-1": "leader 0:00 SafeSeat is 24 dollars a seat every month, tell them so.",
        "carol-1": "leader 0:00 SafeSeat is 29 dollars a seat every month, tell them so.",
    }
    found = consistency(
        heard(talk("ray-1", "ray", 2, (0, 0)), talk("carol-1", "carol", 3, (0, 0))),
        SAFESEAT,
        [SAFESEAT],
        COMPANY,
        said=lambda call_id: make_call(priced[call_id]),
    )
    (difference,) = found.differences
    assert difference.about is About.FIGURE
    assert difference.sentence == "Ray Delgado and Carol Landry tell it differently: each gives another figure."
    assert ("24" in difference.one.quote, "29" in difference.other.quote) == (True, True)


def test_leaders_tellings_are_a_story_where_the_field_stops_alike():

    stumbling = [
        judged(
            f"{rep}-{n}",
            rep,
            10 + n,
            "stumbles",
            "C 1:00 ask What for? / R 1:06 answer,stumble Well.",
            about="safeseat",
            answer="none",
        )
        for rep in ("tyler", "alicia", "walt", "joyce", "derek")
        for n in range(3)
    ]
    talks = [
        talk("ray-1", "ray", 2, (1, 0), "Insurers send a questionnaire."),
        talk("carol-1", "carol", 3, (1, 0), "It is a forty percent margin."),
    ]
    pairs = [*everybody(), *stumbling, *talks]
    unready = replace(SAFESEAT, readiness=UNREADY)
    found = report(*pairs, initiatives=(CATCHBACK, unready))
    hearings = hear([call for call, _ in pairs], [score for _, score in pairs], [CATCHBACK, unready])
    reps = {"tyler", "alicia", "walt", "joyce", "derek", "marcy"}
    calls = [call for call, _ in pairs]
    told = stories(hearings, found.initiatives, [CATCHBACK, unready], COMPANY, said=said, calls=calls, reps=reps)
    story = next(each for each in told if each.title == "SafeSeat, as 2 leaders told it")
    assert [moment.rep_id for moment in story.moments] == ["ray", "carol"]
    # a rep's own report quotes no leader
    alone = stories(hearings, found.initiatives, [CATCHBACK, unready], COMPANY, said=said, calls=calls, reps={"tyler"})
    assert not any("as 2 leaders" in each.title for each in alone)


def test_a_line_that_is_rather_about_another_initiative_shows_nothing_of_this_one():
    both = [CATCHBACK, SAFESEAT]
    assert is_rather_of("Insurers send a questionnaire.", CATCHBACK, both) == "safeseat"
    assert is_rather_of("The caller gets a text within ten seconds.", CATCHBACK, both) is None
    assert is_rather_of("Well.", CATCHBACK, both) is None


def test_how_often_the_field_was_told_stands_beside_how_far_it_reaches_customers():
    pairs = [
        judged("a1", "tyler", 5, "explains", about="safeseat"),
        judged("a2", "tyler", 6, "not_raised", about="safeseat"),
        judged("a3", "tyler", 20, "recites", about="safeseat"),
        talk("ray-1", "ray", 2, (1, 0), "Insurers send a questionnaire."),
        talk("carol-1", "carol", 16, (0, 0)),
    ]

    company = Company(
        people=COMPANY.people, coached=(Coached(on=date(2026, 10, 18), by="ray", rep_id="tyler", initiative_id="safeseat"),)
    )
    told = frequency(
        heard(*pairs),
        replace(SAFESEAT, readiness=UNREADY),
        company,
        [
            Stretch(first=date(2026, 10, 5), last=date(2026, 10, 11), explained=None),
            Stretch(first=date(2026, 10, 12), last=date(2026, 10, 20), explained=None),
        ],
        today=date(2026, 10, 30),
    )
    assert told.sentence == (
        "The field was told of SafeSeat 5 times since Sep 28 (1 announcement, 1 training, 1 set of materials and 2 recorded "
        "talks), the last time on Oct 16 by Carol Landry, 14 days ago. "
        "Single reps were coached on SafeSeat once, the last time on Oct 18. "
        "It came up in 2 of 3 calls and was explained in 1 of those 2."
    )
    assert [(each.messages, each.raised.count, each.raised.n, each.explained.count) for each in told.covered] == [
        (3, 1, 2, 1),
        (2, 1, 1, 0),
    ]


def test_what_nobody_told_has_no_frequency_and_what_is_to_come_does_not_count():

    assert frequency(heard(), SAFESEAT, COMPANY, [], today=date(2026, 10, 30)) is None
    early = frequency(heard(), replace(SAFESEAT, readiness=UNREADY), COMPANY, [], today=date(2026, 9, 28))
    assert len(early.messages) == 1
    assert early.sentence.endswith("No call is there yet to set beside it.")


def shared(n, verdict, *, with_other):
    pairs = []
    for number in range(n):
        call, score = judged(f"{verdict}-{with_other}-{number}", "tyler", 5 + number % 20, verdict)
        pairs.append((call, score))
        if with_other:
            pairs.append((call, judged(call.call_id, "tyler", 5, "facts_only", about="safeseat")[1]))
    return pairs


def hearing_of(pairs):
    calls = {call.call_id: call for call, _ in pairs}
    return hear(list(calls.values()), [score for _, score in pairs], [CATCHBACK, SAFESEAT])


def test_several_initiatives_in_a_call_are_noise_where_they_surely_cost():
    pairs = shared(24, "explains", with_other=False) + shared(6, "recites", with_other=False)
    pairs += shared(4, "explains", with_other=True) + shared(20, "recites", with_other=True)
    found = competing(hearing_of(pairs), "catchback", NAMES)
    assert (found.alone.count, found.alone.n, found.together.count, found.together.n) == (24, 30, 4, 24)
    assert found.costs and found.high < 0 and found.others == (("safeseat", 24),)
    assert "Several at once are noise here" in found.sentence
    assert "Listen to two of each" in found.caveat


def test_a_few_shared_calls_are_shown_and_nothing_is_concluded():
    pairs = shared(3, "explains", with_other=False) + shared(2, "recites", with_other=True)
    found = competing(hearing_of(pairs), "catchback", NAMES)
    assert (found.difference, found.costs) == (None, False)
    assert found.sentence.endswith("Too few to say whether they compete (15 of each are needed).")


def test_an_initiative_that_shares_no_call_competes_with_none():
    assert competing(hearing_of(shared(3, "explains", with_other=False)), "catchback", NAMES) is None


def test_where_it_makes_no_difference_that_is_said():
    pairs = shared(15, "explains", with_other=False) + shared(15, "recites", with_other=False)
    pairs += shared(15, "explains", with_other=True) + shared(15, "recites", with_other=True)
    found = competing(hearing_of(pairs), "catchback", NAMES)
    assert not found.costs
    assert found.sentence.endswith("that they compete does not show.")
    assert found.low < 0 < found.high
