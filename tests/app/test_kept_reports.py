"""What a whole run keeps for screens: they add up nothing, say as of when, and how many corrections came since."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from callcoach.app.kept_reports import keep_for_screens, kept_morning, kept_standing
from callcoach.app.morning import the_report
from callcoach.app.review_queue import dismiss, put_back, refresh_disputes, review_queue
from callcoach.app.reviews import review
from callcoach.app.standing import About
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call, CallKind
from callcoach.domain.people import Company, Person, PersonRole, Team, VisibleReps
from callcoach.domain.queue import Asked, QueueState, Why
from callcoach.domain.remark import Remark, RemarkKind
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.errors import UsageError
from callcoach.intake.rubrics import read_initiative
from callcoach.settings import Settings
from callcoach.storage.given import GivenToRuns
from callcoach.storage.judgements import Judgements, ToJudge
from callcoach.storage.remarks import Remarks
from callcoach.storage.runs import Runs

RUBRICS = Path(__file__).parents[2] / "rubrics"
TODAY = date(2026, 11, 16)
ALL = VisibleReps(everybody=True)
COMPANY = Company(
    name="Wrenfield",
    teams=(Team(id="river", name="River Team", manager="M01"),),
    people=(
        Person(id="M01", name="Ray", role=PersonRole.MANAGER),
        Person(id="R01", name="Tyler", role=PersonRole.REP, team="river"),
        Person(id="R02", name="Alicia", role=PersonRole.REP, team="river"),
    ),
)


class Stored(Workspace):
    """A workspace of which only the database is used."""

    versions = {"judge": "1"}  # noqa: RUF012 - no model is asked for its fingerprint


def recited(call_id: str, rep_id: str, day: int) -> tuple[Call, CallScore]:
    started = datetime(2026, 10, day, 9, tzinfo=UTC)
    call = Call(call_id=call_id, content=call_id, kind=CallKind.CUSTOMER_CALL, started_at=started, rep_id=rep_id)
    score = CallScore(
        call_id=call_id,
        initiative_id="catchback",
        verdict=Verdict.RECITES,
        confidence=0.9,
        why_score=20.0,
        levels={Component.WALL: Level.ABSENT, Component.HAMMER: Level.MENTIONED, Component.PART: Level.ABSENT},
        asked_why=True,
        answer=Answer.DEFLECTS,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=(Evidence(act="hammer", turn=2, quote="It texts back.", start=3.0, end=4.0),),
    )
    return call, score


@pytest.fixture
def catchback() -> Initiative:
    return read_initiative(RUBRICS / "catchback.yaml")


@pytest.fixture
def workspace(tmp_path: Path, catchback: Initiative) -> Iterator[Workspace]:
    """Two reps with four calls each, as a run leaves them."""
    made = Stored(Settings(home=tmp_path))
    pairs = [recited(f"{rep}-{day}", rep, day) for rep in ("R01", "R02") for day in (20, 22, 26, 28)]
    made.store.add_calls(call for call, _ in pairs)
    keyed = [(ToJudge(call.call_id, score.initiative_id, "heard", "measured", "judged"), score) for call, score in pairs]
    Judgements(made.store).keep(keyed, stage="judge")
    made.store.keep_initiative(catchback)
    GivenToRuns(made.store).keep(COMPANY, {})
    yield made
    made.store.close()


def run(workspace: Workspace, catchback: Initiative) -> None:
    runs, now = Runs(workspace.store), datetime.now(UTC)
    run_id = runs.begin(now, versions={}, initiatives=[(catchback.id, catchback.version)])
    made = the_report(workspace, [catchback], COMPANY, today=TODAY)
    keep_for_screens(workspace, run_id, made, [catchback], COMPANY, at=now)


def test_before_a_run_there_is_nothing_and_that_is_said(workspace: Workspace) -> None:
    assert kept_morning(workspace) is None
    assert kept_standing(workspace, About.REP, "R01") is None
    found = review_queue(workspace, ALL, Asked())
    assert (found.total, found.as_of) == (0, None)


def test_a_run_keeps_every_standing(workspace: Workspace, catchback: Initiative) -> None:
    run(workspace, catchback)
    morning = kept_morning(workspace)
    assert morning is not None
    assert [each.profile.rep_id for each in morning.report.reps] == ["R02", "R01"], "by name"
    for about, wanted, reps in (
        (About.COMPANY, None, {"R01", "R02"}),
        (About.INITIATIVE, "catchback", {"R01", "R02"}),
        (About.TEAM, "river", {"R01", "R02"}),
        (About.REP, "R01", {"R01"}),
    ):
        kept = kept_standing(workspace, about, wanted)
        assert kept is not None
        assert {each.report.profile.rep_id for each in kept.standing.reps} == reps
    assert kept_standing(workspace, About.REP, "R03") is None


def test_a_correction_since_is_counted_and_not_pretended(workspace: Workspace, catchback: Initiative) -> None:
    run(workspace, catchback)
    review(workspace, "R01-20", "catchback", by="M01", because="Heard it.", at=datetime.now(UTC), verdict=Verdict.PARTIAL)
    counts = [
        kept.corrected_since
        for about, wanted in ((About.REP, "R01"), (About.REP, "R02"), (About.TEAM, "river"), (About.INITIATIVE, "catchback"))
        if (kept := kept_standing(workspace, about, wanted))
    ]
    assert counts == [1, 0, 1, 1]
    page = review_queue(workspace, ALL, Asked(state=QueueState.REVIEWED))
    assert [row.key for row in page.rows] == ["catchback/R01-20"]
    assert page.said_by_people == {"catchback/R01-20": Verdict.PARTIAL}


def test_a_dispute_is_in_the_queue_at_once_and_a_review_after_it_settles_it(workspace: Workspace, catchback: Initiative) -> None:
    run(workspace, catchback)
    said = Remark(
        call_id="R01-20",
        person_id="R01",
        at=datetime.now(UTC),
        kind=RemarkKind.DISPUTE,
        text="The line broke.",
        initiative_id="catchback",
    )
    Remarks(workspace.store).add(said)
    refresh_disputes(workspace, "R01-20")
    (row,) = review_queue(workspace, ALL, Asked(why=Why.DISPUTED)).rows
    assert row.call.reasons[0].sentence == "Tyler disputes the verdict: “The line broke.”"
    review(workspace, "R01-20", "catchback", by="M01", because="Heard it again.", at=datetime.now(UTC), verdict=Verdict.RECITES)
    refresh_disputes(workspace, "R01-20")
    assert review_queue(workspace, ALL, Asked(why=Why.DISPUTED)).rows == ()
    assert [row.call.call_id for row in review_queue(workspace, ALL, Asked(state=QueueState.REVIEWED)).rows] == ["R01-20"]


def test_a_dismissal_wants_a_reason_and_a_call(workspace: Workspace, catchback: Initiative) -> None:
    run(workspace, catchback)
    at = datetime.now(UTC)
    with pytest.raises(UsageError, match="says why"):
        dismiss(workspace, ALL, [("R01-20", "catchback")], because="  ", by="M01", at=at)
    with pytest.raises(UsageError, match="No call is selected"):
        dismiss(workspace, ALL, [], because="Old.", by="M01", at=at)
    done = dismiss(workspace, ALL, [("R01-20", "catchback")], because=" Too \n old. ", by="M01", at=at)
    (row,) = review_queue(workspace, ALL, Asked(state=QueueState.DISMISSED)).rows
    assert row.dismissal is not None
    assert row.dismissal.because == "Too old."
    assert put_back(workspace, ALL, batch_id=done.batch_id) == (("R01-20", "catchback"),)
    assert review_queue(workspace, ALL, Asked(state=QueueState.DISMISSED)).rows == ()


def test_a_page_beyond_the_last_is_the_last(workspace: Workspace, catchback: Initiative) -> None:
    run(workspace, catchback)
    assert review_queue(workspace, ALL, Asked(), page=99).page == 1
