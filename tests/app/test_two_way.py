"""Reps and managers are asked and answered through the commands; quotes are word for word, and the wrong person is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callcoach.app.calibration import find_initiative
from callcoach.app.field_reports import answer_field, field_cases, mark_told, news_for, report_field, waiting_for
from callcoach.app.gates import agreement_on
from callcoach.app.manager_conduct import coachings, conduct_of_managers
from callcoach.app.pulse import answer_pulse, import_pulse, own_sheet, pulse_of
from callcoach.app.standing import About, standing_of, write_page
from callcoach.app.workspace import Workspace
from callcoach.cli.main import app
from callcoach.coaching import five_c_wording
from callcoach.domain.calibration import Label
from callcoach.domain.call import Call
from callcoach.domain.goals import Goal, GoalAct, GoalChange
from callcoach.domain.people import Coached, PersonRole, Viewer, VisibleReps
from callcoach.domain.pulse import PulseQuestion
from callcoach.domain.signals import Signals
from callcoach.domain.story import Component, Published
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.errors import BadInput, UsageError
from callcoach.intake.people import read_company
from callcoach.settings import Settings
from callcoach.storage.given import GivenToRuns
from callcoach.storage.labels import Labels
from callcoach.testing import make_call

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
RUBRIC = """\
id: catchback
name: CatchBack
launched: 2026-10-01
owner: ray
value_story: {wall: Callers ring the next shop., hammer: We text them back., part: Count your own missed calls.}
"""
PEOPLE = """\
company: Wren
teams: [{id: river, name: River, manager: ray}]
people:
  - {id: ray, name: Ray Delgado, role: manager, team: river}
  - {id: nina, name: Nina Osgood, role: enablement}
  - {id: carol, name: Carol Landry, role: vp}
