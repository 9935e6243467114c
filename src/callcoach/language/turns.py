"""Turn the turns of a call into rows of numbers, conditioned on the initiative. Knows nothing of labels or verdicts.

A row holds what is said (closeness to story, script and facts, of the turn alone, with what came before it, and of its best
sentence), what it takes up from the customer, how it is said, and where it stands. Vectors travel beside it as blocks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Role, Sentence, Transcript
from callcoach.domain.story import Component, Initiative
from callcoach.judging.heads import TurnMatrix
from callcoach.judging.overlap import copied_runs, copied_share
from callcoach.judging.own_words import own_words, shares_three_words
from callcoach.judging.wording import content_stems, figures, manner, words_of
from callcoach.language.encoder import Encoder, Vectors
from callcoach.language.sentences import SentenceSplitter
from callcoach.language.story import Passage, Story

_COMPONENTS = (Component.WALL, Component.HAMMER, Component.PART)
_BESIDE = {"before": -1, "after": +1}
_largest = np.maximum.reduce

# What people say when they do a thing, whatever the product: closeness to these helps where the story has no words for it.
ANCHORS = {
    "why": "Why are you doing this, what's the reason behind it?",
    "for_me": "What does that mean for me, what would it do for me?",
    "catch": "What's the catch, what's in it for the company?",
    "trouble": "That has been a problem for us, it happened again last week.",
    "my_business": "I run a small business and this is how we do it.",
    "dont_know": "I'd have to check on that, I don't really know why.",
    "told_us": "That's just what they told us, it came down from corporate.",
    "serve_better": "We do it because we care and want to serve you better.",
    "customers_told": "A lot of customers told us they had this problem, so we changed it.",
    "your_case": "In your case, with what you just told me, that would be different.",
    "makes_sense": "Okay, that makes sense, I see why.",
    "not_answered": "That doesn't answer my question.",
    "price": "What does it cost per month?",
    "fits": "That is exactly what happens to me.",
}


@dataclass(frozen=True)
class CallText:
    """A call's turns, sentences and vectors; the same for every initiative it is measured against.

    `own`: each turn's text with what is nobody's telling blanked out; vectors and rows are made from it.
    """

    transcript: Transcript
    own: tuple[str, ...]
    sentences: tuple[tuple[Sentence, ...], ...]
    turn_vectors: Vectors
    sentence_vectors: tuple[Vectors, ...]
    with_one_before: Vectors
    with_two_before: Vectors
    anchors: Vectors

    @cached_property
    def anchor_closeness(self) -> NDArray[np.float32]:
        """Shape (n_turns, n_anchors)."""
        closeness: NDArray[np.float32] = self.turn_vectors @ self.anchors.T
        return closeness

    @cached_property
    def by_customer(self) -> tuple[bool, ...]:
        """Who says each turn."""
        return tuple(turn.role is Role.CUSTOMER for turn in self.transcript.turns)

    @cached_property
    def columns(self) -> "tuple[TurnColumns, ...]":
        """The columns of each turn's row that are the same whatever the story."""
        return tuple(_columns(self, number) for number in range(len(self.transcript.turns)))


class TurnColumns(NamedTuple):
    """Of one turn's row: closeness to what people say, what stands before and after it, what it takes up, how it is said."""

    likes: dict[str, float]
    around: dict[int, dict[str, float]]
    close: dict[str, float]
    manner: dict[str, float]


def read_call(transcript: Transcript, encoder: Encoder, splitter: SentenceSplitter) -> CallText:
    """Split and encode a call once, for any number of initiatives."""
    own, sentences, texts = _measured_texts(transcript, splitter)
    n_turns = len(transcript.turns)
    everything = encoder.encode([*texts, *ANCHORS.values()])
    whole, single, anchors = np.split(everything, [n_turns, len(texts)])
    weights = [len(words_of(text)) for text in own]
    ends = np.cumsum([len(split) for split in sentences])
    return CallText(
        transcript=transcript,
        own=own,
        sentences=sentences,
        turn_vectors=whole,
        sentence_vectors=tuple(np.split(single, ends[:-1])) if n_turns else (),
        with_one_before=_blended(whole, weights, 1),
        with_two_before=_blended(whole, weights, 2),
        anchors=anchors,
    )


class _MeasuredTexts(NamedTuple):
    own: tuple[str, ...]
    sentences: tuple[tuple[Sentence, ...], ...]
    texts: list[str]


