"""The transcript JSON that callcoach reads and writes. Knows no other format."""

from typing import Any

import msgspec

from callcoach.domain.call import RoleFinding, RoleSource, Transcript, Turn, Word
from callcoach.intake.facts import checked_call_id
from callcoach.intake.transcripts.asked import Asked, WrongPlace
from callcoach.intake.transcripts.joining import check_length
from callcoach.intake.transcripts.json_node import Node, shown
from callcoach.intake.transcripts.speakers import finding, labels, named

NAME = "json"
SHAPE = '{"call_id": ..., "turns": [{"speaker": "rep", "text": "..."}]}'


def is_this(root: Node) -> bool:
    """Whether JSON has a list of turns."""
    return root.holds_list("turns")


def parse(root: Node, asked: Asked) -> Transcript:
    """start, end and words may be missing, and so may roles. Unheard-of speakers are unknown. Raises WrongPlace.

    A turn with a word that has no time keeps none of its words: times with holes would give wrong pauses.
    """
    rows = [_row(Node(row, f"turns[{number}]")) for number, row in enumerate(root.at("turns").value)]
    speaker = labels((named(row.text("speaker")) for row in rows), asked.rep_names)
    turns = tuple(_turn(row, speaker[named(row.text("speaker"))]) for row in rows)
    check_length(max((turn.end for turn in turns if turn.end is not None), default=None), asked.seconds)
    duration = root.seconds("duration")
    return Transcript(
        call_id=checked_call_id(asked.call_id or root.optional_text("call_id") or asked.else_call_id),
        turns=turns,
        language=root.optional_text("language") or None,
        duration=asked.seconds if duration is None else duration,
        roles=_roles(root.at("roles")) if "roles" in root.value else finding(turns),
    )


def write_json(transcript: Transcript) -> str:
    """The transcript as one line of JSON: all keys always there, null where a time is not known.

    Only a repaired word has `heard` as well: what the recogniser had written in its place.
    """
    turns = [
        {
            "speaker": turn.speaker,
            "start": turn.start,
            "end": turn.end,
            "text": turn.text,
            "words": [_written(word) for word in turn.words],
        }
        for turn in transcript.turns
    ]
    roles = transcript.roles
    whole = {
        "call_id": transcript.call_id,
        "language": transcript.language,
        "duration": transcript.duration,
        "roles": roles and {"source": roles.source, "confidence": roles.confidence, "contradicted": roles.contradicted},
        "turns": turns,
    }
    return msgspec.json.encode(whole).decode()


def _row(row: Node) -> Node:
    if not isinstance(row.value, dict):
        raise WrongPlace(f"{row.place} is not an object. Each turn has speaker and text.")
    for key in ("speaker", "text"):
        if key not in row.value:
            raise WrongPlace(f"{row.place} has no {key}. Each turn has speaker and text.")
        if not isinstance(row.value[key], str):
            raise WrongPlace(f"{row.place}.{key} is {shown(row.value[key])}, not a text.")
    return row


def _turn(row: Node, speaker: str) -> Turn:
    start, end = row.seconds("start"), row.seconds("end")
    if start is not None and end is not None and end < start:
        raise WrongPlace(
            f"{row.place} ends at {end} before it starts at {start}. Times are seconds from the start of the recording."
        )
    return Turn(speaker=speaker, text=row.text("text"), start=start, end=end, words=_words(row.at("words")))


def _words(listed: Node) -> tuple[Word, ...]:
    if listed.value is None:
        return ()
    if not isinstance(listed.value, list):
        raise WrongPlace(f"{listed.place} is {shown(listed.value)}, not a list.")
    words = [_word(Node(row, f"{listed.place}[{number}]")) for number, row in enumerate(listed.value)]
    return tuple(word for word in words if word is not None) if None not in words else ()


def _word(row: Node) -> Word | None:
    if not isinstance(row.value, dict) or not isinstance(row.value.get("text"), str):
        raise WrongPlace(f"{row.place} has no text. Each word has text, start and end.")
    span, probability = row.span("start", "end"), row.probability("probability")
    heard = row.optional_text("heard")
    return span and Word(text=row.text("text"), start=span[0], end=span[1], probability=probability, heard=heard)


def _written(word: Word) -> dict[str, Any]:
    written = {"text": word.text, "start": word.start, "end": word.end, "probability": word.probability}
    return written if word.heard is None else {**written, "heard": word.heard}


def _roles(row: Node) -> RoleFinding | None:
    if row.value is None:
        return None
    source = row.at("source").value
    if source not in tuple(RoleSource):
        raise WrongPlace(f"roles.source is {shown(source)}. Write given or heard.")
    contradicted = row.at("contradicted").value or False
    if not isinstance(contradicted, bool):
        raise WrongPlace(f"roles.contradicted is {shown(contradicted)}. Write true or false.")
    return RoleFinding(source=RoleSource(source), confidence=row.probability("confidence"), contradicted=contradicted)
