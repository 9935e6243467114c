"""A small company that has used everything: a row or more in every table, about two reps, a manager and three calls.

Tyler Boone (R-01) has `wren-01` and `wren-02`, Dana Pruitt (R-02) has `finch-01`, in which Tyler is named. Ray Delgado (M-01)
manages both.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import msgspec
from sqlalchemy import Connection, insert

from callcoach.domain.accounts import Account, Token
from callcoach.domain.behaviour import GAPS
from callcoach.domain.calibration import Decision, Label, Override, Pick, Round
from callcoach.domain.call import Call, Transcript, Turn, Word
from callcoach.domain.field_reports import FieldAnswer, FieldReport
from callcoach.domain.goals import Goal, GoalAct, GoalChange
from callcoach.domain.opinion import SecondOpinion
from callcoach.domain.people import Coached, Company, Person, PersonRole, Team
from callcoach.domain.pulse import PulseQuestion, PulseSheet
from callcoach.domain.queue import Dismissal, QueuedCall, Reason, Why
from callcoach.domain.remark import Remark, RemarkKind, Withdrawal
from callcoach.domain.review import Review
from callcoach.domain.signals import Signals
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.domain.workbench import Pinned, RubricDraft
from callcoach.storage.audit import Audit
from callcoach.storage.bodies import body_of
from callcoach.storage.schema import metadata
from callcoach.storage.store import Store

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECRET = "Our boiler burst on the very day my daughter Ottilie was born."
"""What the customer says in wren-01, and nobody else anywhere."""
SCRIPT = "When you cannot pick up, the caller gets a text from your own number."
PHONE = "+1 (415) 555-0199"
EMAIL = "otto.kimball@kimball-tire.example"

COMPANY = Company(
    name="Wrenfield",
    teams=(Team(id="river", name="River Team", manager="M-01"),),
    people=(
        Person(id="R-01", name="Tyler Boone", role=PersonRole.REP, team="river", email="tyler.boone@wrenfield.example"),
        Person(id="R-02", name="Dana Pruitt", role=PersonRole.REP, team="river", email="dana@wrenfield.example"),
        Person(id="M-01", name="Ray Delgado", role=PersonRole.MANAGER, team="river", email="ray@wrenfield.example"),
    ),
    coached=(
        Coached(on=date(2026, 11, 1), by="M-01", rep_id="R-01", initiative_id="catchback"),
        Coached(on=date(2026, 11, 2), by="M-01", rep_id="R-02", initiative_id="catchback"),
    ),
)
CATCHBACK = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 1),
    story=ValueStory(wall="Callers who ring out do not ring again.", hammer=SCRIPT, part="For you: fewer lost customers."),
    script=SCRIPT,
)
CALLS = tuple(
    Call(
        call_id=call_id,
        content=content * 64,
        audio_path=f"audio/{call_id}.ogg",
        rep_id=rep_id,
        started_at=AT.replace(day=day),
        customer_name=customer,
        extra=extra,
    )
    for call_id, content, rep_id, day, customer, extra in (
        ("wren-01", "a", "R-01", 10, "Kimball Tire", {"callback": PHONE}),
        ("wren-02", "b", "R-01", 14, "Lone Oak", {"booked_by": "M-01"}),
        ("finch-01", "c", "R-02", 15, "Pine Realty", {}),
    )
)
SAID = {
    "wren-01": (("rep", f"Hi, Tyler here. {SCRIPT}"), ("customer", f"{SECRET} What is it to me?")),
    "wren-02": (("rep", f"Good morning. {SCRIPT}"), ("customer", f"Write to {EMAIL}, please.")),
    "finch-01": (
        ("rep", f"As Tyler Boone says: {SCRIPT}"),
        ("customer", "Tyler Boone? Never heard of tyler.boone@wrenfield.example."),
    ),
}


def transcript(call_id: str) -> Transcript:
    """With times for every word, so that a name goes over two of them."""
    turns, at = [], 0.0
    for speaker, text in SAID[call_id]:
        words = tuple(Word(text=word, start=at + n, end=at + n + 0.5) for n, word in enumerate(text.split()))
        turns.append(Turn(speaker=speaker, text=text, start=at, end=at + len(words), words=words))
        at += len(words)
    return Transcript(call_id=call_id, turns=tuple(turns), language="en", duration=at)


def score(call_id: str) -> CallScore:
    """Quotes what was said."""
    first, second = SAID[call_id]
    return CallScore(
        call_id=call_id,
        initiative_id="catchback",
        verdict=Verdict.RECITES,
        confidence=0.8,
        why_score=22.0,
        levels={Component.HAMMER: Level.MENTIONED},
        asked_why=True,
        answer=Answer.NONE,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=(Evidence(act="hammer", turn=0, quote=first[1]), Evidence(act="ask", turn=1, quote=second[1])),
        versions={"rubric": f"catchback {CATCHBACK.version}"},
    )


def goal(goal_id: str, rep_id: str) -> Goal:
    return Goal(
        goal_id=goal_id,
        rep_id=rep_id,
        manager_id="M-01",
        initiative_id="catchback",
        text="Say the why first, as Tyler Boone does.",
        set_on=date(2026, 11, 12),
        behaviour=next(iter(GAPS)),
        agreed_by=(rep_id, "M-01"),
    )


def review(call_id: str, by: str) -> Review:
    return Review(
        call_id=call_id, initiative_id="catchback", person_id=by, at=AT, about="verdict", machine="recites", person="partial",
        because=f"{by} heard it otherwise.",
    )  # fmt: skip


def label(call_id: str, by: str) -> Label:
    return Label(
        call_id=call_id, initiative_id="catchback", person_id=by, at=AT, version=CATCHBACK.version, verdict=Verdict.RECITES,
        levels={Component.WALL: Level.ABSENT}, asked_why=False, answer=Answer.NOT_ASKED, note=f"{by} is not sure.",
    )  # fmt: skip


def remark(call_id: str, by: str, text: str, kind: RemarkKind = RemarkKind.COMMENT, to: str | None = None) -> Remark:
    return Remark(call_id=call_id, person_id=by, at=AT, kind=kind, text=text, to=to)


def rows() -> list[tuple[str, dict[str, object]]]:
    """Every table's rows, parents first, as they are kept."""
    found: list[tuple[str, dict[str, object]]] = []

    def add(table: str, value: object = None, **columns: object) -> None:
        found.append((table, {**columns, **({"body": body_of(value)} if value is not None else {})}))

    for call in CALLS:
        day = call.day.isoformat() if call.day else None
        add("calls", call, call_id=call.call_id, content=call.content, rep_id=call.rep_id, day=day)
    for call in CALLS:
        pair = {"call_id": call.call_id, "initiative_id": "catchback"}
        add("transcripts", transcript(call.call_id), call_id=call.call_id, made_by="ear", content=call.content, digest="d" * 64)
        add("current_transcripts", call_id=call.call_id, made_by="ear")
        add("peaks", content=call.content, body=b"\x00\x01peaks")
        add("recordings", content=call.content, path=f"/srv/calls/audio/{call.call_id}.ogg")
        add("signals", Signals(call_id=call.call_id, initiative_id="catchback", made_by={}, turns=()), **pair, made_by="reading")
        add("scores", score(call.call_id), **pair, made_by="judge", signals_made_by="reading", verdict="recites", is_current=True)
        add("readings", call_id=call.call_id, made_by="reader", body=b"\x93reading")
        add("entities", call_id=call.call_id, made_by="finders", body=b"[[]]")
        add("groundworks", **pair, made_by="ground", body=b"\x93ground")
        opinion = SecondOpinion(
            call_id=call.call_id, initiative_id="catchback", verdict=Verdict.RECITES, levels={}, model="m", host="h", asked_at=AT,
            quotes=(Evidence(act="ask", turn=1, quote=SAID[call.call_id][1][1]),), prompt_version="1", agreed=True,
        )  # fmt: skip
        add("second_opinions", opinion, **pair, asked="k")
        row = QueuedCall(
            call_id=call.call_id, initiative_id="catchback", verdict=Verdict.RECITES, rep_id=call.rep_id, team="river",
            reasons=(Reason(why=Why.FLAGGED, sentence=f"The customer says: {SAID[call.call_id][1][1]}"),),
        )  # fmt: skip
        flags = {"flagged": True, "uncertain": False, "random": False, "disputed": False}
        add(
            "queue", row, **pair, run_id=1, day=call.day.isoformat() if call.day else "", rep_id=call.rep_id, team="river",
            verdict="recites", uncertainty=0.2, **flags,
        )  # fmt: skip
        add("failures", call_id=call.call_id, stage="judge", made_by="k", attempts=1, sentence="It hung.", at=AT.isoformat())
        dismissal = Dismissal(
            batch_id="b1",
            call_id=call.call_id,
            initiative_id="catchback",
            verdict=Verdict.RECITES,
            by="M-01",
            at=AT,
            because="Known.",
        )
        add("dismissals", dismissal, **pair, verdict="recites", batch_id="b1")
        for by in ("M-01", call.rep_id):
            assert by is not None
            said, heard = review(call.call_id, by), label(call.call_id, by)
            add("reviews", said, review_id=said.review_id, **pair, person_id=by)
            add("labels", heard, label_id=heard.label_id, **pair, person_id=by, round_id="r1")
            add("label_drafts", heard, round_id="r1", person_id=by, call_id=call.call_id)
        comment = remark(call.call_id, "M-01", "Well asked, Tyler Boone.")
        reply = remark(call.call_id, call.rep_id or "", "Thanks.", RemarkKind.ANSWER, comment.remark_id)
        for each in (comment, reply):
            add("remarks", each, remark_id=each.remark_id, call_id=call.call_id, kind=each.kind.value)
        taken_back = Withdrawal(what_id=review(call.call_id, "M-01").review_id, call_id=call.call_id, person_id="M-01", at=AT)
        add("withdrawn", taken_back, what_id=taken_back.what_id, call_id=call.call_id, at=AT.isoformat())
    add("companies", COMPANY, company_id="company")
    add("initiatives", CATCHBACK, initiative_id="catchback", version=CATCHBACK.version)
    given = [
        {"rep_id": rep, "initiative_id": "catchback", "behaviour": "raise_it", "since": "2026-11-10"} for rep in ("R-01", "R-02")
    ]
    run = {
        "versions": {},
        "counts": {"judged": 3},
        "folder": "",
        "rubrics": "",
        "initiatives": [["catchback", CATCHBACK.version]],
    }
    add("runs", {**run, "given": given}, run_id=1, begun_at=AT.isoformat(), ended_at=AT.isoformat())
    picks = tuple(Pick(call_id=call.call_id, why="random") for call in CALLS)
    drawn = Round(
        round_id="r1", initiative_id="catchback", version=CATCHBACK.version, people=("M-01", "R-01"), picks=picks, seed=1, at=AT
    )
    add("calibration_rounds", drawn, round_id="r1", initiative_id="catchback")
    for number, call in enumerate(CALLS, 1):
        decision = Decision(round_id="r1", call_id=call.call_id, verdict=Verdict.PARTIAL, because="So agreed.", by="M-01", at=AT)
        add("decisions", decision, decision_id=number, round_id="r1", call_id=call.call_id)
    override = Override(initiative_id="catchback", by="M-01", because="Tyler Boone is ready.", at=AT, until=date(2026, 12, 1))
    add("gate_overrides", override, override_id=1, initiative_id="catchback")
    for number, (person_id, role) in enumerate(
        (("R-01", PersonRole.REP), ("R-02", PersonRole.REP), ("M-01", PersonRole.MANAGER)), 1
    ):
        sheet = PulseSheet(
            initiative_id="catchback", person_id=person_id, role=role, at=AT, grades=dict.fromkeys(PulseQuestion, 4)
        )
        add("pulse_sheets", sheet, number=number, sheet_id=sheet.sheet_id, initiative_id="catchback", person_id=person_id)
    for by in ("R-01", "R-02"):
        report = FieldReport(
            initiative_id="catchback", component=Component.WALL, by=by, at=AT, words=f"It does not land. He said: {SECRET}",
            version=CATCHBACK.version, call_id="wren-01", turn=1, quote=SECRET, start=4.0, heard_on=date(2026, 11, 10),
        )  # fmt: skip
        add("field_reports", report, report_id=report.report_id, initiative_id="catchback", person_id=by)
        answer = FieldAnswer(report_id=report.report_id, by="M-01", at=AT, because="We heard it too, Tyler Boone.")
        add("field_answers", answer, report_id=report.report_id, told_at=None)
    for number, rep_id in enumerate(("R-01", "R-02"), 1):
        add("goals", goal_id=number, rep_id=rep_id)
        change = GoalChange(
            revision=1, act=GoalAct.SET, by="M-01", at=AT, goal=goal(str(number), rep_id), note=f"As in “{SECRET}” by R-01"
        )
        add("goal_changes", change, goal_id=number, revision=1)
        add(
            "coaching_history", rep_id=rep_id, initiative_id="catchback", behaviour="raise_it", since="2026-11-10",
            until="2026-11-16",
        )  # fmt: skip
        add("kept_reports", {"rep": rep_id}, about="rep", wanted=rep_id, run_id=1, at=AT.isoformat())
    people = (("acc-tyler", "tyler.boone@wrenfield.example", "R-01"), ("acc-ray", "ray@wrenfield.example", "M-01"))
    for account_id, email, person_id in people:
        account = Account(account_id=account_id, email=email, role=PersonRole.REP, made_at=AT, person_id=person_id)
        add("accounts", account, account_id=account_id, email=email, password="$argon2id$x")
        add(
            "sessions", session_id=f"s-{account_id}", secret=f"secret {account_id}", account_id=account_id, address="10.0.0.7",
            begun_at=AT.isoformat(), seen_at=AT.isoformat(), agent="Firefox",
        )  # fmt: skip
        token = Token(token_id=f"t-{account_id}", account_id=account_id, name="crm", made_at=AT)
        add("tokens", token, token_id=token.token_id, secret=f"hash {account_id}", account_id=account_id)
        add(
            "sign_in_links", issuer="https://login.example.com", subject=person_id[::-1], account_id=account_id,
            linked_at=AT.isoformat(),
        )  # fmt: skip
        add("sign_ins_begun", state=f"s {email}", browser="b", goal=f"/reps/{person_id}", begun_at=AT.isoformat())
        draft = RubricDraft(name="catchback.yaml", text="Tyler Boone says it best.", base="b", at=AT)
        add("workbench", draft, account_id=account_id, name="catchback.yaml", about="draft")
        pinned = Pinned(call_ids=("wren-01", "finch-01"))
        add("workbench", pinned, account_id=account_id, name="catchback.yaml", about="pinned")
    add("sign_in_tries", try_id=1, name="address 10.0.0.7", at=AT.isoformat())
    add("run_locks", name="nightly", fence=3, free=True, taken_at=AT.isoformat(), beat_at=AT.isoformat(), holder="{}")
    add("deliveries", channel="mail", delivery_id="d1", at=AT.isoformat())
    add("erasures", kind="call", hash="0" * 64, at="2026-01-01T00:00:00+00:00")
    return found


