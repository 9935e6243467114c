"""What a run was given is there for the screens that come after it."""

from datetime import UTC, datetime
from pathlib import Path

from callcoach.domain.people import Company, Person, PersonRole, Team
from callcoach.storage.given import GivenToRuns
from callcoach.storage.runs import Runs
from callcoach.storage.store import Store

COMPANY = Company(
    name="Tidewater",
    teams=(Team(id="coast", name="Coast", manager="mara"),),
    people=(
        Person(id="mara", name="Mara", role=PersonRole.MANAGER),
        Person(id="ed", name="Ed", role=PersonRole.REP, team="coast"),
    ),
)


def test_the_company_and_the_recordings_are_kept_and_a_folder_without_people_leaves_them(
    place: str | Path, tmp_path: Path
) -> None:
    with Store(place) as store:
        given = GivenToRuns(store)
        assert (given.company(), given.recording("a" * 64)) == (Company(), None)
        given.keep(COMPANY, {"a" * 64: tmp_path / "wren-01.wav"})
        given.keep(Company(), {"a" * 64: tmp_path / "moved" / "wren-01.wav"})
        assert given.company() == COMPANY
        assert given.recording("a" * 64) == (tmp_path / "moved" / "wren-01.wav").resolve()


def test_a_run_says_what_it_read(place: str | Path) -> None:
    with Store(place) as store:
        runs = Runs(store)
        runs.begin(
            datetime(2026, 11, 16, tzinfo=UTC), versions={}, folder="calls", rubrics="rubrics", initiatives=[("safeseat", "3")]
        )
        (run,) = runs.all()
        assert (run.folder, run.rubrics, run.initiatives) == ("calls", "rubrics", (("safeseat", "3"),))
