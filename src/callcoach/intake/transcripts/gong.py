"""Gong's answer to /v2/calls/transcript, with the parties of /v2/calls/extensive where they are there. Knows no other format."""

from collections.abc import Mapping

from callcoach.domain.call import Role, Transcript
from callcoach.errors import BadTranscript
from callcoach.intake.text_file import read_text
from callcoach.intake.transcripts.asked import Asked, WrongPlace
from callcoach.intake.transcripts.joining import Said, transcript_of
from callcoach.intake.transcripts.json_node import Node, decoded_json
from callcoach.intake.transcripts.language_codes import two_letters
from callcoach.intake.transcripts.speakers import Voice

NAME = "gong"
SIDECAR = ".extensive.json"
ROLES = {"internal": Role.REP, "external": Role.CUSTOMER}

SLOWEST, FASTEST = 0.2, 12.0
"""Words per second of talk. Whole calls lie between 2 and 4; the bounds are wide apart, and far less than a factor of 1000."""


def is_this(root: Node) -> bool:
    """Whether JSON holds Gong's transcripts."""
    return root.holds_list("callTranscripts")


def parse(root: Node, asked: Asked) -> Transcript:
    """One call's monologues. Times are milliseconds, as Gong documents, or seconds, as some exports have them: whichever fits.

    Internal parties are reps and external ones customers; whom Gong does not know stays unknown. Raises WrongPlace where the file
    holds several calls and none is asked for, and where the unit of the times cannot be told.
    """
    call = _call(list(root.rows("callTranscripts")), asked)
    call_id = call.name("callId")
    about = _about(root, asked, call_id)
    voices = _voices(about)
    seconds = about.at("metaData").seconds("duration")
    monologues = [
        (voices.get(speaker, Voice(f"speaker {speaker}")), list(monologue.rows("sentences")))
        for monologue in call.rows("transcript")
        for speaker in [monologue.name("speakerId") or "?"]
    ]
    sentences = [sentence for _, rows in monologues for sentence in rows]
    scale = _scale(sentences, seconds if seconds is not None else asked.seconds)
    return transcript_of(
        [
            Said(voice, text, *(sentence.span("start", "end", scale=scale) or (None, None)))
            for voice, rows in monologues
            for sentence in rows
            if (text := " ".join((sentence.optional_text("text") or "").split()))
        ],
        asked,
        call_id=call_id,
        language=two_letters(about.at("metaData").optional_text("language")),
        duration=seconds,
    )


def _call(calls: list[Node], asked: Asked) -> Node:
    if not calls:
        raise WrongPlace("callTranscripts is empty. Ask Gong for the transcript once it is there.")
    if len(calls) == 1:
        return calls[0]
    wanted = (asked.call_id, asked.else_call_id)
    picked = next((call for call_id in wanted if call_id for call in calls if call.name("callId") == call_id), None)
    if picked is None:
        ids = ", ".join(call.name("callId") or "without an id" for call in calls[:5]) + (", ..." if len(calls) > 5 else "")
        raise WrongPlace(
            f"it holds {len(calls)} calls ({ids[:200]}). "
            "Write each into a file of its own, or name the file, or the call_id, after the one that is meant."
        )
    return picked


def _about(root: Node, asked: Asked, call_id: str | None) -> Node:
    """What /v2/calls/extensive says of the call: in the same JSON, else in the file beside."""
    places = [root]
    beside = asked.path.with_name(asked.else_call_id + SIDECAR) if asked.path else None
    if not root.holds_list("calls") and beside is not None and beside.is_file():
        try:
            places.append(decoded_json(read_text(beside, BadTranscript)))
        except WrongPlace as trouble:
            raise WrongPlace(f"{beside.name}, the file beside it: {trouble}") from None
    for place in places:
        for about in place.rows("calls", needed=False):
            if call_id is not None and about.at("metaData").name("id") == call_id:
                return about
    return Node({})


def _voices(about: Node) -> Mapping[str, Voice]:
    return {
        speaker: Voice(
            key=f"speaker {speaker}",
            name=party.optional_text("name"),
            role=ROLES.get((party.optional_text("affiliation") or "").lower(), Role.UNKNOWN),
        )
        for party in about.rows("parties", needed=False)
        if (speaker := party.name("speakerId"))
    }


def _scale(sentences: list[Node], seconds: float | None) -> float:
    """The unit of the times in seconds: the one in which people talk at a possible speed and end before the recording."""
    timed = [(sentence, span) for sentence in sentences if (span := sentence.span("start", "end")) is not None]
    if not timed:
        return 0.001
    words = sum(len((sentence.optional_text("text") or "").split()) for sentence, _ in timed)
    talk = sum(end - start for _, (start, end) in timed)
    last = max(end for _, (_, end) in timed)
    fits = [
        scale
        for scale in (0.001, 1.0)
        if SLOWEST * talk * scale <= words <= FASTEST * talk * scale and (seconds is None or last * scale <= seconds * 1.02 + 2)
    ]
    if len(fits) == 1:
        return fits[0]
    raise WrongPlace(
        f"its times cannot be told to be milliseconds or seconds ({words} words until {last:g}"
        + (f", in a recording of {seconds:g} s" if seconds is not None else "")
        + "). Export it anew from Gong, whose times are milliseconds, or convert it to WebVTT."
    )
