"""What a rep can do or leave, and how sure a share of calls is. Knows nothing of calls."""

from dataclasses import dataclass
from enum import StrEnum


class Behaviour(StrEnum):
    """What a recommendation can be about, in the order a manager would take them up."""

    ANSWER_THE_WHY = "answer_the_why"
    TELL_THE_WALL = "tell_the_wall"
    LINK_TO_CUSTOMER = "link_to_customer"
    LEAVE_THE_SCRIPT = "leave_the_script"
    GIVE_A_REASON_NOT_FEATURES = "give_a_reason_not_features"
    ASK_BEFORE_OFFERING = "ask_before_offering"
    RAISE_IT = "raise_it"
    SHARE_IT = "share_it"


GAPS = tuple(behaviour for behaviour in Behaviour if behaviour is not Behaviour.SHARE_IT)
"""The behaviours that can be missing in a call; SHARE_IT is for a rep who has nothing to mend and something to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A share in 0..1 from `n` calls with an interval of the stated `coverage`; None where n is 0. `count`: calls of the n."""

    n: int
    share: float | None
    low: float | None
    high: float | None
    coverage: float = 0.9
    count: int | None = None
