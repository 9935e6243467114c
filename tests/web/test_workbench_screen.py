"""The workbench over HTTP: who may use it, what follows what, conflicts, refusals, and nothing outside the folder."""

import re
from html import unescape

import pytest
from own_rubrics import own_rubrics

from callcoach.domain.people import PersonRole
from callcoach.language.measure import Measurer
from callcoach.web.screens import workbench as screen

HTMX = {"hx-request": "true"}
HERE = "/workbench/catchback"


@pytest.fixture
def folder(company):
    return own_rubrics(company)


@pytest.fixture
def enablement(client, folder):
    return client("enablement")


def base_of(page):
    return re.search(r'name="base" value="(\w{64})"', page.text)[1]


def text_of(page):
    return unescape(re.search(r"data-text>(.*?)</textarea>", page.text, re.DOTALL)[1])


@pytest.mark.parametrize("role", list(PersonRole))
def test_only_enablement_and_admins_come_to_it(client, folder, role):
    wanted = 200 if role in (PersonRole.ENABLEMENT, PersonRole.ADMIN) else 403
    browser = client(role)
    for path in ("/workbench", HERE, f"{HERE}/standing", f"{HERE}/calls"):
        assert browser.get(path).status_code == wanted
    before = (folder / "catchback.yaml").read_bytes()
    if wanted == 403:
        for way in ("save", "follow", "effect", "apply", "undo", "discard", "mine", "publish", "retire", "calls"):
            sent = {"text": "x", "base": "x", "last_day": "2026-12-01"}
            assert browser.post(f"{HERE}/{way}", data=sent).status_code == 403
    assert (folder / "catchback.yaml").read_bytes() == before


def test_the_list_and_the_page_show_what_stands_in_the_files(enablement, folder):
    listed = enablement.get("/workbench").text
    assert all(name in listed for name in ("CatchBack", "SafeSeat", "Known by Name", "published"))
    page = enablement.get(HERE)
    assert text_of(page) == (folder / "catchback.yaml").read_text()
    assert "Owners\nguessed" not in page.text and "guessed they missed a couple a week" in page.text
    standing = enablement.get(f"{HERE}/standing", headers=HTMX).text
    assert "<html" not in standing and "coaching" in standing and "wording is kept" in standing


def test_form_and_text_follow_each_other(enablement, folder):
    page = enablement.get(HERE)
    sent = {"text": text_of(page), "base": base_of(page), "f:value_story.wall": "We need to sell more.", "f:facts": "one\r\ntwo"}
    followed = enablement.post(f"{HERE}/follow", data=sent).json()
    assert "\n  wall: >\n    We need to sell more.\n" in followed["text"] and "\nfacts:\n  - one\n  - two\n" in followed["text"]
    assert followed["text"].startswith("# yaml-language-server")
    vague = [mark for mark in followed["marks"] if mark["field"] == "value_story.wall" and mark["severity"] == "vague"]
    assert vague and vague[0]["line"] == followed["text"].split("\n").index("  wall: >") + 1
    back = enablement.post(
        f"{HERE}/follow", data={"text": followed["text"].replace("sell more", "sell less"), "base": base_of(page)}
    ).json()
    assert back["form"]["value_story.wall"] == "We need to sell less." and back["changed"]
    # whatever happens to the browser, the words are there
    assert "We need to sell less." in enablement.get(HERE).text and "it is not in the file yet" in enablement.get(HERE).text
    assert (folder / "catchback.yaml").read_text() == text_of(page)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a [x]\nb: *a\n", "refers to another place"),
        ("[" * 5000, "not YAML"),
        ("a: " + "x" * 150_000, "letters"),
        ("id: x\nid2: : :", "not allowed here"),
        ("- 1\n", "no fields in it"),
        ("", "no fields in it"),
    ],
)
def test_hostile_or_broken_text_gets_a_sentence_and_stays(enablement, folder, text, said):
    page = enablement.get(HERE)
    answer = enablement.post(f"{HERE}/follow", data={"text": text, "base": base_of(page), "f:name": "x"})
    assert answer.status_code == 200 and not answer.json()["readable"]
    assert any(said in mark["sentence"] for mark in answer.json()["marks"]) and answer.json()["text"] == text
    refused = enablement.post(f"{HERE}/save", data={"text": text, "base": base_of(page)}, headers=HTMX)
    assert refused.status_code == 422 and refused.text
    assert (folder / "catchback.yaml").read_text() == text_of(page)


