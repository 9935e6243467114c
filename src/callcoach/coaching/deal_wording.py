"""Every sentence about what was sold and how late prices fell. Chooses words, counts nothing; calls no relation a cause."""

from collections.abc import Mapping

from callcoach.coaching.notation import percent
from callcoach.domain.around import DealQuestion
from callcoach.domain.behaviour import Estimate

FEWEST_DEALS = 8

CAVEATS: Mapping[DealQuestion, str] = {
    DealQuestion.HIGH_VALUE: (
        "Only sales whose tier is stated are counted. What a customer can use and afford decides more of it than the telling."
    ),
    DealQuestion.LATE_DISCOUNT: (
        "Only closed deals of a week or more whose discount is stated are counted, late is the last quarter of a deal’s time. "
        "Who gave it and why the row does not say."
    ),
}

_WHAT: Mapping[DealQuestion, tuple[str, str]] = {
    DealQuestion.HIGH_VALUE: ("sale", "of a high-value product, the others of a low-value one"),
    DealQuestion.LATE_DISCOUNT: ("closed deal", "with a discount given late"),
}


def signal(question: DealQuestion, team: str | None, share: Estimate, explained: Estimate, other: Estimate) -> str:
    """The share, and the same with and without the why where both have deals. team: its name."""
    what, how = _WHAT[question]
    where = f"{team}: " if team else ""
    said = f"{where}{share.count} of {share.n} {what}{'' if share.n == 1 else 's'} {how}"
    if share.n < FEWEST_DEALS or share.low is None or share.high is None:
        return f"{said}; too few to say how it is in the long run ({share.n} of {FEWEST_DEALS})."
    said = f"{said}; likely {percent(share.low)} to {percent(share.high)} in the long run."
    if min(explained.n, other.n) >= FEWEST_DEALS:
        said += f" Where the why was told {_likely(explained)}, where it was not {_likely(other)}."
    return said


def _likely(share: Estimate) -> str:
    assert share.low is not None and share.high is not None, "asked for shares of deals only"
    return f"{share.count} of {share.n} ({percent(share.low)} to {percent(share.high)})"
