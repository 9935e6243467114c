"""The report from what the database holds, made in one place: what `run` says of a rep, `report` says, too. Runs no model.

Knows nothing of the folder the calls came from, nor of who reads the report.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from callcoach.app.gates import agreement_on, gates
from callcoach.app.judge_error import judge_error_of
from callcoach.app.labelled_teams import alike_by_team
from callcoach.app.opinions import Asked, weighed
from callcoach.app.reviews import corrections, reviewed
from callcoach.app.workspace import Workspace
from callcoach.coaching.gate import MIN_COMPARED
from callcoach.coaching.judge_error import JudgeError
from callcoach.coaching.report import morning_report
from callcoach.domain.calibration import Agreement, Figure
from callcoach.domain.call import Call
from callcoach.domain.coaching import CallProblem, Given, MorningReport
from callcoach.domain.people import Company
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import CallScore
from callcoach.storage.goals import Goals
from callcoach.storage.runs import Runs


class Morning(NamedTuple):
    """A report with what it was made of: calls, scores as they are read, what was given before, and how the judge errs."""

    report: MorningReport
    calls: tuple[Call, ...]
    scores: tuple[CallScore, ...]
    given: tuple[Given, ...]
    judge: JudgeError | None


def the_report(
    workspace: Workspace,
    initiatives: Sequence[Initiative],
    company: Company,
    *,
    today: date,
    since: date | None = None,
    rep_id: str | None = None,
    initiative_id: str | None = None,
    problems: Sequence[CallProblem] = (),
    new_calls: int = 0,
    opinions: Sequence[Asked] = (),
) -> Morning:
    """The report on the calls that are kept, with people's words, gates, the judge's errors and what was given before.

    since, rep_id, initiative_id: narrow it. opinions: those that were asked for now.
    """
    calls = workspace.store.calls(since=since, rep_id=rep_id)
    read = reviewed(workspace, workspace.store.scores(since=since, rep_id=rep_id, initiative_id=initiative_id))
    scores, given, judge = weighed(read, opinions), Runs(workspace.store).given(), judge_error_of(workspace.settings)
    people = {initiative.id: agreement_on(workspace, initiative) for initiative in initiatives}
    figures = figures_of_people(people)
    # before and since a goal was set cannot be told from the later calls alone
    histories = Goals(workspace.store).all(rep_id=rep_id) if since is None else ()
    report = morning_report(
        today=today,
        calls=calls,
        scores=scores,
        initiatives=initiatives,
        company=company,
        problems=problems,
        new_calls=new_calls,
        versions=workspace.versions,
        gates=gates(workspace, initiatives, today=today, agreements=people),
        corrections=corrections(read),
        judge=judge,
        given=given,
        agreement=figures.agreement,
        with_machine=figures.with_machine,
        alike=alike_by_team(workspace, initiatives, company, calls),
        goals=histories,
    )
    return Morning(report, calls, scores, given, judge)


class FiguresOfPeople(NamedTuple):
    """By initiative: how far people agree on each component, and the judge with them on the verdict (kappa)."""

    agreement: Mapping[str, Mapping[Component, float | None]]
    with_machine: Mapping[str, float | None]


def figures_of_people(people: Mapping[str, Agreement | None]) -> FiguresOfPeople:
    """What the diagnosis reads of people's labels, None where too few calls were compared."""
    return FiguresOfPeople(
        {name: _on_components(found) for name, found in people.items()},
        {name: _kappa(found.with_machine("verdict") if found else None) for name, found in people.items()},
    )


def _on_components(people: Agreement | None) -> dict[Component, float | None]:
    """How far people agree on each component."""
    return {component: _kappa(people.among_people(component) if people else None) for component in Component}


def _kappa(figure: Figure | None) -> float | None:
    """None where too few calls were compared."""
    return figure.kappa if figure and figure.n >= MIN_COMPARED else None
