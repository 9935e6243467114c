"""An initiative and its value story: the why that a rep is to explain. Knows nothing of calls."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from callcoach.domain.fingerprint import fingerprint


class Component(StrEnum):
    """The three parts of a value story."""

    WALL = "wall"
    HAMMER = "hammer"
    PART = "part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """How the wall was learned: what was counted, asked or read, and the day it was known by; None: not stated."""

    source: str
    learned: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueStory:
    """wall: the problem, from insight learned. hammer: what the company does about it. part: why it matters to this customer.

    These three are what calls are judged by. position, importance and why_it_matters are the rep's part taken apart: a definition
    wants them, an older file may lack them (None).
    """

    wall: str
    hammer: str
    part: str
    position: str | None = None
    importance: str | None = None
    why_it_matters: str | None = None

    def of(self, component: Component) -> str:
        """The text of one component."""
        return str(getattr(self, component.value))

    @property
    def text(self) -> str:
        """The whole story, as one text."""
        return " ".join(" ".join(self.of(component).split()) for component in Component)


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryTerm:
    """A name as it is to be written, and the ways recognisers are known to mishear it."""

    term: str
    heard_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """One session in which the field was taught the initiative; who: those it was for, None where that is not stated."""

    date: date
    format: str
    minutes: int
    who: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """When the field and the market were told. None: not stated.

    expected_lag_days: how long after the launch it takes until calls can show what was learnt; nobody is judged before.
    """

    announced: date | None = None
    training: tuple[Training, ...] = ()
    materials_ready: date | None = None
    field_ready: date | None = None
    market_awareness_start: date | None = None
    expected_lag_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousStory:
    """The story told before this one; reps may return to it."""

    until: date | None
    wall: str
    hammer: str
    why_changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A yes-or-no question about one component or act of an initiative's calls, shown by examples of what reps say.

    `about` is a component or one of the rep's acts (`answer`, `recite`, `stumble`); `weight` is 0 or more, the judge itself
    weighs 4. near_misses sound like `yes` and are `no`.
    """

    id: str
    about: str
    question: str
    weight: float = 1.0
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One publication: the content address that was published, the day, the person id, and what they noted."""

    version: str
    on: date
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative:
    """An offer, product or message a company launched, with the story that says why.

    compliance is text that must be read word for word and never counts as reciting. owner is a person id. insight says where the
    wall comes from; published, the newest last, what was published of it. Neither is part of the version; criteria are.
    """

    id: str
    name: str
    launched: date
    story: ValueStory
    company: str | None = None
    industry: str | None = None
    type: str | None = None
    owner: str | None = None
    priority: int | None = None
    growth_driver: str | None = None
    ended: date | None = None
    terms: tuple[str, ...] = ()
    script: str = ""
    facts: tuple[str, ...] = ()
    compliance: str = ""
    compliance_when: str = ""
    glossary: tuple[GlossaryTerm, ...] = ()
    readiness: Readiness = Readiness()
    previous_story: PreviousStory | None = None
    language: str = "en"
    insight: Insight | None = None
    criteria: tuple[Criterion, ...] = ()
    published: tuple[Published, ...] = ()

    def live_on(self, day: date) -> bool:
        """Whether reps were to tell this story on `day`."""
        return self.launched <= day and (self.ended is None or day <= self.ended)

    @property
    def names(self) -> tuple[str, ...]:
        """What a call can be expected to hold word for word: the name and the glossary's terms."""
        return tuple(dict.fromkeys((self.name, *(term.term for term in self.glossary))))

    @property
    def is_published(self) -> bool:
        """Whether the texts are those last published: a changed text is a draft again."""
        return bool(self.published) and self.published[-1].version == self.version

    @property
    def measured_version(self) -> str:
        """Content address of all that measuring reads: `version`, whatever the criteria weigh."""
        if all(each.weight == 1.0 for each in self.criteria):
            return self.version
        return replace(self, criteria=tuple(replace(each, weight=1.0) for each in self.criteria)).version

    @property
    def version(self) -> str:
        """Content address of all that judging reads: the same texts give the same version, dates and owners aside."""
        # a file without criteria keeps the address it had before there were any
        criteria = [
            [each.id, each.about, each.question, each.weight, each.yes, each.no, each.near_misses] for each in self.criteria
        ]
        return fingerprint(
            self.id,
            self.name,
            self.story.wall,
            self.story.hammer,
            self.story.part,
            self.terms,
            self.script,
            self.facts,
            self.compliance,
            self.language,
            *([criteria] if criteria else []),
        )


def default_rubrics(initiatives: Iterable[Initiative]) -> tuple[Initiative, ...]:
    """One rubric per id, the first: where a story is told in several languages, that is the one reports speak of."""
    first: dict[str, Initiative] = {}
    for initiative in initiatives:
        first.setdefault(initiative.id, initiative)
    return tuple(first.values())
