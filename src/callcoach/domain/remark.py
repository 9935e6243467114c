"""What people say of a call beside its judgement: comments, examples, the rep's answer and dispute. Added and never changed.

Knows nothing of where it is kept, nor of corrections: those are reviews.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from callcoach.domain.fingerprint import fingerprint


class RemarkKind(StrEnum):
    """What a remark does."""

    COMMENT = "comment"
    EXEMPLAR = "exemplar"
    CONSENT = "consent"
    REFUSAL = "refusal"
    ANSWER = "answer"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing a person said or did.

    initiative_id: None where it is about the call as a whole. turn (from 0), quote, start and end (seconds): the moment, None
    where it is about no single one. to: the remark that it answers, consents to or refuses.

    Raises ValueError for an answer to nothing: consent and refusal name the example they are about.
    """

    call_id: str
    person_id: str
    at: datetime
    kind: RemarkKind
    text: str = ""
    initiative_id: str | None = None
    turn: int | None = None
    quote: str | None = None
    start: float | None = None
    end: float | None = None
    to: str | None = None

    def __post_init__(self) -> None:
        if self.kind in (RemarkKind.CONSENT, RemarkKind.REFUSAL) and self.to is None:
            raise ValueError(f"{self.call_id}: a {self.kind} names the example it is about.")

    @property
    def remark_id(self) -> str:
        """Names this remark for good."""
        return fingerprint(
            self.call_id,
            self.person_id,
            self.at.isoformat(),
            self.kind,
            self.text,
            self.initiative_id,
            self.turn,
            self.quote,
            self.to,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A review or remark (`what_id`) that its own author took back. It stays in the history, and counts for nothing."""

    what_id: str
    call_id: str
    person_id: str
    at: datetime


class Consent(StrEnum):
    """What the rep said to a moment of theirs being played to others."""

    OPEN = "open"
    GIVEN = "given"
    DECLINED = "declined"
