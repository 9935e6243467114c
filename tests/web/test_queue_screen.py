"""The review queue over HTTP: filters in the address, pages that hold still, nobody's calls but one's own people's."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from callcoach.app import review_queue
from callcoach.app.current import current_company, current_initiatives
from callcoach.app.kept_reports import keep_for_screens
from callcoach.app.morning import the_report
from callcoach.app.workspace import Workspace
from callcoach.domain.people import VisibleReps
from callcoach.domain.queue import Asked
from callcoach.storage.audit import Audit
from callcoach.storage.queue import ReviewQueue

Clients = Callable[[str | None], TestClient]
ALL = VisibleReps(everybody=True)
RIVER = {"R01", "R02", "R03"}


def keys(page: str) -> list[str]:
    """The rows of a page, by initiative and call."""
    return re.findall(r'<li class="queued" data-key="([^"]+)"', page)


def waiting(company: Workspace) -> list[str]:
    return [row.key for row in ReviewQueue(company.store).page(ALL, Asked(), first=0, size=500)]


def rep_of(company: Workspace, key: str) -> str | None:
    call = company.store.call(key.partition("/")[2])
    return call.rep_id if call else None


def test_a_manager_finds_their_own_teams_calls_with_reasons(company: Workspace, client: Clients) -> None:
    answer = client("manager").get("/queue")
    assert answer.status_code == 200
    found = keys(answer.text)
    assert found
    assert {rep_of(company, key) for key in found} <= RIVER
    assert answer.text.count('class="why w-') >= len(found), "each row says why it is there"
    everybody = keys(client("enablement").get("/queue").text)
    assert {rep_of(company, key) for key in everybody} - RIVER


def test_a_rep_finds_their_own_and_can_dismiss_nothing(company: Workspace, client: Clients) -> None:
    rep = client("rep")
    page = rep.get("/queue").text
    assert {rep_of(company, key) for key in keys(page)} <= {"R01"}
    assert 'name="pick"' not in page
    assert rep.post("/queue/dismiss", data={"pick": waiting(company)[:1], "because": "No."}).status_code == 403
    assert client("executive").get("/queue").status_code == 403
    assert client(None).get("/queue").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "query",
    [
        "why=flagged",
        "why=random&order=oldest",
        "verdict=recites",
        "initiative=safeseat&why=uncertain",
        "first=2026-11-02&last=2026-11-08",
        "rep=R04",
        "state=any&order=least_sure",
        "team=ridge&state=reviewed",
    ],
)
def test_every_filter_stands_in_the_address_and_is_shown_again(company: Workspace, client: Clients, query: str) -> None:
    page = client("enablement").get(f"/queue?{query}")
    assert page.status_code == 200
    wanted = dict(part.split("=") for part in query.split("&"))
    for key in keys(page.text):
        call = company.store.call(key.partition("/")[2])
        assert call is not None
        if "rep" in wanted:
            assert call.rep_id == wanted["rep"]
        if "initiative" in wanted:
            assert key.startswith(wanted["initiative"] + "/")
        if "first" in wanted:
            assert wanted["first"] <= str(call.day) <= wanted["last"]
    for name, value in wanted.items():
        shown = {
            "first": rf'name="first" value="{value}"',
            "last": rf'name="last" value="{value}"',
            "state": f'name="state" value="{value}"',
        }
        chosen = {"why": rf'name="why" value="{value}" checked'}
        assert (shown | chosen).get(name, f'value="{value}" selected') in page.text


@pytest.mark.parametrize("query", ["why=worst", "verdict=bad", "first=yesterday", "state=none", "order=score"])
def test_what_is_no_filter_is_said_and_never_ignored(client: Clients, query: str) -> None:
    answer = client("manager").get(f"/queue?{query}")
    assert answer.status_code == 422
    assert query.split("=")[1] in answer.text


@pytest.mark.parametrize("number", ["0", "-1", "999999", "x", "1e9", "99999999999"])
def test_any_page_number_is_a_page(client: Clients, number: str) -> None:
    answer = client("enablement").get("/queue", params={"page": number})
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        assert keys(answer.text)


def test_pages_hold_still_and_hold_everything_once(company: Workspace, client: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    # how many calls wait is the judge's to say: a full page would be as many as all that there are
    monkeypatch.setattr(review_queue, "PAGE_SIZE", 7)
    enablement, everything = client("enablement"), waiting(company)
    n_pages = -(-len(everything) // 7)
    assert n_pages > 2
    pages = [keys(enablement.get(f"/queue?page={number}").text) for number in range(1, n_pages + 1)]
    assert {len(page) for page in pages[:-1]} == {7}
    assert [key for page in pages for key in page] == everything
    assert len(set(everything)) == len(everything)


def test_an_empty_list_says_why_and_what_next(client: Clients) -> None:
    page = client("manager").get("/queue?first=2020-01-01&last=2020-01-02").text
    assert "No call matches these filters." in page
    assert "Nobody has reviewed a call here yet." in client("manager").get("/queue?state=reviewed").text


def test_dismissal_with_a_reason_leaves_the_list_is_noted_and_comes_back(company: Workspace, client: Clients) -> None:
    manager = client("manager")
    first, second = keys(manager.get("/queue").text)[:2]
    answer = manager.post(
        "/queue/dismiss?why=&order=", data={"pick": [first, second], "because": "<b>Heard it</b>, nothing to add"}
    )
    assert answer.status_code == 303
    page = manager.get(answer.headers["location"]).text
    assert "2 calls dismissed." in page
    assert first not in keys(page)
    gone = manager.get("/queue?state=dismissed").text
    assert {first, second} == set(keys(gone))
    assert "&lt;b&gt;Heard it&lt;/b&gt;" in gone
    _, lines = Audit(company.store).lines(action="queue.dismiss")
    assert {line.subject for line in lines} == {first.partition("/")[2], second.partition("/")[2]}
    batch = re.search(r"batch=([0-9a-f]+)", answer.headers["location"])
    assert batch
    assert manager.post(f"/queue/put-back?batch={batch[1]}").status_code == 303
    assert first in keys(manager.get("/queue").text)


def test_htmx_gets_the_part_alone_with_an_undo(client: Clients) -> None:
    manager = client("manager")
    (first, *_) = keys(manager.get("/queue").text)
    part = manager.post("/queue/dismiss", data={"pick": [first], "because": "Old."}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "/queue/put-back?batch=" in part.headers["hx-trigger"]


@pytest.mark.parametrize(("data", "sentence"), [({"because": "Old."}, "No call is selected"), ({"pick": "x/y"}, "says why")])
def test_a_dismissal_without_reason_or_call_is_refused_with_the_next_step(
    client: Clients, data: dict[str, str], sentence: str
) -> None:
    answer = client("manager").post("/queue/dismiss", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_nobody_dismisses_or_brings_back_another_teams_calls(company: Workspace, client: Clients) -> None:
    ridge = next(key for key in waiting(company) if rep_of(company, key) not in RIVER)
    manager, enablement = client("manager"), client("enablement")
    manager.post("/queue/dismiss", data={"pick": [ridge], "because": "Not mine."})
    assert ridge in waiting(company)
    enablement.post("/queue/dismiss", data={"pick": [ridge], "because": "Mine."})
    assert ridge not in waiting(company)
    manager.post(f"/queue/put-back?one={ridge}")
    assert ridge not in waiting(company)


def test_the_way_on_from_a_call_keeps_what_was_asked_for(company: Workspace, client: Clients) -> None:
    manager = client("manager")
    first, second, third = keys(manager.get("/queue?order=oldest").text)[:3]
    initiative, _, call = second.partition("/")
    part = manager.get(f"/queue/beside/{call}", params={"initiative": initiative, "queue": "order=oldest"}).text
    before, after = (f"/calls/{key.partition('/')[2]}?initiative={key.partition('/')[0]}" for key in (first, third))
    assert before in part
    assert after in part
    assert "order%3Doldest" in part
    ridge = next(key for key in waiting(company) if rep_of(company, key) not in RIVER)
    initiative, _, call = ridge.partition("/")
    part = manager.get(f"/queue/beside/{call}", params={"initiative": initiative}).text
    assert "/calls/" not in part, "where they may not stand, there is no way on"


def test_what_is_said_in_calls_stays_text(company: Workspace, client: Clients, app: FastAPI) -> None:
    call = company.store.call(waiting(company)[0].partition("/")[2])
    assert call is not None
    from dataclasses import replace

    company.store.add_calls([replace(call, customer_name="<img src=x onerror=alert(1)>\"'")])
    initiatives, people = current_initiatives(company), current_company(company)
    made = the_report(company, initiatives, people, today=datetime(2026, 11, 16, tzinfo=UTC).date())
    keep_for_screens(company, 1, made, initiatives, people, at=datetime.now(UTC))
    page = client("enablement").get("/queue?state=any").text
    assert "<img" not in page
    assert "&lt;img src=x" in page
