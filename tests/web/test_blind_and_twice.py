"""What nobody may learn before they labelled a call, what is kept once however often it is sent, and names that need quoting."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from sample_company import signed_in

from callcoach.app.current import current_initiatives
from callcoach.app.workspace import Workspace
from callcoach.domain.accounts import Account
from callcoach.domain.calibration import Pick, Round
from callcoach.domain.people import Person, PersonRole
from callcoach.settings import Settings
from callcoach.storage.accounts import Accounts
from callcoach.storage.given import GivenToRuns
from callcoach.storage.labels import Labels
from callcoach.web.server import create_app

CALL = "wren-04"
"""A call of R02, recited, in the queue as flagged; M01 manages R02."""

HTMX = {"HX-Request": "true"}


def words_of(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def seen(text):
    return re.search(r'name="seen" value="([0-9a-f]+)"', text)[1]


def history(text):
    return re.search(r"taken back or not \((\d+)\)", text)[1]


@pytest.fixture
def to_label(company):
    """M01 is to label the call blind."""
    (initiative,) = (each for each in current_initiatives(company) if each.id == "catchback")
    Labels(company.store).begin(
        Round(
            round_id="r1",
            initiative_id=initiative.id,
            version=initiative.version,
            people=("M01", "E01"),
            picks=(Pick(call_id=CALL, why="random"),),
            seed=1,
            at=datetime(2026, 11, 16, tzinfo=UTC),
        )
    )


# blind


def test_no_filter_of_the_queue_finds_a_call_by_what_is_not_to_be_known(client, to_label):
    manager, other = client("manager"), client("admin")
    for query in ("verdict=recites", "why=flagged"):
        assert f"/calls/{CALL}?" in other.get(f"/queue?rep=R02&{query}").text, query
        assert f"/calls/{CALL}?" not in manager.get(f"/queue?rep=R02&{query}").text, query
        beside = manager.get(f"/queue/beside/wren-07?initiative=catchback&queue={query.replace('=', '%3D')}%26rep%3DR02").text
        assert CALL not in beside, query
    page = manager.get("/queue?rep=R02").text
    assert f"/calls/{CALL}?" in page and "Flagged 4" in words_of(page), "it waits, and is counted under no reason"
    assert not re.search(rf"/calls/{CALL}\?[^\"]*\bt=", page), "nor does the moment tell what was found"
    assert "Flagged 5" in words_of(other.get("/queue?rep=R02").text)


def test_no_page_says_how_a_single_call_went_before_it_is_labelled(client, to_label):
    manager, other = client("manager"), client("admin")
    for path in ("/reps/R02", "/initiatives/catchback", "/teams/river"):
        assert f"/calls/{CALL}" not in manager.get(path).text, path
    assert f"/calls/{CALL}" in other.get("/reps/R02").text


def test_what_others_said_of_a_call_is_shown_after_it_is_labelled(client, to_label):
    client("admin").post(f"/calls/{CALL}/moment", data={"text": "Recited from end to end."})
    page = client("manager").get(f"/calls/{CALL}").text
    assert "Recited from end to end." not in page
    assert "is shown once you have labelled it" in page


@pytest.mark.parametrize("action", ["agree", "correct"])
def test_nobody_judges_in_the_open_what_they_are_to_label_blind(client, to_label, action):
    manager = client("manager")
    said = {"initiative": "catchback", "seen": "x", "because": "I hear it.", "verdict": "recites"}
    answer = manager.post(f"/calls/{CALL}/{action}", data=said, headers=HTMX)
    assert answer.status_code == 422 and "Finish the round" in answer.text
    assert manager.get(f"/calls/{CALL}/same-words?initiative=catchback").status_code == 422


def test_no_program_finds_a_call_by_its_verdict_before_it_is_labelled(client, to_label):
    address = "/api/v1/calls?machine_verdict=recites&rep=R02&limit=200"

    def found(role):
        return {each["call"]["call_id"] for each in client(role).get(address).json()["calls"]}

    assert CALL in found("admin") and CALL not in found("manager")


# twice


def test_a_button_pressed_twice_says_it_once(client):
    manager = client("manager")
    given = {"initiative": "catchback", "seen": seen(manager.get(f"/calls/{CALL}").text)}
    for action, said in (
        ("moment", {"text": "Listen to the pause."}),
        ("agree", {}),
    ):
        answers = [manager.post(f"/calls/{CALL}/{action}", data=given | said) for _ in range(2)]
        assert [each.status_code for each in answers] == [303, 303], action
        assert answers[0].headers["location"] == answers[1].headers["location"], action
    page = manager.get(f"/calls/{CALL}").text
    assert history(page) == "2" and page.count("Listen to the pause.") == 2, "among the comments and in the history"


def test_a_correction_pressed_twice_is_kept_once_and_another_is_not_swallowed(client):
    manager = client("manager")
    given = {"initiative": "catchback", "because": "The reason is there.", "verdict": "partial", "wall": "2"}
    given["seen"] = seen(manager.get(f"/calls/{CALL}").text)
    first, again = (manager.post(f"/calls/{CALL}/correct", data=given) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    page = manager.get(f"/calls/{CALL}").text
    assert history(page) == "2", "the verdict and the wall"
    another = manager.post(f"/calls/{CALL}/correct", data=given | {"part": "2", "seen": seen(page)})
    assert another.status_code == 303
    assert history(manager.get(f"/calls/{CALL}").text) == "3"


def test_a_goal_set_twice_is_set_once(client):
    manager = client("manager")
    for text in ("Say why first.", "Say why first.", "Ask before offering."):
        assert manager.post("/reps/R01/goals", data={"initiative": "catchback", "text": text}).status_code == 303
    assert manager.get("/reps/R01").text.count('<article class="card goal') == 2


# whose words, and what a correction changes


def test_a_customers_words_are_no_evidence_of_what_the_rep_did(client, company):
    manager = client("manager")
    heard = company.store.current_transcript(CALL)
    number, words = next((number, turn.text) for number, turn in enumerate(heard.turns) if turn.role == "customer")
    said = {"initiative": "catchback", "because": "Here.", "words": words, "turn": number, "counts": "true", "act": "wall"}
    said["seen"] = seen(manager.get(f"/calls/{CALL}").text)
    refused = manager.post(f"/calls/{CALL}/correct", data=said, headers=HTMX)
    assert refused.status_code == 422 and "the customer's words" in refused.text
    assert manager.post(f"/calls/{CALL}/correct", data=said | {"act": "need"}).status_code == 303
    number, words = next((number, turn.text) for number, turn in enumerate(heard.turns) if turn.role == "rep")
    refused = manager.post(f"/calls/{CALL}/correct", data=said | {"act": "ask", "words": words, "turn": number}, headers=HTMX)
    assert refused.status_code == 422 and "the rep's words" in refused.text


def test_a_corrected_part_says_that_the_verdict_is_still_the_machines(client):
    manager = client("manager")
    told = "which stays the machine’s"
    page = manager.get(f"/calls/{CALL}").text
    assert told not in page
    said = {"initiative": "catchback", "because": "It is there.", "wall": "2", "seen": seen(page)}
    assert manager.post(f"/calls/{CALL}/correct", data=said).status_code == 303
    page = manager.get(f"/calls/{CALL}").text
    assert told in page
    said = {"initiative": "catchback", "because": "And so.", "verdict": "partial", "seen": seen(page)}
    assert manager.post(f"/calls/{CALL}/correct", data=said).status_code == 303
    assert told not in manager.get(f"/calls/{CALL}").text


# names that need quoting, and nothing at all

ODD = "R/1 #?&<b>é"


def test_a_rep_and_a_call_with_odd_ids_are_reached_from_every_link(client, company):
    store = company.store
    whole = GivenToRuns(store).company()
    company_now = replace(whole, people=(*whole.people, Person(id=ODD, name="<i>Zoë</i>", role=PersonRole.REP, team="river")))
    GivenToRuns(store).keep(company_now, {})
    store.add_calls([replace(store.call(CALL), call_id="c #1?&é", content="f" * 64, rep_id=ODD, audio_path=None)])
    manager = client("manager")
    page = manager.get("/calls/c%20%231%3F%26%C3%A9").text
    found = set(re.findall(r'href="(/reps/[^"]+)"', page))
    assert found
    for address in found:
        answer = manager.get(unescape(address))
        assert answer.status_code == 200 and "&lt;i&gt;Zoë&lt;/i&gt;" in answer.text
    way = unescape(found.pop())
    kept = manager.post(f"{way}/goals", data={"initiative": "catchback", "text": "Say why."})
    assert kept.status_code == 303
    assert manager.get(kept.headers["location"]).status_code == 200
    assert client("rep").get(way).status_code == 404


@pytest.fixture
def nothing_yet(tmp_path):
    """Browsers on a workspace that no run has read anything into."""
    workspace = Workspace(Settings(home=tmp_path / "new"))
    app = create_app(workspace)

    def of(role):
        account = Account(account_id=f"account-{role}", email=f"{role}@new.example", role=role, made_at=datetime.now(UTC))
        Accounts(workspace.store).add(account, None)
        return signed_in(app, account.account_id)

    yield of
    workspace.store.close()


@pytest.mark.parametrize("role", list(PersonRole))
def test_before_any_run_every_page_says_what_is_missing(nothing_yet, role):
    browser = nothing_yet(role)
    pages = "/ /queue /queue?state=any&rep=x /initiatives /exports /account /runs /intake /calibration /workbench /admin/audit"
    for path in pages.split():
        answer = browser.get(path)
        assert answer.status_code in (200, 403), path
        assert "None" not in words_of(answer.text), path
    assert "No run has finished yet" in browser.get("/").text
