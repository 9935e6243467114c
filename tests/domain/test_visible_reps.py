"""Whose calls a person may see."""

import pytest

from callcoach.domain.people import Company, Person, PersonRole, Team, Viewer, visible_reps

COMPANY = Company(
    teams=(Team(id="coast", name="Coast", manager="mara"), Team(id="hills", name="Hills", manager="noor")),
    people=(
        Person(id="mara", name="Mara", role=PersonRole.MANAGER, team="coast"),
        Person(id="ed", name="Ed", role=PersonRole.REP, team="coast"),
        Person(id="fay", name="Fay", role=PersonRole.REP, team="hills"),
        Person(id="gus", name="Gus", role=PersonRole.REP),
    ),
)


@pytest.mark.parametrize(
    ("role", "person_id", "seen"),
    [
        (PersonRole.REP, "ed", {"ed"}),
        (PersonRole.REP, None, set()),  # an account that is nobody's sees nobody
        (PersonRole.MANAGER, "mara", {"ed"}),  # their team's reps, not themselves nor another team's
        (PersonRole.MANAGER, "ed", set()),  # who manages no team
        (PersonRole.MANAGER, None, set()),
        (PersonRole.EXECUTIVE, "mara", set()),
    ],
)
def test_who_sees_whom(role: PersonRole, person_id: str | None, seen: set[str]) -> None:
    visible = visible_reps(Viewer(role=role, person_id=person_id), COMPANY)
    assert {person.id for person in COMPANY.people if person.id in visible} == seen
    assert None not in visible


@pytest.mark.parametrize("role", [PersonRole.ENABLEMENT, PersonRole.ADMIN])
def test_who_sees_everybody_sees_calls_of_nobody_too(role: PersonRole) -> None:
    visible = visible_reps(Viewer(role=role), COMPANY)
    assert "ed" in visible and "a rep no file names" in visible and None in visible


def test_a_manager_account_made_for_a_team_sees_that_team_too() -> None:
    viewer = Viewer(role=PersonRole.MANAGER, person_id="mara", team="hills")
    assert visible_reps(viewer, COMPANY).rep_ids == {"ed", "fay"}
    assert visible_reps(Viewer(role=PersonRole.REP, person_id="ed", team="hills"), COMPANY).rep_ids == {"ed"}
