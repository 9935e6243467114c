"""From a people file to the company: teams, reps, managers, leaders. Knows nothing of calls."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Literal

from callcoach.domain.people import Coached, Company, Person, PersonRole, Team
from callcoach.errors import BadManifest
from callcoach.intake.text_file import shown
from callcoach.intake.yaml_file import Fields, Place, Text, YamlFile, check, read_yaml

ROLES = {role.value: role for role in PersonRole} | {"vp": PersonRole.EXECUTIVE}

WHAT_TO_WRITE = {
    "teams.id": "Write a short id, like id: river.",
    "teams.name": "Write the team's name.",
    "people.id": "Write the id that the calls name, like id: R01.",
    "people.name": "Write the person's name.",
    "people.role": f"Write one of {', '.join(ROLES)}.",
}


class _Team(Fields):
    id: Text
    name: Text
    manager: str | None = None


class _Person(Fields):
    id: Text
    name: Text
    role: Literal["rep", "manager", "enablement", "executive", "admin", "vp"]
    team: str | None = None
    email: str | None = None
    since: Any = None
    voice: str | None = None


class _People(Fields):
    company: str = ""
    teams: tuple[_Team, ...] = ()
    people: tuple[_Person, ...] = ()
    coaching_log: tuple[dict[str, Any], ...] = ()


def read_company(path: Path) -> Company:
    """Raises BadManifest with one sentence a line: wrong fields, an id used twice, a team or manager nobody is."""
    file = read_yaml(path, BadManifest)
    fields: _People = check(file, _People, missing=WHAT_TO_WRITE, error=BadManifest)
    team_ids = [team.id for team in fields.teams]
    person_ids = [person.id for person in fields.people]
    sentences = [
        *_twice(file, "teams", team_ids),
        *_twice(file, "people", person_ids),
        *_nobody(file, "people", "team", [person.team for person in fields.people], team_ids),
        *_nobody(file, "teams", "manager", [team.manager for team in fields.teams], person_ids),
    ]
    if sentences:
        raise BadManifest("\n".join(sentences))
    return Company(
        name=fields.company,
        teams=tuple(Team(id=team.id, name=team.name, manager=team.manager) for team in fields.teams),
        people=tuple(
            Person(id=person.id, name=person.name, role=ROLES[person.role], team=person.team, email=person.email)
            for person in fields.people
        ),
        coached=tuple(_coached(fields.coaching_log)),
    )


def _coached(log: Iterable[dict[str, Any]]) -> Iterable[Coached]:
    """Entries that say when, by whom, with whom and on what; what else a company writes into its log is its own affair."""
    for entry in log:
        said = [str(entry.get(field) or "") for field in ("date", "coach", "rep", "initiative")]
        try:
            on = date.fromisoformat(said[0][:10])
        except ValueError:
            continue
        if all(said):
            yield Coached(on=on, by=said[1], rep_id=said[2], initiative_id=said[3])


def _twice(file: YamlFile, group: str, ids: list[str]) -> Iterable[str]:
    for number, name in enumerate(ids):
        if name in ids[:number]:
            yield f"{_where(file, (group, number, 'id'))}: id {name} is used twice in {group}. Give each an id of its own."


def _nobody(file: YamlFile, group: str, field: str, named: list[str | None], known: list[str]) -> Iterable[str]:
    for number, name in enumerate(named):
        if name is not None and name not in known:
            where = _where(file, (group, number, field))
            yield f"{where}: {field} {name} is not in this file. Known: {', '.join(known) or 'none'}."


def _where(file: YamlFile, place: Place) -> str:
    line = file.line(place)
    return shown(file.path) + (f" line {line}" if line else "")
