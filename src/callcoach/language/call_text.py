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
Columns = dict[str, NDArray[np.float64]]
"""A value per turn under each name."""

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
    def by_customer(self) -> tuple[bool, ...]:
        """Who says each turn."""
        return tuple(turn.role is Role.CUSTOMER for turn in self.transcript.turns)

    @cached_property
    def beside(self) -> dict[int, NDArray[np.intp]]:
        """By step (-1 before, +1 after): of each turn the nearest of the other side, -1 where there is none."""
        by_customer = self.by_customer
        return {
            step: np.array([_other_side(by_customer, number, step) for number in range(len(by_customer))], dtype=np.intp)
            for step in BESIDE.values()
        }

    @cached_property
    def others_before(self) -> tuple[tuple[int, ...], ...]:
        """Of each turn all turns of the other side before it."""
        before: dict[bool, tuple[int, ...]] = {True: (), False: ()}
        found = []
        for number, mine in enumerate(self.by_customer):
            found.append(before[not mine])
            before[mine] = (*before[mine], number)
        return tuple(found)

    @cached_property
    def columns(self) -> "CallColumns":
        """The columns of the turns' rows that are the same whatever the story."""
        return _columns(self)

    @cached_property
    def stacked(self) -> "Stacked":
        """All sentence vectors of the call, one below the other."""
        parts = [
            some if len(some) else turn[None, :] for some, turn in zip(self.sentence_vectors, self.turn_vectors, strict=True)
        ]
        begins = np.cumsum([0, *(len(part) for part in parts)], dtype=np.intp)
        return Stacked(np.concatenate(parts) if parts else self.turn_vectors, begins)


class CallColumns(NamedTuple):
    """A value per turn under each name: closeness to what people say, what stands before and after, uptake, how it is said."""

    likes: Columns
    around: dict[int, Columns]
    close: Columns
    manner: Columns


class Stacked(NamedTuple):
    """Sentences of turn t are rows `begins[t]`..`begins[t + 1]`; a turn without any counts as one."""

    vectors: Vectors
    begins: NDArray[np.intp]


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


def _columns(call: CallText) -> CallColumns:
    numbers = range(len(call.transcript.turns))
    likes = (call.turn_vectors @ call.anchors.T).astype(np.float64)
    return CallColumns(
        likes={f"like_{anchor}": likes[:, place] for place, anchor in enumerate(ANCHORS)},
        around={step: _around(call, likes, name, step) for name, step in BESIDE.items()},
        close=columns_of([_close(call, number) for number in numbers]),
        manner=columns_of([_manner(call, number) for number in numbers]),
    )


def columns_of(rows: Sequence[dict[str, float]]) -> Columns:
    """Rows with the same names as columns."""
    return {name: np.array([row[name] for row in rows]) for name in (rows[0] if rows else ())}


def _around(call: CallText, likes: NDArray[np.float64], name: str, step: int) -> Columns:
    others = call.beside[step]
    some = others >= 0
    texts = [turn.text for turn in call.transcript.turns]
    words = np.array([len(words_of(text)) for text in texts], dtype=np.float64)
    asks = np.array(["?" in text for text in texts], dtype=np.float64)
    close = np.einsum("ij,ij->i", call.turn_vectors, call.turn_vectors[others])
    return {
        f"{name}_close": np.where(some, close, 0.0).astype(np.float64),
        f"{name}_log_words": np.where(some, np.log1p(words[others]), 0.0),
        f"{name}_asks": np.where(some, asks[others], 0.0),
        f"{name}_none": (~some).astype(np.float64),
        **{f"{name}_like_{anchor}": np.where(some, likes[others, place], 0.0) for place, anchor in enumerate(ANCHORS)},
    }


def _close(call: CallText, number: int) -> dict[str, float]:
    others = list(call.others_before[number])
    closeness = call.turn_vectors[others] @ call.turn_vectors[number] if others else np.zeros(1)
    needs = [place for place, other in enumerate(others) if len(words_of(call.transcript.turns[other].text)) >= 8]
    return {
        "close_earlier": float(closeness.max()),
        "close_recent": float(closeness[-3:].max()),
        "close_need": float(closeness[needs].max()) if needs else 0.0,
    }


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


def _other_side(by_customer: Sequence[bool], number: int, step: int) -> int:
    """The nearest turn of the other side before (-1) or after (+1) a turn, at most three turns away; -1: there is none."""
    for distance in (1, 2, 3):
        other = number + step * distance
        if not 0 <= other < len(by_customer):
            return -1
        if by_customer[other] != by_customer[number]:
            return other
    return -1
