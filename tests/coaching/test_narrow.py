"""The standing of all, narrowed, is the standing that is asked for: screens may keep the one and show the other."""

from dataclasses import replace

import pytest
from coaching_calls import CATCHBACK, COMPANY, SAFESEAT, everybody, judged, report

from callcoach.coaching.heard import hear
from callcoach.coaching.readiness_line import EventKind, events
from callcoach.coaching.standing import narrow, of_several, standing
from callcoach.coaching.stories import Story

REPS = {"tyler", "alicia", "walt", "joyce", "derek", "marcy"}
MANY = [
    *everybody(),
    *(
        judged(f"s{n}", rep, 3 + 2 * n, ("recites", "explains", "partial")[n % 3], about="safeseat")
        for n in range(12)
        for rep in sorted(REPS)
    ),
]


def stands(reps, about):
    initiatives = [CATCHBACK, SAFESEAT]
    hearings = hear([call for call, _ in MANY], [score for _, score in MANY], initiatives)
    return standing(report(*MANY), hearings, initiatives, COMPANY, reps=reps, about=about)


@pytest.mark.parametrize("reps", [REPS, {"tyler"}, {"joyce", "derek"}, set()])
@pytest.mark.parametrize("about", [{"catchback", "safeseat"}, {"safeseat"}])
def test_narrowed_is_as_asked(reps, about):
    whole = stands(REPS, {"catchback", "safeseat"})
    assert narrow(whole, COMPANY, reps=reps, about=about) == stands(reps, about)


def test_no_reps_share_is_told_by_a_teams():
    whole = stands(REPS, {"catchback"})
    (of_all,) = whole.initiatives
    assert whole.reps[0].told["catchback"]["explains"].n

    def parts(**teams):
        """Whose shares are told where each team has so many reps, of whom those after the dot were heard."""
        reps = [
            replace(
                whole.reps[0],
                report=replace(whole.reps[0].report, profile=replace(whole.reps[0].report.profile, team=team)),
                told=whole.reps[0].told if heard else {},
            )
            for team, of_team in teams.items()
            for heard in of_team
        ]
        several = {team: whole.reps[0].told["catchback"] for team, of_team in teams.items() if len(of_team) > 1}
        return {*of_several(replace(of_all, by_team=several), reps)}

    assert parts(hill=(1, 1), river=(1, 1, 1)) == {"hill", "river"}
    assert parts(hill=(1, 0), river=(1, 1, 1)) == set(), "one of the two was heard, who is all but the other team"
    assert parts(hill=(1, 0), river=(1, 1, 1), lake=(1, 1)) == {"river"}
    assert parts(hill=(1,), river=(1, 1, 1), lake=(1, 1)) == {"river"}, "all but two teams is one rep"
    assert parts(hill=(1,), cliff=(1,), river=(1, 1, 1)) == {"river"}
    assert parts(hill=(0, 0), river=(1, 1)) == {"river"}


def test_a_story_that_names_others_is_left_out():
    stories = (
        Story(title="one", sentences=(), moments=(), rep_ids=("tyler",), initiative_id="catchback"),
        Story(title="both", sentences=(), moments=(), rep_ids=("tyler", "joyce"), initiative_id="catchback"),
        Story(title="leaders", sentences=(), moments=(), initiative_id="catchback"),
    )
    whole = replace(stands(REPS, {"catchback"}), stories=stories)
    assert [story.title for story in narrow(whole, COMPANY, reps={"tyler"}, about={"catchback"}).stories] == ["one"]
    assert narrow(whole, COMPANY, reps=REPS, about={"catchback"}).stories == stories
    assert narrow(whole, COMPANY, reps=REPS, about={"safeseat"}).stories == ()


def test_a_reps_share_over_time_has_the_same_stretches_for_everybody():
    whole = stands(REPS, {"safeseat"})
    stretches = {rep.name: rep.stretches.get("safeseat", ()) for rep in whole.reps}
    spans = {tuple((each.first, each.last) for each in found) for found in stretches.values() if found}
    assert len(spans) <= 1
    for rep in whole.reps:
        counted = sum(each.explained.n for each in rep.stretches.get("safeseat", ()))
        assert counted in (0, rep.told["safeseat"]["explains"].n if "safeseat" in rep.told else 0)


def test_the_line_puts_the_launch_between_what_came_before_and_after():
    found = events(SAFESEAT, (), COMPANY)
    assert [event.kind for event in found if event.kind is EventKind.LAUNCH] == [EventKind.LAUNCH]
    assert [event.on for event in found] == sorted(event.on for event in found)
    from coaching_calls import UNREADY

    line = events(replace(SAFESEAT, readiness=UNREADY), (), COMPANY)
    said = {event.sentence: event.after for event in line}
    assert said["Announced to the field"] == "3 days before the launch"
    assert said["Webinar, 20 minutes"] == "2 days before the launch"
    assert said["Materials ready"] == "11 days after the launch"
