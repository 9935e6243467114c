"""A call that people labelled as a whole and in part, and whether it is learnt from or held back to measure on.

Knows nothing of databases, or of the turns' acts: nobody has tagged them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from callcoach.domain.call import Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Answer, Level, Verdict
from callcoach.training.corpus import LabelledCall

HELD_BACK_PERCENT = 30
LEAST_HELD_BACK = 10
"""With fewer calls a difference of one call is a tenth and more of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamCall:
    """What people settled on a call for one initiative. None, and a component that is not there: nothing is learnt of it."""

    call_id: str
    initiative: Initiative
    transcript: Transcript
    verdict: Verdict
    levels: dict[Component, Level] = field(default_factory=dict)
    asked_why: bool | None = None
    answer: Answer | None = None

    @property
    def key(self) -> str:
        """Names the call for this initiative beside labelled calls, whose ids are other people's."""
        return f"team:{self.call_id}@{self.initiative.id}"


class Parts(NamedTuple):
    """The calls to learn from, and those that only measure."""

    learn: tuple[TeamCall, ...]
    held_back: tuple[TeamCall, ...]


def parts_of(calls: Sequence[TeamCall]) -> Parts:
    """Divide by a hash of the call's id: whatever is labelled later, a call that was held back never becomes one learnt from."""
    held = [int(fingerprint("held back", call.call_id), 16) % 100 < HELD_BACK_PERCENT for call in calls]
    return Parts(
        tuple(call for call, back in zip(calls, held, strict=True) if not back),
        tuple(call for call, back in zip(calls, held, strict=True) if back),
    )


def as_team_call(call: LabelledCall, initiative: Initiative) -> TeamCall:
    """A labelled call as a team's label tells it: whole-call answers only."""
    return TeamCall(
        call_id=call.call_id,
        initiative=initiative,
        transcript=call.transcript,
        verdict=call.labels.verdict,
        levels=dict(call.labels.levels),
        asked_why=call.labels.asked_why,
        answer=call.labels.answer,
    )
