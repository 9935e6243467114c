"""Plain text with a speaker in front of each turn: `Rep: ...`, `C: ...`, `[01:15] Dana Fox: ...`. Knows no other format."""

import re
from collections.abc import Sequence

from callcoach.domain.call import Transcript, Turn
from callcoach.errors import BadTranscript
from callcoach.intake.transcripts.speakers import is_like_a_name, labels, role_label

CLOCK = r"[\[(]?(?P<{0}>(?:\d{{1,2}}:)?\d{{1,3}}:\d{{2}}(?:\.\d{{1,3}})?)[\])]?"
LINE = re.compile(
    rf"(?:{CLOCK.format('before')}\s+)?(?P<name>[^:\[\]]{{1,60}}?)(?:\s+{CLOCK.format('after')})?\s*:(?:\s+(?P<text>.*))?"
)
HOW = "Start each turn with its speaker, like `Rep: Good morning.` and `Customer: Hello.`"


def parse(text: str, *, source: str, call_id: str, rep_names: Sequence[str] = ()) -> Transcript:
    """One turn per named line; lines without a name go on with the turn above. A time in front is the turn's start.

    Raises BadTranscript where the first line has no speaker or there are no words.
    """
    named: list[tuple[str, float | None, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped:
            continue
        match = LINE.fullmatch(stripped)
        if match is not None and (role_label(match["name"]) or is_like_a_name(match["name"])):
            clock = match["before"] or match["after"]
            named.append((match["name"].strip(), _seconds(clock) if clock else None, [match["text"] or ""]))
        elif named:
            named[-1][2].append(stripped)
        else:
            raise BadTranscript(f"{source} line {number}: this line has no speaker. {HOW}")
    turns = [(name, start, " ".join(part for part in parts if part)) for name, start, parts in named]
    turns = [turn for turn in turns if turn[2]]
    if not turns:
        raise BadTranscript(f"{source}: there are no words in it. {HOW}")
    speaker = labels((name for name, _, _ in turns), rep_names)
    return Transcript(
        call_id=call_id, turns=tuple(Turn(speaker=speaker[name], text=words, start=start) for name, start, words in turns)
    )


def _seconds(clock: str) -> float:
    seconds = 0.0
    for part in clock.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
