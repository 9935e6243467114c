"""What a quarter's pulse comes to: what managers expect of their reps beside what reps say of themselves. Knows no files.

Reps stay unknown: they are shown as a company only, never by team; sheets are counted in the order in which they arrived and in
whole groups of `LEAST`, so that between any two states of the page at least that many sheets have been added; a sheet that says
what its person said last adds nothing, or four repeated ones would show what the fifth person wrote; and each quarter stands
alone, so that no answer falls out of the figures one by one. The sheet of somebody who was erased keeps its place without its
answers, and its whole group is no longer shown: the others, grouped anew, would differ from before by one person's answers.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from callcoach.coaching import pulse_wording as words
from callcoach.coaching.counted import counted, difference
from callcoach.domain.erasure import STAND_IN
from callcoach.domain.people import PersonRole
from callcoach.domain.pulse import AGREES_FROM, Pulse, PulseAnswer, PulseGap, PulseQuestion, PulseSheet

LEAST = 5
"""Five is the least that surveys of employees usually show: of four, each can guess the others."""


def quarter_of(day: date) -> str:
    """`2026-Q4`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def last_day_of_quarter(day: date) -> date:
    """The last day on which the pulse that is open on `day` is answered or changed."""
    last_month = 3 * ((day.month + 2) // 3)
    return date(day.year + last_month // 12, last_month % 12 + 1, 1) - timedelta(days=1)


def latest_quarter(sheets: Sequence[PulseSheet], *, today: date) -> str:
    """The latest quarter until today of which something of the reps can be shown; today's where there is none."""
    now = quarter_of(today)
    told = {quarter_of(sheet.at.date()) for sheet in sheets} | {now}
    shown = [quarter for quarter in told if quarter <= now and _shown(_groups(_reps(sheets, quarter)))]
    return max(shown, default=now)


def pulse(initiative_id: str, sheets: Sequence[PulseSheet], quarter: str) -> Pulse:
    """The pulse of one quarter from an initiative's sheets in the order in which they arrived."""
    reps = _reps(sheets, quarter)
    groups = _groups(reps)
    released = _shown(groups)
    of_reps = _latest(released)
    of_managers = _latest(
        [sheet for sheet in sheets if sheet.role is PersonRole.MANAGER and quarter_of(sheet.at.date()) == quarter]
    )
    waiting = len(reps) - sum(len(group) for group in groups)
    notes = [words.MANAGERS_ARE_FEW] if 0 < len(of_managers) < LEAST else []
    if waiting:
        notes.append(words.waiting(waiting, LEAST))
    if not reps and not of_managers:
        notes.append(words.NOBODY_YET)
    return Pulse(
        initiative_id=initiative_id,
        quarter=quarter,
        reps=len(of_reps),
        managers=len(of_managers),
        waiting=waiting,
        least=LEAST,
        gaps=tuple(_gap(question, of_managers, of_reps) for question in PulseQuestion),
        notes=tuple(notes),
    )


def _reps(sheets: Sequence[PulseSheet], quarter: str) -> list[PulseSheet]:
    found: list[PulseSheet] = []
    latest: dict[str, PulseSheet] = {}
    for sheet in sheets:
        if sheet.role is PersonRole.REP and quarter_of(sheet.at.date()) == quarter:
            said_before = latest.get(sheet.person_id)
            latest[sheet.person_id] = sheet
            if said_before is None or said_before.grades != sheet.grades:
                found.append(sheet)
    return found


def _groups(reps: Sequence[PulseSheet]) -> list[Sequence[PulseSheet]]:
    """Whole groups of sheets, each of at least `LEAST` different people, in the order of arrival; the rest waits."""
    groups: list[Sequence[PulseSheet]] = []
    begin, people = 0, set[str]()
    for end, sheet in enumerate(reps, 1):
        people.add(sheet.person_id)
        if len(people) == LEAST:
            groups.append(reps[begin:end])
            begin, people = end, set()
    return groups


def _shown(groups: Sequence[Sequence[PulseSheet]]) -> list[PulseSheet]:
    """The sheets of the groups in which nobody was erased."""
    return [sheet for group in groups if not any(each.person_id.startswith(STAND_IN) for each in group) for sheet in group]


def _latest(sheets: Sequence[PulseSheet]) -> list[PulseSheet]:
    """The last sheet of each person."""
    return list({sheet.person_id: sheet for sheet in sheets}.values())


def _gap(question: PulseQuestion, managers: Sequence[PulseSheet], reps: Sequence[PulseSheet]) -> PulseGap:
    expected, found = _answer(question, managers, 1), _answer(question, reps, LEAST)
    apart = difference(expected.agrees, found.agrees) if expected.agrees and found.agrees else None
    middle, low, high = apart or (None, None, None)
    return PulseGap(
        question=question,
        managers=expected,
        reps=found,
        gap=middle,
        low=low,
        high=high,
        sentence=words.gap(expected.agrees, found.agrees, low, high, LEAST),
    )


def _answer(question: PulseQuestion, sheets: Sequence[PulseSheet], least: int) -> PulseAnswer:
    """The share that agrees, of those who gave a grade; nothing where fewer than `least` did."""
    grades = [sheet.grades[question] for sheet in sheets]
    given = [grade for grade in grades if grade is not None]
    if len(given) < least:
        return PulseAnswer(agrees=None, unsure=len(grades) - len(given) if len(grades) >= least else None)
    agree = sum(grade >= AGREES_FROM for grade in given)
    return PulseAnswer(agrees=counted(agree, len(given)), unsure=len(grades) - len(given))
