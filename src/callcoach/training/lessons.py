"""All calls that the judge learns from: the labelled ones, and what is made of them. Knows nothing of features."""

from collections.abc import Mapping
from typing import NamedTuple

from callcoach.training.corpus import Corpus, LabelledCall
from callcoach.training.disguises import disguised_calls
from callcoach.training.foreign import foreign_calls


class Lessons(NamedTuple):
    """`labelled` as people labelled them, `foreign` beside stories they do not tell, `disguised` copies edited without effect."""

    labelled: tuple[LabelledCall, ...]
    foreign: tuple[LabelledCall, ...]
    disguised: tuple[LabelledCall, ...]

    @property
    def calls(self) -> tuple[LabelledCall, ...]:
        """All of them, in this order."""
        return (*self.labelled, *self.foreign, *self.disguised)


def lessons_of(corpus: Corpus, group_of: Mapping[str, int]) -> Lessons:
    """The same corpus and groups (`group_of`: writer -> group) give the same calls."""
    return Lessons(corpus.calls, foreign_calls(corpus, group_of), disguised_calls(corpus))