def insert_rows(connection: Connection, wanted: Mapping[str, set[str]] | None = None) -> dict[str, int]:
    """Insert the rows of the tables in `wanted`, with those columns alone (None: all); how many each table was given."""
    counted: dict[str, int] = {}
    for name, row in rows():
        if wanted is not None and name not in wanted:
            continue
        kept = {column: value for column, value in row.items() if wanted is None or column in wanted[name]}
        connection.execute(insert(metadata.tables[name]).values(kept))
        counted[name] = counted.get(name, 0) + 1
    return counted


def move_in(store: Store) -> None:
    """All of it, and an audit log of who looked at what."""
    from callcoach.storage.connection import writing

    with writing(store.engine) as connection:
        insert_rows(connection)
        if connection.dialect.name == "postgresql":
            from callcoach.storage.copying import count_on

            count_on(connection)
    log = Audit(store)
    for account_id, email, action, subject in (
        ("acc-ray", "ray@wrenfield.example", "sign-in", "ray@wrenfield.example"),
        ("acc-ray", "ray@wrenfield.example", "call.read", "wren-01"),
        ("acc-tyler", "tyler.boone@wrenfield.example", "call.read", "finch-01"),
        ("acc-ray", "ray@wrenfield.example", "rep.read", "R-01"),
        ("acc-ray", "ray@wrenfield.example", "call.read", "finch-01"),
    ):
        log.add(at=AT, account_id=account_id, email=email, action=action, subject=subject, details={"address": "10.0.0.7"})


def said_in(body: str) -> object:
    return msgspec.json.decode(body)
