"""What people say of a story is kept as they said it, in the order in which it came, in both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select

from callcoach.domain.field_reports import FieldAnswer, FieldCase, FieldReport
from callcoach.domain.people import PersonRole
from callcoach.domain.pulse import PulseQuestion, PulseSheet
from callcoach.domain.story import Component
from callcoach.storage import schema
from callcoach.storage.store import Store
from callcoach.storage.two_way import TwoWay

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)


def sheet(person: str, grade: int | None, *, day: int = 16, about: str = "catchback") -> PulseSheet:
    return PulseSheet(
        initiative_id=about,
        person_id=person,
        role=PersonRole.REP,
        at=AT.replace(day=day),
        grades={**dict.fromkeys(PulseQuestion, grade), PulseQuestion.WHO: None},
    )


def report(by: str, words: str, *, about: str = "catchback", day: int = 16) -> FieldReport:
    return FieldReport(initiative_id=about, component=Component.PART, by=by, at=AT.replace(day=day), words=words, version="v1")


def test_sheets_come_back_in_the_order_in_which_they_arrived_whatever_their_day(place: str | Path) -> None:
    with Store(place) as store:
        kept = TwoWay(store)
        late, early = sheet("ed", 4, day=16), sheet("al", 2, day=3)
        assert kept.add_sheets([late]) == 1
        assert kept.add_sheets([early, late, sheet("ed", 5, about="safeseat")]) == 2
        assert kept.sheets("catchback") == (late, early)
        assert kept.sheets("catchback")[0].grades[PulseQuestion.WHO] is None
        assert kept.sheets("nothing") == ()


def test_a_report_is_answered_once_and_told_once(place: str | Path) -> None:
    with Store(place) as store:
        kept = TwoWay(store)
        first = replace(report("ed", "They miss no calls."), call_id="c1", turn=3, quote="none", heard_on=date(2026, 11, 2))
        other = report("al", "Too long.", about="safeseat", day=2)
        assert (kept.report(first), kept.report(first), kept.report(other)) == (True, False, True)
        answer = FieldAnswer(report_id=first.report_id, by="ray", at=AT, because="Told anew.", version="v2")
        assert kept.answer(answer)
        assert not kept.answer(replace(answer, because="Something else."))
        assert kept.cases("catchback") == (FieldCase(report=first, answer=answer),)
        kept.told([first.report_id, other.report_id], AT)
        kept.told([first.report_id], AT.replace(day=20))
        (told,) = kept.cases(by="ed")
        assert told == FieldCase(report=first, answer=answer, told_at=AT)
        assert [case.report for case in kept.cases()] == [other, first]


def test_a_report_that_goes_takes_its_answer_along(place: str | Path) -> None:
    with Store(place) as store:
        kept = TwoWay(store)
        said = report("ed", "Too long.")
        kept.report(said)
        kept.answer(FieldAnswer(report_id=said.report_id, by="ray", at=AT, because="Not now."))
        with store.engine.begin() as connection:
            connection.execute(schema.field_reports.delete())
            assert connection.execute(select(func.count()).select_from(schema.field_answers)).scalar() == 0
