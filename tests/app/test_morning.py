"""`run` and `report` make one report: what was given before is held in both; without a call, the next step is said."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from callcoach.app.judge_error import compared_calls
from callcoach.app.labelled_teams import alike_by_team
from callcoach.app.morning import the_report
from callcoach.app.standing import About, standing_of
from callcoach.app.workspace import Workspace
from callcoach.domain.calibration import Label, Override
from callcoach.domain.call import Call, CallKind
from callcoach.domain.coaching import Given
from callcoach.domain.diagnosis import Alike
from callcoach.domain.people import Company, Person, PersonRole
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.errors import SomethingMissing
from callcoach.intake.rubrics import read_initiative
from callcoach.settings import Settings
from callcoach.storage.judgements import Judgements, ToJudge
from callcoach.storage.labels import Labels
from callcoach.storage.runs import Runs
from callcoach.training import agreement as agreement_of_labels

RUBRICS = Path(__file__).parents[2] / "rubrics"
TODAY = date(2026, 11, 16)
BY_ADMIN = Override(
    initiative_id="catchback", by="A01", because="A pilot.", at=datetime(2026, 11, 1, tzinfo=UTC), until=date(2026, 12, 1)
)


class Kept(Workspace):
    """A workspace of which only the database is used."""

    versions = {"judge": "1"}  # noqa: RUF012 - no model is asked for its fingerprint


def priced(call_id: str, rep_id: str, day: int) -> tuple[Call, CallScore]:
    """The price as the answer to a customer's why."""
    call = Call(
        call_id=call_id,
        content=call_id,
        kind=CallKind.CUSTOMER_CALL,
        started_at=datetime(2026, 10, day, 9, tzinfo=UTC),
        rep_id=rep_id,
    )
    said = (("ask", 1, "What does that do for me?", None), ("answer", 2, f"It is twenty-nine, says {rep_id}.", 1))
    quotes = [Evidence(act=act, turn=turn, quote=quote, start=1.0, end=2.0, reply_to=to) for act, turn, quote, to in said]
    quotes.append(replace(quotes[1], act="hammer"))
    score = CallScore(
        call_id=call_id,
        initiative_id="catchback",
        verdict=Verdict.FACTS_ONLY,
        confidence=0.9,
        why_score=20.0,
        levels={Component.WALL: Level.ABSENT, Component.HAMMER: Level.MENTIONED, Component.PART: Level.ABSENT},
        asked_why=True,
        answer=Answer.NONE,
        behaviours=Behaviours(offer_hunting=True, feature_dump=False, diagnosed_first=False),
        evidence=tuple(quotes),
    )
    return call, score


@pytest.fixture
def catchback() -> Initiative:
    return read_initiative(RUBRICS / "catchback.yaml")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Two reps with four calls each, and an initiative that an administrator has coached."""
    made = Kept(Settings(home=tmp_path))
    pairs = [priced(f"{rep}-{day}", rep, day) for rep in ("R01", "R02") for day in (20, 22, 26, 28)]
    made.store.add_calls(call for call, _ in pairs)
    keyed = [(ToJudge(call.call_id, score.initiative_id, "heard", "measured", "judged"), score) for call, score in pairs]
    Judgements(made.store).keep(keyed, stage="judge")
    Labels(made.store).override(BY_ADMIN)
    yield made
    made.store.close()


def test_what_a_brief_gave_is_held_in_the_brief_and_in_a_report(workspace, catchback):
    first = the_report(workspace, [catchback], Company(), today=TODAY).report.reps[0]
    best, *others = first.recommendations
    assert others, "two things to coach, so that one can be held before the other"
    given = Given(rep_id="R01", initiative_id="catchback", behaviour=others[0].behaviour, since=date(2026, 11, 10), place=0)
    runs = Runs(workspace.store)
    runs.keep_given(runs.begin(datetime(2026, 11, 10, tzinfo=UTC), versions={}), [given])
    brief = the_report(workspace, [catchback], Company(), today=TODAY).report.reps[0]
    assert brief.recommendations[0].behaviour is given.behaviour is not best.behaviour
    found, _ = standing_of(workspace, About.REP, "R01", rubrics=RUBRICS, people=None, today=TODAY)
    assert found.reps[0].report.recommendations == brief.recommendations


def test_a_company_without_a_call_is_told_what_to_do(tmp_path):
    empty = Kept(Settings(home=tmp_path))
    with pytest.raises(SomethingMissing, match="Run `callcoach run FOLDER` first"):
        standing_of(empty, About.COMPANY, None, rubrics=RUBRICS, people=None, today=TODAY)
    empty.store.close()


def test_a_judge_that_never_hears_it_is_not_taken_for_a_perfect_one(tmp_path):
    evaluation = tmp_path / "evaluation.json"
    figures = {"n": 200, "f1": 0.0, "kappa": 0.0}
    call = {"verdict": "explains", "gold": "explains", "levels": None, "gold_levels": {}, "answer": None, "gold_answer": "na"}
    call |= {"writer": "w", "asked_why": None, "gold_asked_why": False}
    evaluation.write_bytes(
        msgspec.json.encode({"protocol": {}, "predictions": [call], "behaviours": {"diagnosed_first": figures}})
    )
    _, asks_first = compared_calls(evaluation)
    assert asks_first is not None and asks_first.hit == 0.0


def said_of(call_id: str, person_id: str, verdict: Verdict) -> Label:
    at = datetime(2026, 10, 29, tzinfo=UTC)
    levels = dict.fromkeys(Component, Level.ABSENT)
    return Label(
        initiative_id="catchback",
        version="1",
        call_id=call_id,
        person_id=person_id,
        round_id="by hand",
        at=at,
        verdict=verdict,
        levels=levels,
        asked_why=False,
        answer=Answer.NOT_ASKED,
    )


def test_how_often_the_judge_agrees_with_people_is_counted_by_team_and_call(workspace, catchback):
    team = Company(people=(Person(id="R01", name="One", role=PersonRole.REP, team="river"),))
    labels = [said_of("R01-20", person, Verdict.FACTS_ONLY) for person in ("E01", "M01")]
    labels += [said_of("R01-22", "E01", Verdict.FACTS_ONLY), said_of("R01-22", "M01", Verdict.RECITES)]
    labels += [said_of("R01-26", "E01", Verdict.RECITES), said_of("R02-20", "E01", Verdict.RECITES)]
    Labels(workspace.store).take_in(labels)
    found = alike_by_team(workspace, [catchback], team, workspace.store.calls())
    assert found == {"catchback": {"river": Alike(agreed=2, n=3)}}


def test_people_agreement_is_worked_out_once_in_a_report(workspace, catchback, monkeypatch):
    Labels(workspace.store).take_in([said_of("R01-20", person, Verdict.FACTS_ONLY) for person in ("E01", "M01")])
    asked = []
    counted = agreement_of_labels.agreement
    monkeypatch.setattr(agreement_of_labels, "agreement", lambda *args, **named: asked.append(args[0]) or counted(*args, **named))
    report = the_report(workspace, [catchback], Company(), today=TODAY).report
    assert asked == ["catchback"]
    assert [gate.initiative_id for gate in report.gates] == ["catchback"]
