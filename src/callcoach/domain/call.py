"""A call and what was said in it. Knows nothing of initiatives, models or files' contents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """Who speaks, as far as judging cares."""

    REP = "rep"
    CUSTOMER = "customer"
    LEADER = "leader"
    UNKNOWN = "unknown"


_ROLES = {role.value: role for role in Role}


class CallKind(StrEnum):
    """A conversation with a customer, or a leader telling the story to the field."""

    CUSTOMER_CALL = "call"
    LEADER_RECORDING = "leader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One recognised word; start and end in seconds from the start of the recording, probability in 0..1.

    `heard` marks a repaired name: what the recogniser had written where `text` now stands, None for a word as it was heard.
    """

    text: str
    start: float
    end: float
    probability: float | None = None
    heard: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One speaker's uninterrupted talk. `speaker` is a role, numbered where there are several: `customer2`.

    start and end are seconds, None where the source had no times.
    """

    speaker: str
    text: str
    start: float | None = None
    end: float | None = None
    words: tuple[Word, ...] = ()

    @property
    def role(self) -> Role:
        """The role behind the speaker label: `customer2` is a customer; anything unheard of is unknown."""
        return _ROLES.get(self.speaker.rstrip("0123456789"), Role.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """The unit of quotation: characters `begin` to `end` of the text of turn number `turn` (counted from 0)."""

    turn: int
    begin: int
    end: int
    text: str


class RoleSource(StrEnum):
    """How it is known who is the rep."""

    GIVEN = "given"
    HEARD = "heard"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFinding:
    """How it is known who is the rep: given by the manifest, a setting or the transcript's labels, or heard in what was said.

    confidence: probability (0..1) that what is said fits the labels best; where the labels stayed unknown, of the likeliest
    ones; None where nothing was said that tells. contradicted: labels were given, but what is said fits them swapped.
    """

    source: RoleSource
    confidence: float | None = None
    contradicted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was said, by whom, when. duration in seconds; language an ISO 639-1 code; either None where unknown.

    roles: how it is known who is the rep; None where that was not asked.
    """

    call_id: str
    turns: tuple[Turn, ...]
    language: str | None = None
    duration: float | None = None
    roles: RoleFinding | None = None

    def turns_of(self, role: Role) -> Iterator[tuple[int, Turn]]:
        """The turns of one role with their numbers, in order."""
        return ((number, turn) for number, turn in enumerate(self.turns) if turn.role is role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is known of a call apart from its words: the manifest row, sidecar or file name.

    audio_path and transcript_path are relative to the call folder or absolute; at least one is given. `content` is the
    sha256 (hex) of the bytes the transcript is made from: the recording, or the transcript file where there is no recording.
    `extra` keeps the columns we have no name for.
    """

    call_id: str
    content: str
    audio_path: str | None = None
    transcript_path: str | None = None
    kind: CallKind = CallKind.CUSTOMER_CALL
    started_at: datetime | None = None
    rep_id: str | None = None
    team: str | None = None
    customer_name: str | None = None
    direction: str | None = None
    rep_channel: int | None = None
    language: str | None = None
    outcome: str | None = None
    amount: float | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def day(self) -> date | None:
        """The calendar day of the call where it took place."""
        return self.started_at.date() if self.started_at else None
