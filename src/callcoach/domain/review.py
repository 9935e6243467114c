"""A person's correction of what the machine said of a call: added, never changed, beside the machine's answer for good.

Knows nothing of where it is kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.story import Component
from callcoach.domain.verdict import CallScore, Level, Verdict

VERDICT = "verdict"
LEVEL = "level:"
QUOTE = "quote:"


def about_level(component: Component) -> str:
    """What a correction of a component's level is about."""
    return LEVEL + component.value


def about_quote(act: str) -> str:
    """What a correction of a quote is about: the act it is, or is not, evidence of."""
    return QUOTE + act


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One correction.

    about: VERDICT, `level:wall`, or `quote:wall`. machine and person: the two answers as text: a verdict, a level `0` to `2`,
    or for a quote `evidence` and `no evidence`. quote and turn (from 0): the words a quote or a raised level rests on.
    versions: what the machine's answer was made with.
    """

    call_id: str
    initiative_id: str
    person_id: str
    at: datetime
    about: str
    machine: str
    person: str
    because: str
    turn: int | None = None
    quote: str | None = None
    start: float | None = None
    end: float | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def review_id(self) -> str:
        """Names this correction for good."""
        return fingerprint(
            self.call_id, self.initiative_id, self.person_id, self.at.isoformat(), self.about, self.turn, self.quote, self.person
        )


def revision(reviews: Iterable[Review]) -> str:
    """Names the corrections that stand beside a judgement: who wants to add one says which they had before them."""
    return fingerprint(*sorted(review.review_id for review in reviews))


EVIDENCE = "evidence"
NO_EVIDENCE = "no evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedScore:
    """What a reader is to see of a call: people's words over the machine's, and both kept.

    score: as it is read, corrections applied. machine: as the judge made it. counted: the corrections in force, by what they
    are about, the latest of each person. conflicts: those over whom people differ.
    """

    score: CallScore
    machine: CallScore
    counted: tuple[Review, ...] = ()
    conflicts: tuple[tuple[Review, ...], ...] = ()

    @property
    def corrected(self) -> bool:
        """Whether a person said anything else than the machine."""
        return bool(self.counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A corrected verdict, as a report shows it. others: people who see it differently, with their verdicts."""

    call_id: str
    initiative_id: str
    machine: Verdict
    person: Verdict
    by: str
    at: datetime
    because: str
    others: Mapping[str, Verdict] = field(default_factory=dict)
    levels: Mapping[Component, Level] = field(default_factory=dict)
