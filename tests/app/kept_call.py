"""A call written by hand and kept with its judgement, in a database of its own: nothing is heard, measured or judged."""

import hashlib
import math
import struct
import wave
from datetime import UTC, date, datetime
from pathlib import Path

from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call, Transcript
from callcoach.domain.people import Company, Person, PersonRole, Team, VisibleReps
from callcoach.domain.signals import SentenceSignals, Signals, TurnSignals
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Conduct, CopiedRun, Evidence, Level, Verdict
from callcoach.settings import Settings
from callcoach.storage.given import GivenToRuns
from callcoach.testing import make_call

EVERYBODY = VisibleReps(everybody=True)
RIVER = VisibleReps(rep_ids=frozenset({"R01"}))
RIDGE = VisibleReps(rep_ids=frozenset({"R09"}))
AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
COMPANY = Company(
    name="Wrenfield",
    teams=(Team(id="river", name="River Team", manager="M01"),),
    people=(
        Person(id="R01", name="Tyler Boone", role=PersonRole.REP, team="river"),
        Person(id="M01", name="Ray Delgado", role=PersonRole.MANAGER, team="river"),
        Person(id="E01", name="Nina Osgood", role=PersonRole.ENABLEMENT),
    ),
)
CATCHBACK = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 1),
    story=ValueStory(
        wall="Callers who ring out do not ring again.",
        hammer="CatchBack texts whoever could not get through.",
        part="For you that means fewer lost customers.",
    ),
    script="When you cannot pick up, the caller gets a text from your own number within ten seconds.",
)
WORDS = """rep 0:00 Hi, this is Tyler. Half of those who ring out never ring again.
customer 0:08 We lost a big one last week. What would that do for me?
rep 0:16 When you cannot pick up, the caller gets a text from your own number. You would not have lost that one.
customer 0:24 Send me the offer."""


def opened(home: Path) -> Workspace:
    """A workspace on an empty database."""
    return Workspace(Settings(home=home))


def tone(path: Path, *, seconds: float = 26.0, rate: int = 8_000) -> Path:
    """A recording: the rep on the left while they speak, the customer on the right."""
    frames = bytearray()
    for n in range(int(seconds * rate)):
        at = n / rate
        loud = int(12_000 * math.sin(2 * math.pi * 220 * at))
        frames += struct.pack("<hh", *((loud, 0) if at % 16 < 8 else (0, loud)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(frames))
    return path


def keep_call(
    workspace: Workspace,
    *,
    call_id: str = "call-1",
    words: str = WORDS,
    recording: Path | None = None,
    rep_id: str | None = "R01",
    transcript: Transcript | None = None,
    score: CallScore | None = None,
    peaks: bytes | None = None,
) -> CallScore:
    """Keep a call of Tyler's, what was said in it, and that it was judged to recite."""
    content = hashlib.sha256(recording.read_bytes() if recording else call_id.encode()).hexdigest()
    workspace.store.add_calls(
        [
            Call(
                call_id=call_id,
                content=content,
                audio_path=str(recording) if recording else None,
                transcript_path=None if recording else "call.json",
                rep_id=rep_id,
                customer_name="Kimball Tire",
                started_at=AT,
            )
        ]
    )
    GivenToRuns(workspace.store).keep(COMPANY, {content: recording} if recording else {})
    workspace.store.keep_initiative(CATCHBACK)
    heard = transcript or make_call(words, call_id=call_id)
    workspace.store.keep_transcript(heard, content=content, made_by="ear", peaks=peaks)
    workspace.store.point_at({call_id: "ear"})
    judged = score or recites(heard)
    signals = Signals(
        call_id=call_id,
        initiative_id="catchback",
        made_by={},
        turns=tuple(
            TurnSignals(turn=number, acts={}, closeness={}, sentences=_sentences(turn.text))
            for number, turn in enumerate(heard.turns)
        ),
    )
    workspace.store.keep_judgement(signals, judged, signals_made_by="reading", score_made_by="judge")
    return judged


def recites(heard: Transcript) -> CallScore:
    """What the machine made of WORDS: the hammer is read out, the question put off."""
    script = "When you cannot pick up, the caller gets a text from your own number."
    return CallScore(
        call_id=heard.call_id,
        initiative_id="catchback",
        verdict=Verdict.RECITES,
        confidence=0.8,
        why_score=22.0,
        levels={Component.WALL: Level.MENTIONED, Component.HAMMER: Level.MENTIONED, Component.PART: Level.ABSENT},
        asked_why=True,
        answer=Answer.DEFLECTS,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=(
            Evidence(act="wall", turn=0, quote="Half of those who ring out never ring again.", start=1.5, end=4.2, strength=0.7),
            Evidence(act="ask", turn=1, quote="What would that do for me?", start=10.1, end=11.9, strength=0.9),
            Evidence(act="hammer", turn=2, quote=script, start=16.0, end=20.2, strength=0.8),
            Evidence(act="recite", turn=2, quote=script[:-1], start=16.0, end=20.2, strength=0.9),
            Evidence(act="answer", turn=2, quote=script, start=16.0, end=20.2, strength=0.4, reply_to=1),
        ),
        copied=CopiedRun(turn=2, said=script[:-1], script=CATCHBACK.script[:67], words=14, share_of_turn=0.64),
        conduct=Conduct(talk_share=0.6, longest_monologue_s=8.0, questions_asked=0, words_per_minute=200.0),
        statements=(
            "Hammer (what the company does) only mentioned in turns 0 and 2: “a text” (turn 2).",
            "So the talk track was delivered without linking it to the customer.",
        ),
        versions={"rubric": f"catchback {CATCHBACK.version}", "judge": "j1"},
    )


def _sentences(text: str) -> tuple[SentenceSignals, ...]:
    found, begin = [], 0
    for part in text.split(". "):
        end = begin + len(part) + (1 if begin + len(part) < len(text) else 0)
        found.append(SentenceSignals(begin=begin, end=min(end, len(text)), closeness={}))
        begin = end + 1
    return tuple(found)
