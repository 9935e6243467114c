"""Rep, team and initiative pages over HTTP: who sees whom, what is said first, what is never shown."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from callcoach.app.reviews import review
from callcoach.app.workspace import Workspace
from callcoach.domain.people import Person, PersonRole
from callcoach.domain.verdict import Verdict
from callcoach.storage.audit import Audit
from callcoach.storage.given import GivenToRuns

Clients = Callable[[str | None], TestClient]
NAMES = {
    "R01": "Tyler Boone",
    "R02": "Alicia Menard",
    "R03": "Walt Jessup",
    "R04": "Joyce Tanaka",
    "R05": "Marcy Dunlap",
    "R06": "Derek Pruitt",
}
RIDGE = ("Joyce Tanaka", "Marcy Dunlap", "Derek Pruitt")


@pytest.mark.parametrize(
    ("role", "rep", "status"),
    [
        ("rep", "R01", 200),
        ("rep", "R02", 404),
        ("manager", "R01", 200),
        ("manager", "R04", 404),
        ("manager", "R99", 404),
        ("enablement", "R04", 200),
        ("admin", "R06", 200),
        ("executive", "R01", 403),
    ],
)
def test_a_rep_is_shown_to_whom_may_see_them_and_to_nobody_else(client: Clients, role: str, rep: str, status: int) -> None:
    answer = client(role).get(f"/reps/{rep}")
    assert answer.status_code == status
    if status == 404:
        assert NAMES.get(rep, "Nobody of this name") not in answer.text


def test_strengths_come_first_and_at_most_two_things_to_coach(company: Workspace, client: Clients) -> None:
    manager = client("manager")
    for rep in ("R01", "R02", "R03"):
        page = manager.get(f"/reps/{rep}").text
        assert page.index("What goes well") < page.index('id="h-next"')
        assert page.count('class="card advice"') <= 2
        assert "Not enough calls yet" in page
    _, lines = Audit(company.store).lines(action="rep.read")
    assert [line.subject for line in lines] == ["R03", "R02", "R01"]


def test_clips_are_played_in_place_from_a_little_before_the_moment(client: Clients) -> None:
    manager = client("manager")
    page = manager.get("/reps/R01").text
    clips = re.findall(r'<audio class="clip[^>]*src="([^"]+)"', page)
    assert clips
    for clip in clips:
        address, _, stretch = clip.partition("#t=")
        start, _, end = stretch.partition(",")
        assert float(start) < float(end) < float(start) + 120
        assert manager.get(address, headers={"range": "bytes=0-99"}).status_code == 206


def test_a_reps_own_page_speaks_to_them_and_names_no_colleague(client: Clients) -> None:
    page = client("rep").get("/reps/R01").text
    assert "What you do well" in page
    for rep, name in NAMES.items():
        if rep != "R01":
            assert name not in page


def test_a_correction_since_is_said(company: Workspace, client: Clients) -> None:
    assert "Since then 1" not in client("manager").get("/reps/R01").text
    review(company, "wren-01", "catchback", by="M01", because="Heard it.", at=datetime.now(UTC), verdict=Verdict.PARTIAL)
    assert "Since then 1 correction" in client("manager").get("/reps/R01").text
    assert "Since then 1" not in client("manager").get("/reps/R02").text
    assert "Since then 1 correction" in client("manager").get("/initiatives/catchback").text


def in_two_months() -> str:
    """A day that a goal may be due on, as a form sends it."""
    return (datetime.now(UTC) + timedelta(days=60)).date().isoformat()


def test_goals_are_set_agreed_and_changed_by_both(client: Clients) -> None:
    manager, rep = client("manager"), client("rep")
    said = {
        "initiative": "catchback",
        "text": "Say why it exists first.",
        "behaviour": "tell_the_wall",
        "target": "60",
        "calls": "10",
    }
    answer = manager.post("/reps/R01/goals", data={**said, "why": "They know what it is for.", "due": in_two_months()})
    assert answer.headers["location"] == "/reps/R01#goals"
    page = rep.get("/reps/R01").text
    assert "Say why it exists first." in page
    assert "Agree to it" in page
    assert "Agree to it" not in manager.get("/reps/R01").text
    assert rep.post("/reps/R01/goals/1/agree", data={"revision": 1}).status_code == 303
    assert "Agreed" in rep.get("/reps/R01").text
    # whoever edits agrees, and the other one is asked again
    assert rep.post("/reps/R01/goals/1/edit", data={"revision": 2, "text": "Say why it exists, every time."}).status_code == 303
    assert "Agree to it" in manager.get("/reps/R01").text
    late = manager.post("/reps/R01/goals/1/edit", data={"revision": 2, "text": "Another text."})
    assert late.status_code == 409
    assert manager.post("/reps/R01/goals/1/close", data={"because": "Done."}).status_code == 303
    assert "Closed" in manager.get("/reps/R01").text


def test_a_goal_is_nobody_elses(client: Clients) -> None:
    client("manager").post("/reps/R01/goals", data={"initiative": "catchback", "text": "First."})
    admin = client("admin")
    assert admin.post("/reps/R01/goals", data={"initiative": "catchback", "text": "Mine."}).status_code == 422
    assert client("manager").post("/reps/R02/goals/1/agree", data={"revision": 1}).status_code == 404
    assert client("manager").post("/reps/R04/goals", data={"initiative": "catchback", "text": "No."}).status_code == 404
    answer = client("manager").post("/reps/R01/goals", data={"initiative": "catchback", "text": "T.", "target": "often"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("role", "team", "status"),
    [
        ("manager", "river", 200),
        ("manager", "ridge", 404),
        ("manager", "none", 404),
        ("executive", "ridge", 200),
        ("rep", "river", 403),
    ],
)
def test_a_team_is_shown_to_whom_may_see_it(client: Clients, role: str, team: str, status: int) -> None:
    assert client(role).get(f"/teams/{team}").status_code == status


def test_reps_stand_by_name_and_executives_see_no_single_one(client: Clients) -> None:
    page = client("manager").get("/teams/river").text
    order = [page.index(f">{name}</a>") for name in ("Alicia Menard", "Tyler Boone", "Walt Jessup")]
    assert order == sorted(order)
    assert not any(name in page for name in RIDGE)
    for address in ("/teams/river", "/initiatives/catchback", "/initiatives/safeseat", "/initiatives"):
        shown = client("executive").get(address).text
        assert not [name for name in NAMES.values() if name in shown], address


def test_an_initiative_says_what_holds_it_back_whose_move_it_is_and_why(client: Clients) -> None:
    page = client("enablement").get("/initiatives/safeseat").text
    for heading in (
        "What holds it back",
        "Why, step by step",
        "Was the field ready?",
        "Do the leaders tell the same story?",
        "The five C",
    ):
        assert heading in page
    assert "The definition of the story" in page
    assert 'class="broken"' in page
    manager = client("manager").get("/initiatives/catchback").text
    assert not any(name in manager for name in RIDGE), "a manager sees the own reps alone"
    assert "How managers coach" not in manager
    assert client("manager").get("/initiatives/none").status_code == 404


def test_an_initiative_that_nobody_was_judged_for_says_what_next(client: Clients) -> None:
    page = client("enablement").get("/initiatives/known-by-name").text
    assert "Was the field ready?" in page
    assert client("enablement").get("/initiatives").status_code == 200


def test_a_goal_of_a_rep_whom_nobody_has_heard_yet_is_shown(company: Workspace, client: Clients) -> None:
    known = GivenToRuns(company.store).company()
    nobody_heard = Person(id="R77", name="Nell Ito", role=PersonRole.REP, team="river")
    GivenToRuns(company.store).keep(replace(known, people=(*known.people, nobody_heard)), {})
    manager = client("manager")
    empty = manager.get("/reps/R77").text
    assert "No call was heard yet." in empty and "Set a goal" in empty
    sent = {"initiative": "catchback", "text": "Say why it exists in every call.", "due": in_two_months()}
    assert manager.post("/reps/R77/goals", data=sent).status_code == 303
    page = manager.get("/reps/R77").text
    assert "Say why it exists in every call." in page and "Not heard yet: no call of Nell Ito" in page
    assert "Not heard yet" not in manager.get("/reps/R01").text


def test_a_team_has_figures_of_its_own_beside_those_of_all_reps(client: Clients) -> None:
    for role in ("manager", "executive"):
        page = client(role).get("/teams/river").text
        own = re.findall(r'<th scope="row">River Team</th><td>(\d+) of (\d+)</td><td>([^<]+)</td>', page)
        everybody = re.findall(r'<th scope="row">All reps</th><td>(\d+) of (\d+)</td>', page)
        assert len(own) == 4, "the three parts and the whole why of CatchBack; SafeSeat is with the leaders"
        assert {n for _, n, _ in own} == {own[0][1]} and 0 < int(own[0][1]) < int(everybody[-1][1])
        assert all(re.fullmatch(r"\d+% to \d+%|Not enough calls yet: \d+ of 8", likely) for _, _, likely in own)
