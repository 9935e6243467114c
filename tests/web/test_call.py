"""The call screen: who sees which call, what they may write on it, and the recording in pieces."""

import re
from dataclasses import replace
from html import unescape

import pytest

from callcoach.app.audit import audit_page
from callcoach.domain.call import Turn
from callcoach.storage.store import Store

TYLERS, JOYCES = "wren-01", "wren-03"
CARD = re.compile(r'name="seen" value="([0-9a-f]+)"')
HTMX = {"HX-Request": "true"}


def seen(text):
    return CARD.search(text)[1]


def words_of(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def actions(company):
    return [line.action for line in audit_page(company).lines]


def test_a_manager_sees_the_calls_of_the_own_team_and_no_other(client):
    manager = client("manager")
    assert manager.get(f"/calls/{TYLERS}").status_code == 200
    for path in ("", "/audio", "/peaks", "/same-words?initiative=catchback"):
        assert manager.get(f"/calls/{JOYCES}{path}").status_code == 404, path
        assert manager.get(f"/calls/no-such-call{path}").status_code == 404, path


def test_nothing_is_written_on_a_call_that_is_not_theirs(client):
    manager = client("manager")
    said = {
        "initiative": "catchback",
        "seen": "x",
        "because": "x",
        "text": "x",
        "verdict": "partial",
        "to": "x",
        "example_id": "x",
    }
    for action in ("agree", "correct", "moment", "dispute", "answer", "consent"):
        answer = manager.post(f"/calls/{JOYCES}/{action}", data=said | {"agrees": "true"})
        assert answer.status_code == 404, action
    assert manager.post(f"/calls/{JOYCES}/undo?what=x").status_code == 404


def test_an_executive_sees_no_single_call(client):
    assert client("executive").get(f"/calls/{TYLERS}").status_code == 403


def test_whoever_is_not_signed_in_hears_nothing(client):
    answer = client(None).get(f"/calls/{TYLERS}/audio")
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")


def test_the_page_shows_what_was_said_with_its_judgement_and_notes_who_looked(client, company):
    text = client("manager").get(f"/calls/{TYLERS}").text
    shown = words_of(text)
    for expected in (
        "Kimball Tire and Alignment",
        "Tyler Boone",
        "CatchBack",
        "nobody has said yet",
        "context, never part of the score",
    ):
        assert expected in shown
    assert actions(company)[0] == "call.read"
    assert 'style="' not in text and "onclick" not in text


def test_a_rep_sees_the_own_call_and_can_dispute_but_not_judge_it(client):
    rep = client("rep")
    text = rep.get(f"/calls/{TYLERS}").text
    assert f"/calls/{TYLERS}/dispute" in text and f"/calls/{TYLERS}/agree" not in text
    answer = rep.post(f"/calls/{TYLERS}/agree", data={"initiative": "catchback", "seen": "x"})
    assert answer.status_code == 403
    answer = rep.post(f"/calls/{TYLERS}/dispute", data={"initiative": "catchback", "text": "I said why."})
    assert answer.status_code == 303
    assert "I said why." in client("manager").get(f"/calls/{TYLERS}").text


def test_a_correction_is_kept_shown_undone_and_audited(client, company):
    manager = client("manager")
    page = manager.get(f"/calls/{TYLERS}").text
    said = {"initiative": "catchback", "seen": seen(page), "verdict": "partial", "because": "He names the number.", "wall": "2"}
    answer = manager.post(f"/calls/{TYLERS}/correct", data=said, headers=HTMX)
    assert answer.status_code == 200, answer.text
    assert "Corrected." in answer.headers["hx-trigger"] and "He names the number." in answer.text
    assert 'id="side"' in answer.text and 'hx-swap-oob="true"' in answer.text and "<html" not in answer.text
    undo = re.search(r'"undo":"([^"]+)"', answer.headers["hx-trigger"])[1]
    assert manager.post(undo, headers=HTMX).status_code == 200
    assert "nobody has said yet" in words_of(manager.get(f"/calls/{TYLERS}").text)
    assert [each for each in actions(company) if each != "call.read"] == ["call.take_back", "review.add"]


def test_without_a_script_a_form_leads_back_to_the_page_with_its_undo(client):
    manager = client("manager")
    answer = manager.post(
        f"/calls/{TYLERS}/agree", data={"initiative": "catchback", "seen": seen(manager.get(f"/calls/{TYLERS}").text)}
    )
    assert answer.status_code == 303
    page = manager.get(answer.headers["location"].partition("#")[0]).text
    assert "Kept. It is shown below." in page and f"/calls/{TYLERS}/undo?what=" in page


def test_who_is_overtaken_sees_both_and_keeps_the_own_words(client):
    manager, enablement = client("manager"), client("enablement")
    before = seen(manager.get(f"/calls/{TYLERS}").text)
    enablement.post(
        f"/calls/{TYLERS}/correct", data={"initiative": "catchback", "seen": before, "verdict": "partial", "because": "Theirs."}
    )
    answer = manager.post(
        f"/calls/{TYLERS}/correct", data={"initiative": "catchback", "seen": before, "verdict": "stumbles", "because": "Mine."}
    )
    assert answer.status_code == 409
    shown = words_of(answer.text)
    assert "Somebody else was faster" in shown and "Theirs." in shown and "Mine." in shown
    again = manager.post(
        f"/calls/{TYLERS}/correct",
        data={"initiative": "catchback", "seen": seen(answer.text), "verdict": "stumbles", "because": "Mine."},
        headers=HTMX,
    )
    assert again.status_code == 200 and "People differ" in words_of(again.text)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"because": ""}, "Say why"),
        ({"because": "x"}, "Nothing is different"),
        ({"because": "x", "act": "part", "words": "nobody said this", "counts": "true"}, "word for word"),
    ],
)
def test_a_correction_that_cannot_be_kept_says_why(client, said, told):
    manager = client("manager")
    given = {"initiative": "catchback", "seen": seen(manager.get(f"/calls/{TYLERS}").text)}
    answer = manager.post(f"/calls/{TYLERS}/correct", data=given | said, headers=HTMX)
    assert answer.status_code == 422 and told in answer.text


