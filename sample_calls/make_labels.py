"""Make rubrics/labels/*.csv: what two people of the sample company are supposed to have said of its calls, blind.

E01 (the enablement lead) says what the reference labels say. M01 (a manager) says the same but for the calls below. The
differences are invented like the calls, and sit where people would differ: most of them on SafeSeat's `part`, which its story
leaves open, so that one person takes "peace of mind" for it and the other looks for what it means to this customer.

    python sample_calls/make_labels.py
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from callcoach.domain.calibration import Label
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Answer, Level, Verdict
from callcoach.intake.labels import labels_file, write_labels
from callcoach.intake.rubrics import read_initiative

HERE = Path(__file__).parent
RUBRICS = HERE.parent / "rubrics"
PEOPLE = ("E01", "M01")
AT = {"E01": datetime(2026, 11, 13, 15, 20, tzinfo=UTC), "M01": datetime(2026, 11, 13, 16, 5, tzinfo=UTC)}

# the calls that `callcoach calibrate new ID --calls 20 --people E01,M01 --seed 1` picked, by number
CALLS: dict[str, tuple[int, ...]] = {
    "catchback": (1, 2, 3, 5, 6, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24),
    "known-by-name": (1, 2, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 22, 23, 24),
    "safeseat": (1, 2, 4, 5, 6, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24),
}

NOT_RAISED = {"verdict": "not_raised", "levels": {"wall": 0, "hammer": 0, "part": 0}, "asked_why": False, "answer": "na"}

# what M01 says differently; levels as wall, hammer, part
DIFFERS: dict[tuple[str, str], dict[str, str]] = {
    ("catchback", "wren-05"): {"levels": "021", "answer": "full", "note": "He does answer him, only with last summer's reason."},
    ("catchback", "wren-06"): {
        "verdict": "stumbles",
        "quote": "It's for, you know, missed calls.",
        "note": "She asks what it is for and he has nothing to say. To me that is a stumble, the prices come after.",
    },
    ("catchback", "wren-09"): {"levels": "110", "note": "Nothing in it for a towing company."},
    ("catchback", "wren-13"): {
        "verdict": "stumbles",
        "quote": "So, it's, um. It's fewer lost customers.",
        "note": "The opening is good, but at her question she is stuck.",
    },
    ("safeseat", "wren-12"): {
        "levels": "112",
        "quote": "Because we manage it end to end, what you get is peace of mind, so you can focus on what you do best.",
        "note": "That is the part as our story has it, word for word.",
    },
    ("safeseat", "wren-14"): {"levels": "011", "quote": "They manage it for you.", "note": "Positions it as managed."},
    ("safeseat", "wren-20"): {
        "verdict": "partial",
        "levels": "012",
        "answer": "partial",
        "quote": "So you get peace of mind.",
        "note": "Peace of mind is how we are told to position it.",
    },
    ("safeseat", "wren-22"): {
        "verdict": "partial",
        "levels": "220",
        "note": "Great call about the form, but no peace of mind, no confidence: not the part that is written down.",
    },
    ("safeseat", "wren-24"): {"levels": "011", "note": "He does say what it is for him: one twenty."},
    ("known-by-name", "wren-24"): {
        "verdict": "not_raised",
        "levels": "000",
        "note": "Given away in half a sentence. I would not call that raising it.",
    },
}
# what E01 writes beside a label on those calls
NOTES: dict[tuple[str, str], dict[str, str]] = {
    ("safeseat", "wren-12"): {"note": "The script's line, to anybody. I do not hear what it means for a title agency."},
    ("safeseat", "wren-20"): {"note": "A phrase and then the admission that nobody knows. Where would the part be?"},
    ("safeseat", "wren-22"): {
        "quote": "Kyle keeps doing what Kyle does.",
        "note": "His own form, his own nephew, line by line. If this is not the part, the text must say what is.",
    },
}


def label(initiative: Initiative, call_id: str, person: str) -> Label:
    """What a person says of a call."""
    said = dict(_gold(initiative.id, call_id))
    own: Mapping[str, str] = (DIFFERS if person == "M01" else NOTES).get((initiative.id, call_id), {})
    levels = dict(zip(("wall", "hammer", "part"), own["levels"], strict=True)) if "levels" in own else said["levels"]
    return Label(
        call_id=call_id,
        initiative_id=initiative.id,
        person_id=person,
        at=AT[person],
        version=initiative.version,
        verdict=Verdict(own.get("verdict", said["verdict"])),
        levels={component: Level(int(levels[component])) for component in Component},
        asked_why=said["asked_why"] and own.get("verdict") != "not_raised",
        answer=Answer(own.get("answer", said["answer"])),
        quote=own.get("quote"),
        note=own.get("note"),
        round_id=f"{initiative.id}-1",
    )


def labels_of(initiative: Initiative) -> list[Label]:
    """The whole round of an initiative."""
    return [label(initiative, f"wren-{number:02}", person) for number in CALLS[initiative.id] for person in PEOPLE]


def _gold(initiative_id: str, call_id: str) -> dict:
    labels = json.loads((HERE / "reference" / f"{call_id}.labels.json").read_text(encoding="utf-8"))
    return labels["initiatives"].get(initiative_id, NOT_RAISED)


if __name__ == "__main__":
    for initiative_id in CALLS:
        initiative = read_initiative(RUBRICS / f"{initiative_id}.yaml")
        file = labels_file(RUBRICS, initiative_id)
        file.parent.mkdir(exist_ok=True)
        file.write_text(write_labels(labels_of(initiative)), encoding="utf-8")
        print(f"Wrote {file.relative_to(HERE.parent)}.")
