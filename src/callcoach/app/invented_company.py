"""Write labelled text as the folders of a company: transcripts with a manifest, initiatives. For benches; judges nothing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import msgspec

from callcoach.domain.call import Transcript
from callcoach.training.corpus import LabelledCall, LabelledInitiative

REPS = 5
DAYS = 28
POISON = ("unreadable", "dies", "grows", "hangs")
"""What is wrong with a call: its file is cut off; it ends its worker, takes ever more memory, or never ends."""
_POISONED = "Poison: "


def write_company(
    folder: Path,
    n: int,
    initiatives: Sequence[LabelledInitiative],
    texts: Sequence[LabelledCall],
    *,
    new_words: float = 0.0,
    poison: Mapping[int, str] | None = None,
) -> None:
    """`n` transcripts in `folder`/calls and the initiatives in `folder`/rubrics, as a company would have them.

    More calls than texts say the same under other ids. new_words: the share of turns that end with a word of their own.
    poison: what is wrong with which call, by its number.
    """
    calls, rubrics, poisoned = folder / "calls", folder / "rubrics", poison or {}
    calls.mkdir(parents=True)
    rubrics.mkdir()
    first = max(each.initiative.launched for each in initiatives)
    rows = ["call_id,started_at,rep_id,transcript_path"]
    for number in range(n):
        call_id, kind = f"call-{number:05d}", poisoned.get(number)
        turns = [
            {"speaker": turn.speaker, "text": f"{turn.text} x{number}" if _is_new(number, place, new_words) else turn.text}
            for place, turn in enumerate(texts[number % len(texts)].transcript.turns)
        ]
        if kind is not None:
            turns[0]["text"] = f"{_POISONED}{kind}. {turns[0]['text']}"
        body = msgspec.json.encode({"call_id": call_id, "language": "en", "turns": turns})
        (calls / f"{call_id}.json").write_bytes(body[: len(body) // 2] if kind == "unreadable" else body)
        day = first + timedelta(days=number % DAYS)
        rows.append(f"{call_id},{day.isoformat()}T{9 + number % 8:02d}:00,R{number % REPS:02d},{call_id}.json")
    (calls / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    for each in initiatives:
        story = each.initiative
        fields = {
            "id": story.id,
            "name": story.name,
            "launched": story.launched.isoformat(),
            "terms": story.terms,
            "value_story": {"wall": story.story.wall, "hammer": story.story.hammer, "part": story.story.part},
            "script": story.script,
            "facts": story.facts,
        }
        (rubrics / f"{story.id}.yaml").write_bytes(msgspec.json.format(msgspec.json.encode(fields)))


def poison_in(transcript: Transcript) -> str | None:
    """What is wrong with a call that was written here; None where nothing is."""
    said = transcript.turns[0].text if transcript.turns else ""
    return said.removeprefix(_POISONED).partition(".")[0] if said.startswith(_POISONED) else None


def _is_new(number: int, place: int, share: float) -> bool:
    return (7 * number + 13 * place) % 100 < 100 * share
