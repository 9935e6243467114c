"""How managers coach, correct and grade, for those who may see it: the one place that asks who looks. Prints nothing."""

from collections.abc import Iterable, Sequence
from datetime import date

from callcoach.app.workspace import Workspace
from callcoach.coaching.manager_conduct import ManagerConduct, managers
from callcoach.domain.goals import GoalAct, GoalChange
from callcoach.domain.people import Coached, Company, PersonRole, Viewer
from callcoach.errors import UsageError
from callcoach.storage.goals import Goals
from callcoach.storage.labels import Labels

MAY_SEE = (PersonRole.ENABLEMENT, PersonRole.EXECUTIVE, PersonRole.ADMIN)


def may_see_managers(role: PersonRole) -> bool:
    """Whether somebody of this role is shown how managers coach; managers are not, not even their own."""
    return role in MAY_SEE


def conduct_of_managers(
    workspace: Workspace, viewer: Viewer, company: Company, *, today: date, initiative_id: str | None = None
) -> tuple[ManagerConduct, ...]:
    """Every manager of the people file, by name. Raises UsageError for anybody who may not see it."""
    if not may_see_managers(viewer.role):
        raise UsageError("How managers coach and grade is for enablement and executives.")
    histories = Goals(workspace.store).all()
    labels = Labels(workspace.store)
    return managers(
        company,
        coached=coachings(company, histories),
        goals=[history[-1].goal for history in histories],
        reviews=labels.reviews(),
        labels=labels.finished_labels(),
        today=today,
        initiative_id=initiative_id,
    )


def coachings(company: Company, histories: Sequence[Sequence[GoalChange]]) -> tuple[Coached, ...]:
    """Every coaching there is a record of: in the people file's log, or noted on a goal; one that stands in both counts once."""
    return tuple(dict.fromkeys((*company.coached, *_noted(histories))))


def _noted(histories: Iterable[Iterable[GoalChange]]) -> Iterable[Coached]:
    for history in histories:
        for change in history:
            if change.act is GoalAct.COACHED:
                goal = change.goal
                # either of the two may have noted it: who coached is the manager
                coach = goal.manager_id or change.by
                yield Coached(on=change.at.date(), by=coach, rep_id=goal.rep_id, initiative_id=goal.initiative_id)
