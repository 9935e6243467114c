"""Who works where, and whose calls a person may see. Knows nothing of calls or scores."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PersonRole(StrEnum):
    """What a person does in the company."""

    REP = "rep"
    MANAGER = "manager"
    ENABLEMENT = "enablement"
    EXECUTIVE = "executive"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team of reps; manager is a person id."""

    id: str
    name: str
    manager: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A rep, manager or leader. team is a team id."""

    id: str
    name: str
    role: PersonRole
    team: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coached:
    """A coaching that took place, as the people file's log has it. by and rep_id are person ids."""

    on: date
    by: str
    rep_id: str
    initiative_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Everybody, as the people file lists them, and who was coached when."""

    name: str = ""
    teams: tuple[Team, ...] = ()
    people: tuple[Person, ...] = ()
    coached: tuple[Coached, ...] = ()

    def person(self, person_id: str | None) -> Person | None:
        """The person with this id, if known."""
        return next((person for person in self.people if person.id == person_id), None)

    def name_of(self, person_id: str | None) -> str:
        """The person's name, or the id itself where the people file does not know it."""
        person = self.person(person_id)
        return person.name if person else (person_id or "unknown rep")

    def team(self, team_id: str | None) -> Team | None:
        """The team with this id, if known."""
        return next((team for team in self.teams if team.id == team_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody who looks: a person of the company with a role. person_id: None for an account that is nobody's in particular.

    team: the team a manager's account was made for, beside those that the people file says they manage.
    """

    role: PersonRole
    person_id: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleReps:
    """The reps whose calls somebody may see, by id; `everybody` holds those too that no people file names."""

    everybody: bool = False
    rep_ids: frozenset[str] = frozenset()

    def __contains__(self, rep_id: str | None) -> bool:
        return self.everybody or rep_id in self.rep_ids


def visible_reps(viewer: Viewer, company: Company) -> VisibleReps:
    """A rep sees the own calls, a manager those of the teams they manage; enablement and admins all; executives no single rep's.

    A call without a rep is nobody's own: those alone see it who see everybody's.
    """
    match viewer.role:
        case PersonRole.ENABLEMENT | PersonRole.ADMIN:
            return VisibleReps(everybody=True)
        case PersonRole.REP:
            return VisibleReps(rep_ids=frozenset({viewer.person_id} if viewer.person_id else ()))
        case PersonRole.MANAGER:
            managed = {team.id for team in company.teams if viewer.person_id is not None and team.manager == viewer.person_id}
            managed |= {viewer.team} if viewer.team else set()
            reps = (person.id for person in company.people if person.role is PersonRole.REP and person.team in managed)
            return VisibleReps(rep_ids=frozenset(reps))
        case PersonRole.EXECUTIVE:
            return VisibleReps()
