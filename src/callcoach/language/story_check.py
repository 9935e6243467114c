"""What the encoder sees in a definition that words alone do not tell: the same thing said otherwise, and lines that carry no why.

Its thresholds are read off the labelled corpus's stories, which are good ones. Knows nothing of calls or of files.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from callcoach.domain.definition import Severity, StoryFinding
from callcoach.domain.story import Component, Initiative
from callcoach.judging.story_check import BETTER
from callcoach.judging.wording import words_of
from callcoach.language.encoder import Encoder
from callcoach.language.sentences import SentenceSplitter
from callcoach.language.story import Story, encode_stories, read_story

SAME_WHOLE, SAME_SENTENCES = 0.7, 0.55
"""Wall and part of 45 good stories are at most 0.63 alike as wholes and 0.49 sentence by sentence."""

OVERLAP = 0.65
"""The walls of 45 initiatives of as many companies are at most 0.60 alike."""

COMPANY_GOALS = (
    "We need to sell more of this product and hit our sales target.",
    "Our revenue, margin and market share have to grow this year.",
    "Management wants more customers on this plan because it is profitable for us.",
    "This is a big opportunity for our company to increase sales.",
    "We want to convert more customers to the higher tier to earn more per account.",
)
COMPANY_WALL = 0.25
"""Mean likeness of a wall's sentences to all of these: at most 0.22 in 53 good stories, 0.26 and more in 13 of 14 bad ones."""

TO_ANYONE = (
    "Explain the benefits and show the value of the product.",
    "Be confident, friendly and enthusiastic on the call.",
    "Convince the customer that this is the right choice and close the sale.",
    "Handle objections and follow the talking points.",
    "Listen to the customer and tailor the message to their needs.",
)
ANYONES_PART = 0.5
"""Mean likeness of a part's sentences to the nearest of these: at most 0.42 in 53 good stories; in bad ones 0.3 to 0.8."""

CARRIES_NOTHING = 0.4
"""Script lines nearer than this to a sentence of the story say a piece of it; below it stand greetings and stock phrases."""

_FEWEST_WORDS = 6


class ScriptLine(NamedTuple):
    """A sentence of the script, the component it is nearest to, and how near (cosine)."""

    text: str
    component: Component
    closeness: float

    @property
    def carries(self) -> bool:
        """Whether a listener hears a piece of the story in it."""
        return self.closeness >= CARRIES_NOTHING


class _Likeness(NamedTuple):
    """How like a text's sentences are to prototypes, by words: to all of them, to the nearest; and its nearest sentence."""

    to_all: float
    to_one: float
    nearest: str


