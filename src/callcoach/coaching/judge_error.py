"""How the judge errs on each question, from calls that were labelled and judged. Knows nothing of where those come from.

A judge errs more on some kinds of call than on others: a recited call looks more like an explained one than a list of prices
does. So the two rates of a question depend on what truly happens in a company's calls. That mix is estimated first, from all that
the judge told (expectation-maximisation over the labelled kinds of call), and the labelled calls are weighed to it.

How well a rate is known counts labelled calls by who wrote them: calls of one writer err alike, so that the spread between
writers, not between calls, says how far the rate may be off in a company nobody labelled.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from callcoach.coaching.hierarchy import PERFECT, Rates
from callcoach.coaching.measures import NO, NOT_ASKED, YES, Measure, answers, signatures, verdicts
from callcoach.domain.coaching import Behaviour
from callcoach.domain.verdict import Verdict

Floats = NDArray[np.float64]

FEWEST_LABELLED = 30
"""Below that, neither rate says anything."""

ROUNDS = 100
_LEANING = 8.0
"""The labelled mix weighs as much as so many calls of the company: a handful of calls cannot tell its own."""

_LEAST_APART = 0.1
"""Nearer to each other, the two rates would make every count mean anything."""

_MIX_MISJUDGED = 0.35
"""How much of what the mix changes in a rate may be mistaken: with a third, intervals held 90% on invented companies."""

_NOT_ASSESSED = list(Verdict).index(Verdict.NOT_ASSESSED)
_FLAGS = 4
"""A code ends in the two flags of conduct, which single labelled calls do not tell of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Labelled calls: what people gave and what the judge told (codes), and a number for who wrote the call."""

    given: NDArray[np.int64]
    told: NDArray[np.int64]
    writer: NDArray[np.int64]


@dataclass(frozen=True)
class JudgeError:
    """How one judge errs. asks_first: on whether the rep asked before offering, which single labelled calls do not tell of."""

    compared: Compared
    asks_first: Rates | None = None

    def rates(self, measure: Measure, weights: Floats) -> Rates:
        """The judge's two rates on a question, among the calls in which it saw an opportunity. weights: see `weights`.

        Where it saw one that was none, it still answers: those answers are part of both rates, as they are of every count.
        Perfect where too few labelled calls are there to tell.
        """
        compared = self.compared
        if measure is Behaviour.ASK_BEFORE_OFFERING:
            if self.asks_first is None:
                return PERFECT
            compared, weights = _with_flag(compared, weights, self.asks_first)
        given, told = answers(measure)[compared.given], answers(measure)[compared.told]
        found = _rates(given, told, compared.writer, weights) or PERFECT
        if measure is Behaviour.ASK_BEFORE_OFFERING and self.asks_first is not None:
            found = replace(found, hit_sd=self.asks_first.hit_sd, false_alarm_sd=self.asks_first.false_alarm_sd)
        return found

    def weights(self, codes: NDArray[np.int64]) -> Floats:
        """How much each labelled call counts, for a company in which the judge told these codes.

        Calls it could not assess say nothing of what happens in the others: a company of voicemails has the mix of its calls.
        """
        kinds, kind = np.unique(self.compared.given // _FLAGS, return_inverse=True)
        labelled = np.bincount(kind).astype(float)
        sign, assessed = signatures(), verdicts() != _NOT_ASSESSED
        heard = np.zeros((len(kinds), int(sign.max()) + 1))
        could = assessed[self.compared.told]
        np.add.at(heard, (kind[could], sign[self.compared.told[could]]), 1.0)
        usual = heard.sum(axis=0) + 0.1
        chance = (heard + usual / usual.sum()) / (heard.sum(axis=1, keepdims=True) + 1)
        told = np.bincount(sign[codes[assessed[codes]]], minlength=heard.shape[1]).astype(float)
        mix = labelled / labelled.sum()
        leaning = _LEANING * mix
        for _ in range(ROUNDS):
            mix = mix * (chance @ (told / (mix @ chance))) + leaning
            mix /= mix.sum()
        found: Floats = (mix / labelled)[kind] * len(kind)
        return found


def _with_flag(compared: Compared, weights: Floats, flag: Rates) -> tuple[Compared, Floats]:
    """The labelled calls four times over: the flag given or not, told or not, each as often as it happens."""
    rows, weight = [], []
    for given, told, chance in (
        (1, 1, flag.hit / 2),
        (1, 0, (1 - flag.hit) / 2),
        (0, 1, flag.false_alarm / 2),
        (0, 0, (1 - flag.false_alarm) / 2),
    ):
        rows.append((compared.given // _FLAGS * _FLAGS + given, compared.told // _FLAGS * _FLAGS + told, compared.writer))
        weight.append(weights * chance)
    given_codes, told_codes, writers = (np.concatenate(column) for column in zip(*rows, strict=True))
    return Compared(given=given_codes, told=told_codes, writer=writers), np.concatenate(weight)


def flag_rates(n: int, f1: float, kappa: float) -> Rates:
    """The rates behind an F1 and a kappa of `n` calls, for a judge that says yes as often as people do.

    Then precision, recall and F1 are one number, and kappa gives how often people say yes.
    """
    yes = min(max((f1 - kappa) / (1 - kappa), 0.01), 0.99) if kappa < 1 else 0.5
    false_alarm = yes * (1 - f1) / (1 - yes)
    return Rates(
        hit=f1,
        hit_sd=_standard_error(f1, n * yes),
        false_alarm=false_alarm,
        false_alarm_sd=_standard_error(false_alarm, n * (1 - yes)),
    )


def _standard_error(share: float, calls: float) -> float:
    """Of a share that so many calls showed: none missed in twenty is not none in a thousand, so that 0 and 1 are not certain."""
    smooth = (share * calls + 0.5) / (calls + 1)
    return float(np.sqrt(smooth * (1 - smooth) / calls))


def _rates(given: NDArray[np.int8], told: NDArray[np.int8], writer: NDArray[np.int64], weights: Floats) -> Rates | None:
    seen = told != NOT_ASKED
    yes, no, none = (seen & (given == answer) for answer in (YES, NO, NOT_ASKED))
    if yes.sum() < FEWEST_LABELLED or no.sum() < FEWEST_LABELLED:
        return None
    hit, hit_sd = _share(told, yes, writer, weights)
    false_alarm, false_alarm_sd = _share(told, no, writer, weights)
    if hit - false_alarm < _LEAST_APART:
        middle = (hit + false_alarm) / 2
        hit, false_alarm = min(middle + _LEAST_APART / 2, 1.0), max(middle - _LEAST_APART / 2, 0.0)
    stray = float(weights[none].sum() / weights[seen].sum())
    stray_yes = float(weights[none & (told == YES)].sum() / weights[none].sum()) if none.any() else 0.0
    return Rates(
        hit=(1 - stray) * hit + stray * stray_yes,
        hit_sd=(1 - stray) * hit_sd,
        false_alarm=(1 - stray) * false_alarm + stray * stray_yes,
        false_alarm_sd=(1 - stray) * false_alarm_sd,
    )


def _share(told: NDArray[np.int8], of: NDArray[np.bool_], writer: NDArray[np.int64], weights: Floats) -> tuple[float, float]:
    """The share told YES and its standard error, writers being drawn whole; never surer than the calls alone would allow."""
    weight, yes = weights[of], told[of] == YES
    total = weight.sum()
    share = float(weight[yes].sum() / total)
    of_writer = np.bincount(writer[of], weights=weight)
    count = np.bincount(writer[of], weights=weight * yes)
    between = float(np.sqrt(((count - share * of_writer) ** 2).sum()) / total)
    calls = float(total**2 / (weight**2).sum())
    moved = _MIX_MISJUDGED * (share - float(yes.mean()))
    return share, float(np.hypot(max(between, _standard_error(share, calls)), moved))
