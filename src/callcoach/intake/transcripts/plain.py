"""Plain text with a speaker in front of each turn: `Rep: ...`, `C: ...`, `[01:15] Dana Fox: ...`. Knows no other format."""

import re

from callcoach.domain.call import Transcript, Turn
from callcoach.intake.facts import checked_call_id
from callcoach.intake.transcripts.asked import Asked, WrongPlace
from callcoach.intake.transcripts.joining import check_length
from callcoach.intake.transcripts.speakers import finding, is_like_a_name, labels, named, role_label

NAME = "text"
CLOCK = r"[\[(]?(?P<{0}>(?:\d{{1,2}}:)?\d{{1,3}}:\d{{2}}(?:\.\d{{1,3}})?)[\])]?"
LINE = re.compile(
    rf"(?:{CLOCK.format('before')}\s+)?(?P<name>[^:\[\]]{{1,60}}?)(?:\s+{CLOCK.format('after')})?\s*:(?:\s+(?P<text>.*))?"
)
SBV = re.compile(r"\s*\d{1,2}:\d\d:\d\d\.\d{3},\d{1,2}:\d\d:\d\d\.\d{3}\s")
HOW = "Start each turn with its speaker, like `Rep: Good morning.` and `Customer: Hello.`"


def parse(text: str, asked: Asked) -> Transcript:
    """One turn per named line; lines without a name go on with the turn above. A time in front is the turn's start.

    Raises WrongPlace where the first line has no speaker or there are no words.
    """
    if SBV.match(text):
        raise WrongPlace("this is an SBV file, which callcoach does not read. Export it as SRT or WebVTT.")
    heard: list[tuple[str, float | None, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped:
            continue
        match = LINE.fullmatch(stripped)
        if match is not None and (role_label(match["name"]) or is_like_a_name(match["name"])):
            clock = match["before"] or match["after"]
            heard.append((match["name"].strip(), _seconds(clock) if clock else None, [match["text"] or ""]))
        elif heard:
            heard[-1][2].append(stripped)
        else:
            raise WrongPlace(f"this line has no speaker. {HOW}", line=number)
    rows = [(named(name), start, " ".join(part for part in parts if part)) for name, start, parts in heard]
    rows = [row for row in rows if row[2]]
    if not rows:
        raise WrongPlace(f"there are no words in it. {HOW}")
    check_length(max((start for _, start, _ in rows if start is not None), default=None), asked.seconds)
    speaker = labels((voice for voice, _, _ in rows), asked.rep_names)
    turns = tuple(Turn(speaker=speaker[voice], text=words, start=start) for voice, start, words in rows)
    return Transcript(
        call_id=checked_call_id(asked.call_id or asked.else_call_id), turns=turns, duration=asked.seconds, roles=finding(turns)
    )


def _seconds(clock: str) -> float:
    seconds = 0.0
    for part in clock.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
