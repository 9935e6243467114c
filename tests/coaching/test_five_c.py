"""Each C says what was counted, where it comes from and of how many; what is not there is missing, never zero."""

from dataclasses import replace
from datetime import UTC, date, datetime

from coaching_calls import CATCHBACK, MONDAY, UNREADY, everybody, report

from callcoach.coaching import five_c_wording as words
from callcoach.coaching.five_c import Agreed, AroundTheCard, C, Source, five_c
from callcoach.coaching.pulse import pulse
from callcoach.domain.coaching import LeaderTelling
from callcoach.domain.field_reports import FieldAnswer, FieldCase, FieldReport
from callcoach.domain.goals import Goal
from callcoach.domain.people import Coached, PersonRole
from callcoach.domain.pulse import PulseQuestion, PulseSheet
from callcoach.domain.story import Component
from callcoach.domain.verdict import Level

REPS = ("tyler", "alicia", "walt", "joyce", "derek", "marcy")
NOTHING = AroundTheCard(
    reps=REPS, agreement={}, pulse=pulse("catchback", [], "2026-Q4"), coached=(), goals=(), cases=(), leaders_on=()
)


def finding():
    return next(each for each in report(*everybody()).initiatives if each.initiative_id == "catchback")


def sheets(grade):
    return [
        PulseSheet(
            initiative_id="catchback",
            person_id=f"r{number}",
            role=PersonRole.REP,
            at=datetime(2026, 11, 2, 9, tzinfo=UTC),
            grades=dict.fromkeys(PulseQuestion, grade),
        )
        for number in range(5)
    ]


def parts(around=NOTHING, initiative=CATCHBACK, found=None):
    card = five_c(initiative, found or finding(), around, today=MONDAY)
    assert [part.c for part in card.parts] == list(C)
    return {part.c: part for part in card.parts}


def test_with_calls_alone_the_card_says_what_is_missing_and_shows_no_zero():
    found = parts()
    assert found[C.CLARITY].figures == ()
    assert found[C.CLARITY].missing == (words.NO_LABELS, words.NO_PULSE)
    assert found[C.CADENCE].figures == ()
    assert {words.NO_COACHING, words.NO_LEADERS, words.NO_REPORTS, words.NO_PULSE} == set(found[C.CADENCE].missing)
    (mentioned,) = found[C.COMMITMENT].figures
    assert (mentioned.source, mentioned.n) == (Source.CALLS, 17)
    assert found[C.COMMITMENT].missing == (words.NO_GOALS,)
    (explained,) = found[C.CAPABILITY].figures
    assert (explained.n, explained.share.count) == (17, 4)
    assert words.NO_CONSISTENT in found[C.CAPABILITY].missing


def test_labels_pulse_log_goals_leaders_and_dates_each_name_their_source():
    told = dict(zip(Component, (Level.EXPLAINED, Level.MENTIONED, Level.ABSENT), strict=True))
    tellings = tuple(LeaderTelling(call_id=each, person_id="carol", started_at=None, levels=told) for each in ("k1", "k2"))
    field_report = FieldReport(
        initiative_id="catchback",
        component=Component.WALL,
        by="tyler",
        at=datetime(2026, 10, 9, tzinfo=UTC),
        words="No one misses calls.",
        version="v1",
    )
    answer = FieldAnswer(report_id=field_report.report_id, by="ray", at=datetime(2026, 10, 12, tzinfo=UTC), because="Not now.")
    goal = Goal(
        goal_id="1",
        rep_id="tyler",
        manager_id="ray",
        initiative_id="catchback",
        text="Why first",
        set_on=date(2026, 11, 2),
        agreed_by=("tyler", "ray"),
    )
    around = replace(
        NOTHING,
        agreement={Component.WALL: Agreed(12, 0.71)},
        pulse=pulse("catchback", sheets(4), "2026-Q4"),
        coached=(
            Coached(on=date(2026, 11, 10), by="ray", rep_id="alicia", initiative_id="catchback"),
            Coached(on=date(2026, 11, 11), by="ray", rep_id="walt", initiative_id="safeseat"),
        ),
        goals=(goal, replace(goal, rep_id="walt", agreed_by=("walt",))),
        cases=(FieldCase(report=field_report), FieldCase(report=field_report, answer=answer)),
        leaders_on=(date(2026, 9, 28), date(2026, 11, 9)),
    )
    found = parts(around, replace(CATCHBACK, readiness=UNREADY), replace(finding(), leaders=tellings))
    said = {c: [(figure.sentence, figure.source, figure.n) for figure in part.figures] for c, part in found.items()}
    assert said[C.CLARITY][0] == (
        "People who labelled the same calls agree on why it exists at kappa 0.71",
        Source.LABELS,
        12,
    )
    assert [each[1] for each in said[C.CLARITY][1:]] == [Source.PULSE, Source.PULSE]
    # what comes up in calls goes on; all reps are counted, so that there is nothing left to guess
    assert said[C.COMMITMENT][0][0].startswith("Calls in which it comes up: 17 of 17, in the long run likely ")
    assert said[C.COMMITMENT][1][0] == "Reps with calls who have an agreed goal on it: 1 of 6"
    assert [(figure.share.count, figure.n) for figure in found[C.COMMUNICATION].figures if figure.share] == [
        (2, 2),
        (2, 2),
        (0, 2),
    ]
    assert said[C.COMMUNICATION][-1] == ("The field was told on Sep 28, 3 days before the launch", Source.DEFINITION, 1)
    assert found[C.CADENCE].figures[0].share.count == 1
    assert said[C.CADENCE][1] == ("Leaders spoke of it in 1 recording in the last 28 days", Source.LEADERS, 2)
    assert found[C.CADENCE].figures[2].share.count == 1
    assert ("Training before the launch: 20 minutes", Source.DEFINITION, 1) in said[C.CAPABILITY]


def test_where_goals_and_coachings_are_kept_none_on_this_one_is_a_figure():
    goal = Goal(
        goal_id="1", rep_id="tyler", manager_id="ray", initiative_id="safeseat", text="Why first", set_on=date(2026, 11, 2)
    )
    elsewhere = Coached(on=date(2026, 11, 11), by="ray", rep_id="walt", initiative_id="safeseat")
    found = parts(replace(NOTHING, goals=(goal,), coached=(elsewhere,)))
    assert found[C.COMMITMENT].figures[1].sentence == "Reps with calls who have an agreed goal on it: 0 of 6"
    assert found[C.CADENCE].figures[0].sentence == "Reps with calls who were coached on it in the last 28 days: 0 of 6"
    assert words.NO_GOALS not in found[C.COMMITMENT].missing and words.NO_COACHING not in found[C.CADENCE].missing


def test_what_people_think_is_no_finding_without_something_counted():
    found = parts(replace(NOTHING, pulse=pulse("catchback", sheets(5), "2026-Q4")))
    clarity = found[C.CLARITY]
    assert [figure.source for figure in clarity.figures] == [Source.PULSE, Source.PULSE]
    assert not clarity.measured and clarity.missing[0] == words.NOT_AN_OPINION_ALONE
    assert found[C.CAPABILITY].measured
