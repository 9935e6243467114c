"""`callcoach goal` on a kept company: what is printed leads to the next command, and JSON is the app's value."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callcoach.cli.goal import goal
from callcoach.domain.goals import GoalStanding
from callcoach.domain.people import Company, Person, PersonRole, Team
from callcoach.errors import CallcoachError, EditConflict, UsageError
from callcoach.intake.rubrics import read_initiative
from callcoach.storage.given import GivenToRuns
from callcoach.storage.runs import Runs
from callcoach.storage.store import Store

RUBRICS = Path(__file__).parents[2] / "rubrics"
COMPANY = Company(
    teams=(Team(id="river", name="River", manager="M01"),),
    people=(
        Person(id="M01", name="Ray Delgado", role=PersonRole.MANAGER),
        Person(id="R01", name="Tyler Boone", role=PersonRole.REP, team="river"),
    ),
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A run has read an initiative and a company; no call is kept."""
    with Store(tmp_path / "callcoach.db") as store:
        initiative = read_initiative(RUBRICS / "catchback.yaml")
        store.keep_initiative(initiative)
        GivenToRuns(store).keep(COMPANY, {})
        Runs(store).begin(datetime(2026, 11, 1, tzinfo=UTC), versions={}, initiatives=[(initiative.id, initiative.version)])
    return tmp_path


def said(home: Path, *arguments: str) -> str:
    """What a command prints; its error is raised."""
    result = CliRunner().invoke(goal, [*arguments, "--home", str(home), "--today", "2026-11-16"])
    if isinstance(result.exception, CallcoachError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


WHOLE = (
    *("--text", "Say why CatchBack exists first.", "--behaviour", "tell_the_wall", "--target", "0.6", "--calls", "5"),
    *("--why", "They hear what it is for.", "--due", "2026-12-14"),
)


def test_from_a_draft_to_an_agreed_goal_every_line_says_the_next_command(home):
    assert "callcoach goal new" in said(home, "list")
    drafted = said(home, "new", "R01", "--initiative", "catchback", "--by", "M01", "--text", "Say why CatchBack exists first.")
    assert "1. “Say why CatchBack exists first.” (R01, catchback, revision 1): A draft: Name one behaviour" in drafted
    assert "`callcoach goal edit 1 --revision 1 --by ID ...` adds what is missing." in drafted
    edited = said(home, "edit", "1", "--revision", "1", "--by", "R01", *WHOLE)
    assert "Waiting for Ray Delgado to agree." in edited
    assert "`callcoach goal agree 1 --revision 2 --by M01` agrees to it." in edited
    agreed = said(home, "agree", "1", "--revision", "2", "--by", "M01")
    assert "Agreed, and no call is kept yet; wanted in 60% of 5 calls by Dec 14." in agreed
    said(home, "coached", "1", "--by", "M01", "--note", "Played wren-01 together.")
    shown = said(home, "show", "1")
    assert "4. " in shown and "M01: coached; Played wren-01 together." in shown
    assert "“Say why CatchBack exists first.”" in said(home, "list", "--rep", "R01")
    closed = said(home, "close", "1", "--by", "R01", "--because", "Done early.")
    assert "Closed Nov 16" in closed


def test_json_is_everywhere_and_reads_back(home):
    import msgspec

    new = said(home, "new", "R01", "--initiative", "catchback", "--by", "M01", *WHOLE, "--json")
    standing = msgspec.json.decode(new, type=GoalStanding)
    assert (standing.goal.due, standing.waiting_for) == (date(2026, 12, 14), ("R01",))
    assert json.loads(said(home, "list", "--json")) == [json.loads(new)]
    shown = json.loads(said(home, "show", "1", "--json"))
    assert (shown["standing"], [each["act"] for each in shown["history"]]) == (json.loads(new), ["set"])


def test_errors_are_instructions(home):
    with pytest.raises(UsageError, match=r"Give --initiative, or --recommended"):
        said(home, "new", "R01", "--by", "M01")
    with pytest.raises(UsageError, match=r"tell_the_walls is no behaviour .* answer_the_why"):
        said(home, "new", "R01", "--initiative", "catchback", "--by", "M01", "--behaviour", "tell_the_walls")
    with pytest.raises(UsageError, match="There is no goal 4"):
        said(home, "show", "4")
    said(home, "new", "R01", "--initiative", "catchback", "--by", "M01", *WHOLE)
    said(home, "edit", "1", "--revision", "1", "--by", "R01", "--target", "0.5")
    with pytest.raises(EditConflict, match=r"in 50% of the calls.* You wrote: .*in 70% of the calls"):
        said(home, "edit", "1", "--revision", "1", "--by", "M01", "--target", "0.7")
