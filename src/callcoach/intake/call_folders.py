"""Several folders of calls read as one night's work: their people together, each call once. Hears and judges nothing."""

from collections.abc import Callable, Sequence
from pathlib import Path

from callcoach.domain.coaching import CallProblem
from callcoach.domain.people import Company
from callcoach.errors import UsageError
from callcoach.intake.calls import AS_EVER, CallFolder, Reading, read_call_folder


def read_call_folders(folders: Sequence[Path], how: Callable[[Path], Reading] = lambda _: AS_EVER) -> tuple[CallFolder, ...]:
    """Each folder with its own calls, and with the people of all; of a call id that stands in two, the first folder's is used.

    how: each folder is read. Raises as read_call_folder does, and UsageError where no folder is given.
    """
    if not folders:
        raise UsageError("No folder was given. Name the folders that hold the recordings.")
    readings = [how(folder) for folder in folders]
    read = [read_call_folder(folder, reading) for folder, reading in zip(folders, readings, strict=True)]
    places = {folder.root: reading.place or folder.root for folder, reading in zip(read, readings, strict=True)}
    company = _together([folder.company for folder in read])
    seen: dict[str, CallFolder] = {}
    found = []
    for folder in read:
        calls, problems = [], list(folder.problems)
        for call in folder.calls:
            first = seen.setdefault(call.call_id, folder)
            if first is folder:
                calls.append(call)
            else:
                here, there = places[folder.root], places[first.root]
                sentence = f"{here}: call {call.call_id} stands in {there} too, which is used. Rename one of the two."
                problems.append(CallProblem(call_id=call.call_id, sentence=sentence))
        found.append(CallFolder(folder.root, tuple(calls), tuple(problems), company))
    return tuple(found)


def _together(companies: Sequence[Company]) -> Company:
    """A person or team that stands in two folders is taken from the first; the company is called as the first that has a name."""
    people = {person.id: person for company in reversed(companies) for person in company.people}
    teams = {team.id: team for company in reversed(companies) for team in company.teams}
    return Company(
        name=next((company.name for company in companies if company.name), ""),
        teams=tuple(teams[team_id] for team_id in dict.fromkeys(team.id for company in companies for team in company.teams)),
        people=tuple(people[each] for each in dict.fromkeys(person.id for company in companies for person in company.people)),
        coached=tuple(dict.fromkeys(coached for company in companies for coached in company.coached)),
    )