def test_a_save_can_be_undone_and_is_in_the_log(enablement, folder, company):
    page = enablement.get(HERE)
    changed = text_of(page).replace("priority: 1", "priority: 2")
    saved = enablement.post(f"{HERE}/save", data={"text": changed, "base": base_of(page)}, headers=HTMX)
    assert saved.status_code == 200 and "undo" in saved.headers["hx-trigger"]
    assert (folder / "catchback.yaml").read_text() == changed and saved.json()["base"] == base_of(enablement.get(HERE))
    assert enablement.post(f"{HERE}/undo", headers=HTMX).status_code == 204
    assert (folder / "catchback.yaml").read_text() == text_of(page)
    assert enablement.post(f"{HERE}/undo", headers=HTMX).status_code == 404
    log = [line.action for line in _audit(company)]
    assert "rubric.save" in log and "rubric.undo" in log


def test_a_conflict_shows_both_versions(enablement, client, folder):
    page = enablement.get(HERE)
    (folder / "catchback.yaml").write_text(text_of(page).replace("priority: 1", "priority: 3"))
    mine = text_of(page).replace("name: CatchBack", "name: Mine <b>")
    answer = enablement.post(f"{HERE}/save", data={"text": mine, "base": base_of(page)})
    assert answer.status_code == 409
    said = unescape(answer.text)
    assert "Somebody else changed this file" in said and "- priority: 3" in said and "+ name: Mine <b>" in said
    assert enablement.post(f"{HERE}/mine", data={"text": mine}).status_code == 303
    again = enablement.get(HERE)
    assert text_of(again) == mine and "Somebody else changed" not in again.text


@pytest.mark.parametrize("name", ["..%2fsecret", "%2e%2e", "secret", ".hidden", "catchback.yaml", "a%00b", "x" * 300])
def test_no_address_reaches_another_file(enablement, folder, name):
    (folder.parent / "secret.yaml").write_text("id: secret\nname: Secret words\n")
    (folder / ".hidden.yaml").write_text("id: hidden\nname: Secret words\n")
    before = {path: path.read_bytes() for path in folder.parent.rglob("*.yaml")}
    assert enablement.get(f"/workbench/{name}").status_code == 404
    for way in ("save", "follow", "publish", "mine", "discard", "undo", "apply"):
        answer = enablement.post(f"/workbench/{name}/{way}", data={"text": "id: x\n", "base": "0" * 64})
        assert answer.status_code in (404, 405) and "Secret words" not in answer.text
    assert {path: path.read_bytes() for path in folder.parent.rglob("*.yaml")} == before


def test_begin_refuses_what_is_no_id_and_what_is_taken(enablement, folder):
    sent = {"title": "Quick <i>", "launched": "2026-12-01"}
    for taken in ("../x", "Quick", "a/b", "catchback", "x" * 61):
        assert enablement.post("/workbench", data=sent | {"initiative": taken}).status_code == 422
    assert (
        enablement.post("/workbench", data=sent | {"initiative": "quick-fix"}).headers["location"]
        == "/workbench/quick-fix?done=begun"
    )
    page = enablement.get("/workbench/quick-fix?done=begun").text
    assert "Say what problem the customers or the company face" in page and "unfinished" in page and "Quick <i>" not in page


def test_calls_are_pinned_and_a_person_who_labels_blind_is_not_shown_them(enablement, company, folder):
    from datetime import UTC, datetime

    from callcoach.app.calibration import begin_round, find_initiative

    page = enablement.get(f"{HERE}/calls").text
    assert page.count('name="call"') >= 20 and page.count(" checked") == 12
    assert enablement.post(f"{HERE}/calls", data={"call": ["wren-01", "wren-02", "no-such-call"]}).status_code == 303
    assert enablement.get(f"{HERE}/calls").text.count(" checked") == 2
    assert enablement.post(f"{HERE}/calls", data={}).status_code == 422
    assert enablement.post(f"{HERE}/calls", data={"call": [f"wren-{n:02}" for n in range(1, 23)]}).status_code == 422
    round_ = begin_round(
        company, find_initiative(folder, "catchback"), calls=10, people=["E01", "M01"], seed=1, at=datetime.now(UTC)
    )
    offered = enablement.get(f"{HERE}/calls").text
    assert not any(f'value="{call_id}"' in offered for call_id in round_.call_ids)


