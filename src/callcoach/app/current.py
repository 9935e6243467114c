"""What the latest run left for whoever looks at it later: its initiatives and its company. Reads no folder and runs no model."""

from callcoach.app.workspace import Workspace
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.storage.given import GivenToRuns
from callcoach.storage.runs import Runs


def current_initiatives(workspace: Workspace) -> tuple[Initiative, ...]:
    """The initiatives of the latest run that read any, in the versions it read; none before the first run."""
    read = Runs(workspace.store).latest_initiatives()
    kept = (workspace.store.initiative(initiative_id, version) for initiative_id, version in read)
    return tuple(initiative for initiative in kept if initiative is not None)


def current_company(workspace: Workspace) -> Company:
    """The company as the latest run with a people file read it."""
    return GivenToRuns(workspace.store).company()
