"""/api/v1/reps, /teams, /initiatives: where each stood at the latest whole run, and goals as they read now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from callcoach.app.audit import note
from callcoach.app.kept_reports import KeptStanding
from callcoach.app.standing_pages import RepPage, initiative_list, initiative_page, rep_page, team_page
from callcoach.coaching.standing import Standing
from callcoach.domain.behaviour import Estimate
from callcoach.domain.goals import GoalStanding
from callcoach.domain.people import PersonRole
from callcoach.domain.pulse import Pulse
from callcoach.domain.story import Initiative
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.api.answers import answered, gives, storable
from callcoach.web.problems import NotHere, Unusable

router = APIRouter(tags=["standings"])

Own = Annotated[Reader, allow(Policy.OWN_CALLS)]
Leader = Annotated[Reader, allow(Policy.TEAMS)]
Id = Annotated[str, Path(max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where somebody stood. as_of: when that run read its facts; corrected_since: corrections that it does not hold yet."""

    as_of: datetime
    run_id: int
    corrected_since: int
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class RepName:
    """A rep whose calls the reader may see."""

    rep_id: str
    name: str
    team: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepsAnswer:
    """The reps whose calls the reader may see, by name."""

    reps: tuple[RepName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepAnswer:
    """A rep: where they stand, and their goals. kept: null before a whole run heard a call of theirs."""

    rep: RepName
    kept: Kept | None
    goals: tuple[GoalStanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalsAnswer:
    """A rep's goals, open ones first."""

    rep_id: str
    goals: tuple[GoalStanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamName:
    """A team that the reader may look at."""

    team_id: str
    name: str
    manager: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsAnswer:
    """The teams that the reader may look at, by name."""

    teams: tuple[TeamName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamAnswer:
    """A team. hidden: whether reps are left out whom the reader may not see. shares: the team's own, by initiative and part."""

    team: TeamName
    hidden: bool
    shares: Mapping[str, Mapping[str, Estimate]]
    kept: Kept | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeName:
    """An initiative of the latest run."""

    initiative_id: str
    name: str
    version: str
    priority: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativesAnswer:
    """The initiatives of the latest run, by priority."""

    initiatives: tuple[InitiativeName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeAnswer:
    """An initiative. hidden: whether reps are left out whom the reader may not see. pulse: as people answered up to now."""

    initiative: InitiativeName
    hidden: bool
    kept: Kept | None
    pulse: Pulse | None


@router.get("/reps", **gives(RepsAnswer, problems=(401, 403, 405)))
def reps(request: Request, reader: Own) -> Response:
    """The reps whose calls you may see."""
    seen = [each for each in reader.company.people if each.role is PersonRole.REP and each.id in reader.visible]
    names = tuple(RepName(rep_id=each.id, name=each.name, team=each.team) for each in sorted(seen, key=lambda each: each.name))
    return answered(request, RepsAnswer(reps=names))


@router.get("/reps/{rep_id}", **gives(RepAnswer))
def rep(rep_id: Id, request: Request, reader: Own) -> Response:
    """Where a rep stands."""
    found = _rep(reader, rep_id)
    name = RepName(rep_id=rep_id, name=found.person.name, team=found.team.id if found.team else None)
    return answered(request, RepAnswer(rep=name, kept=_kept(found.kept), goals=found.goals))


@router.get("/reps/{rep_id}/goals", **gives(GoalsAnswer))
def goals(rep_id: Id, request: Request, reader: Own) -> Response:
    """A rep's goals as they read now."""
    return answered(request, GoalsAnswer(rep_id=rep_id, goals=_rep(reader, rep_id).goals))


@router.get("/teams", **gives(TeamsAnswer, problems=(401, 403, 405)))
def teams(request: Request, reader: Leader) -> Response:
    """The teams you may look at."""
    found = initiative_list(reader.workspace, reader.visible, reader.viewer)
    shown = tuple(TeamName(team_id=team.id, name=team.name, manager=team.manager) for team in found.teams)
    return answered(request, TeamsAnswer(teams=shown))


@router.get("/teams/{team_id}", **gives(TeamAnswer))
def team(team_id: Id, request: Request, reader: Leader) -> Response:
    """Where a team stands, narrowed to the reps whom you may see."""
    found = team_page(reader.workspace, reader.visible, reader.viewer, _known(team_id))
    if found is None:
        raise NotHere
    note(reader.workspace, reader.account, "team.read", team_id, reader.now, via="api")
    name = TeamName(team_id=found.team.id, name=found.team.name, manager=found.team.manager)
    return answered(request, TeamAnswer(team=name, hidden=found.hidden, shares=found.by_team, kept=_kept(found.kept)))


@router.get("/initiatives", **gives(InitiativesAnswer, problems=(401, 403, 405)))
def initiatives(request: Request, reader: Leader) -> Response:
    """The initiatives of the latest run."""
    found = initiative_list(reader.workspace, reader.visible, reader.viewer)
    return answered(request, InitiativesAnswer(initiatives=tuple(_initiative(each) for each, _ in found.initiatives)))


@router.get("/initiatives/{initiative_id}", **gives(InitiativeAnswer))
def initiative(initiative_id: Id, request: Request, reader: Leader) -> Response:
    """Where an initiative stands: diagnosis, adoption, momentum, pulse."""
    found = initiative_page(reader.workspace, reader.visible, reader.viewer, _known(initiative_id), today=reader.now.date())
    if found is None:
        raise NotHere
    note(reader.workspace, reader.account, "initiative.read", initiative_id, reader.now, via="api")
    return answered(
        request,
        InitiativeAnswer(
            initiative=_initiative(found.initiative), hidden=found.hidden, kept=_kept(found.kept), pulse=found.pulse
        ),
    )


def _rep(reader: Reader, rep_id: str) -> RepPage:
    found = rep_page(reader.workspace, reader.visible, reader.viewer, _known(rep_id), today=reader.now.date())
    if found is None:
        raise NotHere
    note(reader.workspace, reader.account, "rep.read", rep_id, reader.now, via="api")
    return found


def _known(name: str) -> str:
    try:
        storable("id", name)
    except Unusable:
        raise NotHere from None
    return name


def _kept(kept: KeptStanding | None) -> Kept | None:
    if kept is None:
        return None
    return Kept(as_of=kept.as_of, run_id=kept.run_id, corrected_since=kept.corrected_since, standing=kept.standing)


def _initiative(initiative: Initiative) -> InitiativeName:
    return InitiativeName(
        initiative_id=initiative.id, name=initiative.name, version=initiative.version, priority=initiative.priority
    )
