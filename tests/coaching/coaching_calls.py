"""Judged calls written by hand: `judged("a1", "tyler", 5, "recites", "C 0:34 need ... / R 0:47 recite,wall ...")`."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from callcoach.coaching.report import morning_report
from callcoach.domain.calibration import Gate
from callcoach.domain.call import Call, CallKind
from callcoach.domain.coaching import CallProblem, MorningReport, RepReport
from callcoach.domain.people import Company, Person, PersonRole, Team
from callcoach.domain.story import Component, Initiative, PreviousStory, Readiness, Training, ValueStory
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict

MONDAY = date(2026, 11, 16)

COMPANY = Company(
    name="Wren & Field",
    teams=(Team(id="river", name="River", manager="ray"), Team(id="ridge", name="Ridge", manager="beth")),
    people=(
        Person(id="ray", name="Ray Delgado", role=PersonRole.MANAGER, team="river"),
        Person(id="beth", name="Beth Kowal", role=PersonRole.MANAGER, team="ridge"),
        Person(id="carol", name="Carol Landry", role=PersonRole.EXECUTIVE),
        *(Person(id=rep, name=f"{rep.title()} Rep", role=PersonRole.REP, team="river") for rep in ("tyler", "alicia", "walt")),
        *(Person(id=rep, name=f"{rep.title()} Rep", role=PersonRole.REP, team="ridge") for rep in ("joyce", "derek", "marcy")),
    ),
)

CATCHBACK = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 1),
    owner="ray",
    priority=1,
    story=ValueStory(
        wall="Twenty-seven of every hundred calls rang out. Most callers rang the next business. Owners never knew.",
        hammer="The caller gets a text within ten seconds.",
        part="Read out the customer's own count.",
    ),
    previous_story=PreviousStory(
        until=date(2026, 9, 30), wall="Answering services cost too much.", hammer="It replaces them.", why_changed="Few had one."
    ),
)
SAFESEAT = Initiative(
    id="safeseat",
    name="SafeSeat",
    launched=date(2026, 10, 1),
    owner="carol",
    priority=1,
    story=ValueStory(
        wall="Insurers send a questionnaire. Forty-one could not answer it.", hammer="A Proof Sheet.", part="Peace."
    ),
)
UNREADY = Readiness(
    announced=date(2026, 9, 28),
    training=(Training(date=date(2026, 9, 29), format="webinar", minutes=20),),
    materials_ready=date(2026, 10, 12),
    market_awareness_start=date(2026, 9, 25),
)

LEVELS = {
    "explains": (2, 2, 2),
    "partial": (0, 2, 1),
    "recites": (1, 1, 1),
    "facts_only": (0, 1, 0),
    "stumbles": (0, 1, 0),
    "not_raised": (0, 0, 0),
}
_LINE = re.compile(r"^(?P<who>[CR]) (?P<m>\d+):(?P<s>\d\d) (?P<acts>[a-z,]+) (?P<text>.+)$", re.DOTALL)


def judged(
    call_id: str,
    rep: str | None,
    day: int,
    verdict: str,
    said: str = "",
    *,
    about: str = "catchback",
    answer: str = "na",
    hunts: bool = False,
    asks_first: bool = False,
    levels: tuple[int, int, int] | None = None,
    confidence: float = 0.9,
    needs_person: str | None = None,
    customer: str | None = "Kimball Tire",
    kind: CallKind = CallKind.CUSTOMER_CALL,
    reason: str | None = None,
) -> tuple[Call, CallScore]:
    """One call of October 2026 (days over 31: November) and its score; every line of `said` is evidence, times included.

    Levels without a line of their own rest on "..." said at 0:01, so that a test writes only the lines it is about.
    """
    started = datetime.combine(date(2026, 10, 1) + timedelta(days=day - 1), time(9))
    call = Call(call_id=call_id, content=call_id, kind=kind, started_at=started, rep_id=rep, customer_name=customer)
    evidence, last_customer = [], None
    for turn, part in enumerate(said.split(" / ") if said else ()):
        line = _LINE.match(part.strip())
        assert line, part
        start = 60.0 * int(line["m"]) + int(line["s"])
        for act in line["acts"].split(","):
            reply = last_customer if line["who"] == "R" else None
            evidence.append(Evidence(act=act, turn=turn, quote=line["text"], start=start, end=start + 5, reply_to=reply))
        if line["who"] == "C":
            last_customer = turn
    found = dict(zip(Component, (Level(n) for n in levels or LEVELS.get(verdict, (0, 0, 0))), strict=True))
    for component, level in found.items():
        if level and not any(quote.act == component.value for quote in evidence):
            evidence.append(Evidence(act=component.value, turn=90, quote="...", start=1.0, end=2.0))
    unjudged = verdict == "not_assessed"
    score = CallScore(
        call_id=call_id,
        initiative_id=about,
        verdict=Verdict(verdict),
        confidence=None if unjudged else confidence,
        why_score=None if unjudged else 50.0,
        levels={} if unjudged else found,
        asked_why=answer != "na",
        answer=Answer(answer),
        behaviours=Behaviours(offer_hunting=hunts, feature_dump=False, diagnosed_first=asks_first),
        evidence=() if unjudged else tuple(evidence),
        reason=(reason or "voicemail") if unjudged else None,
        needs_person=needs_person,
    )
    return call, score


def report(
    *pairs: tuple[Call, CallScore],
    initiatives: tuple[Initiative, ...] = (CATCHBACK, SAFESEAT),
    company: Company = COMPANY,
    problems: tuple[CallProblem, ...] = (),
    today: date = MONDAY,
    gates: Mapping[str, Gate] | None = None,
    with_machine: Mapping[str, float | None] | None = None,
) -> MorningReport:
    """The morning report of these calls."""
    calls = {call.call_id: call for call, _ in pairs}
    return morning_report(
        today=today,
        gates=gates,
        with_machine=with_machine,
        calls=tuple(calls.values()),
        scores=tuple(score for _, score in pairs),
        initiatives=initiatives,
        company=company,
        problems=problems,
        new_calls=1,
        versions={"judge": "1"},
    )


def rep(of: MorningReport, rep_id: str) -> RepReport:
    """One rep's part of a report."""
    return next(each for each in of.reps if each.profile.rep_id == rep_id)