def _measured_texts(transcript: Transcript, splitter: SentenceSplitter) -> _MeasuredTexts:
    """Each turn's own words, its sentences, and what is encoded of them: the turns, then the sentences."""
    turns = transcript.turns
    own = own_texts(transcript)
    sentences = tuple(splitter.split(number, turn.text) for number, turn in enumerate(turns))
    whole_turns = [text if text == turn.text else _joined(text) for text, turn in zip(own, turns, strict=True)]
    single = [_joined(own[sentence.turn][sentence.begin : sentence.end]) for split in sentences for sentence in split]
    return _MeasuredTexts(own, sentences, [*whole_turns, *single])


def texts_of(transcript: Transcript, splitter: SentenceSplitter) -> list[str]:
    """All that is encoded of a call."""
    return _measured_texts(transcript, splitter).texts


def encode_calls(transcripts: Iterable[Transcript], encoder: Encoder, splitter: SentenceSplitter) -> None:
    """Let the encoder meet all texts of many calls at once: call by call, most batches would be nearly empty."""
    encoder.encode([text for transcript in transcripts for text in _measured_texts(transcript, splitter).texts])


def own_texts(transcript: Transcript) -> tuple[str, ...]:
    """Each turn's text with what is nobody's telling blanked out."""
    heard: list[str] = []
    own = []
    for turn in transcript.turns:
        if turn.role is Role.CUSTOMER:
            heard.append(turn.text)
            own.append(turn.text)
        else:
            own.append(own_words(turn.text, heard))
    return tuple(own)


def _joined(text: str) -> str:
    """Without the gaps that blanked words leave; a text of nothing but punctuation says nothing."""
    return " ".join(text.split()) if words_of(text) else ""


def rep_and_customer(call: CallText, initiative: Initiative, story: Story) -> tuple[TurnMatrix, TurnMatrix]:
    """A row per turn of the rep (or leader), and a row per customer turn."""
    told = _told(call, story)
    reps = [number for number, turn in enumerate(call.transcript.turns) if turn.role in (Role.REP, Role.LEADER)]
    customers = [number for number, by_customer in enumerate(call.by_customer) if by_customer]
    return _matrix(call, initiative, story, told, reps), _matrix(call, initiative, story, told, customers)


class _Told(NamedTuple):
    """What is asked of every turn again and again: whether it names the initiative, and its content that is not the story's.

    first: where each such stem is said first, by the customer (True) and by anybody else.
    """

    named: tuple[bool, ...]
    stems: tuple[frozenset[str], ...]
    story: frozenset[str]
    first: dict[bool, dict[str, int]]


def _matrix(call: CallText, initiative: Initiative, story: Story, told: _Told, numbers: list[int]) -> TurnMatrix:
    width = call.anchors.shape[1]
    rows = _within_call([_row(call, initiative, story, told, number) for number in numbers])
    names = tuple(rows[0]) if rows else ()
    plain = np.array([list(row.values()) for row in rows], dtype=np.float64).reshape(len(rows), len(names))
    chosen = np.array(numbers, dtype=np.intp)
    vectors = call.turn_vectors[chosen].reshape(len(numbers), width)
    blocks = {
        "turn": vectors,
        "with_before": call.with_one_before[chosen].reshape(len(numbers), width),
        "before": _neighbours(call, numbers, -1),
        "after": _neighbours(call, numbers, +1),
    }
    for component in _COMPONENTS:
        blocks[f"times_{component}"] = vectors * story.components[component].whole
    blocks["times_facts"] = vectors * story.facts.whole
    return TurnMatrix(turns=tuple(numbers), names=names, plain=plain, blocks=blocks)


def _within_call(rows: list[dict[str, float]]) -> list[dict[str, float]]:
    """Adds how each turn stands to the others of its side: below the call's closest, above its mean, and the turn before."""
    for column in (f"sentence_{component}_best" for component in _COMPONENTS):
        values = np.array([row[column] for row in rows])
        for place, row in enumerate(rows):
            row[f"{column}_below_top"] = float(values.max() - values[place])
            row[f"{column}_above_mean"] = float(values[place] - values.mean())
            row[f"{column}_prior"] = float(values[place - 1]) if place else 0.0
    return rows


def _neighbours(call: CallText, numbers: list[int], step: int) -> NDArray[np.float32]:
    result = np.zeros((len(numbers), call.anchors.shape[1]), dtype=np.float32)
    for place, number in enumerate(numbers):
        other = _other_side(call, number, step)
        if other is not None:
            result[place] = call.turn_vectors[other]
    return result


def _other_side(call: CallText, number: int, step: int) -> int | None:
    """The nearest turn of the other side before (-1) or after (+1) a turn, at most three turns away."""
    for distance in (1, 2, 3):
        other = number + step * distance
        if not 0 <= other < len(call.by_customer):
            return None
        if call.by_customer[other] != call.by_customer[number]:
            return other
    return None


