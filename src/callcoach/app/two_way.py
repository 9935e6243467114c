"""What people say and do beside the calls, joined to where an initiative stands: pulse, field, five C, managers.

The rep's own report gets what became of the rep's reports, and nothing of the rest.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from callcoach.app.field_reports import field_standing_of, news_for
from callcoach.app.manager_conduct import coachings, conduct_of_managers
from callcoach.app.pulse import pulse_of
from callcoach.app.workspace import Workspace
from callcoach.coaching.five_c import Agreed, AroundTheCard, five_c
from callcoach.coaching.heard import Hearings
from callcoach.coaching.standing import InitiativeStanding, Standing
from callcoach.domain.people import Company, PersonRole, Viewer
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Level
from callcoach.storage.goals import Goals
from callcoach.storage.labels import Labels

FOR_ENABLEMENT = Viewer(role=PersonRole.ENABLEMENT)


def with_two_way(
    found: Standing,
    workspace: Workspace,
    hearings: Hearings,
    initiatives: Sequence[Initiative],
    company: Company,
    *,
    managers_on: str | None = None,
) -> Standing:
    """The standing of initiatives with what comes back from the field, for enablement and executives.

    managers_on: the initiative for which managers are shown, None for all.
    """
    by_id = {initiative.id: initiative for initiative in initiatives}
    histories = Goals(workspace.store).all()
    coached = coachings(company, histories)
    goals = [history[-1].goal for history in histories]

    def told(each: InitiativeStanding) -> InitiativeStanding:
        initiative = by_id[each.finding.initiative_id]
        pulse, field = pulse_of(workspace, initiative.id, today=found.today), field_standing_of(workspace, initiative, hearings)
        around = AroundTheCard(
            reps=_reps(hearings, initiative.id),
            agreement=_agreed(workspace, initiative.id),
            pulse=pulse,
            coached=coached,
            goals=goals,
            cases=field.cases,
            leaders_on=_leaders_on(hearings, initiative.id),
        )
        return replace(each, pulse=pulse, from_field=field, five_c=five_c(initiative, each.finding, around, today=found.today))

    return replace(
        found,
        initiatives=tuple(told(each) for each in found.initiatives),
        managers=conduct_of_managers(workspace, FOR_ENABLEMENT, company, today=found.today, initiative_id=managers_on),
    )


def with_answers(found: Standing, workspace: Workspace, rep_id: str) -> Standing:
    """A rep's own standing with the answers to their reports that they have not been shown."""
    return replace(found, answered=news_for(workspace, rep_id))


def _agreed(workspace: Workspace, initiative_id: str) -> dict[Component, Agreed]:
    """How far people agree on each component; without the bootstrap of `app.gates`, which takes a second an initiative."""
    labels = Labels(workspace.store).finished_labels(initiative_id)
    if not labels:
        return {}
    from callcoach.training.agreement import latest_labels, mean_pairwise_kappa

    latest = latest_labels(labels)
    people = sorted({label.person_id for label in latest})
    found = {}
    for component in Component:
        rows: dict[str, list[int | None]] = {}
        for label in latest:
            level = label.levels.get(component)
            row = rows.setdefault(label.call_id, [None] * len(people))
            row[people.index(label.person_id)] = None if level is None else int(level)
        compared = [row for row in rows.values() if sum(level is not None for level in row) > 1]
        kappa = mean_pairwise_kappa(compared, grades=len(Level))
        if kappa is not None:
            found[component] = Agreed(len(compared), kappa)
    return found


def _reps(hearings: Hearings, initiative_id: str) -> tuple[str, ...]:
    assessed = (heard for heard in hearings.of_initiative(initiative_id) if heard.assessed)
    return tuple(sorted({heard.call.rep_id for heard in assessed if heard.call.rep_id}))


def _leaders_on(hearings: Hearings, initiative_id: str) -> tuple[date, ...]:
    return tuple(
        heard.call.day
        for heard in hearings.leaders
        if heard.score.initiative_id == initiative_id and heard.raised and heard.call.day
    )
