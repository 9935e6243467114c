"""What another model said of a call that was judged already. It stands beside the judgement and never in its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from callcoach.domain.story import Component
from callcoach.domain.verdict import Evidence, Level, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinion:
    """The opinion of `model` at `host` on one call and one initiative, asked at `asked_at` (with its time zone).

    `quotes` are verbatim pieces of the transcript that is judged, names and numbers included. `agreed`: whether the verdict is
    the one it was asked beside. `prompt_version` names the question and the redaction.

    Raises ValueError where a level above 0 has no quote, as a CallScore does, and for a call that is not assessed.
    """

    call_id: str
    initiative_id: str
    verdict: Verdict
    levels: Mapping[Component, Level]
    quotes: tuple[Evidence, ...]
    model: str
    host: str
    asked_at: datetime
    prompt_version: str
    agreed: bool

    def __post_init__(self) -> None:
        if self.verdict is Verdict.NOT_ASSESSED:
            raise ValueError(f"{self.call_id}: an opinion names a verdict.")
        for component, level in self.levels.items():
            if level > Level.ABSENT and not any(quote.act == component.value for quote in self.quotes):
                raise ValueError(f"{self.call_id}: {component.value} is at level {int(level)} without a quote.")
