"""The field names that others rely on, and null for whatever was not judged."""

from callcoach.app.contracts import score_json
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict

NOTHING = Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False)


def test_a_judged_call() -> None:
    score = CallScore(
        call_id="c1",
        initiative_id="catchback",
        verdict=Verdict.PARTIAL,
        confidence=0.7,
        why_score=55.0,
        levels={Component.WALL: Level.EXPLAINED, Component.HAMMER: Level.ABSENT, Component.PART: Level.ABSENT},
        asked_why=True,
        answer=Answer.DEFLECTS,
        behaviours=NOTHING,
        evidence=(
            Evidence(act="wall", turn=2, quote="Forty-one rang out.", start=4.0, end=6.5, reply_to=1),
            Evidence(act="ask", turn=1, quote="So what?", start=3.0, end=3.5),
        ),
        versions={"judge": "j1"},
    )
    told = score_json(score)
    assert told["levels"] == {"wall": 2, "hammer": 0, "part": 0}
    assert (told["initiative"], told["verdict"], told["answer"], told["asked_why"]) == ("catchback", "partial", "deflects", True)
    wall, ask = told["evidence"]
    assert wall == {"component": "wall", "turn": 2, "start": 4.0, "end": 6.5, "quote": "Forty-one rang out.", "reply_to": 1}
    assert ask["act"] == "ask" and "component" not in ask


def test_a_call_that_was_not_assessed_has_no_numbers() -> None:
    score = CallScore(
        call_id="c2",
        initiative_id="catchback",
        verdict=Verdict.NOT_ASSESSED,
        confidence=None,
        why_score=None,
        levels={},
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=NOTHING,
        evidence=(),
        reason="The rep reached a voicemail.",
    )
    told = score_json(score)
    assert told["levels"] == {"wall": None, "hammer": None, "part": None}
    assert (told["confidence"], told["why_score"], told["reason"]) == (None, None, "The rep reached a voicemail.")
