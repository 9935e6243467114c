"""What another wording of an initiative would make of calls that are judged already. Knows nothing of how that was found out."""

from collections.abc import Mapping
from dataclasses import dataclass

from callcoach.domain.coaching import CallProblem
from callcoach.domain.story import Component
from callcoach.domain.verdict import Evidence, Level, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChange:
    """A field of an initiative that reads differently in two versions: the sentences or entries only one of them has."""

    field: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One call as one version judges it, with the rep's words that come nearest to the component the change concerns."""

    verdict: Verdict
    why_score: float | None
    levels: Mapping[Component, Level]
    nearest: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A call that two versions judge differently.

    `up`: whether more of the why arrives by the later version; None where one of the verdicts is not assessed. `causes` are the
    fields whose change alone flips the call; empty where it takes several together. `rules`: what the initiative's criteria have
    to do with it, in sentences. `people`: what people say, where they do.
    """

    call_id: str
    before: Telling
    after: Telling
    up: bool | None
    causes: tuple[str, ...]
    rules: tuple[str, ...] = ()
    people: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accord:
    """How many of the n calls that people labelled get the people's verdict."""

    n: int
    agreed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two versions of an initiative on the same calls. mean_why: the mean why score before and after, None without any.

    problems: calls that one of the two could not judge; they are among no figure.
    """

    initiative_id: str
    before: str
    after: str
    changes: tuple[TextChange, ...]
    n_calls: int
    flips: tuple[Flip, ...]
    mean_why: tuple[float | None, float | None]
    accord_before: Accord | None = None
    accord_after: Accord | None = None
    problems: tuple[CallProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A call whose rep comes near a component, with the words."""

    call_id: str
    quote: Evidence
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A call that would be flagged, with the reason."""

    call_id: str
    verdict: Verdict
    reason: str
    quote: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A draft on calls of the past: verdicts counted, what would be flagged, and the nearest calls per component.

    problems: calls that could not be judged; they are among no figure.
    """

    initiative_id: str
    version: str
    n_calls: int
    n_raised: int
    verdicts: Mapping[Verdict, int]
    flagged: tuple[Flagged, ...]
    nearest: Mapping[Component, tuple[Near, ...]]
    problems: tuple[CallProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleEffect:
    """What one example of a criterion does: the calls whose answer differs without it, as (call id, with it, without it)."""

    criterion_id: str
    kind: str
    example: str
    flips: tuple[tuple[str, bool | None, bool | None], ...]
