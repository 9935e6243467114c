"""A goal from the first word to its verdict: set, edited by both, agreed, heard in the calls that come, closed, told."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from callcoach.app import goals
from callcoach.app.goals import EVERYBODY, Draft, close_due, propose_goal, propose_recommended
from callcoach.app.kept_reports import keep_for_screens
from callcoach.app.morning import the_report
from callcoach.app.reviews import review
from callcoach.app.standing import About, standing_of, write_page
from callcoach.app.workspace import Workspace
from callcoach.batch import brief
from callcoach.domain.behaviour import Behaviour
from callcoach.domain.calibration import Override
from callcoach.domain.call import Call, CallKind
from callcoach.domain.goals import BY_A_RUN, GoalAct, GoalState, GoalVerdict
from callcoach.domain.people import Company, Person, PersonRole, Team, Viewer, VisibleReps, visible_reps
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.errors import EditConflict, GoalUnfinished, NotYours, UsageError
from callcoach.intake.rubrics import read_initiative
from callcoach.settings import Settings
from callcoach.storage.given import GivenToRuns
from callcoach.storage.judgements import Judgements, ToJudge
from callcoach.storage.labels import Labels
from callcoach.storage.runs import Runs

RUBRICS = Path(__file__).parents[2] / "rubrics"
SET_ON = date(2026, 10, 19)
AT = datetime(2026, 10, 19, 9, tzinfo=UTC)
DUE = date(2026, 11, 13)
COMPANY = Company(
    name="Wren & Field",
    teams=(Team(id="river", name="River", manager="ray"),),
    people=(
        Person(id="ray", name="Ray Delgado", role=PersonRole.MANAGER, team="river"),
        Person(id="beth", name="Beth Kowal", role=PersonRole.MANAGER),
        *(Person(id=rep, name=f"{rep.title()} Rep", role=PersonRole.REP, team="river") for rep in ("tyler", "alicia", "joyce")),
    ),
)
WHOLE = Draft(
    text="Say why CatchBack exists before saying how it works.",
    behaviour=Behaviour.TELL_THE_WALL,
    target=0.5,
    calls=5,
    why="Customers hear what it is for before they hear the price.",
    due=DUE,
)


class Kept(Workspace):
    """A workspace of which only the database is used."""

    versions = {"judge": "1"}  # noqa: RUF012 - no model is asked for its fingerprint


def call(rep_id: str, day: date, number: int, says_why: bool) -> tuple[Call, CallScore]:
    """A call that says why it exists, or only what it does."""
    call_id = f"{rep_id}-{day}-{number}"
    heard = Call(
        call_id=call_id,
        content=call_id,
        kind=CallKind.CUSTOMER_CALL,
        started_at=datetime(day.year, day.month, day.day, 9, number, tzinfo=UTC),
        rep_id=rep_id,
    )
    said = [("need", 1, "One kid on the counter."), ("hammer", 2, "You get a text."), ("part", 2, "That is for your counter.")]
    said += [("wall", 2, "Twenty-seven of a hundred rang out.")] if says_why else []
    score = CallScore(
        call_id=call_id,
        initiative_id="catchback",
        verdict=Verdict.EXPLAINS if says_why else Verdict.PARTIAL,
        confidence=0.9,
        why_score=60.0,
        levels={
            Component.WALL: Level.EXPLAINED if says_why else Level.ABSENT,
            Component.HAMMER: Level.EXPLAINED,
            Component.PART: Level.EXPLAINED,
        },
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=True),
        evidence=tuple(
            Evidence(act=act, turn=turn, quote=quote, start=1.0, end=2.0, reply_to=1 if turn == 2 else None)
            for act, turn, quote in said
        ),
    )
    return heard, score


def keep(workspace: Workspace, pairs: Sequence[tuple[Call, CallScore]]) -> None:
    workspace.store.add_calls(one for one, _ in pairs)
    keyed = [(ToJudge(one.call_id, score.initiative_id, "heard", "measured", "judged"), score) for one, score in pairs]
    Judgements(workspace.store).keep(keyed, stage="judge")


def month(rep_id: str, first: date, marks: str) -> list[tuple[Call, CallScore]]:
    """A call a day from that day on: `+` says why."""
    return [call(rep_id, first + timedelta(days=place), place, mark == "+") for place, mark in enumerate(marks)]


@pytest.fixture
def catchback() -> Initiative:
    return read_initiative(RUBRICS / "catchback.yaml")


@pytest.fixture
def workspace(tmp_path: Path, catchback: Initiative) -> Iterator[Workspace]:
    """Three reps in October, of whom one seldom says why; a run that read the initiative and the company."""
    made = Kept(Settings(home=tmp_path))
    begin(made, catchback)
    october = date(2026, 10, 5)
    for rep_id, marks in (("tyler", "-----+-----"), ("alicia", "+++-++++-++"), ("joyce", "++++-++++++")):
        keep(made, month(rep_id, october, marks))
    Labels(made.store).override(
        Override(
            initiative_id="catchback",
            by="A01",
            because="A pilot.",
            at=datetime(2026, 10, 1, tzinfo=UTC),
            until=date(2027, 1, 1),
        )
    )
    yield made
    made.store.close()


def begin(workspace: Workspace, initiative: Initiative) -> None:
    workspace.store.keep_initiative(initiative)
    GivenToRuns(workspace.store).keep(COMPANY, {})
    Runs(workspace.store).begin(AT, versions={}, initiatives=[(initiative.id, initiative.version)])


def test_what_a_run_counted_says_the_same_of_a_goal_as_every_call_counted_again(workspace, catchback, monkeypatch):
    set_ = propose_goal(workspace, "tyler", "catchback", WHOLE, by="ray", at=AT, today=SET_ON)
    goals.agree(workspace, "1", revision=set_.revision, by="tyler", at=AT, today=SET_ON)
    keep(workspace, month("tyler", date(2026, 10, 20), "+-++++-++++"))
    today, now = date(2026, 11, 2), datetime.now(UTC)
    anew = goals.goal(workspace, "1", EVERYBODY, today=today)
    assert anew.progress.since.n == 11
    run_id = Runs(workspace.store).begin(now, versions={}, initiatives=[(catchback.id, catchback.version)])
    made = the_report(workspace, [catchback], COMPANY, today=today)
    keep_for_screens(workspace, run_id, made, [catchback], COMPANY, at=now)

    with monkeypatch.context() as without_calls:
        # the figures that the run left are all that is read
        without_calls.setattr(type(workspace.store), "scores", None)
        without_calls.setattr(type(workspace.store), "calls", None)
        assert goals.goal(workspace, "1", EVERYBODY, today=today) == anew
    # a later run may have judged more calls: they are counted
    Runs(workspace.store).begin(now, versions={}, initiatives=[(catchback.id, catchback.version)])
    keep(workspace, month("tyler", date(2026, 11, 1), "+"))
    assert goals.goal(workspace, "1", EVERYBODY, today=today).progress.since.n == 12


def test_a_correction_since_the_run_is_counted_in_a_goal(workspace, catchback):
    now = datetime.now(UTC)
    run_id = Runs(workspace.store).begin(now, versions={}, initiatives=[(catchback.id, catchback.version)])
    made = the_report(workspace, [catchback], COMPANY, today=SET_ON)
    keep_for_screens(workspace, run_id, made, [catchback], COMPANY, at=now)
    before = propose_goal(workspace, "tyler", "catchback", WHOLE, by="ray", at=AT, today=SET_ON).now
    said = {"by": "ray", "because": "It never came up.", "at": datetime.now(UTC), "verdict": Verdict.NOT_RAISED}
    review(workspace, "tyler-2026-10-10-5", "catchback", **said)
    after = goals.goal(workspace, "1", EVERYBODY, today=SET_ON).now
    assert (before.n, after.n) == (11, 10)


def test_a_goal_is_set_edited_agreed_heard_and_closed_with_its_verdict(workspace, catchback):
    proposed = propose_recommended(workspace, "tyler", by="ray", at=AT, today=SET_ON, behaviour=Behaviour.TELL_THE_WALL)
    assert (proposed.state, proposed.goal.manager_id, proposed.goal.agreed_by) == (GoalState.DRAFT, "ray", ("ray",))
    assert [sentence.split()[1] for sentence in proposed.missing] == ["the", "how", "the"]  # share, calls, day

    completed = goals.edit_goal(
        workspace,
        proposed.goal.goal_id,
        replace(WHOLE, text=None, why=None),
        revision=proposed.revision,
        by="tyler",
        at=AT,
        today=SET_ON,
    )
    assert completed.sentence == "waiting for Ray Delgado to agree"
    agreed = goals.agree(workspace, "1", revision=completed.revision, by="ray", at=AT, today=SET_ON)
    assert (agreed.state, agreed.progress.verdict) == (GoalState.RUNNING, GoalVerdict.TOO_FEW_CALLS)
    goals.note_coaching(workspace, "1", by="ray", at=AT + timedelta(days=2), today=SET_ON, note="Played the call of Oct 10.")

    keep(workspace, month("tyler", date(2026, 10, 20), "+-++++-++++"))
    nearly = date(2026, 11, 2)
    (running,) = goals.goals_of(workspace, "tyler", EVERYBODY, today=nearly)
    assert (running.progress.since.n, running.progress.since.count) == (11, 9)
    assert running.progress.before.share < 0.35 < 0.6 < running.progress.since.share
    report = the_report(workspace, [catchback], COMPANY, today=nearly).report
    (tyler,) = (rep for rep in report.reps if rep.profile.rep_id == "tyler")
    assert tyler.goals == (running,), "the report and the rep's page say the same"
    assert close_due(workspace, report, at=AT) is report, "nothing is closed before its day has passed"

    keep(workspace, month("tyler", DUE + timedelta(days=1), "----"))  # after its day: they count for nothing
    after, at = date(2026, 11, 19), datetime(2026, 11, 19, 6, tzinfo=UTC)
    before_it_was_closed = the_report(workspace, [catchback], COMPANY, today=after).report
    closed = close_due(workspace, before_it_was_closed, at=at)
    text = brief.render_markdown(closed, initiatives=[catchback], company=COMPANY)
    page = brief.render_html(closed, initiatives=[catchback], company=COMPANY)
    for told in (text, page):
        assert "Closed Nov 19: reached: " in told and ", 11 calls" in told
        assert "Talk over how the goal" in told
    again = the_report(workspace, [catchback], COMPANY, today=after).report
    assert brief.render_markdown(again, initiatives=[catchback], company=COMPANY) == text, "a second run says the same"
    assert close_due(workspace, again, at=at) is again
    twice = close_due(workspace, before_it_was_closed, at=at + timedelta(hours=1))
    assert twice == closed, "what was closed meanwhile is not closed again"

    changes = goals.history(workspace, "1", EVERYBODY)
    assert [(change.act, change.by) for change in changes] == [
        (GoalAct.SET, "ray"),
        (GoalAct.EDITED, "tyler"),
        (GoalAct.AGREED, "ray"),
        (GoalAct.COACHED, "ray"),
        (GoalAct.CLOSED, BY_A_RUN),
    ]
    (ended,) = goals.goals_of(workspace, "tyler", EVERYBODY, today=after)
    assert (ended.state, ended.goal.verdict, ended.progress) == (GoalState.CLOSED, GoalVerdict.REACHED, changes[-1].progress)
    assert ended.coached_on == (date(2026, 10, 21),)


def test_only_the_rep_and_the_manager_change_a_goal(workspace):
    with pytest.raises(NotYours, match="alicia is neither"):
        propose_goal(workspace, "tyler", "catchback", replace(WHOLE, manager_id="ray"), by="alicia", at=AT, today=SET_ON)
    with pytest.raises(UsageError, match="agreed with Ray Delgado"):
        propose_goal(workspace, "tyler", "catchback", WHOLE, by="beth", at=AT, today=SET_ON)
    found = propose_goal(workspace, "tyler", "catchback", WHOLE, by="tyler", at=AT, today=SET_ON)
    common = {"at": AT, "today": SET_ON}
    for act in (
        lambda: goals.edit_goal(workspace, "1", Draft(target=0.6), revision=1, by="beth", **common),
        lambda: goals.agree(workspace, "1", revision=1, by="alicia", **common),
        lambda: goals.close(workspace, "1", by="beth", **common),
        lambda: goals.note_coaching(workspace, "1", by="alicia", **common),
    ):
        with pytest.raises(NotYours):
            act()
    assert goals.history(workspace, "1", EVERYBODY) == goals.history(workspace, "1", EVERYBODY)[:1]
    assert found.waiting_for == ("ray",)


def test_a_goal_is_read_by_its_owners_and_by_who_sees_the_rep(workspace):
    propose_goal(workspace, "tyler", "catchback", WHOLE, by="tyler", at=AT, today=SET_ON)
    ray = visible_reps(Viewer(role=PersonRole.MANAGER, person_id="ray"), COMPANY)
    alicia = visible_reps(Viewer(role=PersonRole.REP, person_id="alicia"), COMPANY)
    assert len(goals.goals_of(workspace, None, ray, today=SET_ON)) == 1
    assert goals.goals_of(workspace, None, alicia, today=SET_ON) == ()
    assert goals.goals_of(workspace, "tyler", alicia, today=SET_ON) == ()
    with pytest.raises(NotYours, match="Goal 1 is read by its rep"):
        goals.goal(workspace, "1", alicia, today=SET_ON, reader="alicia")
    assert goals.goal(workspace, "1", VisibleReps(), today=SET_ON, reader="ray").goal.rep_id == "tyler"


def test_a_stale_edit_says_both_texts_and_a_stale_agreement_is_none(workspace):
    propose_goal(workspace, "tyler", "catchback", WHOLE, by="tyler", at=AT, today=SET_ON)
    goals.edit_goal(workspace, "1", Draft(text="Ask first, then say why it exists."), revision=1, by="ray", at=AT, today=SET_ON)
    with pytest.raises(
        EditConflict, match=r"It reads: “Ask first, then say why it exists\.”.* You wrote: “Say why CatchBack exists"
    ):
        goals.edit_goal(workspace, "1", Draft(target=0.7), revision=1, by="tyler", at=AT, today=SET_ON)
    with pytest.raises(EditConflict, match="you read revision 1, it is at 2 now"):
        goals.agree(workspace, "1", revision=1, by="tyler", at=AT, today=SET_ON)
    assert goals.agree(workspace, "1", revision=2, by="tyler", at=AT, today=SET_ON).state is GoalState.RUNNING


def test_what_is_no_goal_yet_cannot_be_agreed_to(workspace):
    propose_goal(workspace, "tyler", "catchback", Draft(text="Be a better explainer of it."), by="tyler", at=AT, today=SET_ON)
    with pytest.raises(GoalUnfinished, match=r"Name one behaviour .* Name the day it is due"):
        goals.agree(workspace, "1", revision=1, by="ray", at=AT, today=SET_ON)
    # a share that the rep has long reached is no goal, nor one that is out of reach
    easy = goals.edit_goal(workspace, "1", replace(WHOLE, target=0.1), revision=1, by="tyler", at=AT, today=SET_ON)
    assert "where the calls stand already" in easy.sentence
    with pytest.raises(GoalUnfinished, match="where the calls stand already"):
        goals.agree(workspace, "1", revision=2, by="ray", at=AT, today=SET_ON)
    with pytest.raises(UsageError, match="Nothing to change"):
        goals.edit_goal(workspace, "1", Draft(), revision=2, by="ray", at=AT, today=SET_ON)


def test_a_closed_goal_stays_as_it_is(workspace):
    propose_goal(workspace, "tyler", "catchback", WHOLE, by="tyler", at=AT, today=SET_ON)
    closed = goals.close(workspace, "1", by="ray", at=AT, today=SET_ON, because="Another thing comes first.")
    assert (closed.sentence, closed.goal.verdict) == ("closed before both had agreed, without a verdict", None)
    assert goals.history(workspace, "1", EVERYBODY)[-1].note == "Another thing comes first."
    for act in (
        lambda: goals.edit_goal(workspace, "1", Draft(target=0.6), revision=2, by="ray", at=AT, today=SET_ON),
        lambda: goals.agree(workspace, "1", revision=2, by="ray", at=AT, today=SET_ON),
        lambda: goals.close(workspace, "1", by="ray", at=AT, today=SET_ON),
    ):
        with pytest.raises(GoalUnfinished, match=r"closed\. Set a new one"):
            act()


def test_unknown_reps_initiatives_and_recommendations_are_told_with_what_is_known(workspace):
    common = {"by": "ray", "at": AT, "today": SET_ON}
    with pytest.raises(UsageError, match="No rep nobody is in the people file"):
        propose_goal(workspace, "nobody", "catchback", WHOLE, **common)
    with pytest.raises(UsageError, match=r"No initiative catchbak\. The latest run read: catchback"):
        propose_goal(workspace, "tyler", "catchbak", WHOLE, **common)
    with pytest.raises(UsageError, match="That is not recommended to tyler today: tell_the_wall on catchback"):
        propose_recommended(workspace, "tyler", behaviour=Behaviour.RAISE_IT, **common)


def test_what_a_person_wrote_is_text_on_every_page(workspace, catchback):
    hostile = replace(WHOLE, text="<script>alert(1)</script> [a](http://b) *and* more of it")
    propose_goal(workspace, "tyler", "catchback", hostile, by="tyler", at=AT, today=SET_ON)
    report = the_report(workspace, [catchback], COMPANY, today=SET_ON).report
    page = brief.render_html(report, initiatives=[catchback], company=COMPANY)
    assert "<script" not in page and page.count("&lt;script&gt;alert(1)") == 2, "the day's list and the rep's part"
    text = brief.render_markdown(report, initiatives=[catchback], company=COMPANY)
    assert "<script" not in text and "[a](" not in text and "\\*and\\*" in text


def test_a_new_manager_takes_a_goal_over_when_the_rep_says_so(workspace):
    propose_goal(workspace, "tyler", "catchback", WHOLE, by="tyler", at=AT, today=SET_ON)
    goals.agree(workspace, "1", revision=1, by="ray", at=AT, today=SET_ON)
    moved = replace(COMPANY, teams=(Team(id="river", name="River", manager="beth"),))
    GivenToRuns(workspace.store).keep(moved, {})
    taken = goals.edit_goal(workspace, "1", Draft(manager_id="beth"), revision=2, by="tyler", at=AT, today=SET_ON)
    assert (taken.goal.manager_id, taken.waiting_for) == ("beth", ("beth",))
    with pytest.raises(NotYours):
        goals.edit_goal(workspace, "1", Draft(target=0.6), revision=3, by="ray", at=AT, today=SET_ON)


def test_a_narrowed_report_by_day_says_nothing_of_before_and_since(workspace, catchback):
    propose_goal(workspace, "tyler", "catchback", WHOLE, by="tyler", at=AT, today=SET_ON)
    report = the_report(workspace, [catchback], COMPANY, today=SET_ON, since=date(2026, 10, 10)).report
    assert all(rep.goals == () for rep in report.reps)


PEOPLE = """\
company: Wren & Field
teams:
  - {id: river, name: River, manager: ray}
  - {id: ridge, name: Ridge, manager: beth}
