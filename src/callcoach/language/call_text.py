"""A call's turns, sentences and vectors, and what a row says of a turn whatever the story. Knows nothing of stories."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Role, Sentence, Transcript
from callcoach.judging.own_words import own_words
from callcoach.judging.wording import manner, words_of
from callcoach.language.encoder import Encoder, Vectors
from callcoach.language.sentences import SentenceSplitter

BESIDE = {"before": -1, "after": +1}

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


def _columns(call: CallText, number: int) -> TurnColumns:
    return TurnColumns(
        likes=_likes(call, number, "like"),
        around={step: _around(call, number, name, step) for name, step in BESIDE.items()},
        close=_close(call, number),
        manner=_manner(call, number),
    )


def _likes(call: CallText, number: int, prefix: str) -> dict[str, float]:
    return {f"{prefix}_{anchor}": float(call.anchor_closeness[number, place]) for place, anchor in enumerate(ANCHORS)}


def _around(call: CallText, number: int, name: str, step: int) -> dict[str, float]:
    other = other_side(call, number, step)
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
    others = others_before(call, number)
    closeness = call.turn_vectors[others] @ call.turn_vectors[number] if others else np.zeros(1)
    needs = [place for place in others if len(words_of(call.transcript.turns[place].text)) >= 8]
    need_closeness = call.turn_vectors[needs] @ call.turn_vectors[number] if needs else np.zeros(1)
    return {
        "close_earlier": float(closeness.max()),
        "close_recent": float(closeness[-3:].max()),
        "close_need": float(need_closeness.max()),
    }


def others_before(call: CallText, number: int) -> list[int]:
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


def other_side(call: CallText, number: int, step: int) -> int | None:
    """The nearest turn of the other side before (-1) or after (+1) a turn, at most three turns away."""
    for distance in (1, 2, 3):
        other = number + step * distance
        if not 0 <= other < len(call.by_customer):
            return None
        if call.by_customer[other] != call.by_customer[number]:
            return other
    return None
