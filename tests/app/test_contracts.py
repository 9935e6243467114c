"""The field names that others rely on, and null for whatever was not judged."""

from dataclasses import replace
from pathlib import Path

from callcoach.app.contracts import score_json
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Reaction, Verdict

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


def test_what_the_customer_did_and_who_has_to_judge_are_told() -> None:
    reaction = Reaction(
        pitch_turn=2, turn=3, quote="Huh.", words=1, asked=False, asked_why=False, stayed=None, start=7.0, end=7.5
    )
    score = CallScore(
        call_id="c3",
        initiative_id="catchback",
        verdict=Verdict.NOT_RAISED,
        confidence=0.4,
        why_score=0.0,
        levels={},
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=NOTHING,
        evidence=(),
        reaction=reaction,
        needs_person="The judge is only 40% sure.",
    )
    told = score_json(score)
    assert told["needs_person"] == "The judge is only 40% sure."
    assert told["reaction"] == {
        "pitch_turn": 2,
        "turn": 3,
        "start": 7.0,
        "end": 7.5,
        "quote": "Huh.",
        "words": 1,
        "asked": False,
        "asked_why": False,
        "stayed": None,
        "took_up": [],
    }
    without = score_json(replace(score, reaction=None, needs_person=None))
    assert (without["reaction"], without["needs_person"]) == (None, None)
    page = (Path(__file__).parents[2] / "docs" / "judgement.md").read_text(encoding="utf-8")
    assert [name for name in (*told, *told["reaction"]) if f"`{name}`" not in page] == []
