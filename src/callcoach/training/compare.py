"""Hold two judges against each other on the same calls. Knows nothing of where either comes from, or of how they judge."""

from collections.abc import Sequence
from dataclasses import dataclass

from callcoach.domain.verdict import Verdict
from callcoach.training import metrics
from callcoach.training.team_calls import TeamCall


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeFigures:
    """How many verdicts are as people settled them; kappa None where it is not defined."""

    right: int
    kappa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two judges on `n` held-back labels.

    interval: of the share right that `retrained` has more than `shipped`: 90%, drawing calls with replacement, all labels of a
    call together; None of a single call.
    """

    n: int
    shipped: JudgeFigures
    retrained: JudgeFigures
    interval: tuple[float, float] | None

    @property
    def better(self) -> bool:
        """Whether the retrained judge is right more often, beyond what drawing other calls would change, at no lower kappa."""
        agrees_less = (
            self.shipped.kappa is not None and self.retrained.kappa is not None and self.retrained.kappa < self.shipped.kappa
        )
        return self.interval is not None and self.interval[0] > 0 and not agrees_less


def compare(held_back: Sequence[TeamCall], shipped: Sequence[Verdict], retrained: Sequence[Verdict]) -> Compared:
    """Verdicts told of each held-back call, in order, beside what people settled."""
    gold = [call.verdict for call in held_back]
    before = [told is verdict for told, verdict in zip(shipped, gold, strict=True)]
    after = [told is verdict for told, verdict in zip(retrained, gold, strict=True)]
    return Compared(
        n=len(held_back),
        shipped=JudgeFigures(right=sum(before), kappa=metrics.kappa(gold, shipped)),
        retrained=JudgeFigures(right=sum(after), kappa=metrics.kappa(gold, retrained)),
        interval=metrics.difference_interval(after, before, [call.call_id for call in held_back]),
    )