def _closeness(vector: Vectors, passage: Passage) -> tuple[float, float]:
    return float(vector @ passage.whole), float(_largest(passage.sentences @ vector))


def _told(call: CallText, story: Story) -> _Told:
    turns, of_story = call.transcript.turns, story.stems
    stems = tuple(content_stems(turn.text) - of_story for turn in turns)
    first: dict[bool, dict[str, int]] = {True: {}, False: {}}
    for number, said in enumerate(stems):
        for stem in said:
            first[call.by_customer[number]].setdefault(stem, number)
    return _Told(named=tuple(story.names_in(turn.text) for turn in turns), stems=stems, story=of_story, first=first)


def _row(call: CallText, initiative: Initiative, story: Story, told: _Told, number: int) -> dict[str, float]:
    return {
        **_said(call, story, number),
        **_worded(call.own[number], initiative, story, told),
        **_neighbourhood(call, story, told, number),
        **_uptake(call, told, number),
        **call.columns[number].manner,
    }


def _columns(call: CallText, number: int) -> TurnColumns:
    return TurnColumns(
        likes=_likes(call, number, "like"),
        around={step: _around(call, number, name, step) for name, step in _BESIDE.items()},
        close=_close(call, number),
        manner=_manner(call, number),
    )


def _likes(call: CallText, number: int, prefix: str) -> dict[str, float]:
    return {f"{prefix}_{anchor}": float(call.anchor_closeness[number, place]) for place, anchor in enumerate(ANCHORS)}


def _around(call: CallText, number: int, name: str, step: int) -> dict[str, float]:
    other = _other_side(call, number, step)
    if other is None:
        nothing = dict.fromkeys((f"{name}_close", f"{name}_log_words", f"{name}_asks"), 0.0)
        return {**nothing, f"{name}_none": 1.0, **{f"{name}_like_{anchor}": 0.0 for anchor in ANCHORS}}
    text = call.transcript.turns[other].text
    return {
        f"{name}_close": float(call.turn_vectors[number] @ call.turn_vectors[other]),
        f"{name}_log_words": float(np.log1p(len(words_of(text)))),
        f"{name}_asks": float("?" in text),
        f"{name}_none": 0.0,
        **_likes(call, other, f"{name}_like"),
    }


def _close(call: CallText, number: int) -> dict[str, float]:
    others = _others(call, number)
    closeness = call.turn_vectors[others] @ call.turn_vectors[number] if others else np.zeros(1)
    needs = [place for place in others if len(words_of(call.transcript.turns[place].text)) >= 8]
    need_closeness = call.turn_vectors[needs] @ call.turn_vectors[number] if needs else np.zeros(1)
    return {
        "close_earlier": float(closeness.max()),
        "close_recent": float(closeness[-3:].max()),
        "close_need": float(need_closeness.max()),
    }


def _others(call: CallText, number: int) -> list[int]:
    """The turns of the other side before a turn."""
    mine = call.by_customer[number]
    return [place for place in range(number) if call.by_customer[place] != mine]


def _manner(call: CallText, number: int) -> dict[str, float]:
    counts, n_turns = manner(call.own[number]), len(call.transcript.turns)
    names = ("fillers", "hedges", "questions", "figures", "causal", "you", "we")
    return {
        "log_words": float(np.log1p(counts.words)),
        **{name: min(float(getattr(counts, name)), 4.0) for name in names},
        "you_share": counts.you / max(counts.words, 1),
        "place": number / max(n_turns - 1, 1),
        "log_place": float(np.log1p(number)),
        "log_turns": float(np.log1p(n_turns)),
    }


def _said(call: CallText, story: Story, number: int) -> dict[str, float]:
    row: dict[str, float] = {}
    views = {"turn": call.turn_vectors[number], "one": call.with_one_before[number], "two": call.with_two_before[number]}
    if call.transcript.turns[number].role is Role.CUSTOMER:
        del views["one"], views["two"]
    for view, vector in views.items():
        for component in _COMPONENTS:
            row[f"{view}_{component}"], row[f"{view}_{component}_best"] = _closeness(vector, story.components[component])
        row[f"{view}_script"] = _closeness(vector, story.script)[1]
        row[f"{view}_facts"] = _closeness(vector, story.facts)[1]
    sentences = call.sentence_vectors[number]
    if not len(sentences):
        sentences = call.turn_vectors[number][None, :]
    for component in _COMPONENTS:
        passage = story.components[component]
        row[f"sentence_{component}"] = float(_largest(sentences @ passage.whole))
        row[f"sentence_{component}_best"] = float(_largest(sentences @ passage.sentences.T, axis=None))
    row["sentence_script"] = float(_largest(sentences @ story.script.sentences.T, axis=None))
    row["sentence_facts"] = float(_largest(sentences @ story.facts.sentences.T, axis=None))
    for view in ("turn", "sentence"):
        best = {component: row[f"{view}_{component}_best"] for component in _COMPONENTS}
        row[f"{view}_wall_over_facts"] = best[Component.WALL] - row[f"{view}_facts"]
        row[f"{view}_part_over_facts"] = best[Component.PART] - row[f"{view}_facts"]
        row[f"{view}_wall_over_hammer"] = best[Component.WALL] - best[Component.HAMMER]
        row[f"{view}_part_over_hammer"] = best[Component.PART] - best[Component.HAMMER]
        row[f"{view}_wall_over_part"] = best[Component.WALL] - best[Component.PART]
        row[f"{view}_script_over_story"] = row[f"{view}_script"] - max(best.values())
    return row | call.columns[number].likes