def test_a_moment_is_commented_marked_and_agreed_to_by_the_rep(client):
    manager, rep = client("manager"), client("rep")
    place = manager.get(f"/calls/{TYLERS}?t=14.5").text
    words = unescape(re.search(r'name="words" value="([^"]+)"', place)[1])
    turn = re.search(r'name="turn" value="(\d+)"', place)[1]
    said = {"initiative": "catchback", "turn": turn, "words": words, "text": "Play this to the team."}
    assert manager.post(f"/calls/{TYLERS}/moment", data=said).status_code == 303
    assert manager.post(f"/calls/{TYLERS}/moment", data=said | {"example": "true"}).status_code == 303
    page = rep.get(f"/calls/{TYLERS}").text
    assert "has not said yet" in page and "Play this to the team." in page
    example = re.search(r'name="example_id" value="([0-9a-f]+)"', page)[1]
    assert manager.post(f"/calls/{TYLERS}/consent", data={"example_id": example, "agrees": "true"}).status_code == 403
    assert rep.post(f"/calls/{TYLERS}/consent", data={"example_id": example, "agrees": "true"}).status_code == 303
    assert "agrees: others may hear it" in manager.get(f"/calls/{TYLERS}").text


def test_an_example_of_nothing_is_refused(client):
    answer = client("manager").post(f"/calls/{TYLERS}/moment", data={"initiative": "catchback", "example": "true"}, headers=HTMX)
    assert answer.status_code == 422 and "Choose the sentence" in answer.text


