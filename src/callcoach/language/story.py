"""An initiative as vectors and stems: what turns are compared with. Knows nothing of calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from callcoach.domain.story import Component, Initiative
from callcoach.judging.wording import content_stems, figures
from callcoach.language.encoder import Encoder, Vectors
from callcoach.language.sentences import SentenceSplitter

_NAME_HEARD = 84.0


class Passage(NamedTuple):
    """One component: its vector as a whole, its sentences' vectors, the stems and figures in it."""

    whole: Vectors
    sentences: Vectors
    stems: frozenset[str]
    figures: frozenset[int]


class Closeness(NamedTuple):
    """Of each vector, by component, `script` and `facts`: its cosine with the whole passage, and with its closest sentence."""

    whole: dict[str, NDArray[np.float64]]
    best: dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The texts of an initiative, ready for comparison."""

    components: dict[Component, Passage]
    script: Passage
    facts: Passage
    names: tuple[str, ...]

    def closeness(self, vectors: Vectors) -> "Closeness":
        """How close vectors are to all that the initiative says. vectors: (n, width)."""
        passages = {**{component.value: self.components[component] for component in Component}, "script": self.script}
        passages["facts"] = self.facts
        sentences = np.concatenate([passage.sentences for passage in passages.values()])
        begins = np.cumsum([0, *(len(passage.sentences) for passage in passages.values())])[:-1]
        whole = (vectors @ np.array([passage.whole for passage in passages.values()]).T).astype(np.float64)
        best = np.maximum.reduceat(vectors @ sentences.T, begins, axis=1).astype(np.float64)
        return Closeness(*({name: table[:, place] for place, name in enumerate(passages)} for table in (whole, best)))

    @property
    def stems(self) -> frozenset[str]:
        """Every content stem of the initiative: what these share with a customer's words is no uptake of the customer."""
        return self.script.stems | self.facts.stems | frozenset().union(*(passage.stems for passage in self.components.values()))

    def names_in(self, text: str) -> bool:
        """Whether the initiative's name or one of its terms is said, misheard by a letter or two at most."""
        heard = text.lower()
        return any(
            name in heard or (len(name) > 6 and fuzz.partial_ratio(name, heard, score_cutoff=_NAME_HEARD) > 0)
            for name in self.names
        )


class _Texts(NamedTuple):
    """What an initiative says, each on one line."""

    components: dict[Component, str]
    script: str
    facts: str


def encode_stories(initiatives: Iterable[Initiative], encoder: Encoder, splitter: SentenceSplitter) -> None:
    """Let the encoder meet all texts of many initiatives at once: one by one, most of its batches would be nearly empty."""
    texts = []
    for initiative in initiatives:
        told = _texts(initiative)
        for text in (*told.components.values(), told.script):
            texts += [text, *_sentences(text, splitter)]
        texts += [told.facts, *initiative.facts]
    encoder.encode(texts)


def read_story(initiative: Initiative, encoder: Encoder, splitter: SentenceSplitter) -> Story:
    """Encode an initiative once; the encoder remembers the vectors."""
    encode_stories([initiative], encoder, splitter)
    told = _texts(initiative)

    def passage(text: str, pieces: tuple[str, ...]) -> Passage:
        vectors = encoder.encode([text, *pieces])
        sentences = vectors[1:] if len(pieces) else np.zeros((1, vectors.shape[1]), dtype=np.float32)
        return Passage(whole=vectors[0], sentences=sentences, stems=content_stems(text), figures=figures(text))

    names = {initiative.name, *initiative.terms, *(form for term in initiative.glossary for form in (term.term, *term.heard_as))}
    return Story(
        components={component: passage(text, _sentences(text, splitter)) for component, text in told.components.items()},
        script=passage(told.script, _sentences(told.script, splitter)),
        facts=passage(told.facts, tuple(initiative.facts)),
        names=tuple(sorted({name.lower() for name in names if name.strip()})),
    )


def _texts(initiative: Initiative) -> _Texts:
    return _Texts(
        components={component: " ".join(initiative.story.of(component).split()) for component in Component},
        script=" ".join(initiative.script.split()),
        facts=". ".join(initiative.facts),
    )


def _sentences(text: str, splitter: SentenceSplitter) -> tuple[str, ...]:
    return tuple(sentence.text for sentence in splitter.split(0, text))
