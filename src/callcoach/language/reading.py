"""What the encoder and the splitter make of a call whatever the story, as bytes to keep and back. Knows nothing of initiatives.

Vectors are kept as 16-bit whole numbers of ten-thousandths: the encoder rounds to four places, so nothing is lost by it, and the
signals are the same bytes with and without what was kept.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Transcript
from callcoach.language.call_text import own_texts, texts_of
from callcoach.language.encoder import DECIMALS, KEY_BYTES, Encoder, Vectors, text_key
from callcoach.language.sentences import SentenceSplitter
from callcoach.language.tuned import HalfVectors, TunedEncoder, TurnText, turn_texts

_STEPS = np.float32(10**DECIMALS)


class _Reading(msgspec.Struct, array_like=True):
    """bounds: of the sentences of each turn's text, by its key. keys: of what is encoded. vectors: a row of int16 per key.

    tuned_by: which tuned encoder's vectors (a row of half precision per key) are `tuned`; readings of before have none.
    """

    bounds: list[tuple[bytes, tuple[tuple[int, int], ...]]]
    keys: bytes
    vectors: bytes
    tuned_by: str = ""
    tuned_keys: bytes = b""
    tuned: bytes = b""


def is_known(transcript: Transcript, encoder: Encoder, splitter: SentenceSplitter, tuned: TunedEncoder | None) -> bool:
    """Whether the call would be read without any model."""
    return (
        splitter.knows(turn.text for turn in transcript.turns)
        and encoder.knows(texts_of(transcript, splitter))
        and (tuned is None or tuned.knows(_turn_texts(transcript)))
    )


def pack(transcript: Transcript, encoder: Encoder, splitter: SentenceSplitter, tuned: TunedEncoder | None) -> bytes:
    """All that was read of the call; it is read now where it was not."""
    texts = list(dict.fromkeys(texts_of(transcript, splitter)))
    said = dict.fromkeys(turn.text for turn in transcript.turns)
    bounds = [(text_key(text), tuple((each.begin, each.end) for each in splitter.split(0, text))) for text in said]
    keys = b"".join(text_key(text) for text in texts)
    reading = _Reading(bounds, keys, _packed(encoder.encode(texts)).tobytes())
    turns = _turn_texts(transcript)
    if tuned is not None and turns:
        reading.tuned_by = tuned.fingerprint
        reading.tuned_keys = b"".join(text.key for text in turns)
        reading.tuned = tuned.turn_vectors(turns).astype("<f2").tobytes()
    return msgspec.msgpack.encode(reading)


def recall(body: bytes, transcript: Transcript, encoder: Encoder, splitter: SentenceSplitter, tuned: TunedEncoder | None) -> None:
    """Give the models back what they read of the call. What cannot be used is left out, for it can be read again."""
    try:
        kept = msgspec.msgpack.decode(body, type=_Reading)
        keys = _keys(kept.keys)
        vectors = _unpacked(np.frombuffer(kept.vectors, dtype="<i2").reshape(len(keys), -1))
        of_turns = _of_turns(kept)
    except (msgspec.DecodeError, ValueError):
        return
    encoder.recall(dict(zip(keys, vectors, strict=True)))
    if tuned is not None and kept.tuned_by == tuned.fingerprint:
        tuned.recall(of_turns)
    # words may have been repaired since: bounds are those of the very text they were found in
    bounds = dict(kept.bounds)
    said = {turn.text: text_key(turn.text) for turn in transcript.turns}
    splitter.recall({text: bounds[key] for text, key in said.items() if key in bounds})


def _turn_texts(transcript: Transcript) -> list[TurnText]:
    return list(dict.fromkeys(turn_texts(transcript, own_texts(transcript)).values()))


def _keys(joined: bytes) -> list[bytes]:
    return [joined[first : first + KEY_BYTES] for first in range(0, len(joined), KEY_BYTES)]


def _of_turns(kept: _Reading) -> dict[bytes, HalfVectors]:
    keys = _keys(kept.tuned_keys)
    if not keys:
        return {}
    rows = np.frombuffer(kept.tuned, dtype="<f2").reshape(len(keys), -1).astype(np.float16)
    return dict(zip(keys, rows, strict=True))


def _packed(vectors: Vectors) -> NDArray[np.int16]:
    steps: NDArray[np.int16] = np.rint(vectors * _STEPS).astype("<i2")
    return steps


def _unpacked(steps: NDArray[np.int16]) -> Vectors:
    vectors: Vectors = steps.astype(np.float32) / _STEPS
    return vectors