NEED = "C 0:34 need I got three bays going and one kid on the counter. "
ASK = "C 1:00 ask And that does what for me? "


def reciter() -> list[tuple[Call, CallScore]]:
    """Reads the track whatever the customer says, and sells."""
    said = (
        f"{NEED}/ R 0:47 recite,hammer Perfect. So that's why we built CatchBack. "
        f"/ {ASK}/ R 1:06 recite,part,answer Fewer lost customers."
    )
    return [
        judged("t1", "tyler", 5, "recites", said, answer="deflects"),
        judged("t2", "tyler", 14, "recites", said, answer="deflects"),
        judged("t3", "tyler", 35, "recites", said),
    ]


def improver() -> list[tuple[Call, CallScore]]:
    """Recites twice, is half there once, explains twice."""
    read = f"{NEED}/ R 0:40 recite,hammer So when you can't pick up, the caller gets a text."
    told = (
        f"{NEED}/ R 0:40 wall,part Seventy-one of them rang out in that hour. / {ASK}/ R 1:10 hammer,answer,part They text back."
    )
    return [
        judged("a1", "alicia", 7, "recites", read, answer="deflects"),
        judged("a2", "alicia", 12, "recites", read, answer="deflects"),
        judged("a3", "alicia", 23, "partial", read, levels=(2, 1, 1), asks_first=True),
        judged("a4", "alicia", 28, "explains", told, answer="full", asks_first=True),
        judged("a5", "alicia", 37, "explains", told, answer="full", asks_first=True),
    ]


def old_story() -> list[tuple[Call, CallScore]]:
    """Explains fluently why it was built last summer."""
    said = (
        f"{NEED}/ R 0:40 hammer It does the answering service's job for twenty-nine. / {ASK}/ R 1:10 part,answer It's the cost."
    )
    return [
        judged("w1", "walt", 8, "partial", said, answer="partial"),
        judged("w2", "walt", 33, "partial", said, answer="partial"),
        judged("w3", "walt", 43, "partial", said, answer="deflects"),
    ]


def explainer() -> list[tuple[Call, CallScore]]:
    """Asks, reads out the customer's own count, lets them do the arithmetic."""
    said = (
        "C 0:20 need That's when Patty does the bank. / R 0:25 wall Somebody in Ansel Falls is getting your thirty-seven. "
        "/ C 0:42 ask What's it gonna do? / R 0:48 hammer,part,answer They text you back, they've stopped dialing."
    )
    return [
        judged("j1", "joyce", 6, "explains", said, answer="full", asks_first=True, customer="Orrin Plumbing"),
        judged("j2", "joyce", 19, "explains", said, asks_first=True, customer="Prewitt Landscape"),
    ]


def catalogue() -> list[tuple[Call, CallScore]]:
    """One offer after another, the price as the answer to everything."""
    said = (
        f"{NEED}/ R 0:35 hammer It's twenty-nine, and I can do fifteen. / {ASK}/ R 1:08 answer,stumble It's a really good deal."
    )
    return [
        judged("d1", "derek", 9, "facts_only", said, answer="none", hunts=True),
        judged("d2", "derek", 29, "facts_only", said, answer="deflects", hunts=True),
    ]


def tour() -> list[tuple[Call, CallScore]]:
    """Every button, warmly, and never what for."""
    said = "C 0:30 need That phone rang and rang. / R 0:40 hammer Oh, you poor thing. Well, it does holidays, too."
    return [judged("m1", "marcy", 6, "facts_only", said), judged("m2", "marcy", 26, "facts_only", said)]


def everybody() -> list[tuple[Call, CallScore]]:
    """The six of them."""
    return [*reciter(), *improver(), *old_story(), *explainer(), *catalogue(), *tour()]