def test_the_recording_comes_whole_in_ranges_and_not_at_all(client, company):
    manager = client("manager")
    whole = manager.get(f"/calls/{TYLERS}/audio")
    size, tag = len(whole.content), whole.headers["etag"]
    assert whole.status_code == 200 and whole.headers["accept-ranges"] == "bytes" and whole.headers["content-type"] == "audio/ogg"
    assert "private" in whole.headers["cache-control"]

    def part(asked, **more):
        return manager.get(f"/calls/{TYLERS}/audio", headers={"range": asked, **more})

    first = part("bytes=0-99")
    assert (first.status_code, first.content) == (206, whole.content[:100])
    assert first.headers["content-range"] == f"bytes 0-99/{size}" and first.headers["content-length"] == "100"
    assert part("bytes=-7").content == whole.content[-7:]
    assert part("bytes=1000-").content == whole.content[1000:]
    assert part("bytes=0-1,4-5").status_code == 200
    beyond = part(f"bytes={size}-")
    assert beyond.status_code == 416 and beyond.headers["content-range"] == f"bytes */{size}"
    assert part("bytes=0-9", **{"if-range": tag}).status_code == 206
    assert part("bytes=0-9", **{"if-range": '"another"'}).status_code == 200
    assert manager.get(f"/calls/{TYLERS}/audio", headers={"if-none-match": tag}).status_code == 304
    head = manager.head(f"/calls/{TYLERS}/audio")
    assert head.status_code == 200 and head.headers["content-length"] == str(size) and not head.content
    assert "call.heard" in actions(company)


@pytest.mark.parametrize("path", ["..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "wren-01%00", "wren-01/../wren-03"])
def test_no_path_in_an_address_reaches_a_file(client, path):
    assert client("manager").get(f"/calls/{path}/audio").status_code == 404


def test_the_lanes_are_the_two_sides_of_the_call(client):
    drawn = client("manager").get(f"/calls/{TYLERS}/peaks").json()
    assert [lane["role"] for lane in drawn["lanes"]] == ["rep", "customer"]
    assert drawn["duration"] == pytest.approx(103.8, abs=0.2)
    assert all(0 <= point <= 100 for lane in drawn["lanes"] for point in lane["points"])


def test_the_same_words_are_looked_for_when_somebody_asks(client):
    answer = client("manager").get(f"/calls/{TYLERS}/same-words?initiative=catchback", headers=HTMX)
    assert answer.status_code == 200 and "<html" not in answer.text
    assert "heard alike" in answer.text or "None found" in answer.text


PAYLOADS = (
    "<script>window.hacked=1</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "</textarea><svg onload=alert(1)>",
    "' autofocus onfocus=alert(1) x='",
    "<!-- --><style>*{display:none}</style>",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_from_calls_files_and_people_is_shown_and_never_obeyed(client, company, payload):
    store: Store = company.store
    call = store.call(TYLERS)
    store.add_calls([replace(call, customer_name=payload, direction=payload, outcome=payload)])
    heard = store.current_transcript(TYLERS)
    turns = (Turn(speaker="customer", text=f"{payload} and {payload}", start=0.0, end=1.0), *heard.turns[1:])
    store.keep_transcript(replace(heard, turns=turns), content=call.content, made_by="hostile")
    store.point_at({TYLERS: "hostile"})
    manager = client("manager")
    manager.post(f"/calls/{TYLERS}/moment", data={"initiative": "catchback", "text": payload})
    text = manager.get(f"/calls/{TYLERS}").text
    # a browser is asked for in test_call_in_browser; here: nothing of it stands in the page as it was written
    assert not any(character in payload for character in "<\"'") or payload not in text
    assert unescape(text).count(payload) >= 5


def test_every_initiative_of_a_call_has_its_own_judgement(client):
    enablement = client("enablement")
    for initiative in ("catchback", "safeseat"):
        page = enablement.get(f"/calls/wren-11?initiative={initiative}").text
        assert f'value="{initiative}"' in page
    assert "Choose one of the initiatives" in enablement.get("/calls/wren-11?initiative=nothing").text