def _worded(text: str, initiative: Initiative, story: Story, told: _Told) -> dict[str, float]:
    stems, numbers = content_stems(text), figures(text)
    runs = copied_runs(text, initiative.script, initiative.compliance)
    known = story.script.stems | story.facts.stems
    row = {
        "copied_words": float(np.log1p(runs[0].words)) if runs else 0.0,
        "copied_share": copied_share(text, initiative.script, initiative.compliance),
        **_story_read(text, initiative),
        "named": float(story.names_in(text)),
        "stems_script": len(stems & story.script.stems) / max(len(stems), 4),
        "stems_facts": len(stems & story.facts.stems) / max(len(stems), 4),
        "stems_own": len(stems - told.story) / max(len(stems), 4),
        "figures_facts": float(min(len(numbers & story.facts.figures), 3)),
    }
    for component in _COMPONENTS:
        passage = story.components[component]
        row[f"stems_{component}"] = len(stems & passage.stems) / max(len(stems), 4)
        row[f"only_{component}"] = float(np.log1p(len((stems & passage.stems) - known)))
        row[f"figures_{component}"] = float(min(len(numbers & (passage.figures - story.facts.figures)), 2))
    return row


def _story_read(text: str, initiative: Initiative) -> dict[str, float]:
    """How much is the story itself, read out: written for reps, it is no more the rep's own than the script."""
    story = initiative.story.text
    if not shares_three_words(text, story):
        return {"story_words": 0.0, "story_share": 0.0}
    runs = copied_runs(text, story)
    return {"story_words": float(np.log1p(runs[0].words)) if runs else 0.0, "story_share": copied_share(text, story)}


def _neighbourhood(call: CallText, story: Story, told: _Told, number: int) -> dict[str, float]:
    row: dict[str, float] = {}
    for name, step in _BESIDE.items():
        other = _other_side(call, number, step)
        for component in _COMPONENTS:
            row[f"{name}_{component}"] = (
                0.0 if other is None else _closeness(call.turn_vectors[other], story.components[component])[1]
            )
        row[f"{name}_facts"] = 0.0 if other is None else _closeness(call.turn_vectors[other], story.facts)[1]
        row |= call.columns[number].around[step]
    earlier = [place for place in range(number) if told.named[place]]
    row["raised_before"] = float(bool(earlier))
    row["turns_since_raised"] = float(np.log1p(number - earlier[-1])) if earlier else 4.0
    return row


def _uptake(call: CallText, told: _Told, number: int) -> dict[str, float]:
    stems = content_stems(call.own[number])
    own = stems - told.story
    heard = [told.stems[place] for place in _others(call, number)[-3:]]
    last: frozenset[str] = heard[-1] if heard else frozenset()
    recent = frozenset().union(*heard)
    first = told.first[not call.by_customer[number]]
    ever = sum(first.get(stem, number) < number for stem in own)
    return {
        "uptake_last": float(np.log1p(len(own & last))),
        "uptake_recent": float(np.log1p(len(own & recent))),
        "uptake_ever": float(np.log1p(ever)),
        "uptake_share": ever / max(len(stems), 4),
        **call.columns[number].close,
    }


def _blended(vectors: Vectors, weights: Sequence[int], before: int) -> Vectors:
    """Each turn with the turns before it: their vectors' mean by number of words, at length 1.

    Close to encoding the joined text, since the encoder averages over words, and it costs nothing.
    """
    blended = np.zeros_like(vectors)
    for number in range(len(vectors)):
        first = max(0, number - before)
        mixed = np.array(weights[first : number + 1], dtype=np.float32) @ vectors[first : number + 1]
        blended[number] = mixed / max(float(np.linalg.norm(mixed)), 1e-6)
    return blended
