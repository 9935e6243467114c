"""Say how sure a share from a few calls is. Knows nothing of what is counted.

The estimate is a beta-binomial with the rep's team as prior: the share of the other reps' calls, weighing as much as
PRIOR_CALLS calls. With two own calls a rep and the team weigh the same; after ten the team hardly matters. The weight is fixed
and not fitted: with a handful of reps the spread between reps cannot be told from chance.
"""

from dataclasses import dataclass

from callcoach.domain.coaching import Estimate

PRIOR_CALLS = 2.0
COVERAGE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`count` of `n` calls."""

    count: int
    n: int

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(count=self.count + other.count, n=self.n + other.n)

    @property
    def misses(self) -> int:
        """The calls of the n that are not counted."""
        return self.n - self.count


NOTHING = Tally(count=0, n=0)


def estimate(own: Tally, others: Tally = NOTHING, *, coverage: float = COVERAGE) -> Estimate:
    """The share behind `own`, shrunk toward `others` (the team without this rep; an even prior where they have no calls)."""
    if own.n == 0:
        return Estimate(n=0, share=None, low=None, high=None, coverage=coverage, count=0)
    # half a call each way keeps a team that always or never does it from settling the matter
    expected = (others.count + 0.5) / (others.n + 1)
    alpha = own.count + PRIOR_CALLS * expected
    beta = own.misses + PRIOR_CALLS * (1 - expected)
    return Estimate(
        n=own.n,
        share=alpha / (alpha + beta),
        low=_quantile(alpha, beta, (1 - coverage) / 2),
        high=_quantile(alpha, beta, (1 + coverage) / 2),
        coverage=coverage,
        count=own.count,
    )


def _quantile(alpha: float, beta: float, probability: float) -> float:
    from scipy.special import betaincinv

    # rounded, so that the last bits of one machine's arithmetic do not change the report
    return round(float(betaincinv(alpha, beta, probability)), 6)