people:
  - {id: ray, name: Ray Delgado, role: manager}
  - {id: beth, name: Beth Kowal, role: manager}
  - {id: tyler, name: Tyler Rep, role: rep, team: river}
  - {id: alicia, name: Alicia Rep, role: rep, team: river}
  - {id: joyce, name: Joyce Rep, role: rep, team: ridge}
coaching_log:
  - {date: 2026-10-08, coach: ray, rep: tyler, initiative: catchback}
  - {date: 2026-10-09, coach: beth, rep: joyce, initiative: catchback}
"""


@pytest.mark.parametrize(
    ("about", "wanted", "held"),
    [(About.COMPANY, None, 2), (About.TEAM, "river", 2), (About.REP, "tyler", None), (About.INITIATIVE, "catchback", None)],
)
def test_what_coaching_brought_is_for_managers(workspace, tmp_path, about, wanted, held):
    people, page = tmp_path / "people.yaml", tmp_path / "page.html"
    people.write_text(PEOPLE)
    found, company = standing_of(workspace, about, wanted, rubrics=RUBRICS, people=people, today=SET_ON)
    write_page(found, company, about, wanted, page)
    assert (found.worked.held if found.worked else None) == held
    # one coaching each is too few to compare with twelve reps who had none
    told = "Too few coachings to say what they brought: 0 of 2 can be compared. Each takes 3 calls" in page.read_text()
    assert told is (held is not None)
