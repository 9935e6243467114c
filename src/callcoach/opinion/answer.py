"""What of another model's answer is believed: one JSON object of the asked form, every quote found in the turn it names.

One thing wrong, and all of it is refused: half an opinion would be ours. Knows nothing of how the answer came.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callcoach.domain.call import Transcript
from callcoach.domain.story import Component
from callcoach.domain.verdict import Evidence, Level, Verdict
from callcoach.errors import NoOpinion
from callcoach.judging.evidence import times_of
from callcoach.opinion.question import LONGEST_QUOTE, MOST_QUOTES
from callcoach.redaction.redactor import RedactedTurn

_FENCED = re.compile(r"^\s*```(?:json)?\s*\n(?P<body>.*?)\n?```\s*$", re.DOTALL | re.IGNORECASE)
_SPEAKS = ("rep", "leader")


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Levels(_Form):
    wall: Literal[0, 1, 2]
    hammer: Literal[0, 1, 2]
    part: Literal[0, 1, 2]


class _Quote(_Form):
    component: Literal["wall", "hammer", "part"]
    turn: Annotated[int, Field(ge=0)]
    quote: Annotated[str, Field(min_length=1, max_length=LONGEST_QUOTE)]


class Answer(_Form):
    """The form that is asked for."""

    verdict: Literal["explains", "partial", "recites", "facts_only", "stumbles", "not_raised"]
    levels: _Levels
    quotes: Annotated[list[_Quote], Field(max_length=MOST_QUOTES)]


class Believed:
    """What was found in order."""

    __slots__ = ("levels", "quotes", "verdict")

    def __init__(self, verdict: Verdict, levels: dict[Component, Level], quotes: tuple[Evidence, ...]) -> None:
        self.verdict, self.levels, self.quotes = verdict, levels, quotes


def believe(content: str, transcript: Transcript, turns: Sequence[RedactedTurn]) -> Believed:
    """The answer in `content`, its quotes as they stand in the transcript. Raises NoOpinion, never with a word of the answer."""
    fenced = _FENCED.match(content)
    try:
        answer = Answer.model_validate_json(fenced["body"] if fenced else content)
    except ValidationError as error:
        # only where and what kind of mistake: the answer itself could hold anything, the key included
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        known = {*Answer.model_fields, *_Levels.model_fields, *_Quote.model_fields}
        where = ".".join(str(part) for part in first["loc"] if isinstance(part, int) or part in known) or "the answer"
        raise NoOpinion(f"The answer is not of the asked form ({where}: {first['type']}), so it is not used.") from None
    verdict = Verdict(answer.verdict)
    levels = {component: Level(getattr(answer.levels, component.value)) for component in Component}
    if not _fits(verdict, levels):
        raise NoOpinion("The answer's verdict and levels contradict each other, so it is not used.")
    quotes = tuple(_verified(quote, transcript, turns) for quote in answer.quotes)
    for component, level in levels.items():
        if level > Level.ABSENT and not any(quote.act == component.value for quote in quotes):
            raise NoOpinion(f"The answer puts {component.value} at level {int(level)} without a quote, so it is not used.")
    believed = tuple(dict.fromkeys(quote for quote in quotes if levels[Component(quote.act)] > Level.ABSENT))
    return Believed(verdict, levels, believed)


def _fits(verdict: Verdict, levels: dict[Component, Level]) -> bool:
    """Explaining means that part is explained and a wall told; nothing is told of what is not raised."""
    if verdict is Verdict.EXPLAINS:
        return levels[Component.PART] is Level.EXPLAINED and levels[Component.WALL] > Level.ABSENT
    return verdict is not Verdict.NOT_RAISED or not any(levels.values())


def _verified(quote: _Quote, transcript: Transcript, turns: Sequence[RedactedTurn]) -> Evidence:
    if quote.turn >= len(turns):
        raise NoOpinion(f"The answer quotes turn {quote.turn}, which this call does not have, so it is not used.")
    turn, said = turns[quote.turn], quote.quote.strip()
    if turn.who not in _SPEAKS:
        raise NoOpinion(f"The answer quotes turn {quote.turn} as the rep's, which is not, so it is not used.")
    begin = turn.text.find(said) if said else -1
    span = turn.original_span(begin, begin + len(said)) if begin >= 0 else None
    if span is None:
        raise NoOpinion(f"The answer quotes words that turn {quote.turn} does not hold, so it is not used.")
    original = transcript.turns[quote.turn]
    start, end = times_of(original, *span)
    return Evidence(act=quote.component, turn=quote.turn, quote=original.text[span[0] : span[1]], start=start, end=end)
