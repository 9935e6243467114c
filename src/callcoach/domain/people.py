"""Who works where. Knows nothing of calls or scores."""

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
