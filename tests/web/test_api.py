"""The JSON interface: the same rules of who sees what as the pages, tags, paging, corrections."""

from datetime import UTC, datetime

import pytest

from callcoach.app.accounts import needed_account, new_token
from callcoach.app.audit import audit_page

API = "/api/v1"


@pytest.fixture
def program(company, client):
    """`program("manager")`: a program with that role's token and no cookie."""

    def of(role):
        account = needed_account(company, f"{role}@wrenfield.example")
        made = client(None)
        made.headers["authorization"] = f"Bearer {new_token(company, account, 'test', by=None, now=datetime.now(UTC)).secret}"
        del made.headers["origin"]
        return made

    return of


def test_a_list_is_paged_by_a_cursor_to_its_end(program):
    admin, seen, cursor = program("admin"), [], ""
    while True:
        page = admin.get(f"{API}/calls?limit=3&cursor={cursor}").json()
        seen += [each["call"]["call_id"] for each in page["calls"]]
        assert len(page["calls"]) <= 3
        cursor = page["cursor"]
        if cursor is None:
            break
    assert seen == sorted(set(seen)) and "wren-01" in seen and len(seen) > 6
    assert seen == [each["call"]["call_id"] for each in admin.get(f"{API}/calls?limit=200").json()["calls"]]


def test_a_list_is_narrowed(program):
    admin = program("admin")

    def ids(query):
        return [each["call"] for each in admin.get(f"{API}/calls?limit=200&{query}").json()["calls"]]

    assert {call["rep_id"] for call in ids("rep=R01")} == {"R01"}
    assert {call["team"] for call in ids("team=river") if call["rep_id"]} == {"river"}
    assert ids("rep=R01&team=ridge") == []
    recited = ids("machine_verdict=recites&initiative=catchback")
    assert recited and all(
        ("catchback", "recites") in [(one["initiative_id"], one["verdict"]) for one in call["judged"]] for call in recited
    )
    dated = ids("first=2026-11-01&last=2026-11-30")
    assert dated and all("2026-11" in call["started_at"] for call in dated)
    assert admin.get(f"{API}/calls?cursor=!!").status_code == 422
    assert admin.get(f"{API}/calls?limit=0").status_code == 422


def test_an_answer_is_not_sent_twice(program):
    for path in (
        "/calls",
        "/calls/wren-01",
        "/calls/wren-01/scores",
        "/queue",
        "/reps/R01",
        "/initiatives/catchback",
        "/openapi.json",
    ):
        reader = program("manager")
        tag = reader.get(API + path).headers["etag"]
        again = reader.get(API + path, headers={"if-none-match": f'"other", {tag}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert reader.get(API + path, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_call_of_another_team_is_not_there(program):
    manager = program("manager")
    for path in ("", "/transcript", "/scores", "/evidence"):
        for call_id in ("wren-03", "no-such", "%00"):
            answer = manager.get(f"{API}/calls/{call_id}{path}")
            assert answer.status_code == 404 and answer.json()["status"] == 404, path
    assert manager.get(f"{API}/reps/R04").status_code == manager.get(f"{API}/reps/nobody").status_code == 404
    answer = manager.post(f"{API}/calls/wren-03/reviews", json={"initiative_id": "catchback", "seen": "x", "agree": True})
    assert answer.status_code == 404
    listed = {each["call"]["rep_id"] for each in manager.get(f"{API}/calls?limit=200").json()["calls"]}
    assert listed <= {rep["rep_id"] for rep in manager.get(f"{API}/reps").json()["reps"]}


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("rep", "/teams", 403),
        ("rep", "/runs", 403),
        ("manager", "/runs", 403),
        ("executive", "/calls", 403),
        ("executive", "/initiatives", 200),
        ("executive", "/exports/scores.csv", 403),
        ("enablement", "/runs", 200),
        ("rep", "/reps/R01/goals", 200),
        ("manager", "/teams/river", 200),
    ],
)
def test_each_role_is_let_in_where_the_pages_let_it_in(program, role, path, status):
    answer = program(role).get(API + path)
    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) == {"type", "title", "status", "detail"}


def test_a_correction_follows_the_rules_of_the_page(program, company):
    manager, path = program("manager"), f"{API}/calls/wren-01/reviews"
    (now,) = manager.get(f"{API}/calls/wren-01/scores?initiative=catchback").json()["scores"]
    said = {"initiative_id": "catchback", "seen": now["seen"], "verdict": "stumbles"}
    answer = manager.post(path, json=said)
    assert answer.status_code == 422 and "Say why" in answer.json()["detail"]
    answer = manager.post(path, json=said | {"because": "He stops there."})
    assert answer.status_code == 201 and len(answer.json()["review_ids"]) == 1
    (then,) = manager.get(f"{API}/calls/wren-01/scores?initiative=catchback").json()["scores"]
    assert then["reviewed"]["score"]["verdict"] == "stumbles" != then["reviewed"]["machine"]["verdict"]
    overtaken = manager.post(path, json=said | {"verdict": "explains", "because": "No."})
    assert overtaken.status_code == 409 and "somebody" in overtaken.json()["detail"].lower()
    assert program("rep").post(path, json=said).status_code == 403
    assert manager.post(path, json=said | {"agree": True}).status_code == 422
    assert manager.post(path, json=said | {"unknown": 1}).status_code == 422
    lines = [(line.action, line.details.get("via")) for line in audit_page(company).lines]
    assert ("review.add", "api") in lines and ("call.read", "api") in lines


def test_words_come_in_every_form(program):
    manager = program("manager")
    kinds = {"json": "application/json", "vtt": "text/vtt", "srt": "application/x-subrip", "txt": "text/plain"}
    for form, kind in kinds.items():
        answer = manager.get(f"{API}/calls/wren-01/transcript?form={form}")
        assert answer.status_code == 200 and answer.headers["content-type"].startswith(kind) and answer.text


def test_links_lead_on(program):
    manager = program("manager")
    links = manager.get(f"{API}/calls/wren-01").json()["links"]
    assert {name: manager.get(path).status_code for name, path in links.items()} == dict.fromkeys(links, 200)
    part = manager.get(links["audio"], headers={"range": "bytes=0-9"})
    assert part.status_code == 206 and len(part.content) == 10


def test_what_there_is_is_told_with_the_shape_of_every_answer(client):
    told = client(None).get(f"{API}/openapi.json").json()
    assert told["security"] == [{"token": []}]
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"] and "401" in operation["responses"], (method, path)
            good = operation["responses"]["201" if method == "post" else "200"]
            assert all(content["schema"] for content in good["content"].values()), path
    assert "$ref" not in str(told["components"]["schemas"]["Problem"]) and "CallScore" in told["components"]["schemas"]


def test_a_token_needs_no_origin_but_a_cookie_does(client, program):
    body = {"initiative_id": "catchback", "seen": "x", "agree": True}
    from_elsewhere = client("manager").post(
        f"{API}/calls/wren-01/reviews", json=body, headers={"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    )
    assert from_elsewhere.status_code == 403
    assert program("manager").post(f"{API}/calls/wren-01/reviews", json=body).status_code == 409