""" + "".join(f"  - {{id: r{number}, name: Rep {number}, role: rep, team: river}}\n" for number in range(1, 8))
SAID = make_call(
    "customer 0:04 We never miss a call. / rep 0:09 Callers ring the next shop. / customer 0:15 And that does what for me?",
    call_id="c1",
)
GRADES = dict.fromkeys(PulseQuestion, 4)


@pytest.fixture
def rubrics(tmp_path: Path) -> Path:
    folder = tmp_path / "rubrics"
    folder.mkdir()
    (folder / "catchback.yaml").write_text(RUBRIC)
    (tmp_path / "people.yaml").write_text(PEOPLE)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, rubrics: Path) -> Workspace:
    """One judged call of r1, with its words; the company as a run left it."""
    made = Workspace(Settings(home=tmp_path / "home"))
    call = Call(call_id="c1", content="c1", transcript_path="x", rep_id="r1", started_at=datetime(2026, 11, 2, 9))  # noqa: DTZ001
    made.store.add_calls([call])
    made.store.keep_transcript(SAID, "c1", "w0")
    made.store.point_at({"c1": "w0"})
    initiative = find_initiative(rubrics, "catchback")
    score = CallScore(
        call_id="c1",
        initiative_id="catchback",
        verdict=Verdict.PARTIAL,
        confidence=0.9,
        why_score=40.0,
        levels=dict(zip(Component, (Level.MENTIONED, Level.ABSENT, Level.ABSENT), strict=True)),
        asked_why=True,
        answer=Answer.NONE,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=(
            Evidence(act="wall", turn=1, quote="Callers ring the next shop.", start=9.0, end=11.0),
            Evidence(act="ask", turn=2, quote="And that does what for me?", start=15.0, end=17.0),
        ),
        versions={"rubric": f"catchback {initiative.version}"},
    )
    signals = Signals(call_id="c1", initiative_id="catchback", turns=(), made_by={})
    made.store.keep_judgement(signals, score, signals_made_by="s", score_made_by="j")
    GivenToRuns(made.store).keep(read_company(tmp_path / "people.yaml"), {})
    return made


@pytest.fixture
def company(tmp_path: Path, rubrics: Path):
    return read_company(tmp_path / "people.yaml")


def call_command(home: Path, rubrics: Path, *words: str, rubric: bool = True) -> str:
    given = [*words, "--home", str(home), *(("--rubrics", str(rubrics)) if rubric else ())]
    result = CliRunner().invoke(app, given, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


# the pulse


def test_what_five_reps_and_their_manager_answer_is_shown_and_who_it_was_is_not(workspace, rubrics, company):
    initiatives = [find_initiative(rubrics, "catchback")]
    for person in ("ray", "r1", "r2", "r3", "r4", "r5"):
        grades = GRADES if person in ("ray", "r1") else dict.fromkeys(PulseQuestion, 2)
        answer_pulse(workspace, "catchback", person, grades, company=company, initiatives=initiatives, at=NOW)
    found = pulse_of(workspace, "catchback", today=NOW.date())
    assert (found.managers, found.reps, found.waiting) == (1, 5, 0)
    assert found.gaps[0].sentence.startswith("1 of 1 manager agrees. 1 of 5 reps agrees.")
    assert own_sheet(workspace, "catchback", "r1", today=NOW.date()).grades == GRADES
    assert own_sheet(workspace, "catchback", "r1", today=date(2027, 2, 1)) is None


@pytest.mark.parametrize(
    ("person", "about", "said"),
    [
        ("nina", "catchback", r"Nina Osgood \(nina\) is enablement. The pulse is for reps and managers."),
        ("x", "catchback", "x is not in the people file"),
        ("r1", "other", "No initiative other. Known: catchback."),
    ],
)
def test_who_is_neither_rep_nor_manager_does_not_answer(workspace, rubrics, company, person, about, said):
    initiatives = [find_initiative(rubrics, "catchback")]
    with pytest.raises(UsageError, match=said):
        answer_pulse(workspace, about, person, GRADES, company=company, initiatives=initiatives, at=NOW)
    with pytest.raises(UsageError, match="who has no answer"):
        answer_pulse(workspace, "catchback", "r1", {PulseQuestion.WHY: 1}, company=company, initiatives=initiatives, at=NOW)


def test_a_survey_file_is_taken_in_whole_or_not_at_all_and_only_once(workspace, rubrics, company, tmp_path):
    initiatives, file = [find_initiative(rubrics, "catchback")], tmp_path / "survey.csv"
    head = "Initiative;Person;At;why;who;means;given;coached;heard\n"
    rows = "".join(f"catchback;r{number};2026-11-1{number};5;4;?;2;n/a;\n" for number in range(1, 6))
    file.write_text("﻿" + head + rows + "\n", encoding="utf-8")
    taken = [import_pulse(workspace, file, company=company, initiatives=initiatives, at=NOW) for _ in range(2)]
    assert taken == [(5, 5), (5, 0)]
    found = {gap.question: gap.reps for gap in pulse_of(workspace, "catchback", today=NOW.date()).gaps}
    assert (found[PulseQuestion.WHY].agrees.count, found[PulseQuestion.MEANS].unsure) == (5, 5)
    file.write_text(head + "catchback;r6;;5;4;9;2;1;1\ncatchback;r7;yesterday;1;1;1;1;1;1\ncatchback;r6;;5;5;5;5;5;5\n")
    with pytest.raises(BadInput) as trouble:
        import_pulse(workspace, file, company=company, initiatives=initiatives, at=NOW)
    assert 'survey.csv line 2: "9" is no grade.' in str(trouble.value)
    assert 'survey.csv line 3: at is "yesterday".' in str(trouble.value)
    assert own_sheet(workspace, "catchback", "r6", today=NOW.date()) is None
    file.write_text("initiative,person,why\n")
    with pytest.raises(BadInput, match="the column who is missing"):
        import_pulse(workspace, file, company=company, initiatives=initiatives, at=NOW)


def test_the_pulse_in_the_terminal(workspace, rubrics):
    home = workspace.settings.home
    result = CliRunner().invoke(app, ["pulse", "questions", "catchback", "--rubrics", str(rubrics)], catch_exceptions=False)
    assert "I can say in one sentence why we do this." in result.output
    assert "My reps can say in one sentence why we do this." in result.output
    grades = [word for question in PulseQuestion for word in ("--grade", f"{question.value}=3")]
    said = call_command(home, rubrics, "pulse", "answer", "catchback", "--person", "r1", *grades)
    assert "never by team or name" in said and "Kept." in said
    prompted = CliRunner().invoke(
        app,
        ["pulse", "answer", "catchback", "--person", "ray", "--home", str(home), "--rubrics", str(rubrics)],
        input="5\n6\n4\n?\n5\n5\n5\n",
        catch_exceptions=False,
    )
    assert '"6" is no grade' in prompted.output and "Kept." in prompted.output
    shown = call_command(home, rubrics, "pulse", "show", "catchback")
    assert "1 manager on their reps, 0 reps on themselves" in shown
    assert "1 more answer from reps will be counted when 5 are together." in shown


# reports from the field


def test_a_report_quotes_its_call_word_for_word_or_is_refused(workspace, rubrics):
    initiative = find_initiative(rubrics, "catchback")

    def said(**fields):
        return report_field(
            workspace, initiative, Component.WALL, by="r1", words="They say they miss no calls.", at=NOW, **fields
        )

    kept = said(call_id="c1", quote="never  miss a\ncall")
    assert (kept.turn, kept.quote, kept.heard_on, kept.version) == (0, "never miss a call", date(2026, 11, 2), initiative.version)
    assert kept.start is not None
    with pytest.raises(UsageError, match="is not in the words of c1"):
        said(call_id="c1", quote="We always miss calls")
    with pytest.raises(UsageError, match="name it, too"):
        said(quote="never miss a call")
    with pytest.raises(UsageError, match="No call c1 of yours"):
        said(call_id="c1", visible=VisibleReps(rep_ids=frozenset({"r2"})))
    with pytest.raises(UsageError, match="No call gone of yours"):
        said(call_id="gone")
    with pytest.raises(UsageError, match="in a sentence"):
        report_field(workspace, initiative, Component.WALL, by="r1", words="bad", at=NOW)
    assert [case.report for case in field_cases(workspace)] == [kept]


def test_the_owner_answers_with_why_not_and_whoever_reported_is_told(workspace, rubrics, company):
    initiative = find_initiative(rubrics, "catchback")
    kept = report_field(workspace, initiative, Component.WALL, by="r1", words="They miss no calls.", at=NOW)

    def answered(by="ray", because="Most of them do; see the count.", **fields):
        return answer_field(workspace, kept.report_id[:5], [initiative], company, by=by, because=because, at=NOW, **fields)

    for by in ("r1", "carol", "x"):
        with pytest.raises(UsageError, match=rf"{by} may not answer it: that is for the owner of catchback \(ray\)"):
            answered(by=by)
    with pytest.raises(UsageError, match=r"names no published version of catchback\. Published: none\."):
        answered(version="abc")
    with pytest.raises(UsageError, match="the person who reported will read it"):
        answered(because="No.")
    assert news_for(workspace, "r1") == ()
    case = answered()
    assert not case.is_open and case.answer.version is None
    with pytest.raises(UsageError, match="answered already"):
        answered(by="nina")
    (news,) = news_for(workspace, "r1")
    assert news.answer.because == "Most of them do; see the count."
    mark_told(workspace, "r2", {kept.report_id}, at=NOW)
    assert news_for(workspace, "r1") != ()
    mark_told(workspace, "r1", {kept.report_id}, at=NOW)
    assert news_for(workspace, "r1") == ()


def test_a_version_that_was_published_after_the_report_answers_it(workspace, rubrics, company):
    initiative = find_initiative(rubrics, "catchback")
    kept = report_field(workspace, initiative, Component.WALL, by="r1", words="They miss no calls.", at=NOW)
    new = replace(initiative, story=replace(initiative.story, wall="One in four calls rings out."))
    first = Published(version=initiative.version, on=date(2026, 10, 1), by="ray")
    both = replace(new, published=(first, Published(version=new.version, on=date(2026, 11, 17), by="ray")))
    with pytest.raises(UsageError, match="is not newer than the version that was reported on"):
        answer_field(
            workspace,
            kept.report_id,
            [both],
            company,
            by="nina",
            because="We told the wall anew.",
            at=NOW,
            version=initiative.version[:6],
        )
    of_the_new = report_field(workspace, both, Component.PART, by="r2", words="Nobody counts their calls.", at=NOW)
    with pytest.raises(UsageError, match="is not newer than"):
        answer_field(
            workspace, of_the_new.report_id, [both], company, by="nina", because="As it was before.", at=NOW,
            version=initiative.version,
        )  # fmt: skip
    case = answer_field(
        workspace, kept.report_id, [both], company, by="nina", because="We told the wall anew.", at=NOW, version=new.version[:6]
    )
    assert case.answer.version == new.version


def test_somebody_the_people_file_does_not_know_is_told_that_no_answer_would_reach_them(workspace, rubrics, company):
    initiative = find_initiative(rubrics, "catchback")
    with pytest.raises(UsageError, match="r99 is not in the people file"):
        report_field(workspace, initiative, Component.WALL, by="r99", words="They miss no calls.", at=NOW, company=company)
    assert field_cases(workspace) == ()


def test_a_report_without_a_people_file_names_people_as_the_latest_run_did(workspace, rubrics):
    found, known = standing_of(workspace, About.TEAM, "river", rubrics=rubrics, people=None, today=NOW.date())
    assert (known.name, [rep.name for rep in found.reps]) == ("Wren", ["Rep 1"])


def test_a_survey_file_that_tells_of_days_to_come_is_refused(workspace, rubrics, company, tmp_path):
    file = tmp_path / "survey.csv"
    file.write_text("initiative,person,at,why,who,means,given,coached,heard\ncatchback,r1,2062-11-16,5,5,5,5,5,5\n")
    with pytest.raises(BadInput, match="line 2: 2062-11-16 is yet to come"):
        import_pulse(workspace, file, company=company, initiatives=[find_initiative(rubrics, "catchback")], at=NOW)


def test_reports_in_the_terminal(workspace, rubrics):
    home = workspace.settings.home
    said = call_command(
        home, rubrics, "field", "report", "catchback", "wall", "They say they miss no calls.",
        "--by", "r1", "--call", "c1", "--quote", "We never miss a call.",
    )  # fmt: skip
    report_id = said.split("Kept as ")[1].split(".")[0]
    listed = call_command(home, rubrics, "field", "list", "catchback", rubric=False)
    assert f"{report_id} open" in listed and "“We never miss a call.” (c1 at 0:04)" in listed
    signals = call_command(home, rubrics, "field", "signals", "catchback")
    assert "Why it exists: told in 1 call. In 1 the customer then asked why or what it means." in signals
    assert (
        "“And that does what for me?”, after the rep’s “Callers ring the next shop.” (c1 at 0:15)" in signals
        and report_id in signals
    )
    call_command(home, rubrics, "field", "answer", report_id, "--by", "ray", "--because", "It stays, see the count.")
    told = call_command(home, rubrics, "field", "list", "--by", "r1", rubric=False)
    assert "New:" in told and "not changed: It stays, see the count." in told
    assert "New:" not in call_command(home, rubrics, "field", "list", "--by", "r1", rubric=False)


# managers, and the report


def test_how_managers_coach_is_not_for_managers_or_reps(workspace, company):
    for role in (PersonRole.MANAGER, PersonRole.REP):
        with pytest.raises(UsageError, match="for enablement and executives"):
            conduct_of_managers(workspace, Viewer(role=role, person_id="ray"), company, today=NOW.date())
    (ray,) = conduct_of_managers(workspace, Viewer(role=PersonRole.EXECUTIVE), company, today=NOW.date())
    assert (ray.name, ray.reps, ray.strictness.gap) == ("Ray Delgado", 7, None)


def test_the_reports_show_all_of_it_and_a_reps_own_report_only_the_answers(workspace, rubrics, company, tmp_path):
    initiative = find_initiative(rubrics, "catchback")
    kept = report_field(
        workspace,
        initiative,
        Component.WALL,
        by="r1",
        words="<b>They</b> miss no calls.",
        at=NOW,
        call_id="c1",
        quote="never miss",
    )
    answer_field(workspace, kept.report_id, [initiative], company, by="ray", because="It stays for now.", at=NOW)
    for person in ("ray", "r1", "r2", "r3", "r4", "r5"):
        answer_pulse(workspace, "catchback", person, GRADES, company=company, initiatives=[initiative], at=NOW)
    people, pages = tmp_path / "people.yaml", {}
    for about, wanted in ((About.COMPANY, None), (About.INITIATIVE, "catchback"), (About.REP, "r1"), (About.TEAM, "river")):
        found, known = standing_of(workspace, about, wanted, rubrics=rubrics, people=people, today=NOW.date())
        write_page(found, known, about, wanted, tmp_path / "page.html")
        pages[about] = (tmp_path / "page.html").read_text(encoding="utf-8")
    for about in (About.COMPANY, About.INITIATIVE):
        page = pages[about]
        assert "The five C" in page and "What managers expect, what reps say" in page and "How managers coach" in page
        assert "&lt;b&gt;They&lt;/b&gt; miss no calls." in page and "It stays for now." in page
        assert "And that does what for me?" in page
    assert "Answers to your reports" in pages[About.REP] and "It stays for now." in pages[About.REP]
    for about in (About.REP, About.TEAM):
        assert "How managers coach" not in pages[about] and "What managers expect" not in pages[about]
    printed = call_command(
        workspace.settings.home, rubrics, "report", "initiative", "catchback", "--people", str(people), "--today", "2026-11-16"
    )
    assert "Clarity: do people hear the same story?" in printed
    assert "Pulse of 2026-Q4: 1 manager on their reps, 5 reps on themselves." in printed
    assert "Why it exists: told in 1 call. In 1 the customer then asked why or what it means." in printed
    assert "Ray Delgado" in printed and "Too few to say how strict" in printed


def test_whoever_publishes_is_shown_the_open_reports_on_what_was_rewritten(workspace, rubrics):
    file = rubrics / "catchback.yaml"
    initiative = find_initiative(rubrics, "catchback")
    workspace.store.keep_initiative(initiative)
    on_the_wall = report_field(workspace, initiative, Component.WALL, by="r1", words="They miss no calls.", at=NOW)
    report_field(workspace, initiative, Component.PART, by="r2", words="Nobody counts their calls.", at=NOW)
    new = initiative.story.wall.replace("Callers", "Most callers")
    anew = replace(initiative, story=replace(initiative.story, wall=new))
    published = "".join(
        f"  - {{version: '{version}', on: {day}, by: ray}}\n"
        for version, day in ((initiative.version, "2026-10-01"), (anew.version, "2026-11-20"))
    )
    file.write_text(RUBRIC.replace(initiative.story.wall, new) + f"published:\n{published}")
    assert find_initiative(rubrics, "catchback").is_published
    assert [case.report for case in waiting_for(workspace, rubrics, "catchback")] == [on_the_wall]


@pytest.mark.slow  # the gate's figure comes with its bootstrap
def test_the_card_says_of_peoples_agreement_what_the_gate_says(workspace, rubrics, tmp_path):
    said = {"a": "2102101222", "b": "2112100212"}
    labels = [
        Label(
            call_id=f"l{number}",
            initiative_id="catchback",
            person_id=person,
            at=NOW,
            version="v1",
            verdict=Verdict.PARTIAL,
            levels=dict.fromkeys(Component, Level(int(level))),
            asked_why=False,
            answer=Answer.NOT_ASKED,
        )
        for person, levels in said.items()
        for number, level in enumerate(levels)
    ]
    Labels(workspace.store).take_in(labels)
    initiative = find_initiative(rubrics, "catchback")
    gate = agreement_on(workspace, initiative).among_people(Component.WALL)
    found, _ = standing_of(
        workspace, About.INITIATIVE, "catchback", rubrics=rubrics, people=tmp_path / "people.yaml", today=NOW.date()
    )
    figure = found.initiatives[0].five_c.parts[0].figures[0]
    assert (figure.n, figure.sentence) == (10, five_c_wording.kappa(Component.WALL, gate.kappa))


def test_a_coaching_noted_on_a_goal_counts_like_one_in_the_log_and_one_in_both_counts_once(company):
    goal = Goal(goal_id="1", rep_id="r1", manager_id="ray", initiative_id="catchback", text="Why first", set_on=date(2026, 11, 2))
    noted = [
        GoalChange(revision=number, act=act, by="ray", at=NOW, goal=goal)
        for number, act in enumerate((GoalAct.SET, GoalAct.COACHED), 1)
    ]
    once = Coached(on=NOW.date(), by="ray", rep_id="r1", initiative_id="catchback")
    assert coachings(company, [noted]) == (once,)
    assert coachings(replace(company, coached=(once,)), [noted]) == (once,)
    # the rep may be the one who notes it, and is not the one who coached
    assert coachings(company, [[replace(noted[1], by="r1")]]) == (once,)
