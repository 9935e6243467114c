"""An initiative and its value story: the why that a rep is to explain. Knows nothing of calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from callcoach.domain.fingerprint import fingerprint


class Component(StrEnum):
    """The three parts of a value story."""

    WALL = "wall"
    HAMMER = "hammer"
    PART = "part"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueStory:
    """wall: the problem, from insight learned. hammer: what the company does about it. part: why it matters to this customer."""

    wall: str
    hammer: str
    part: str

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
    """One session in which the field was taught the initiative."""

    date: date
    format: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """When the field and the market were told. None: not stated."""

    announced: date | None = None
    training: tuple[Training, ...] = ()
    materials_ready: date | None = None
    field_ready: date | None = None
    market_awareness_start: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousStory:
    """The story told before this one; reps may return to it."""

    until: date | None
    wall: str
    hammer: str
    why_changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative:
    """An offer, product or message a company launched, with the story that says why.

    compliance is text that must be read word for word and never counts as reciting. owner is a person id.
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

    def live_on(self, day: date) -> bool:
        """Whether reps were to tell this story on `day`."""
        return self.launched <= day and (self.ended is None or day <= self.ended)

    @property
    def names(self) -> tuple[str, ...]:
        """What a call can be expected to hold word for word: the name and the glossary's terms."""
        return tuple(dict.fromkeys((self.name, *(term.term for term in self.glossary))))

    @property
    def version(self) -> str:
        """Content address of all that judging reads: the same texts give the same version, dates and owners aside."""
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
        )


def default_rubrics(initiatives: Iterable[Initiative]) -> tuple[Initiative, ...]:
    """One rubric per id, the first: where a story is told in several languages, that is the one reports speak of."""
    first: dict[str, Initiative] = {}
    for initiative in initiatives:
        first.setdefault(initiative.id, initiative)
    return tuple(first.values())
