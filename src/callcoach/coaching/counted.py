"""A share that was simply counted, with its interval, and the difference of two such shares. Leans on nothing else.

For what people say or do a handful of times, where a model of teams and reps would have nothing to lean on.
"""

from math import hypot
from typing import NamedTuple

from callcoach.domain.behaviour import Estimate

COVERAGE = 0.9


class Difference(NamedTuple):
    """One share less another, with its interval."""

    middle: float
    low: float
    high: float


def counted(count: int, n: int) -> Estimate:
    """The share with Jeffreys' interval; no share where n is 0."""
    if n == 0:
        return Estimate(n=0, share=None, low=None, high=None, count=0)
    from scipy.special import betaincinv

    low, high = (float(betaincinv(count + 0.5, n - count + 0.5, end)) for end in ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2))
    share = count / n
    return Estimate(n=n, share=share, low=round(min(low, share), 6), high=round(max(high, share), 6), count=count)


def difference(one: Estimate, other: Estimate) -> Difference | None:
    """Newcombe's interval, from the ends of the two; None where either has no share."""
    if one.share is None or one.low is None or one.high is None:
        return None
    if other.share is None or other.low is None or other.high is None:
        return None
    middle = one.share - other.share
    down = hypot(one.share - one.low, other.high - other.share)
    up = hypot(one.high - one.share, other.share - other.low)
    return Difference(round(middle, 6), round(middle - down, 6), round(middle + up, 6))
