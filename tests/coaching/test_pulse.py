"""The pulse shows the gap between managers and reps, and never a rep."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from callcoach.coaching import pulse_wording
from callcoach.coaching.pulse import LEAST, latest_quarter, pulse, quarter_of
from callcoach.domain.people import PersonRole
from callcoach.domain.pulse import Pulse, PulseGap, PulseQuestion, PulseSheet

OCTOBER = datetime(2026, 10, 5, 9, tzinfo=UTC)


def sheet(person: str, grade: int | None, *, role: PersonRole = PersonRole.REP, day: int = 0, **others: int | None) -> PulseSheet:
    """The same grade to every question but those named."""
    grades = {question: others.get(question.value, grade) for question in PulseQuestion}
    return PulseSheet(initiative_id="catchback", person_id=person, role=role, at=OCTOBER + timedelta(days=day), grades=grades)


def reps(*grades: int | None, first: int = 1) -> list[PulseSheet]:
    return [sheet(f"r{number}", grade, day=number) for number, grade in enumerate(grades, first)]


def managers(*grades: int) -> list[PulseSheet]:
    return [sheet(f"m{number}", grade, role=PersonRole.MANAGER) for number, grade in enumerate(grades, 1)]


def asked(found: Pulse, question: PulseQuestion = PulseQuestion.WHY) -> PulseGap:
    return next(gap for gap in found.gaps if gap.question is question)


def test_four_reps_are_not_shown_and_five_are():
    four = pulse("catchback", [*managers(5), *reps(2, 2, 4, 5)], "2026-Q4")
    assert (four.reps, four.waiting, asked(four).reps.agrees, asked(four).gap) == (0, 4, None, None)
    assert f"Fewer than {LEAST} reps gave a grade" in asked(four).sentence
    five = pulse("catchback", [*managers(5), *reps(2, 2, 4, 5, 1)], "2026-Q4")
    assert (five.reps, five.waiting) == (5, 0)
    assert (asked(five).reps.agrees.count, asked(five).reps.agrees.n) == (2, 5)


@pytest.mark.parametrize("more", [1, 2, 3, 4])
def test_one_more_answer_changes_nothing_that_is_shown_until_five_more_are_in(more):
    # whoever looks before and after must not learn what the one in between said
    before = pulse("catchback", [*managers(5), *reps(2, 2, 4, 5, 1)], "2026-Q4")
    after = pulse("catchback", [*managers(5), *reps(2, 2, 4, 5, 1), *reps(*[5] * more, first=6)], "2026-Q4")
    assert after.gaps == before.gaps
    assert (after.reps, after.waiting) == (5, more)
    assert pulse_wording.waiting(more, LEAST) in after.notes


def test_an_erased_rep_takes_their_group_along_and_nobody_elses_answer_can_be_told():
    sheets = [*managers(5), *reps(1, 5, 5, 5, 5), *reps(2, first=6)]
    emptied = replace(sheets[1], person_id="erased-1f-0", grades=dict.fromkeys(PulseQuestion))
    after = pulse("catchback", [sheets[0], emptied, *sheets[2:]], "2026-Q4")
    assert (after.reps, after.waiting, asked(after).reps.agrees) == (0, 1, None)
    # the next five are a group of their own
    ten = pulse("catchback", [sheets[0], emptied, *sheets[2:], *reps(4, 4, 4, 4, first=7)], "2026-Q4")
    assert (ten.reps, asked(ten).reps.agrees.count, asked(ten).reps.agrees.n) == (5, 4, 5)


def test_one_rep_who_answers_five_times_is_one_rep_and_the_last_answer_counts():
    again = [sheet("r1", 1, day=day) for day in range(20, 25)]
    found = pulse("catchback", [*reps(5, 5, 5, 5, 5), *again], "2026-Q4")
    assert (found.reps, found.waiting, asked(found).reps.agrees.count) == (5, 1, 5)
    others = reps(4, 4, 4, 4, first=2)
    changed = pulse("catchback", [*reps(5, 5, 5, 5, 5), *again, *others], "2026-Q4")
    assert (changed.reps, asked(changed).reps.agrees.count) == (5, 4)


def test_dont_know_is_no_grade_and_too_few_grades_are_not_shown():
    found = pulse("catchback", reps(4, 4, 4, None, None), "2026-Q4")
    assert (asked(found).reps.agrees, asked(found).reps.unsure) == (None, 2)
    found = pulse("catchback", reps(4, 4, 2, 3, 5, None, None, None, 4, 4), "2026-Q4")
    assert (asked(found).reps.agrees.count, asked(found).reps.agrees.n, asked(found).reps.unsure) == (5, 7, 3)


def test_the_gap_is_said_only_where_it_can_be_told_from_chance():
    wide = pulse("catchback", [*managers(5, 5, 4, 5, 5, 4), *reps(1, 2, 1, 2, 2, 3, 1, 2, 1, 2)], "2026-Q4")
    assert asked(wide).gap == 1 and asked(wide).low > 0
    assert "6 of 6 managers agree. 0 of 10 reps agree. Managers expect more than reps have." in asked(wide).sentence
    two = pulse("catchback", [*managers(5, 2), *reps(1, 2, 4, 5, 2)], "2026-Q4")
    assert asked(two).low < 0 < asked(two).high
    assert asked(two).sentence.endswith("From so few answers no gap can be told from chance.")
    assert pulse_wording.MANAGERS_ARE_FEW in two.notes


def test_a_file_taken_in_twice_does_not_show_what_the_next_rep_writes():
    first = reps(5, 5, 5, 5, 5)
    again = [sheet(f"r{number}", 5, day=20) for number in range(1, 6)]
    found = pulse("catchback", [*first, *again, sheet("r6", 1, day=21)], "2026-Q4")
    assert (found.reps, found.waiting, asked(found).reps.agrees.n) == (5, 1, 5)


def test_each_question_stands_alone():
    sheets = [sheet(f"r{number}", 5, coached=1) for number in range(5)]
    found = pulse("catchback", sheets, "2026-Q4")
    assert asked(found, PulseQuestion.WHY).reps.agrees.count == 5
    assert asked(found, PulseQuestion.COACHED).reps.agrees.count == 0


def test_a_quarter_stands_alone_and_the_latest_that_can_be_shown_is_shown():
    sheets = [*reps(5, 5, 5, 5, 5), sheet("r9", 1, day=100)]
    assert quarter_of(date(2026, 10, 5)) == "2026-Q4"
    assert quarter_of(sheets[-1].at.date()) == "2027-Q1"
    assert latest_quarter(sheets, today=date(2027, 1, 20)) == "2026-Q4"
    assert latest_quarter([], today=date(2027, 1, 20)) == "2027-Q1"
    # an answer of a later quarter is not seen by whoever asks for an earlier day
    assert latest_quarter(sheets, today=date(2026, 10, 6)) == "2026-Q4"


def test_nobody_is_no_figure_and_no_name_is_in_what_is_shown():
    nothing = pulse("catchback", [], "2026-Q4")
    assert nothing.notes == (pulse_wording.NOBODY_YET,)
    assert all(gap.managers.agrees is None and gap.gap is None for gap in nothing.gaps)
    assert "r1" not in repr(pulse("catchback", [*managers(5), *reps(1, 2, 3, 4, 5)], "2026-Q4"))


def test_a_sheet_without_a_question_or_with_a_sixth_grade_is_none():
    with pytest.raises(ValueError, match="grades go from 1 to 5"):
        sheet("r1", 6)
    with pytest.raises(ValueError, match="for reps and managers"):
        sheet("v1", 3, role=PersonRole.EXECUTIVE)
    with pytest.raises(ValueError, match="every question"):
        PulseSheet(initiative_id="x", person_id="r1", role=PersonRole.REP, at=OCTOBER, grades={PulseQuestion.WHY: 3})
