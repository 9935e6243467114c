"""Calibration over HTTP: whoever labels sees words and story alone, and everybody everything once all are done."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from own_rubrics import own_rubrics

from callcoach.app.calibration import Session, begin_round, find_initiative
from callcoach.domain.people import PersonRole
from callcoach.storage.one_call import OneCall
from callcoach.storage.store import Store
from callcoach.web import access

HTMX = {"hx-request": "true"}
MINE = "My own secret comment on this one."


@pytest.fixture
def folder(company):
    return own_rubrics(company)


@pytest.fixture
def round_(company, folder):
    initiative = find_initiative(folder, "catchback")
    return begin_round(company, initiative, calls=4, people=["E01", "M01"], seed=3, at=datetime.now(UTC))


def at(round_):
    return f"/calibration/{round_.round_id}"


def say(browser, round_, call_id, **answers):
    given = {"verdict": "partial", "wall": "1", "hammer": "2", "part": "0", "asked_why": "no", "quote": "", "note": ""} | answers
    return browser.post(f"{at(round_)}/label/{call_id}", data=given, headers=HTMX)


def test_a_round_is_begun_by_enablement_with_people_who_can_label(client, folder):
    sent = {"initiative": "catchback", "calls": "5", "person": ["E01", "M01"]}
    assert client("manager").post("/calibration", data=sent).status_code == 403
    enablement = client("enablement")
    for wrong in ({"person": ["E01"]}, {"person": ["E01", "R01"]}, {"calls": "0"}, {"calls": "999"}, {"initiative": "none"}):
        assert enablement.post("/calibration", data=sent | wrong).status_code == 422
    begun = enablement.post("/calibration", data=sent)
    assert begun.headers["location"] == "/calibration/catchback-1"
    page = enablement.get("/calibration").text
    assert "Label: 5 left" in page and "catchback-1" in page
    assert (
        "catchback-1" in client("manager").get("/calibration").text
        and "Begin a round" not in client("manager").get("/calibration").text
    )


@pytest.mark.parametrize("role", list(PersonRole))
def test_only_those_who_were_asked_come_to_a_round(client, round_, role):
    browser = client(role)
    asked = role in (PersonRole.ENABLEMENT, PersonRole.MANAGER)
    wanted = 200 if asked else 404 if role is PersonRole.ADMIN else 403
    assert browser.get(f"{at(round_)}/label").status_code == wanted
    # an admin may know of every round, and labels none they were not asked to
    assert browser.get(at(round_)).status_code == (200 if role is PersonRole.ADMIN else wanted)
    assert say(browser, round_, round_.call_ids[0]).status_code == wanted
    if not asked:
        assert browser.post(f"{at(round_)}/finish").status_code in (403, 404)


def test_nothing_of_the_machine_or_of_others_is_there_while_somebody_labels(client, company, round_, monkeypatch):
    manager = client("manager")
    for call_id in round_.call_ids:
        assert say(manager, round_, call_id, note=MINE, verdict="recites").json()["complete"]
    assert manager.post(f"{at(round_)}/finish").status_code == 303
    scores = {score.call_id: score for score in company.store.scores(initiative_id="catchback")}
    why = {pick.call_id: pick.why for pick in round_.picks}

    def never(*_, **__):
        raise AssertionError("a score was asked for")

    enablement = client("enablement")
    for place in (Store, OneCall):
        for name in ("scores", "score", "signals"):
            if hasattr(place, name):
                monkeypatch.setattr(place, name, never)
    pages = [enablement.get("/calibration"), enablement.get(at(round_)), enablement.get(f"{at(round_)}?at=2")]
    for call_id in round_.call_ids:
        pages.append(enablement.get(f"{at(round_)}/label?call={call_id}"))
        pages.append(say(enablement, round_, call_id, wall=""))
        said = unescape(pages[-2].text)
        if score := scores.get(call_id):
            assert not any(statement in said for statement in score.statements)
        assert why[call_id] not in said
    for page in pages:
        assert page.status_code == 200 and MINE not in unescape(page.text)
        assert "by-person" not in page.text and "probabilit" not in page.text and "confidence" not in page.text
    refused = enablement.post(f"{at(round_)}/decide", data={"call": round_.call_ids[0], "verdict": "partial", "because": "x"})
    assert refused.status_code == 422 and MINE not in refused.text
    monkeypatch.undo()
    # nor anywhere else that speaks of these calls
    for call_id in round_.call_ids:
        shown = unescape(enablement.get(f"/calls/{call_id}?initiative=catchback").text)
        assert MINE not in shown
        if score := scores.get(call_id):
            assert not any(statement in shown for statement in score.statements)


def test_answers_are_kept_as_they_are_given_and_labelling_goes_on_where_it_stopped(client, round_):
    enablement = client("enablement")
    first, second, *_ = round_.call_ids
    half = enablement.post(f"{at(round_)}/label/{first}", data={"verdict": "partial", "note": "So far"}, headers=HTMX).json()
    assert not half["complete"] and half["left"] == 4
    page = enablement.get(f"{at(round_)}/label").text
    assert f"/label/{first}" in page and "So far" in page and 'value="partial" data-key="2" checked' in page
    assert say(enablement, round_, first).json() == {"complete": True, "left": 3, "following": second, "sentence": ""}
    assert f"/label/{second}" in enablement.get(f"{at(round_)}/label").text
    not_there = say(enablement, round_, second, quote="words nobody ever said").json()
    assert "not in the call" in not_there["sentence"]
    assert enablement.post(f"{at(round_)}/label/{second}", data={"verdict": "bogus"}, headers=HTMX).json()["left"] == 3
    assert enablement.post(f"{at(round_)}/finish").status_code == 422
    assert say(enablement, round_, "wren-nothing").status_code == 404
    # not raised asks nothing more
    third = round_.call_ids[2]
    assert enablement.post(f"{at(round_)}/label/{third}", data={"verdict": "not_raised"}, headers=HTMX).json()["complete"]


def finished(company, folder, round_):
    for person in ("E01", "M01"):
        session = Session(company, folder, round_.round_id, person)
        for number, call_id in enumerate(round_.call_ids):
            verdict = "partial" if person == "E01" or number else "explains"
            session.keep(
                call_id,
                {
                    "verdict": verdict,
                    "wall": "1",
                    "hammer": "1",
                    "part": "2",
                    "asked_why": "no",
                    "quote": "",
                    "note": MINE if not number else "",
                },
            )
        session.finish(datetime.now(UTC))


def test_once_all_are_done_answers_lie_side_by_side_and_are_settled(client, company, folder, round_):
    finished(company, folder, round_)
    manager = client("manager")
    page = unescape(manager.get(at(round_)).text)
    assert "How far people agree" in page and "People with the machine" in page and MINE in page
    assert "1 of 1" in page and f"/calls/{round_.call_ids[0]}?initiative=catchback" in page
    assert client("rep").get(at(round_)).status_code == 403
    late = say(manager, round_, round_.call_ids[0])
    assert late.status_code == 422 and "final" in late.text
    assert (
        manager.post(f"{at(round_)}/decide", data={"call": round_.call_ids[0], "verdict": "partial", "because": " "}).status_code
        == 422
    )
    sent = {"call": round_.call_ids[0], "verdict": "partial", "because": "It starts from <b>her</b> count."}
    assert manager.post(f"{at(round_)}/decide", data=sent).status_code == 303
    shown = manager.get(at(round_)).text
    assert "It starts from &lt;b&gt;her&lt;/b&gt; count." in shown
    elsewhere = sent | {"call": "wren-xx"}
    assert manager.post(f"{at(round_)}/decide", data=elsewhere).status_code == 404


def test_the_labels_of_files_are_for_enablement(client, folder):
    assert client("manager").get("/calibration/about/catchback").status_code == 403
    page = client("enablement").get("/calibration/about/catchback").text
    assert "How far people agree" in page and "0." in page
    assert client("enablement").get("/calibration/about/nothing").status_code == 404


class BeforeLaunch(datetime):
    """Three days before the sample company launches its third initiative."""

    @classmethod
    def now(cls, tz=None):
        return datetime(2026, 11, 20, 9, tzinfo=tz)


def test_the_gate_says_what_is_missing_and_only_an_admin_overrides_it(client, company, folder, monkeypatch):
    monkeypatch.setattr(access, "datetime", BeforeLaunch)
    until = (BeforeLaunch.now(UTC) + timedelta(days=9)).date().isoformat()
    sent = {"because": "Two teams pilot it.", "until": until}
    here = "/calibration/gate/known-by-name"
    assert "In preparation" in client("manager").get(here, headers=HTMX).text
    for role in ("manager", "enablement"):
        assert client(role).post(here, data=sent).status_code == 403
        assert "Coach it before" not in client(role).get(here).text
    admin = client("admin")
    assert admin.post(here, data=sent | {"because": ""}).status_code == 422
    assert admin.post(here, data=sent | {"until": "2020-01-01"}).status_code == 422
    assert admin.post("/calibration/gate/nothing", data=sent).status_code == 422
    assert admin.post(here, data=sent).status_code == 303
    shown = client("manager").get(here).text
    assert "Two teams pilot it." in shown and "by override of" in shown