class StoryReader:
    """Reads stories with the encoder."""

    def __init__(self, encoder: Encoder, splitter: SentenceSplitter) -> None:
        self._encoder, self._splitter = encoder, splitter
        self._known: dict[str, Story] = {}

    def findings(self, initiative: Initiative, others: Iterable[Initiative]) -> tuple[StoryFinding, ...]:
        """Wall and part alike in other words, script lines without a component, overlap with `others`' walls."""
        others = tuple(others)
        encode_stories((each for each in (initiative, *others) if each.version not in self._known), self._encoder, self._splitter)
        story = self._story(initiative)
        found = [*_same(initiative, story), *self._familiar(initiative), *self._silent(initiative)]
        for other in others:
            if other.id != initiative.id:
                found += _overlap(initiative, story, other, self._story(other))
        return tuple(found)

    def script_lines(self, initiative: Initiative) -> Sequence[ScriptLine]:
        """Each sentence of the script with the component it is nearest to."""
        story = self._story(initiative)
        lines = [sentence.text for sentence in self._splitter.split(0, " ".join(initiative.script.split()))]
        nearest = []
        for line, vector in zip(lines, self._encoder.encode(lines), strict=True):
            closeness = {component: float((story.components[component].sentences @ vector).max()) for component in Component}
            best = max(closeness, key=lambda component: closeness[component])
            nearest.append(ScriptLine(line, best, round(closeness[best], 4)))
        return nearest

    def _familiar(self, initiative: Initiative) -> list[StoryFinding]:
        """What bad walls and parts are made of, in whatever words."""
        story, found = initiative.story, []
        apart = [part for part in (story.position, story.importance, story.why_it_matters) if part]
        part = " ".join(apart) if len(apart) == len(Component) else story.part
        wall = self._likeness(story.wall, COMPANY_GOALS)
        if wall.to_all >= COMPANY_WALL:
            sentence = f'The wall is what the company wants for itself: "{wall.nearest}". Say what stands in the customers\' way.'
            found.append(_vague(initiative, "company_centred", Component.WALL, wall.nearest, sentence))
        told = self._likeness(part, TO_ANYONE)
        if told.to_one >= ANYONES_PART:
            sentence = f'The part could be told to any customer: "{told.nearest}". Say what to ask or look up, and what to show.'
            found.append(_vague(initiative, "part_fits_anyone", Component.PART, told.nearest, sentence))
        return found

    def _likeness(self, text: str, prototypes: Sequence[str]) -> "_Likeness":
        pieces = [sentence.text for sentence in self._splitter.split(0, text)]
        closeness = self._encoder.encode(pieces) @ self._encoder.encode(prototypes).T
        words = np.array([len(words_of(piece)) for piece in pieces], dtype=np.float64)
        weights = words / max(float(words.sum()), 1.0)
        nearest = closeness.max(axis=1)
        return _Likeness(float(weights @ closeness.mean(axis=1)), float(weights @ nearest), pieces[int(nearest.argmax())])

    def _story(self, initiative: Initiative) -> Story:
        if initiative.version not in self._known:
            self._known[initiative.version] = read_story(initiative, self._encoder, self._splitter)
        return self._known[initiative.version]

    def _silent(self, initiative: Initiative) -> list[StoryFinding]:
        silent = [
            line.text for line in self.script_lines(initiative) if not line.carries and len(words_of(line.text)) >= _FEWEST_WORDS
        ]
        if not silent:
            return []
        sentence = f"{len(silent)} sentence(s) of the script carry nothing of the story: " + " ".join(
            f'"{line}"' for line in silent
        )
        return [_note(initiative, "script_without_story", None, tuple(silent), sentence, "script")]


def _same(initiative: Initiative, story: Story) -> list[StoryFinding]:
    wall, part = story.components[Component.WALL], story.components[Component.PART]
    sentences = float((wall.sentences @ part.sentences.T).max(axis=0).mean())
    whole = float(np.dot(wall.whole, part.whole))
    if whole < SAME_WHOLE or sentences < SAME_SENTENCES:
        return []
    sentence = "Wall and part say the same in other words. The part is what the rep asks and shows this customer."
    return [_vague(initiative, "wall_is_part", Component.PART, initiative.story.part, sentence)]


def _overlap(initiative: Initiative, story: Story, other: Initiative, theirs: Story) -> list[StoryFinding]:
    alike = float(np.dot(story.components[Component.WALL].whole, theirs.components[Component.WALL].whole))
    if alike < OVERLAP:
        return []
    sentence = (
        f"Its wall is that of {other.name} ({other.id}), which is live at the same time (likeness {alike:.2f}). "
        "Reps will mix the two: say what sets them apart, or make them one."
    )
    return [_note(initiative, "overlap", Component.WALL, (other.id,), sentence, "value_story.wall")]


def _vague(initiative: Initiative, kind: str, component: Component, words: str, sentence: str) -> StoryFinding:
    return StoryFinding(
        initiative_id=initiative.id,
        kind=kind,
        component=component,
        words=(words,),
        sentence=sentence,
        better=BETTER[kind],
        severity=Severity.VAGUE,
        field=f"value_story.{component.value}",
    )


def _note(
    initiative: Initiative, kind: str, component: Component | None, words: tuple[str, ...], sentence: str, field: str
) -> StoryFinding:
    return StoryFinding(
        initiative_id=initiative.id,
        kind=kind,
        component=component,
        words=words,
        sentence=sentence,
        better=None,
        severity=Severity.NOTE,
        field=field,
    )
