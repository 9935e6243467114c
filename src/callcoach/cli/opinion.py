"""Print a second opinion beside the judgement it is on. Knows nothing of how it was asked for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from callcoach.coaching import vocabulary
from callcoach.coaching.notation import clock, count, plain
from callcoach.domain.opinion import SecondOpinion
from callcoach.domain.story import Component
from callcoach.domain.verdict import CallScore
from callcoach.judging.second_opinion import difference

if TYPE_CHECKING:
    from callcoach.app.opinions import Asked


def print_opinion(console: Console, score: CallScore, opinion: SecondOpinion) -> None:
    """The verdict of the other model, its levels and its quotes; and whether that is what the judge says."""
    levels = ", ".join(f"{component.value} {vocabulary.LEVEL_WORDS[opinion.levels[component]]}" for component in Component)
    verdict = vocabulary.VERDICT_WORDS[opinion.verdict]
    _print(console, "")
    _print(console, f"Second opinion of {opinion.model} at {opinion.host}: {verdict}. {levels}.")
    for quote in opinion.quotes:
        _print(console, f"{clock(quote.start):>6} {quote.act:<8} “{quote.quote}”")
    _print(console, "It is the judge's verdict, too." if opinion.verdict is score.verdict else difference(score, opinion))


def opinions_line(asked: "Sequence[Asked]") -> str:
    """How many opinions there are, and on which calls they differ."""
    differing = [
        f"{each.score.call_id} {each.score.initiative_id} ({each.score.verdict.value}; other: {each.opinion.verdict.value})"
        for each in asked
        if each.opinion.verdict is not each.score.verdict
    ]
    said = count(len(asked), "second opinion")
    return f"{said}; a person should decide on {', '.join(differing)}." if differing else f"{said}, none differs."


def _print(console: Console, line: str) -> None:
    console.print(plain(line), markup=False, highlight=False, soft_wrap=True)