def whole_effect(browser, text, **how):
    """Asked until no call waits, as the page does."""
    while (found := browser.post(f"{HERE}/effect", data={"text": text, **how}).json())["waiting"]:
        assert "being judged" in found["html"]
    return found


@pytest.mark.slow
def test_calls_that_are_judged_are_shown_before_the_rest(enablement, folder, monkeypatch):
    text = text_of(enablement.get(HERE))
    waiting, shown = 12, []
    monkeypatch.setitem(screen._effect.__kwdefaults__, "at_once_s", 0.0)
    while waiting:
        found = enablement.post(f"{HERE}/effect", data={"text": text}).json()
        assert found["waiting"] == waiting - 1, "each question judges one call at least"
        waiting = found["waiting"]
        shown.append(re.search(r"on (\d+) calls?", found["html"])[1])
    assert shown == [str(n) for n in range(1, 13)]
    criterion = text + "criteria:\n  - id: own-count\n    about: wall\n    question: Does the rep name their count?\n"
    read = []
    monkeypatch.setattr(Measurer, "measure", lambda *args: read.append(args))
    found = whole_effect(enablement, criterion)
    assert "on 12 calls" in found["html"] or "of 12 verdicts" in found["html"]
    assert read == [], "a criterion is held against the calls without measuring a turn again"


@pytest.mark.slow
def test_the_effect_names_flips_agreement_and_time(enablement, folder):
    page = enablement.get(HERE)
    same = whole_effect(enablement, text_of(page))
    assert "No verdict flips on 12 calls" in same["html"] and "Reads as it was published" in same["html"]
    other = text_of(page).replace("Twenty-seven of every hundred calls", "Nobody ever counted the pigeons; calls")
    story = re.sub(
        r"  part: >\n(    .*\n)+", "  part: >\n    Tell them about pigeons and how to feed them in winter with bread.\n", other
    )
    story = re.sub(
        r"  hammer: >\n(    .*\n)+",
        "  hammer: >\n    We send a pigeon feeder to every park in the city before the first frost.\n",
        story,
    )
    found = whole_effect(enablement, story)
    assert re.search(r"\d+ of 12 verdicts flip", found["html"]) and not found["explained"]
    explained = whole_effect(enablement, story, explain="true")
    assert (explained["explained"] and "does it alone" in explained["html"]) or "together do it" in explained["html"]
    assert "people labelled" in found["html"] and 0 < found["seconds"] < 60
    assert enablement.post(f"{HERE}/effect", data={"text": "a: [", "base": ""}).json()["marks"]


@pytest.mark.slow
def test_publishing_saves_checks_and_keeps(enablement, folder, company):
    page = enablement.get(HERE)
    vague = re.sub(r"  wall: >\n(    .*\n)+", "  wall: >\n    We need to hit our sales target.\n", text_of(page))
    refused = enablement.post(f"{HERE}/publish", data={"text": vague, "base": base_of(page), "note": "x"})
    assert (
        refused.status_code == 422
        and "It is not published" in refused.text
        and "what the company wants for itself" in refused.text
    )
    page = enablement.get(HERE)
    good = text_of(page).replace(
        "We need to hit our sales target.",
        "Shops miss thirty-four calls a month at noon, counted on 1,140 lines, and lose those callers.",
    )
    done = enablement.post(f"{HERE}/publish", data={"text": good, "base": base_of(page), "note": "Figures of June"})
    assert done.headers["location"] == f"{HERE}?done=published"
    assert (
        "note: Figures of June" in (folder / "catchback.yaml").read_text()
        and "by: E01" in (folder / "catchback.yaml").read_text()
    )
    assert "rubric.publish" in [line.action for line in _audit(company)]


def _audit(company):
    from callcoach.app.audit import audit_page

    return audit_page(company).lines
