"""The pulse in the browser: who is asked, what they may change until when, and that no rep can be told from what is shown."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest

from callcoach.app.audit import audit_page
from callcoach.app.current import current_company, current_initiatives
from callcoach.app.pulse import answer_pulse, own_sheet
from callcoach.coaching.pulse import last_day_of_quarter
from callcoach.domain.people import PersonRole
from callcoach.domain.pulse import PulseQuestion

HERE = "/pulse/catchback"
FOURS = {question.value: "4" for question in PulseQuestion}


def words_of(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def answered_by(company, *people, grade=2):
    for person in people:
        answer_pulse(
            company,
            "catchback",
            person,
            dict.fromkeys(PulseQuestion, grade),
            company=current_company(company),
            initiatives=current_initiatives(company),
            at=datetime.now(UTC),
        )


@pytest.mark.parametrize("role", list(PersonRole))
def test_reps_and_managers_are_asked_and_nobody_else(client, role):
    wanted = 200 if role in (PersonRole.REP, PersonRole.MANAGER) else 403
    for path in ("/pulse", HERE):
        assert client(role).get(path).status_code == wanted
    assert client(role).post(HERE, data=FOURS).status_code == (303 if wanted == 200 else 403)


def test_today_asks_reps_and_managers_until_they_have_answered(client):
    asked = "The pulse on "
    for role in PersonRole:
        assert (asked in words_of(client(role).get("/").text)) == (role in (PersonRole.REP, PersonRole.MANAGER))
    rep = client("rep")
    n_open = rep.get("/pulse").text.count("not answered yet")
    assert f"{asked}{n_open} initiatives" in words_of(rep.get("/").text)
    for place in re.findall(r'href="(/pulse/[^"]+)"', rep.get("/pulse").text):
        assert rep.post(place, data=FOURS).status_code == 303
    assert asked not in words_of(rep.get("/").text)
    assert asked in words_of(client("manager").get("/").text)


def test_each_is_asked_in_their_own_words_and_told_who_sees_what(client):
    rep, manager = words_of(client("rep").get(HERE).text), words_of(client("manager").get(HERE).text)
    assert "I can say in one sentence why we do this." in rep and "in whole groups of 5, never by team or name" in rep
    assert "My reps can say in one sentence why we do this." in manager and "one manager's answer can be told" in manager


def test_a_sheet_is_kept_shown_to_its_person_changed_and_logged_without_a_grade(client, company):
    rep = client("rep")
    assert "What everybody answered" not in rep.get(HERE).text.replace("What everybody answered is shown here", "")
    assert "not answered yet" in rep.get("/pulse").text
    done = rep.post(HERE, data={**FOURS, "who": "?"})
    assert done.headers["location"] == f"{HERE}?done=kept"
    page = rep.get(done.headers["location"]).text
    assert "You may change it until" in page and "What everybody answered, " in page
    assert re.findall(r'name="(?:why|who)" value="(.)" required checked', page) == ["4", "?"]
    # at once, in the same second: the later one is the answer
    assert rep.post(HERE, data={**FOURS, "why": "1"}).status_code == 303
    kept = own_sheet(company, "catchback", "R01", today=datetime.now(UTC).date())
    assert (kept.grades[PulseQuestion.WHY], kept.grades[PulseQuestion.WHO]) == (1, 4)
    lines = [line for line in audit_page(company).lines if line.action == "pulse.answer"]
    assert [line.subject for line in lines] == ["catchback", "catchback"] and not any("4" in str(line.details) for line in lines)


def test_nobody_sees_anothers_sheet_and_five_are_shown_where_four_are_not(client, company):
    rep = client("rep")
    answered_by(company, "R02", "R03", "R04")
    rep.post(HERE, data=FOURS)
    four = words_of(rep.get(HERE).text)
    assert "0 reps on themselves" in four and "4 more answers from reps will be counted when 5 are together" in four
    answered_by(company, "R05")
    five = words_of(rep.get(HERE).text)
    assert "5 reps on themselves" in five and "1 of 5" in five
    assert not any(name in five for name in ("Alicia Menard", "Walt Jessup", "Joyce Tanaka", "Marcy Dunlap"))
    # a sixth waits for four more, and repeating oneself brings nobody's answer out
    answered_by(company, "R06", grade=5)
    for _ in range(4):
        rep.post(HERE, data=FOURS)
    assert "1 of 5" in words_of(rep.get(HERE).text) and "1 more answer from reps" in words_of(rep.get(HERE).text)


def test_programs_read_what_everybody_answered_and_nobodys_own(client, company):
    answered_by(company, "R02", "R03", "R04", "R05")
    where = "/api/v1/initiatives/catchback"
    four = client("executive").get(where).json()["pulse"]
    assert (four["reps"], four["waiting"], four["least"]) == (0, 4, 5)
    assert all(gap["reps"] == {"agrees": None, "unsure": None} for gap in four["gaps"])
    answered_by(company, "R06")
    five = client("executive").get(where).json()["pulse"]
    assert five["reps"] == 5 and five["gaps"][0]["reps"]["agrees"]["n"] == 5
    assert client("rep").get(where).status_code == 403


def test_what_is_left_out_or_unknown_is_refused(client, company):
    rep = client("rep")
    assert rep.post(HERE, data={**FOURS, "heard": ""}).status_code == 422
    assert rep.post(HERE, data={**FOURS, "heard": "6"}).status_code == 422
    assert rep.post("/pulse/none", data=FOURS).status_code == 404
    assert rep.get("/pulse/none").status_code == 404
    assert own_sheet(company, "catchback", "R01", today=datetime.now(UTC).date()) is None


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), date(2026, 6, 30)),
        (date(2026, 8, 9), date(2026, 9, 30)),
        # the year's last quarter ends with the year
        (date(2026, 11, 22), date(2026, 12, 31)),
    ],
)
def test_a_pulse_closes_with_its_quarter(day, closes):
    assert last_day_of_quarter(day) == closes
