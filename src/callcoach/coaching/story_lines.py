"""Find in one call the line that a story quotes: a name, something given away. Knows words and turns, no reps and no figures."""

import re
from collections.abc import Iterable

from callcoach.coaching.notation import excerpt, sentence_spans
from callcoach.domain.call import Call, Role, Transcript, Turn
from callcoach.domain.coaching import Moment
from callcoach.domain.story import Initiative

QUOTE_CHARACTERS = 260

_GIVEN_AWAY = re.compile(
    r"\b(?:months?|weeks?|year) free\b|\bfree (?:months?|weeks?|year)\b|\bhalf off\b|\b(?:\d+ ?%|percent) off\b|"
    r"\bthrow in\b|\bknock off\b|\bwaive\b|\bdiscount\b|\bno charge for\b",
    re.IGNORECASE,
)
"""English ways to lower a price on the phone; other languages have no such list, and nothing is said of them."""

_REFUSED = re.compile(r"(?:\b(?:no|not|never|without|cannot)|n[’']t)(?: [\w’']+){0,4} ?$", re.IGNORECASE)
"""A few words before it, in the same breath: `I can't give you a discount` gives nothing away."""


def naming(initiative: Initiative, turns: Iterable[tuple[int, Turn]]) -> tuple[int, Turn, str] | None:
    """The first turn in which the initiative is named, with its number and the words round the name."""
    names = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in initiative.names), re.IGNORECASE)
    for number, turn in turns:
        found = names.search(turn.text)
        if found:
            whole = turn.text.strip()
            short = len(whole) <= QUOTE_CHARACTERS
            return number, turn, whole if short else _around(turn.text, found.start(), found.end())
    return None


def given_away(turns: Iterable[tuple[int, Turn]]) -> tuple[int, Turn, str] | None:
    """The first turn in which a price is lowered or something thrown in, with its number and the words round it."""
    for number, turn in turns:
        for found in _GIVEN_AWAY.finditer(turn.text):
            if not _REFUSED.search(turn.text[: found.start()]):
                return number, turn, _around(turn.text, found.start(), found.end())
    return None


def rep_turns(said: Transcript | None) -> list[tuple[int, Turn]]:
    """What the rep said, with the numbers of the turns; nothing where it is not kept."""
    return list(said.turns_of(Role.REP)) if said else []


def quoted_line(call: Call, initiative_id: str, number: int, turn: Turn, quote: str) -> Moment:
    """Words of a rep's turn as a quote."""
    return Moment(
        call_id=call.call_id,
        initiative_id=initiative_id,
        started_at=call.started_at,
        turn=number,
        start=turn.start,
        end=turn.end,
        quote=excerpt(quote, QUOTE_CHARACTERS),
        customer_name=call.customer_name,
        rep_id=call.rep_id,
    )


def _around(text: str, begin: int, end: int) -> str:
    """The sentence that holds it with its neighbours, word for word."""
    spans = sentence_spans(text)
    first = max((place for place, (start, _) in enumerate(spans) if start <= begin), default=0)
    last = min((place for place, (_, stop) in enumerate(spans) if stop >= end), default=len(spans) - 1)
    return text[spans[max(first - 1, 0)][0] : spans[min(last + 1, len(spans) - 1)][1]].strip()
