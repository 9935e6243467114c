"""By team, on how many labelled calls the judge gives the verdict that people give. Knows nothing of what follows from it."""

from collections.abc import Mapping, Sequence

from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call
from callcoach.domain.diagnosis import Alike
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import Verdict
from callcoach.storage.labels import Labels


def alike_by_team(
    workspace: Workspace, initiatives: Sequence[Initiative], company: Company, calls: Sequence[Call]
) -> dict[str, Mapping[str, Alike]]:
    """By initiative and team id. A call counts once, as agreed where at least half of the people who labelled it say the same.

    Calls that a person or the judge could not assess are not compared, nor those of nobody's team.
    """
    team_of = {person.id: person.team for person in company.people if person.team}
    teams = {call.call_id: team_of.get(call.rep_id or "") or call.team for call in calls}
    return {initiative.id: _of(workspace, initiative.id, teams) for initiative in initiatives}


def _of(workspace: Workspace, initiative_id: str, teams: Mapping[str, str | None]) -> Mapping[str, Alike]:
    labels = Labels(workspace.store).finished_labels(initiative_id)
    if not labels:
        return {}
    from callcoach.training.agreement import latest_labels

    told = {score.call_id: score.verdict for score in workspace.store.scores(initiative_id=initiative_id)}
    same: dict[str, list[bool]] = {}
    for label in latest_labels(labels):
        verdict = told.get(label.call_id)
        if verdict not in (None, Verdict.NOT_ASSESSED) and label.verdict is not Verdict.NOT_ASSESSED:
            same.setdefault(label.call_id, []).append(label.verdict is verdict)
    by_team: dict[str, list[bool]] = {}
    for call_id, answers in same.items():
        team = teams.get(call_id)
        if team:
            by_team.setdefault(team, []).append(sum(answers) * 2 >= len(answers))
    return {team: Alike(agreed=sum(answers), n=len(answers)) for team, answers in sorted(by_team.items())}
