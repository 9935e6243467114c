"""Several folders are one night's work: everybody in them works for one company, and a call is one call."""

from pathlib import Path

import pytest

from callcoach.errors import BadInput, UsageError
from callcoach.intake.call_folders import read_call_folders
from callcoach.intake.calls import read_call_folder

PEOPLE = "teams:\n  - {{id: river, name: River}}\npeople:\n  - {{id: {id}, name: {name}, role: rep, team: river}}\n"


def folder(place: Path, **calls: str) -> Path:
    place.mkdir()
    for name, text in calls.items():
        (place / f"{name}.txt").write_text(f"Rep: {text}\nCustomer: Go ahead.\n")
    return place


def test_one_folder_reads_as_ever(tmp_path: Path) -> None:
    only = folder(tmp_path / "a", one="Hello there.")
    (found,) = read_call_folders([only])
    assert found == read_call_folder(only)


def test_a_call_in_two_folders_is_used_once_and_named(tmp_path: Path) -> None:
    first, second = folder(tmp_path / "a", one="Hello.", two="Hi."), folder(tmp_path / "b", two="Hi.", three="Good morning.")
    found = read_call_folders([first, second])
    assert [[call.call_id for call in each.calls] for each in found] == [["one", "two"], ["three"]]
    (problem,) = [problem for each in found for problem in each.problems]
    assert problem.call_id == "two" and f"stands in {first} too, which is used" in problem.sentence


def test_the_people_of_all_folders_are_known_in_each(tmp_path: Path) -> None:
    first, second = folder(tmp_path / "a", one="Hello."), folder(tmp_path / "b", two="Hi.")
    (first / "people.yaml").write_text(PEOPLE.format(id="R01", name="Ann"))
    (second / "people.yaml").write_text(PEOPLE.format(id="R02", name="Bo"))
    found = read_call_folders([first, second])
    assert [[person.name for person in each.company.people] for each in found] == [["Ann", "Bo"]] * 2
    assert [team.id for team in found[0].company.teams] == ["river"]


def test_no_folder_and_no_such_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No folder was given"):
        read_call_folders([])
    with pytest.raises(BadInput, match="there is no such folder"):
        read_call_folders([folder(tmp_path / "a", one="Hello."), tmp_path / "absent"])
